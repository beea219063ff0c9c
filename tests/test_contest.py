"""The contest of the family: the same conditions for all, and nothing is computed twice."""

from itertools import product

import numpy as np
import pytest
import train_contest as contest

from pixelcnn_lib import faces, training
from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.teach import contest as shown
from pixelcnn_lib.teach.cost import living_weights

TINY = {"head_per_colour": 4, **faces.SIZES, "embed": 2}
FIELD = contest.Field(1500, 1, {"batch_size": 1}, TINY)


class Killed(Exception):
    pass


@pytest.fixture
def results(tmp_path, monkeypatch):
    few = faces.faces(3, 0), faces.faces(1, 1), {"faces": faces.faces(2, 2)}
    monkeypatch.setattr(contest, "alone", lambda function, *args: function(*args))
    monkeypatch.setattr(contest, "pictures", lambda name, fold, photos: few)
    monkeypatch.setattr(contest, "cost", lambda network, name, photos: {"seconds_per_step": 0.06})
    monkeypatch.setattr(contest, "FIELDS", {"faces": FIELD})
    monkeypatch.setattr(contest, "TRAININGS", {"faces": (1, 2)})
    monkeypatch.setattr(contest, "STEPS", 8)
    monkeypatch.setattr(contest, "NETWORKS", {"PixelCNN": ("pixelcnn", {"blocks": 0})})
    monkeypatch.setattr(contest, "RULES", [("faces", "time"), ("faces", "steps")])
    monkeypatch.setattr(contest, "DRAWN", 2)
    return contest.Results(tmp_path / "runs")


@pytest.mark.slow
def test_a_contest_goes_on_where_it_was_killed(results, monkeypatch):
    train, begun = training.train, []

    def dies(model, images, run, **settings):
        begun.append((run.name, settings["steps_per_epoch"]))
        if len(begun) == 3:
            raise Killed
        return train(model, images, run, **settings)

    monkeypatch.setattr(training, "train", dies)
    monkeypatch.setattr(contest, "best_rate", lambda *_: 0.1)
    with pytest.raises(Killed):
        contest.go_on(results)
    known = results.read()["runs"]
    contest.go_on(results)
    contest.go_on(results)
    runs = results.read()["runs"]
    assert [(known[key], key) for key in known] == [(runs[key], key) for key in list(runs)[:2]]
    assert begun[2] == begun[3] and len(begun) == 5  # the third was begun anew
    lengths = {"time": 2, "steps": 1}  # 1 second of steps that take 0.06; 8 steps; in 8 epochs
    names = [(rule, seed) for rule in lengths for seed in (0, 1)]
    key = "faces; PixelCNN; {}; rate 0.1; fold 0; seed {}"
    assert list(runs) == [key.format(*one) for one in names]
    assert [length for _, length in begun[:3] + begun[4:]] == [lengths[rule] for rule, _ in names]
    for run in runs.values():
        assert len(run["bits"]) == 2 and 0 <= run["right"] <= 2
    assert not list(results.runs.glob("faces-*"))


def test_results_of_other_conditions_are_refused(results, monkeypatch):
    results.once("runs", "some", lambda: {"valid": 1})
    contest.Results(results.runs)
    with pytest.raises(SystemExit, match="no network that is whole. Nothing was copied."):
        contest.main(results.runs)
    monkeypatch.setattr(contest, "STEPS", 9)
    with pytest.raises(SystemExit, match="contest.json has results under other conditions. Name a"):
        contest.Results(results.runs)


def test_the_best_rate_lies_between_two_others(results, monkeypatch):
    far = lambda rate, best: {"valid": abs(np.log2(rate / best))}
    for best in (0.0005, 0.004, 0.064):
        monkeypatch.setattr(contest, "tried", lambda *_, rate, best=best: far(rate, best))
        assert contest.best_rate(results, "faces", "PixelCNN", {}) == best


@pytest.mark.slow
def test_networks_are_as_wide_as_the_living_weights_allow():
    record = shown.read()
    for name, one in shown.costs(record).items():
        options = contest.sized(name, contest.FIELDS["faces"])
        assert options["filters_per_colour"] == one["filters_per_colour"]
        model = shown.model(record, name)
        assert living_weights(model) == one["living"] <= 100_000
        member, _ = shown.NETWORKS[name]
        options["filters_per_colour"] += 4 if name in ("transformer", "PixelSNAIL") else 1
        assert living_weights(MEMBERS[member](**options)) > 100_000


def run(valid, bits=(20.0, 22.0), right=50):
    return {"valid": valid, "bits": list(bits), "right": right}


def made_up(seeds=5):
    """A record in which PixelCNN was trained with three rates, and best with the middle one."""
    key = "faces; PixelCNN; {}; rate {}; fold 0; seed {}"
    runs = {key.format("time", rate, 0): run(valid) for rate, valid in [(0.004, 3), (0.016, 4)]}
    for seed, rule in product(range(seeds), ("time", "steps")):
        runs[key.format(rule, "0.008", seed)] = run(2, (20 + seed, 22), seed)
    runs["faces; Gated PixelCNN; time; rate 0.008; fold 0; seed 0"] = run(1, (1, 1))
    costs = {f"faces; {name}": {"living": 9} for name in shown.NETWORKS}
    return {"machine": "one core", "costs": costs, "runs": runs}


def test_only_whole_networks_are_kept():
    record = contest.finished(made_up())
    assert len(record["costs"]) == len(shown.NETWORKS)
    assert {key.split("; ")[1] for key in record["runs"]} == {"PixelCNN"}
    assert len(record["runs"]) == 12
    assert contest.finished(made_up(seeds=4)) == {"machine": "one core", "costs": {}, "runs": {}}
    half = made_up()  # as it is while the seeds are trained
    for seed in (1, 2):
        del half["runs"][f"faces; PixelCNN; time; rate 0.008; fold 0; seed {seed}"]
    record = contest.finished(half)
    assert len(record["runs"]) == 3 + 5 and len(shown.rates(record, "PixelCNN")) == 3
    assert shown.bits(record, "time") == {} and list(shown.bits(record, "steps")) == ["PixelCNN"]


def test_reads_the_seeds_of_the_best_rate():
    record = contest.finished(made_up())
    assert shown.rates(record, "PixelCNN") == {0.004: 3, 0.008: 2, 0.016: 4}
    for rule in ("time", "steps"):
        bits, right = shown.bits(record, rule), shown.right(record, rule)
        assert list(bits) == list(right) == ["PixelCNN"]
        np.testing.assert_array_equal(bits["PixelCNN"], [[20 + seed, 22] for seed in range(5)])
        np.testing.assert_array_equal(right["PixelCNN"], range(5))


def test_the_folds_of_photographs_are_joined():
    """Each photograph is tested in one fold, by each seed."""
    key = "photographs; PixelCNN; time; rate 0.008; fold {}; seed {}"
    runs = {
        key.format(fold, seed): {"valid": 1, "bits": {f"{fold}a": 10 * fold + seed, f"{fold}b": 9}}
        for fold, seed in product(range(3), range(3))
    }
    bits = shown.bits({"runs": runs}, field="photographs")["PixelCNN"]
    np.testing.assert_array_equal(
        bits, [[seed, 9, 10 + seed, 9, 20 + seed, 9] for seed in range(3)]
    )


def test_the_stored_record_is_whole():
    record = shown.read()
    assert record == contest.finished(record)
    assert set(shown.best(record)) == set(contest.NETWORKS)
    pictures = {"faces": 500, "photographs": 24, "faces, large": 500}
    for (field, (_, seeds)), rule in product(shown.TRAININGS.items(), ("time", "steps")):
        for name, bits in shown.bits(record, rule, field).items():
            assert bits.shape == (seeds, pictures[field])
            tried = shown.rates(record, name, field)
            rates = list(tried)
            assert min(tried, key=tried.get) not in (rates[0], rates[-1]) or len(rates) == 7
            assert field == "photographs" or bits.mean() > faces.faces_entropy()


def test_the_stored_drawings_are_those_that_were_counted():
    record = shown.read()
    for rule in ("time", "steps"):
        for name, drawn in shown.drawn(record, rule).items():
            right = sum(not wrong for wrong in faces.read_face(drawn)[1])
            assert len(drawn) == 16 and right <= shown.right(record, rule)[name][0]


def test_scores_are_dots_in_the_order_of_their_means():
    scores = {"A": np.array([24.0, 24.2, 24.4]), "B": np.array([23.9]), "C": np.array([25.0, 25.1])}
    (ax,) = shown.show_scores(scores).axes
    assert [text.get_text() for text in ax.texts] == ["B", "23.90", "A", "24.20", "C", "25.05"]
    floor, *dots = (line.get_xdata() for line in ax.lines)
    assert round(floor[0], 2) == 19.06
    assert [list(line) for line in dots] == [[23.9], [24.0, 24.2, 24.4], [25.0, 25.1]]
    (ax,) = shown.show_scores(scores, "photographs").axes
    assert len(ax.lines) == 3 and "dimension" in ax.get_xlabel()  # their entropy is not known


def test_differences_are_lines_from_end_to_end():
    (ax,) = shown.show_differences({"B to A": (-2.0, -1.5, -0.5), "A to C": (-1, 0.25, 1)}).axes
    assert [text.get_text() for text in ax.texts] == ["B to A", "-1.50", "A to C", "0.25"]
    ends = [line.get_segments()[0][:, 0].tolist() for line in ax.collections]
    assert ends == [[-2.0, -0.5], [-1, 1]]
