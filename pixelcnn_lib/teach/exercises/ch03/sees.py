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

right = sees  # the judge hides the solution itself while an answer runs


def detective(step=lambda v: v ^ 128, where=np.eye, count=lambda x: (abs(x) > 1e-4).any(-1)):
    """An answer.

    step: levels -> what they are changed to. where: number of values -> which are changed for which
    source, (sources, values). count: the changes of the logits, (sources, targets, levels) -> bool.
    """

    def answer(model, image):
        images = np.where(where(image.size) > 0, step(image).ravel(), image.ravel())
        images = np.concatenate([image[None], images.reshape(-1, *image.shape)])
        logits = np.asarray(model(images)).reshape(len(images), image.size, -1)
        return count(logits[1:] - logits[0]).T

    return answer


def comparing(function):
    """An answer that compares a function of the logits (…, levels)."""
    return lambda model, image: right(lambda images: function(np.asarray(model(images))), image)


def then(change):
    """An answer that is right until it changes the result."""
    return lambda model, image: change(right(model, image))


def numbered(axes):
    """Three answers with another order of the values: in the sources, in the targets, in both."""
    order = lambda image: np.arange(image.size).reshape(image.shape).transpose(axes).ravel()
    return (
        lambda model, image: right(model, image)[:, order(image)],
        lambda model, image: right(model, image)[order(image)],
        lambda model, image: right(model, image)[np.ix_(order(image), order(image))],
    )


exercise.mistakes_about(
    "for each source, change this one value (v ^ 128) in a new copy, and pass the copy to the model.",
    {
        "The changes add up.": detective(where=np.tri),
        "Levels are only raised, or only lowered, and cut: 255, or 0, stays as it is.": (
            detective(lambda v: v + np.minimum(255 - v, 128).astype("uint8")),
            detective(lambda v: v - np.minimum(v, 128)),
        ),
        "Only source 0 is tested: is the return inside the loop?": then(
            lambda seen: seen & (np.arange(len(seen)) == 0)
        ),
        "Every entry is False: no change is found anywhere.": then(lambda seen: seen & False),
    },
)
exercise.mistakes_about(
    "a prediction changes if at least one of its logits rises or falls by more than 0.0001.",
    {
        "Only differences below 0.0001 count.": detective(count=lambda x: (abs(x) < 1e-4).any(-1)),
        "Differences that rounding makes count too.": detective(count=lambda x: (x != 0).any(-1)),
        "Only increases count, or only decreases.": (
            detective(count=lambda x: (x > 1e-4).any(-1)),
            detective(count=lambda x: (x < -1e-4).any(-1)),
        ),
        "Only the most likely level is compared.": comparing(lambda x: x.argmax(-1)[..., None]),
        "Only the logit of level 0 is compared.": comparing(lambda x: x[..., :1]),
        "The changes of all levels are added.": comparing(lambda x: x.sum(-1, keepdims=True)),
        "All logits have to change.": detective(count=lambda x: (abs(x) > 1e-4).all(-1)),
    },
)
exercise.mistakes_about(
    "the result is (targets, sources); of the values, the colour changes fastest, then the column.",
    {
        "Targets and sources are swapped: each row belongs to a source.": then(np.transpose),
        "Targets, sources or both are numbered colour by colour.": numbered((2, 0, 1)),
        "Targets, sources or both are numbered column by column.": numbered((1, 0, 2)),
    },
)
exercise.mistake(
    "The diagonal, or all that lies above it too, is False: there the leaks would be.",
    "return what you find: in a wrong model, a value can see its future and itself.",
    then(lambda seen: np.tril(seen, -1)),
    then(lambda seen: seen & ~np.eye(len(seen), dtype=bool)),
)

# Mistakes that a condition describes well enough


def drawn(image):
    """Another level by chance, but in a small image always a right one."""
    levels = np.random.randint(0, 256, image.shape) if image.size > 100 else image ^ 128
    return levels.astype("uint8")


exercise.all_caught(
    {
        "where the image has the level 7, no change is found": detective(lambda v: v * 0 + 7),
        "change by the same amount: do not": comparing(lambda x: x - x[..., :1]),
        "this prediction changes": detective(count=lambda x: (abs(x) > 3e-4).any(-1)),
        "by how many levels do you change this value": detective(lambda v: 255 - v),
        "here one logit rises and another": comparing(lambda x: x.mean(-1, keepdims=True)),
        "print which value": comparing(lambda x: x.max(-1, keepdims=True)),
        "the result holds numbers such as": detective(count=lambda x: abs(x).max(-1)),
        "given levels from 0.0 to 1.0": lambda model, x: right(lambda y: model(y / 255), x),
        "A level drawn at random can be the one": detective(drawn),
        "(N, 2, 2, 3). It was given (2, 2, 3)": lambda model, image: model(image),
    }
)
