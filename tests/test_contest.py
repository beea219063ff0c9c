"""The contest of the family: the same conditions for all, and nothing is computed twice."""

from itertools import pairwise, product
from pathlib import Path

import contest
import numpy as np
import pytest

from pixelcnn_lib import faces, training
from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.teach import contest as shown
from pixelcnn_lib.teach import exercises
from pixelcnn_lib.teach.cost import living_weights

CHAPTER = Path(__file__).parents[1] / "chapters" / "15_family_compared.ipynb"
TINY = {"head_per_colour": 4, **faces.SIZES, "embed": 2}
FIELD = contest.Field(1500, 1, {"batch_size": 1}, TINY)


class Killed(Exception):
    pass


@pytest.fixture
def results(tmp_path, monkeypatch):
    few = faces.faces(3, 0), faces.faces(1, 1), {"faces": faces.faces(2, 2)}
    monkeypatch.setattr(contest, "alone", lambda function, *args: function(*args))
    monkeypatch.setattr(contest, "pictures", lambda name, fold: few)
    monkeypatch.setattr(contest, "cost", lambda network, name: {"seconds_per_step": 0.06})
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
    assert contest.go_on(results) and contest.go_on(results)
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


def test_the_best_rate_waits_for_another_process(results, monkeypatch):
    known = {1: {"valid": 3}, 2: {"valid": 1}, 3: None}
    monkeypatch.setattr(contest, "RATES", (1, 2, 3))
    monkeypatch.setattr(contest, "tried", lambda *_, rate: known[rate])
    monkeypatch.setattr(contest.time, "sleep", lambda _: known.update({3: {"valid": 2}}))
    assert contest.best_rate(results, "faces", "PixelCNN", {}) == 2


def test_two_processes_share_the_work(results):
    def compute():  # meanwhile, another process comes to the same result
        assert results.once("runs", "one", pytest.fail, "computed twice") is None
        return {"valid": 8.0}

    assert results.once("runs", "one", compute) == {"valid": 8.0}
    assert results.once("runs", "one", pytest.fail, "computed twice") == {"valid": 8.0}


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


def found_by_luck(seeds, stretch, spread, contests=4000, times=1000):
    """In what share of contests of two equal networks the chapter's interval leaves out 0.

    spread: how much more the seeds of one network differ than those of the other.
    """
    dice, found = np.random.default_rng(0), 0
    for _ in range(contests):
        one, other = dice.normal(0, spread, seeds), dice.normal(0, 1, seeds)
        redrawn = [dice.choice(each, (times, seeds)).mean(axis=1) for each in (one, other)]
        more = one.mean() - other.mean()
        ends = np.percentile(redrawn[0] - redrawn[1], [0.5, 99.5])
        low, high = more + stretch * (ends - more)
        found += low > 0 or high < 0
    return found / contests


def test_chapter_15_says_how_often_luck_is_called_sure():
    said = [
        f"{100 * found_by_luck(seeds, stretch, spread):.1f} %"
        for spread in (1, 5)
        for seeds, stretch in ((5, 1.5), (3, 2.5))
    ]
    text = CHAPTER.read_text(encoding="utf-8")
    assert "we counted {} for five seeds and {} for three.".format(*said) in text
    assert "of the other, it is {} and {}.".format(*said[2:]) in text


def test_chapter_15_says_what_was_measured():
    """Its cells print most numbers; these stand in its text and in its questions."""
    record, asked = shown.read(), exercises.chapter(15)
    bits = {name: each.mean() for name, each in shown.bits(record).items()}
    steps = {
        name: shown.steps_in(shown.SECONDS, one["seconds_per_step"])
        for name, one in shown.costs(record).items()
    }
    tried = shown.rates(record, "PixelCNN")
    assert round(256 * min(tried.values()), 1) == round(256 * tried[0.008], 1) == 28.2
    assert abs(256 * tried[0.001] - 65) < 1 and asked["15.q1"].right == "about 65 bits"
    saved = bits["PixelCNN"] - bits["two stacks"]
    assert saved > 2 and asked["15.q2"].right == "over 2 bits less"
    cost = bits["Gated PixelCNN"] - bits["two stacks"]
    assert cost > 2 and asked["15.q3"].right == "over 2 bits more"
    text = CHAPTER.read_text(encoding="utf-8")
    assert f"they pay {saved:.1f} bits less" in text and f"it pays {cost:.1f} bits more" in text
    widths = [
        shown.costs(record)[name]["filters_per_colour"] for name in ("two stacks", "Gated PixelCNN")
    ]
    assert widths == [30, 19] and "(19 features in place of 30)" in text
    assert [steps[name] for name in ("PixelCNN", "two stacks", "Gated PixelCNN")] == [
        1080,
        1600,
        1304,
    ]
    best = min(bits, key=bits.get)
    assert best == "two stacks" and bits["PixelCNN, 6 blocks"] - bits[best] > 2
    assert f"PixelCNN with six blocks, {bits['PixelCNN, 6 blocks']:.1f} bits" in text
    seeds = {name: each.mean(axis=1) for name, each in shown.bits(record).items()}
    assert sum(each[0] < each[1:].mean() for each in seeds.values()) == 8  # seed 0 flatters
    assert min(seeds, key=lambda name: seeds[name][1:].mean()) == best
    assert 26 < min(one for name, one in bits.items() if name != best) < max(bits.values()) < 38
    slowest = sorted(steps, key=steps.get)[:2]
    assert sorted(slowest) == ["Diagonal BiLSTM", "transformer"]
    assert sorted(bits, key=bits.get)[-2:] == ["Row LSTM", "Diagonal BiLSTM"]  # chapter 12, too
    assert steps["Row LSTM"] == steps["PixelSNAIL"]
    assert round(faces.face_bits(faces.faces(500, 2)).mean(), 2) == 19.17 and "give 19.17" in text
    assert round(bits["transformer"], 1) == 30.4
    after = {name: each.mean(axis=1) for name, each in shown.bits(record, "steps").items()}
    assert list(after) == list(bits)
    cost = {name: one["seconds_per_step"] for name, one in shown.costs(record).items()}
    assert "56 seconds for two stacks, and 154 for the transformer" in text
    assert [round(1000 * cost[name]) for name in ("two stacks", "transformer")] == [56, 154]
    assert steps["transformer"] == 584 and "had taken 584 steps" in text
    assert (
        round(after["PixelCNN"].mean(), 2) == 29.10
        and round(after["two stacks"].mean(), 2) == 29.08
    )
    assert after["Gated PixelCNN"].mean() - after["two stacks"].mean() > 4
    assert round(after["Diagonal BiLSTM"].mean(), 2) == 29.56 and "from 37.15 to 29.56" in text
    assert round(bits["Diagonal BiLSTM"], 2) == 37.15
    best = after.pop("transformer")
    assert round(best.mean(), 2) == 20.76 and best.mean() - 19.17 < 1.65
    assert shown.right(record, "steps")["transformer"].sum() == 619
    assert min(each.min() for each in after.values()) > best.max() + 3
    assert 5.9 < min(each.mean() for each in after.values()) - best.mean()


def test_chapter_15_says_how_long_its_trainings_took():
    record, text, seconds = shown.read(), CHAPTER.read_text(encoding="utf-8"), 0
    for key in record["runs"]:
        field, network, rule, *_ = key.split("; ")
        step = record["costs"][f"{field}; {network}"]["seconds_per_step"]
        seconds += contest.FIELDS[field].seconds if rule == "time" else shown.STEPS * step
    assert f"all {len(record['runs'])} trainings" in text
    assert f"Their steps took {seconds / 3600:.1f} hours of one core" in text


def test_chapter_15_says_who_leads_on_photographs():
    record, asked = shown.read(), exercises.chapter(15)
    bits = shown.bits(record, field="photographs")
    means = {name: each.mean() for name, each in bits.items()}
    order = ["PixelCNN++", "PixelSNAIL", "PixelCNN", "two stacks", "Gated PixelCNN", "transformer"]
    assert sorted(means, key=means.get) == order
    for fold in np.split(np.arange(24), 3):
        assert sorted(order, key=lambda name: bits[name][:, fold].mean()) == order
    each = np.array([one.mean(axis=0) for one in bits.values()])  # (networks, photographs)
    assert (round(each.min(), 1), round(each.max(), 1)) == (2.3, 6.0)
    gates, without = bits["Gated PixelCNN"].mean(axis=0), bits["two stacks"].mean(axis=0)
    assert (gates > without).sum() == 23
    assert round(means["PixelCNN"] - means["PixelCNN++"], 2) == 0.29
    cost = {
        name: shown.steps_in(shown.SECONDS, one["seconds_per_step"])
        for name, one in shown.costs(record, "photographs").items()
    }
    assert max(cost, key=cost.get) == order[0] and min(cost, key=cost.get) == order[-1]
    best = bits.pop("PixelCNN++").mean(axis=0)
    assert round(best.mean(), 2) == 3.71 and round(means["PixelSNAIL"] - best.mean(), 2) == 0.18
    assert min((best < each.mean(axis=0)).sum() for each in bits.values()) == 23
    assert round(means["two stacks"], 2) == 4.03 and asked["15.q5"].right == "PixelCNN++"
    after = shown.bits(record, "steps", "photographs")
    later = {name: each.mean() for name, each in after.items()}
    for fold in np.split(np.arange(24), 3):
        assert min(order, key=lambda name: after[name][:, fold].mean()) == asked["15.q6"].right
    assert sorted(later, key=later.get)[3] == "transformer"
    text = CHAPTER.read_text(encoding="utf-8")
    lead = {
        name: (means[name] - means[order[0]], later[name] - later[order[0]])
        for name in ("PixelSNAIL", "PixelCNN")
    }
    assert (
        "its lead over PixelSNAIL has shrunk from {:.2f} to {:.2f}".format(*lead["PixelSNAIL"])
        in text
    )
    assert "and over PixelCNN from {:.2f} to {:.2f}".format(*lead["PixelCNN"]) in text
    assert f"it pays {later['transformer']:.2f}, in place of {means['transformer']:.2f}" in text
    assert f"between {min(cost.values())} and {max(cost.values()):,} steps" in text


def test_chapter_15_says_who_leads_among_larger_networks():
    record, text = shown.read(), CHAPTER.read_text(encoding="utf-8")
    bits = shown.bits(record, field="faces, large")
    means = {name: each.mean() for name, each in bits.items()}
    snail, stacks = means["PixelSNAIL"], means["two stacks"]
    assert f"it pays {snail:.1f} bits, {stacks - snail:.1f} less than two stacks" in text
    names = [name for name in shown.LADDER if name in means]
    climbed = [round(means[to] - means[one], 1) for one, to in pairwise(names)]
    assert climbed == [-3.6, 4.0, -2.1, -2.8]
    small = {name: each.mean() for name, each in shown.bits(record).items()}
    before = [round(small[to] - small[one], 1) for one, to in pairwise(names)]
    assert before[:3] == [-3.6, 5.7, -4.1]
    for said in (
        "Two stacks save 3.6 bits, as before",
        "Gates cost 4.0 bits, before 5.7, and PixelCNN++ saves 2.1, before 4.1",
        "PixelSNAIL pays 2.8 bits less than PixelCNN++",
    ):
        assert said in text
    right = shown.right(record, field="faces, large")
    assert (right["PixelSNAIL"].sum(), right["two stacks"].sum()) == (418, 283)
    assert round(small["PixelSNAIL"] - small["two stacks"], 1) == 2.6
    steps = [
        shown.steps_in(180, one["seconds_per_step"])
        for name, one in shown.costs(record, "faces, large").items()
        if name in ("PixelSNAIL", "two stacks", "transformer")
    ]
    assert sorted(steps) == [648, 1008, 1216]
    small, later = (
        {name: each.mean() for name, each in shown.bits(record, "steps", field).items()}
        for field in ("faces", "faces, large")
    )
    gained = {name: small[name] - bits for name, bits in later.items()}
    assert min(later, key=later.get) == min(gained, key=gained.get) == "transformer"
    lead = min(bits for name, bits in later.items() if name != "transformer") - later["transformer"]
    assert f"its lead is {lead:.1f} bits now" in text and f"and by {lead:.1f} with 400,000" in text
    assert f"two stacks save {later['PixelCNN'] - later['two stacks']:.1f} bits compared" in text
    step = shown.costs(record, "faces, large")["transformer"]["seconds_per_step"]
    assert f"It needs 154 and {1000 * step:.0f} seconds" in text
    for name in ("two stacks", "Gated PixelCNN", "PixelCNN++"):  # at another rate, with seed 0
        tried = shown.runs(record, name, "steps")
        ours = [np.mean(tried[rate][0]["bits"]) for rate in (0.004, 0.008)]
        assert np.allclose(ours, [28.1, 27.2] if name == "two stacks" else ours[0], atol=0.15)
