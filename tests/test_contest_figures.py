"""The contest as the last chapter shows it: what is read of a record, and what is drawn."""

import numpy as np
import pytest
from legible import check_figures

from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.teach import contest, exercises

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
    more = {}
    for rule in ("time", "steps"):
        scores = contest.bits(record, rule)
        more[rule] = scores["Diagonal BiLSTM"].mean() - scores["PixelCNN"].mean()
    assert more["time"] > 0.2 and asked["17.q1"].right == "over 0.2 bits more"
    assert abs(more["steps"]) < 0.15 and asked["17.q2"].right.endswith("within 0.15")


def test_the_text_of_the_chapter_names_the_networks_that_were_measured_best():
    record = contest.read()
    for rule in ("time", "steps"):
        scores = contest.bits(record, rule)
        order = sorted(scores, key=lambda name: scores[name].mean())
        assert set(order[:2]) == {"PixelCNN++", "PixelSNAIL"}
    for key in ("seconds_per_step", "seconds_to_draw_16"):
        costs = contest.costs(record, key)
        assert min(costs, key=costs.get) == "PixelCNN"
    for photograph, more, less in (("chelsea", 0, 0.3), ("flower", 0.4, 1)):
        scores = contest.bits(record, "time", photograph)
        assert more < scores["Gated PixelCNN"].mean() - scores["PixelCNN"].mean() < less
    train = contest.bits(record, "steps", "train")
    assert abs(train["transformer"].mean() - train["PixelCNN"].mean()) < 0.1
    for test in ((), ("train",), ("valid",)):
        scores = contest.bits(record, "time", *test)
        assert scores["transformer"].mean() - scores["PixelCNN"].mean() > 0.1
    scores = contest.bits(record, "steps")
    assert scores["transformer"].mean() - scores["PixelCNN"].mean() > 0.1
    others = contest.bits(record, "steps", "valid")
    assert others["transformer"].mean() < others["PixelCNN"].mean() + 0.02
    for photograph, low, high in (("chelsea", 0, 0.25), ("flower", 0.4, 8)):
        scores = contest.bits(record, "time", photograph)
        assert low < scores["Gated PixelCNN"].mean() - scores["PixelCNN"].mean() < high


def test_scores_are_dots_in_the_order_of_their_means():
    scores = {"A": np.array([4.0, 4.2, 4.4]), "B": np.array([3.9]), "C": np.array([5.0, 5.1])}
    (ax,) = contest.show_scores(scores).axes
    words = [text.get_text() for text in ax.texts]
    assert words == ["B", "3.90", "A", "4.20", "C", "5.05"]
    dots = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert dots == [[3.9], [4.0, 4.2, 4.4], [5.0, 5.1]]
    bars = [line.get_xdata() for line in ax.lines if line.get_marker() != "o"]
    error = 0.2 / np.sqrt(3)
    np.testing.assert_allclose(bars[0], [4.2 - error, 4.2 + error])
    assert len(bars) == 2  # one seed has no error


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
    places = sorted(text.get_position()[1] for text in ax.texts)
    assert min(np.diff(places)) > 0.1
