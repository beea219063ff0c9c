"""The contest of the family: the same conditions for all, and nothing is computed twice."""

from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
import train_contest as contest

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


def assert_said(*sentences):
    text = CHAPTER.read_text(encoding="utf-8")
    assert [one for one in sentences if one not in text] == [], "chapter 15 says something else"


def means(record, *rule_and_field):
    return {name: each.mean() for name, each in shown.bits(record, *rule_and_field).items()}


def steps_of(record, field="faces"):
    """How many steps each network takes in a field's time."""
    seconds = contest.FIELDS[field].seconds
    costs = shown.costs(record, field)
    return {name: shown.steps_in(seconds, one["seconds_per_step"]) for name, one in costs.items()}


def test_chapter_15_says_how_often_luck_is_called_sure():
    said = [
        f"{100 * found_by_luck(seeds, stretch, spread):.1f} %"
        for spread in (1, 5)
        for seeds, stretch in ((5, 1.5), (3, 2.5))
    ]
    assert_said(
        "we counted {} for five seeds and {} for three.".format(*said),
        "of the other, it is {} and {}.".format(*said[2:]),
    )


def test_chapter_15_says_what_was_measured():
    """Its cells print most numbers; these stand in its text and in its questions."""
    record, asked = shown.read(), exercises.chapter(15)
    bits, after, steps = means(record), means(record, "steps"), steps_of(record)
    costs, tried = shown.costs(record), shown.rates(record, "PixelCNN")
    saved = bits["PixelCNN"] - bits["two stacks"]
    paid = bits["Gated PixelCNN"] - bits["two stacks"]
    assert abs(256 * tried[0.001] - 65) < 1 and asked["15.q1"].right == "about 65 bits"
    assert saved > 2 and asked["15.q2"].right == "over 2 bits less"
    assert paid > 2 and asked["15.q3"].right == "over 2 bits more"
    seconds = {name: one["seconds_per_step"] * shown.STEPS for name, one in costs.items()}
    best = after["transformer"]
    own = faces.face_bits(faces.faces(500, 2)).mean()
    assert_said(
        f"it then paid {256 * min(tried.values()):.1f} bits for a validation face",
        f"the program's own probabilities give {own:.2f}",
        f"they pay {saved:.1f} bits less",
        f"it pays {paid:.1f} bits more",
        "({filters_per_colour} features".format(**costs["Gated PixelCNN"]),
        "in place of {filters_per_colour})".format(**costs["two stacks"]),
        f"PixelCNN with six blocks, {bits['PixelCNN, 6 blocks']:.1f} bits",
        f"{seconds['two stacks']:.0f} seconds for two stacks",
        f"and {seconds['transformer']:.0f} for the transformer",
        f"the transformer had taken {steps['transformer']} steps",
        f"It pays {best:.2f} bits, only {best - own:.1f} more",
        f"{shown.right(record, 'steps')['transformer'].sum()} of 1,000 faces are right",
        f"from {bits['Diagonal BiLSTM']:.2f} to {after['Diagonal BiLSTM']:.2f}",
        f"{after['two stacks']:.2f} and {after['PixelCNN']:.2f}",
        f"they take {steps['two stacks']:,} steps, and PixelCNN {steps['PixelCNN']:,}",
    )
    assert min(bits, key=bits.get) == "two stacks" and min(after, key=after.get) == "transformer"
    assert sorted(bits, key=bits.get)[-2:] == ["Row LSTM", "Diagonal BiLSTM"]  # chapter 12, too
    assert steps["Row LSTM"] == steps["PixelSNAIL"]
    seeds = [each.mean(axis=1) for each in shown.bits(record).values()]
    assert sum(each[0] < each[1:].mean() for each in seeds) == 8  # seed 0 flatters


def test_chapter_15_says_how_long_its_trainings_took():
    record, seconds = shown.read(), 0
    for key in record["runs"]:
        field, network, rule, *_ = key.split("; ")
        step = record["costs"][f"{field}; {network}"]["seconds_per_step"]
        seconds += contest.FIELDS[field].seconds if rule == "time" else shown.STEPS * step
    assert_said(
        f"all {len(record['runs'])} trainings",
        f"Their steps took {seconds / 3600:.1f} hours of one core",
    )


def test_chapter_15_says_who_leads_on_photographs():
    record, asked = shown.read(), exercises.chapter(15)
    bits, steps = shown.bits(record, "time", "photographs"), steps_of(record, "photographs")
    time, after = (means(record, rule, "photographs") for rule in ("time", "steps"))
    order = sorted(time, key=time.get)
    assert order[0] == asked["15.q5"].right == asked["15.q6"].right == min(after, key=after.get)
    for fold in np.split(np.arange(24), 3):
        assert sorted(order, key=lambda name: bits[name][:, fold].mean()) == order
    each = {name: one.mean(axis=0) for name, one in bits.items()}  # of each photograph
    fewer = [(each[order[0]] < each[name]).sum() for name in order[1:]]
    gates = (each["Gated PixelCNN"] > each["two stacks"]).sum()
    lead, later = ({name: one[name] - one[order[0]] for name in one} for one in (time, after))
    assert_said(
        f"It pays {time[order[0]]:.2f} bits per dimension, {lead[order[1]]:.2f} less than {order[1]}",
        f"on at least {min(fewer)} of the 24",
        f"on {gates} of 24 photographs",
        f"from {lead['PixelSNAIL']:.2f} to {later['PixelSNAIL']:.2f}",
        f"over PixelCNN from {lead['PixelCNN']:.2f} to {later['PixelCNN']:.2f}",
        f"it pays {after['transformer']:.2f}, in place of {time['transformer']:.2f}",
        f"between {min(steps.values())} and {max(steps.values()):,} steps",
    )


def test_chapter_15_says_who_leads_among_larger_networks():
    record, field = shown.read(), "faces, large"
    bits, small, steps = means(record, "time", field), means(record), steps_of(record, field)
    after = means(record, "steps", field)
    right = {name: each.sum() for name, each in shown.right(record, field=field).items()}
    names = [name for name in shown.LADDER if name in bits]
    stacks, gates, pp, snail = (bits[to] - bits[one] for one, to in pairwise(names))
    _, small_gates, small_pp, _ = (small[to] - small[one] for one, to in pairwise(names))
    least, *others = sorted(after.values())
    step = shown.costs(record, field)["transformer"]["seconds_per_step"]
    assert min(after, key=after.get) == "transformer"
    assert_said(
        f"it pays {bits['PixelSNAIL']:.1f} bits, {bits['two stacks'] - bits['PixelSNAIL']:.1f} less",
        f"{right['PixelSNAIL']} of its faces are right, in place of {right['two stacks']}",
        f"was surely behind, by {small['PixelSNAIL'] - small['two stacks']:.1f} bits",
        f"it takes {steps['PixelSNAIL']:,} of them, and two stacks {steps['two stacks']:,}",
        f"Two stacks save {-stacks:.1f} bits, as before",
        f"Gates cost {gates:.1f} bits, before {small_gates:.1f}",
        f"PixelCNN++ saves {-pp:.1f}, before {-small_pp:.1f}",
        f"PixelSNAIL pays {-snail:.1f} bits less than PixelCNN++",
        f"takes {steps['transformer']} steps, and is not done",
        f"its lead is {others[0] - least:.1f} bits now, in place of",
        f"two stacks save {after['PixelCNN'] - after['two stacks']:.1f} bits compared",
        f"It needs {1000 * shown.costs(record)['transformer']['seconds_per_step']:.0f} and",
        f"{1000 * step:.0f} seconds",
    )
