"""3.2: the leak detective: change one value after another, and see which predictions change."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch03.detectives import (
    HINTS,
    every_level_is_changed,
    never_the_same_level,
    of_kind,
    only_true_and_false,
)
from pixelcnn_lib.teach.exercises.ch03.toys import past, show_leaks, some, toy


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


exercise.condition(only_true_and_false)
exercise.condition(every_level_is_changed)
for kind in HINTS:
    exercise.condition(of_kind(kind))
exercise.condition(never_the_same_level)

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


exercise.mistakes_about(
    "for each source, make a new copy of the image in which this one value is different: v ^ 128 lies "
    "128 levels from v, for every v.",
    {
        "The changes add up: most copies differ from the image in more than one value.": detective(
            lambda image: wherever(np.tri(image.size) > 0, image)
        ),
        "All colours of a pixel are changed at once.": detective(
            lambda image: wherever(np.equal.outer(pixels(image), pixels(image)), image)
        ),
        "Levels are only raised, or only lowered, and cut: 255, or 0, stays as it is.": (
            detective(
                lambda image: instead(image, lambda v: v + np.minimum(255 - v, 128).astype("uint8"))
            ),
            detective(lambda image: instead(image, lambda v: v - np.minimum(v, 128))),
        ),
    },
)
exercise.mistake(
    "Each image is compared with the one before it, not with the image itself.",
    "compute the predictions for the image itself once, before the loop, and compare with them.",
    detective(before=lambda image: np.concatenate([image[None], changed(image)[:-1]])),
)
exercise.mistakes_about(
    "where does your loop begin and end, and is the return inside it?",
    {
        "Only source 0 is tested: all other columns are False.": then(
            lambda seen, image: seen & (np.arange(image.size) == 0)
        ),
        "The last source is left out.": then(
            lambda seen, image: seen & (np.arange(image.size) < image.size - 1)
        ),
    },
)
exercise.mistakes_about(
    "True means that the prediction changes: some logit differs by more than 0.0001, which is more "
    "than rounding does.",
    {
        "The comparison is the wrong way round: differences below 0.0001 count.": detective(
            count=lambda moved: (moved < 1e-4).any(-1)
        ),
        "Differences below 0.0001 count too, though they can come from rounding.": detective(
            count=lambda moved: (moved > 0).any(-1)
        ),
    },
)
exercise.mistakes_about(
    "a prediction has one logit for each level: it has changed if at least one of them has, up or down.",
    {
        "Only the most likely level is compared.": after(lambda x: x.argmax(-1)[..., None]),
        "Only the logit of level 0 is compared.": after(lambda x: x[..., :1]),
        "The changes of all levels are added, so they can cancel each other.": after(
            lambda x: x.sum(-1, keepdims=True)
        ),
        "A prediction counts as changed only if all of its logits have changed.": detective(
            count=lambda moved: (moved > 1e-4).all(-1)
        ),
        "Only increases count, or only decreases.": (
            after(lambda x: x, size=np.positive),
            after(lambda x: x, size=np.negative),
        ),
    },
)
exercise.mistakes_about(
    "the result is (targets, sources), both in the order of the values: the colour changes fastest, "
    "then the column.",
    {
        "Targets and sources are swapped: each row belongs to a source.": then(
            lambda seen, image: seen.T
        ),
        "Targets, sources or both are numbered colour by colour.": numbered((2, 0, 1)),
        "Targets, sources or both are numbered column by column.": numbered((1, 0, 2)),
    },
)
exercise.mistakes_about(
    "return what you find: in a wrong model, a value can see its future and itself.",
    {
        "Everything on the diagonal and above it is False, and there the leaks would be.": then(
            lambda seen, image: np.tril(seen, -1)
        ),
        "The diagonal is always False.": then(
            lambda seen, image: seen & ~np.eye(len(seen), dtype=bool)
        ),
    },
)
exercise.mistake(
    "Every entry is False: no change is found anywhere.",
    "do you pass the changed image to the model? And which differences do you count?",
    then(lambda seen, image: seen & False),
)

# Mistakes that a condition describes well enough


def drawn(image):
    """Another level by chance, but in a small image always a right one."""
    levels = np.random.randint(0, 256, image.shape) if image.size > 100 else image ^ 128
    return levels.astype("uint8")


exercise.all_caught(
    {
        "where the image has the level 7, no change is found": detective(
            lambda image: instead(image, lambda v: np.uint8(7))
        ),
        "change by the same amount: do not normalise": after(lambda x: x - x[..., :1]),
        "should be True: this prediction changes": detective(
            count=lambda moved: (moved > 3e-4).any(-1)
        ),
        "by how many levels do you change this value": detective(
            lambda image: instead(image, lambda v: 255 - v)
        ),
        "here one logit rises and another falls": after(lambda x: x.mean(-1, keepdims=True)),
        "print which value": after(lambda x: x.max(-1, keepdims=True)),
        "the result holds numbers such as": detective(count=lambda moved: moved.max(-1)),
        "The model was given levels from 0.0 to 1.0": detective(lambda image: changed(image) / 255),
        "A level drawn at random can be the one that the value has already": detective(
            lambda image: instead(image, drawn)
        ),
        "The model takes images (N, 2, 2, 3). It was given (2, 2, 3)": lambda model, image: model(
            image
        ),
    }
)
