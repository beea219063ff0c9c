"""The contest as the last chapter shows it: what is read of a record, and what is drawn."""

import json
from itertools import combinations

import numpy as np
import pytest
from legible import check_figures
from pixelcnn_lib.teach.answers import difference

from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.teach import contest, exercises, figures

RUN = {"epochs": 3, "train": 3.5, "valid": 3.6, "chelsea": 3.8, "flower": 4.0}
RECORD = {
    "settings": {"steps_per_epoch": 250},
    "costs": {
        "gated-tied": {"weights": 130_000, "seconds_per_step": 0.2},
        "gated-mixture": {"weights": 131_000, "seconds_per_step": 0.3},
        "pixelcnn-tied": {"weights": 129_000, "seconds_per_step": 0.1},
    },
    "runs": {
        "gated-tied-time-1": {**RUN, "chelsea": 4.8},
        "gated-tied-time-0": RUN,
        "gated-mixture-time-0": {**RUN, "chelsea": 5.8},
        "pixelcnn-tied-time-0": {**RUN, "epochs": 4, "valid": 3.0},
        "pixelcnn-tied-steps-0": {**RUN, "epochs": 2},
    },
}


@pytest.fixture(autouse=True)
def legible():
    yield
    check_figures()


def as_lists(found):
    return {name: np.round(one, 6).tolist() for name, one in found.items()}


def test_reads_bits_costs_and_steps_by_head_and_rule():
    time = {"PixelCNN": [3.9], "Gated PixelCNN": [3.9, 4.4]}
    assert as_lists(contest.bits(RECORD, "time")) == time
    assert as_lists(contest.bits(RECORD, "steps")) == {"PixelCNN": [3.9]}
    assert as_lists(contest.bits(RECORD, "time", head="mixture")) == {"Gated PixelCNN": [4.9]}
    valid = contest.bits(RECORD, "time", "valid")
    assert as_lists(valid) == {"PixelCNN": [3.0], "Gated PixelCNN": [3.6, 3.6]}
    weights = {"PixelCNN": 129_000, "Gated PixelCNN": 130_000}
    assert contest.costs(RECORD, "weights") == weights
    seconds = contest.costs(RECORD, "seconds_per_step", head="mixture")
    assert seconds == {"Gated PixelCNN": 0.3}
    assert contest.steps(RECORD, "time") == {"PixelCNN": 1000, "Gated PixelCNN": 750}
    assert contest.steps(RECORD, "steps") == {"PixelCNN": 500}


def test_the_stored_record_is_of_the_family():
    record = contest.read()
    assert list(contest.NAMES) == list(MEMBERS)
    assert set(contest.costs(record, "weights")) == set(contest.NAMES.values())
    for each in record["costs"].values():
        assert set(each) == set(contest.COSTS) and min(each.values()) > 0
        assert 120_000 < each["weights"] < 140_000
    for name, run in record["runs"].items():
        member, head, rule, seed = name.rsplit("-", 3)
        assert member in MEMBERS and f"{member}-{head}" in record["costs"]
        assert rule in ("time", "steps") and seed.isdecimal()
        assert all(2 < run[one] < 8 for one in contest.SETS)
    assert set(contest.steps(record, "steps").values()) <= {2000}


def test_the_answers_to_the_bets_are_what_was_measured():
    record, asked = contest.read(), exercises.chapter(17)
    assert contest.steps(record, "time")["PixelCNN"] == 3250
    assert contest.steps(record, "time")["Diagonal BiLSTM"] == 1000
    time, steps = (more_bits(record, rule, "Diagonal BiLSTM") for rule in ("time", "steps"))
    assert time > 0.2 and asked["17.q1"].right == "over 0.2 bits more"
    assert abs(steps) < 0.15 and asked["17.q2"].right.endswith("within 0.15")


def more_bits(record, rule, name, *sets, than="PixelCNN"):
    """How many bits a network pays more than another, in the mean over the seeds."""
    scores = contest.bits(record, rule, *sets)
    return scores[name].mean() - scores[than].mean()


def test_the_text_of_the_chapter_names_the_networks_that_were_measured_best():
    record = contest.read()
    for rule, first in (("time", "PixelCNN++"), ("steps", "Row LSTM")):
        scores = contest.bits(record, rule)
        best, *_, third = sorted(one.mean() for one in scores.values())[:3]
        assert scores[first].mean() == best and third - best < 0.1
        assert np.ptp(scores["PixelCNN++"]) > 0.1
    for name in ("PixelCNN++", "PixelSNAIL"):
        assert np.ptp(contest.bits(record, "time", "chelsea")[name]) < 0.1
        assert np.ptp(contest.bits(record, "time", "flower")[name]) > 0.4
    assert contest.bits(record, "time")["PixelCNN"].mean() == pytest.approx(3.8, abs=0.05)
    for photograph, low, high in (("chelsea", 0, 0.25), ("flower", 0.4, 8)):
        assert low < more_bits(record, "time", "Gated PixelCNN", photograph) < high


def test_the_text_of_the_chapter_says_what_the_networks_cost():
    record = contest.read()
    step, draw = (contest.costs(record, f"seconds_{key}") for key in ("per_step", "to_draw_16"))
    for costs in (step, draw):
        assert min(costs, key=costs.get) == "PixelCNN"
    slow = "Diagonal BiLSTM"
    assert max(step, key=step.get) == slow and 2.5 < step[slow] / step["PixelCNN"] < 3
    assert sum(one > draw[slow] for one in draw.values()) >= 4
    assert step["PixelCNN++"] / step["PixelCNN"] < 1.2
    assert 1.4 < draw["PixelCNN++"] / draw["PixelCNN"] < 1.6
    assert draw["Row LSTM"] < draw["PixelCNN++"]


def test_three_seeds_do_not_separate_the_networks_that_the_budgets_choose():
    scores = contest.bits(contest.read(), "time")
    for one, other in combinations(("PixelCNN", "Row LSTM", "PixelCNN++"), 2):
        more, error = difference(scores[one], scores[other])
        assert abs(more) < 4 * error, (one, other)


def test_the_text_of_the_chapter_says_what_was_measured_of_attention():
    record = contest.read()
    for name, pictures, expected in (
        ("transformer", ("valid",), (-0.06, 0.01)),
        ("transformer", (), (0.14, 0.03)),
        ("PixelSNAIL", ("valid",), (-0.13, 0.01)),
    ):
        scores = contest.bits(record, "steps", *pictures)
        found = difference(scores[name], scores["PixelCNN"])
        assert tuple(np.round(found, 2)) == expected and abs(found[0]) > 4 * found[1]
    for pictures in ((), ("train",), ("valid",)):
        assert more_bits(record, "time", "transformer", *pictures) > 0.1
    for rule in ("time", "steps"):
        scores = contest.bits(record, rule)
        more, error = difference(scores["PixelSNAIL"], scores["PixelCNN"])
        assert abs(more) < 4 * error  # three seeds do not show which is better


def losing(record, rule):
    """What each network loses with the mixture head: {name: (more bits, error)}, and
    the set of those for which this is at most four standard errors.
    """
    tied, mixture = (contest.bits(record, rule, head=head) for head in ("tied", "mixture"))
    assert list(mixture) == list(tied) and {len(each) for each in mixture.values()} == {3}
    found = {name: difference(mixture[name], each) for name, each in tied.items()}
    assert min(more for more, _ in found.values()) > 0
    return found, {name for name, (more, error) in found.items() if more <= 4 * error}


def test_the_text_of_the_chapter_says_what_the_head_changes():
    record = contest.read()
    after_time, unsure = losing(record, "time")
    assert unsure == {"Gated PixelCNN", "PixelCNN++"}
    after_steps, unsure = losing(record, "steps")
    assert unsure == {"PixelCNN++", "PixelSNAIL"}
    assert round(after_time["PixelCNN"][0], 2) == 0.28
    assert max(after_time, key=after_time.get) == "transformer"
    lost = [found["transformer"][0] for found in (after_time, after_steps)]
    assert np.round(lost, 2).tolist() == [0.85, 0.54]
    near = {name for name in after_time if abs(more_bits(record, "time", name)) < 0.1}
    assert near == {"PixelCNN", "PixelCNN++", "Row LSTM", "PixelSNAIL"}
    steps = [contest.steps(record, "time", head)["transformer"] for head in ("tied", "mixture")]
    assert steps == [1250, 750]


def test_the_text_of_the_chapter_says_what_the_long_training_showed():
    small, plus = (
        np.genfromtxt(WEIGHTS / f"{name}.csv", delimiter=",", names=True)
        for name in ("small", "pixelcnn-pp")
    )
    ahead = small["val_loss"] - plus["val_loss"]
    assert small["step"][9] == plus["step"][9] == 10_000 and len(small) == len(plus) == 44
    assert round(ahead[9], 2) == 0.08 and 0 < ahead[-1] < 0.01
    asked = exercises.find("17.q3")
    assert "0.08 bits less" in asked.asks and asked.right == "less than 0.02 bits ahead"
    measured = json.loads((WEIGHTS / "measured.json").read_text())
    held_out, kept_back = measured["held_out_bits_per_dim"], measured["kept_back_bits_per_dim"]
    scores = [
        {**held_out[f"{name}, 44000 steps"], **kept_back[name]} for name in ("small", "pixelcnn-pp")
    ]
    fewer = {name: round(bits - scores[1][name], 2) for name, bits in scores[0].items()}
    assert {name for name, bits in fewer.items() if bits > 0} == {"flower", "girl"}
    assert {name for name, bits in fewer.items() if bits < 0} == {"chelsea", "city"}


def test_scores_are_dots_in_the_order_of_their_means():
    scores = {"A": np.array([4.0, 4.2, 4.4]), "B": np.array([3.9]), "C": np.array([5.0, 5.1])}
    (ax,) = contest.show_scores(scores).axes
    words = [text.get_text() for text in ax.texts]
    assert words == ["B", "3.90", "A", "4.20", "C", "5.05"]
    assert [line.get_xdata().tolist() for line in ax.lines] == [[3.9], [4.0, 4.2, 4.4], [5.0, 5.1]]
    assert {line.get_markerfacecolor() for line in ax.lines} == {figures.ACCENT}
    across = [line.get_segments()[0][:, 0] for line in ax.collections]
    bars = [one for one in across if one[0] != one[1]]
    error = 0.2 / np.sqrt(3)
    np.testing.assert_allclose(bars, [[4.2 - error, 4.2 + error], [5.0, 5.1]])  # not of one seed
    assert {line.get_linestyle()[0][1] for line in ax.collections} == {None}  # none is dashed


def test_other_scores_are_hollow_dots_in_the_same_rows():
    scores = {"A": np.array([4.0, 4.2]), "B": np.array([3.9])}
    hollow = {"A": np.array([4.5, 4.7]), "B": np.array([3.8])}
    (ax,) = contest.show_scores(scores, hollow=hollow).axes
    drawn = {
        (line.get_markerfacecolor(), *line.get_xdata()): set(line.get_ydata()) for line in ax.lines
    }
    full, empty = figures.ACCENT, figures.CARD
    first, second = {(full, 3.9): {0}, (empty, 3.8): {0}}, {(full, 4.0, 4.2): {1}}
    assert drawn == {**first, **second, (empty, 4.5, 4.7): {1}}
    assert [text.get_text() for text in ax.texts] == ["B", "3.90", "A", "4.10"]


def test_a_trade_joins_the_front_and_names_all():
    costs, bits = {"A": 1.0, "B": 3.0, "C": 2.0}, {"A": 4.0, "B": 3.0, "C": 5.0}
    (ax,) = contest.show_trade(costs, bits, ["B", "A"], xlabel="cost").axes
    line, *points = ax.lines
    assert line.get_xydata().tolist() == [[1, 4], [3, 3]]
    assert sorted(map(tuple, np.concatenate([one.get_xydata() for one in points]))) == [
        (1, 4),
        (2, 5),
        (3, 3),
    ]
    assert {text.get_text() for text in ax.texts} == {"A", "B", "C"}


def test_no_name_of_a_trade_hides_another_one_or_a_point():
    costs = {
        "PixelCNN": 1.0,
        "PixelCNN++": 1.1,
        "PixelSNAIL": 1.5,
        "Diagonal BiLSTM": 1.6,
        "x": 4.0,
    }
    bits = {
        "PixelCNN": 4.0,
        "PixelCNN++": 3.99,
        "PixelSNAIL": 4.0,
        "Diagonal BiLSTM": 3.98,
        "x": 5.0,
    }
    (ax,) = contest.show_trade(costs, bits).axes
    boxes = [text.get_window_extent() for text in ax.texts]
    points = ax.transData.transform([line.get_xydata()[0] for line in ax.lines])
    for place, box in enumerate(boxes):
        assert box.count_overlaps(boxes[:place]) == 0
        assert not any(box.contains(*point) for point in points)
        assert ax.bbox.x0 <= box.x0 and box.x1 <= ax.bbox.x1


def test_the_tied_head_leads_on_the_validation_pictures_too():
    """Chapter 7 says by how much, for PixelCNN in both trainings."""
    record = contest.read()
    for rule, lead in {"time": 0.3, "steps": 0.5}.items():
        tied, mixture = (
            contest.bits(record, rule, "valid", head=head)["PixelCNN"].mean()
            for head in ("tied", "mixture")
        )
        assert mixture - tied == pytest.approx(lead, abs=0.05)
