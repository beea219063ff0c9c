"""3.2: the leak detective: change one value after another, and see which predictions change."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch03.toys import (
    FEEBLE,
    itself,
    past,
    picture,
    show_leaks,
    some,
    toy,
)


def sees(model, image):
    """Find which predictions of a model change when one value of an image is changed.

    model: uint8 images (N, H, W, colours) -> logits (N, H, W, colours, levels). image: uint8
    (H, W, colours). Returns bool (targets, sources), the values numbered in their order.
    """
    before = np.asarray(model(image[None]))  # (1, H, W, colours, levels)
    seen = np.zeros((image.size, image.size), bool)
    for source in range(image.size):
        changed = image.copy()
        changed.flat[source] ^= 128  # 128 levels up or down
        after = np.asarray(model(changed[None]))  # (1, H, W, colours, levels)
        seen[:, source] = (np.abs(after - before) > 1e-4).any(-1).ravel()
    return seen


exercise = Exercise(
    id="3.2",
    title="The leak detective",
    minutes=15,
    difficulty=2,
    solution=sees,
    shown=lambda model, image: f"sees on an image {image.shape}",
    hints=(
        "You have the predictions for the image itself. For which other images do you need them?",
        "For each source you need one image: a copy in which only this value is different. Compare "
        "its predictions with those for the image itself. They fill one column of the result.",
        "changed.flat[source] is the value with that number. np.abs(after - before) > 1e-4 still has "
        "an axis of levels: .any(-1) reduces it. .ravel() puts the targets in their order.",
    ),
    cases={
        "honest": toy((2, 2, 3), past(12)),
        "leaks": toy((1, 4, 3), some(12)),
        "one column, leaks": toy((3, 1, 2), some(6)),
        "two logits move in opposite directions": toy((2, 1, 4), some(8), "two", levels=5),
        "all logits move alike": toy((3, 2, 1), some(6), "all", levels=3, tensors=True),
        "small changes": toy((2, 2, 3), some(12), "feeble"),
        "faint": toy((2, 3, 2), some(12), "faint"),
        "blind": toy((2, 3, 1), False),
    },
    axes=("target", "source"),
    after=show_leaks,
    seen="The leaks that your detective finds in two layers, with each of nine wrong masks.",
)


@exercise.condition
def only_true_and_false(answer):
    for case in exercise.inputs:
        strange = np.setdiff1d(answer(*case), [0, 1])
        if len(strange):
            message = f"{exercise.call(case)}: the result holds numbers such as {strange[0]:.4g}."
            return Wrong(message, "compare the differences with 0.0001: that gives True or False.")


@exercise.condition
def every_level_is_changed(answer):
    """Say it if changes are missed just where the image has one level: it was changed to itself."""
    messages = []
    for case in exercise.inputs:
        if case[0].kind == "faint":
            continue
        expected, got, image = exercise.expected(*case), answer(*case), case[1].ravel()
        lost = np.unique(image[(got != expected).any(0)])
        if len(lost) > 1 or got[:, np.isin(image, lost)].any():
            return None
        for level in lost:
            message = f"{exercise.call(case)}: where the image has the level {level}, no change is "
            messages.append(f"{message}found. The rest is right.")
            hint = f"which level do you give to a value that already has the level {level}?"
    return Wrong(messages[0], hint) if messages else None


HINTS = {  # of a toy's kind: (a change is missed, a change is found that is none)
    "one": (
        "print which value (row, column, colour) you change for this source, which prediction you "
        "look at for this target, and its logits.",
        "in how many values do the two images differ that you compare, and in which?",
    ),
    "two": ("here one logit rises and another falls: compare each logit by itself.",) * 2,
    "faint": ("by how many levels do you change this value? v ^ 128 lies 128 levels from v.",) * 2,
    "all": ("here all logits of a prediction change by the same amount: do not normalise them.",)
    * 2,
    "feeble": (
        f"here one logit changes by {FEEBLE:.5f}. Do you compare exactly this number with 0.0001?",
        "here each logit changes by less than 0.0001. What do you compare with 0.0001?",
    ),
}


def of_kind(kind):
    """Make the condition that the answer is right for the toys of one kind."""

    def condition(answer):
        for case in exercise.inputs:
            expected, got = exercise.expected(*case), answer(*case)
            wrong = got != expected
            if case[0].kind == kind and wrong.any():
                target, source = (int(i) for i in np.argwhere(wrong)[0])
                told = "changes" if expected[target, source] else "does not change"
                message = f"{exercise.call(case)}: target {target}, source {source} should be "
                message += f"{expected[target, source]}: this prediction {told} with this value."
                hint = HINTS[kind][int(got[target, source])]
                return Wrong(message, hint, got, wrong, expected)

    condition.__name__ = kind
    return condition


for kind in HINTS:
    exercise.condition(of_kind(kind))


@exercise.condition
def never_the_same_level(answer):
    """Refuse levels drawn at random, if one can be the level that the value has already."""
    image, before = picture(12, 11, 3), None
    for _ in range(6):  # one draw in 256 is such a level
        given = []
        got = answer(lambda images, given=given: given.append(images) or itself(images), image)
        if not got.diagonal().all():
            message = "A level drawn at random can be the one that the value has already: then no "
            hint = "replace the level v by v ^ 128, which is always another level."
            return Wrong(f"{message}change is found.", hint)
        given = np.concatenate([np.asarray(images) for images in given])
        if np.array_equal(given, before):
            return None  # nothing is drawn at random
        before = given


# Mistakes: other images are compared, or the logits in another way


def instead(image, step):
    """One copy of an image per value, with that value replaced by step(value): (sources, H, W, …)."""
    copies = np.repeat(image[None], image.size, axis=0).reshape(image.size, -1)
    np.fill_diagonal(copies, step(image))
    return copies.reshape(-1, *image.shape)


def changed(image):
    return instead(image, lambda v: v ^ 128)


def wherever(mask, image):
    """Copies of an image, changed wherever a mask (sources, values) is True."""
    return np.where(mask.reshape(-1, *image.shape), image ^ 128, image)


def pixels(image):
    """The number of each value's pixel."""
    return np.arange(image.size) // image.shape[-1]


def logits(model, images):
    """The model's logits, its values in one row: (N, targets, levels)."""
    return np.asarray(model(images)).reshape(len(images), images[0].size, -1)


def differs(moved):
    return (moved > 1e-4).any(-1)


def detective(images=changed, count=differs, before=lambda image: image[None]):
    """An answer: count(by how much each of the images moves the logits (N, targets, levels))."""

    def sees(model, image):
        start = logits(model, before(image))
        return count(np.abs(logits(model, images(image)) - start)).T

    return sees


def after(function, size=np.abs):
    """An answer that compares a function of the logits."""

    def sees(model, image):
        before, now = (function(logits(model, one)) for one in (image[None], changed(image)))
        return differs(size(now - before)).T

    return sees


def then(change):
    """An answer that is right until it changes the result."""
    return lambda model, image: change(detective()(model, image), image)


def numbered(axes):
    """Three answers with another order of the values: in the sources, in the targets, in both."""
    order = lambda image: np.arange(image.size).reshape(image.shape).transpose(axes).ravel()
    return (
        then(lambda seen, image: seen[:, order(image)]),
        then(lambda seen, image: seen[order(image)]),
        then(lambda seen, image: seen[np.ix_(order(image), order(image))]),
    )


exercise.mistake(
    "Targets and sources are swapped: each row belongs to a source.",
    "the result is (targets, sources), so each source fills one column.",
    then(lambda seen, image: seen.T),
)
exercise.mistake(
    "The changes add up: most copies differ from the image in more than one value.",
    "make a new copy of the image for each source.",
    detective(lambda image: wherever(np.tri(image.size) > 0, image)),
)
exercise.mistake(
    "All colours of a pixel are changed at once.",
    "a source is a single value: one row, one column, one colour.",
    detective(lambda image: wherever(np.equal.outer(pixels(image), pixels(image)), image)),
)
exercise.mistake(
    "Each image is compared with the one before it, not with the image itself.",
    "compute the predictions for the image itself once, before the loop.",
    detective(before=lambda image: np.concatenate([image[None], changed(image)[:-1]])),
)
exercise.mistake(
    "The predictions are compared with those for the first changed copy.",
    "compare with the predictions for the image itself.",
    detective(before=lambda image: changed(image)[:1]),
)
exercise.mistake(
    "Some levels are changed by 1 only, which may change a prediction by less than 0.0001.",
    "v ^ 128 lies 128 levels from v, for every v.",
    *(
        detective(lambda image, step=step: instead(image, step))
        for step in (
            lambda v: 255 - v,
            lambda v: v + np.uint8(1),
            lambda v: v - np.uint8(1),
            lambda v: v ^ 1,
            lambda v: np.where(v < 255, v + np.uint8(1), v - np.uint8(1)),
            lambda v: np.where(v > 0, v - np.uint8(1), v + np.uint8(1)),
        )
    ),
)
exercise.mistake(
    "Only source 0 is tested: all other columns are False.",
    "is the return inside the loop?",
    then(lambda seen, image: seen & (np.arange(image.size) == 0)),
)
exercise.mistake(
    "The last source is left out.",
    "where does your loop end?",
    then(lambda seen, image: seen & (np.arange(image.size) < image.size - 1)),
)
exercise.mistake(
    "The comparison is the wrong way round: differences below 0.0001 count.",
    "True means that the prediction changes.",
    detective(count=lambda moved: (moved < 1e-4).any(-1)),
    then(lambda seen, image: ~seen),
)
exercise.mistake(
    "Differences below 0.0001 count too, though they can come from rounding.",
    "how large must a difference be, to count as a change?",
    detective(count=lambda moved: (moved > 0).any(-1)),
)
exercise.mistake(
    "Only the most likely level is compared.",
    "a prediction is a whole distribution: compare the logits of all levels.",
    after(lambda x: x.argmax(-1)[..., None]),
)
for level, name in {0: "level 0", -1: "the last level"}.items():
    exercise.mistake(
        f"Only the logit of {name} is compared.",
        "a prediction has one logit for each level.",
        after(lambda x, level=level: x[..., level, None]),
    )
exercise.mistake(
    "Every entry is False: no change is found anywhere.",
    "do you pass the changed image to the model? And which differences do you count?",
    then(lambda seen, image: seen & False),
)
exercise.mistake(
    "The changes of all levels are added, so they can cancel each other.",
    "a prediction has changed if at least one of its logits has.",
    after(lambda x: x.sum(-1, keepdims=True)),
)
exercise.mistake(
    "A prediction counts as changed only if all of its logits have changed.",
    "a prediction has changed if at least one of its logits has.",
    detective(count=lambda moved: (moved > 1e-4).all(-1)),
)
exercise.mistake(
    "Only increases count, or only decreases.",
    "use the absolute value of the difference.",
    after(lambda x: x, size=np.positive),
    after(lambda x: x, size=np.negative),
)
for axes, name in {
    (2, 0, 1): "colour by colour",
    (1, 0, 2): "column by column",
    (2, 1, 0): "with the row changing fastest",
}.items():
    exercise.mistake(
        f"Targets, sources or both are numbered {name}.",
        "in the order of the values, the colour changes fastest, then the column.",
        *numbered(axes),
    )
exercise.mistake(
    "Everything on the diagonal and above it is False, and there the leaks would be.",
    "return what you find: a wrong model can see its future.",
    then(lambda seen, image: np.tril(seen, -1)),
)
exercise.mistake(
    "The diagonal is always False.",
    "in a wrong model a value can see itself: test it.",
    then(lambda seen, image: seen & ~np.eye(len(seen), dtype=bool)),
)
exercise.mistake(
    "The diagonal is always True.",
    "does each prediction change with its own value? Test it.",
    then(lambda seen, image: seen | np.eye(len(seen), dtype=bool)),
)

# Mistakes that a condition describes well enough


def drawn(image):
    """Another level by chance, but in a small image always a right one."""
    levels = np.random.randint(0, 256, image.shape) if image.size > 100 else image ^ 128
    return levels.astype("uint8")


for words, form in {
    "where the image has the level 7, no change is found": detective(
        lambda image: instead(image, lambda v: np.uint8(7))
    ),
    "change by the same amount: do not normalise": after(lambda x: x - x[..., :1]),
    "should be True: this prediction changes": detective(
        count=lambda moved: (moved > 3e-4).any(-1)
    ),
    "by how many levels do you change this value": detective(
        count=lambda moved: (moved**2 > 1e-4).any(-1)
    ),
    "here one logit rises and another falls": after(lambda x: x.mean(-1, keepdims=True)),
    "print which value": after(lambda x: x.max(-1, keepdims=True)),
    "the result holds numbers such as": detective(count=lambda moved: moved.max(-1)),
    "The model was given levels from 0.0 to 1.0": detective(lambda image: changed(image) / 255),
    "was given levels from 0 to 256": detective(
        lambda image: instead(image.astype("int64"), lambda v: v + 1)
    ),
    "A level drawn at random can be the one that the value has already": detective(
        lambda image: instead(image, drawn)
    ),
    "The model takes images (N, 2, 2, 3). It was given (2, 2, 3)": lambda model, image: model(
        image
    ),
}.items():
    exercise.caught(words)(form)
