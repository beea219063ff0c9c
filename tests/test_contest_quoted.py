"""What chapter 15 says of the contest is what was measured."""

from itertools import pairwise
from pathlib import Path

import numpy as np
from train_contest import FIELDS

from pixelcnn_lib import faces
from pixelcnn_lib.teach import contest, exercises

CHAPTER = Path(__file__).parents[1] / "chapters" / "15_family_compared.ipynb"


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
    return {name: each.mean() for name, each in contest.bits(record, *rule_and_field).items()}


def steps_of(record, field="faces"):
    """How many steps each network takes in a field's time."""
    seconds = FIELDS[field].seconds
    costs = contest.costs(record, field)
    return {name: contest.steps_in(seconds, one["seconds_per_step"]) for name, one in costs.items()}


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
    record, asked = contest.read(), exercises.chapter(15)
    bits, after, steps = means(record), means(record, "steps"), steps_of(record)
    costs, tried = contest.costs(record), contest.rates(record, "PixelCNN")
    saved = bits["PixelCNN"] - bits["two stacks"]
    paid = bits["Gated PixelCNN"] - bits["two stacks"]
    assert abs(256 * tried[0.001] - 65) < 1 and asked["15.q1"].right == "about 65 bits"
    assert saved > 2 and asked["15.q2"].right == "over 2 bits less"
    assert paid > 2 and asked["15.q3"].right == "over 2 bits more"
    seconds = {name: one["seconds_per_step"] * contest.STEPS for name, one in costs.items()}
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
        f"{contest.right(record, 'steps')['transformer'].sum()} of 1,000 faces are right",
        f"from {bits['Diagonal BiLSTM']:.2f} to {after['Diagonal BiLSTM']:.2f}",
        f"{after['two stacks']:.2f} and {after['PixelCNN']:.2f}",
        f"they take {steps['two stacks']:,} steps, and PixelCNN {steps['PixelCNN']:,}",
    )
    assert min(bits, key=bits.get) == "two stacks" and min(after, key=after.get) == "transformer"
    assert sorted(bits, key=bits.get)[-2:] == ["Row LSTM", "Diagonal BiLSTM"]  # chapter 12, too
    assert steps["Row LSTM"] == steps["PixelSNAIL"]
    seeds = [each.mean(axis=1) for each in contest.bits(record).values()]
    assert sum(each[0] < each[1:].mean() for each in seeds) == 8  # seed 0 flatters


def test_chapter_15_says_how_long_its_trainings_took():
    record, seconds = contest.read(), 0
    for key in record["runs"]:
        field, network, rule, *_ = key.split("; ")
        step = record["costs"][f"{field}; {network}"]["seconds_per_step"]
        seconds += FIELDS[field].seconds if rule == "time" else contest.STEPS * step
    assert_said(
        f"all {len(record['runs'])} trainings",
        f"Their steps took {seconds / 3600:.1f} hours of one core",
    )


def test_chapter_15_says_who_leads_on_photographs():
    record, asked = contest.read(), exercises.chapter(15)
    bits, steps = contest.bits(record, "time", "photographs"), steps_of(record, "photographs")
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
    record, field = contest.read(), "faces, large"
    bits, small, steps = means(record, "time", field), means(record), steps_of(record, field)
    after, small_steps = means(record, "steps", field), steps_of(record)
    right = {name: each.sum() for name, each in contest.right(record, field=field).items()}
    names = [name for name in contest.LADDER if name in bits]
    stacks, gates, pp, snail = (bits[to] - bits[one] for one, to in pairwise(names))
    _, small_gates, small_pp, _ = (small[to] - small[one] for one, to in pairwise(names))
    least, *others = sorted(after.values())
    step = contest.costs(record, field)["transformer"]["seconds_per_step"]
    assert min(after, key=after.get) == "transformer"
    assert_said(
        f"it pays {bits['PixelSNAIL']:.1f} bits, {bits['two stacks'] - bits['PixelSNAIL']:.1f} less",
        f"{right['PixelSNAIL']} of its faces are right, in place of {right['two stacks']}",
        f"was surely behind, by {small['PixelSNAIL'] - small['two stacks']:.1f} bits",
        f"takes {steps['PixelSNAIL']:,} of them, before {small_steps['PixelSNAIL']}, and "
        f"two stacks {steps['two stacks']:,}, before {small_steps['two stacks']:,}",
        f"Two stacks save {-stacks:.1f} bits, as before",
        f"Gates cost {gates:.1f} bits, before {small_gates:.1f}",
        f"PixelCNN++ saves {-pp:.1f}, before {-small_pp:.1f}",
        f"PixelSNAIL pays {-snail:.1f} bits less than PixelCNN++",
        f"takes {steps['transformer']} steps, and is not done",
        f"its lead is {others[0] - least:.1f} bits now, in place of",
        f"two stacks save {after['PixelCNN'] - after['two stacks']:.1f} bits compared",
        f"It needs {1000 * contest.costs(record)['transformer']['seconds_per_step']:.0f} and",
        f"{1000 * step:.0f} seconds",
    )
