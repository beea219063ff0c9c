"""6.3: average the colours of an image."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong


def to_grey(images):
    """Average the colours of uint8 images (..., colours): uint8 (..., 1), rounded."""
    return np.round(images.mean(axis=-1, keepdims=True)).astype("uint8")


def colourful(seed, *shape, top=256):
    return np.random.default_rng(seed).integers(0, top, shape, "uint8")


exercise = Exercise(
    id="6.3",
    title="Grey",
    minutes=5,
    difficulty=1,
    solution=to_grey,
    hints=(
        "A mean over one axis: which one? And does this axis stay?",
        "uint8 ends at 255: the sum of three levels needs more room. And what does a mean of 99.7 "
        "become in uint8?",
        "np.mean computes in floats and can keep an axis (keepdims); np.round comes before the "
        "change of dtype.",
    ),
    cases={
        "dark: no sum reaches 256": (colourful(4, 2, 3, 4, 3, top=80),),
        "bright, a batch": (colourful(0, 2, 5, 4, 3),),
        "one image": (colourful(1, 6, 7, 3),),
        "five colours": (colourful(2, 3, 4, 2, 5),),
        "one colour": (colourful(3, 1, 3, 3, 1),),
        "one pixel": (np.array([254, 255, 255], "uint8"),),
        "two batch axes": (colourful(5, 2, 1, 2, 3, 3),),
    },
    shown=lambda images: f"to_grey(images {images.shape})",
)
exercise.agrees(
    "dark images",
    "{call}, all levels below 80: expected {expected} at {place}, got {got}.",
    hint="compute the mean of that pixel by hand; all colours count equally.",
    where=lambda images: images.max() < 80,
)
exercise.agrees(
    "other images",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="dark images with three colours are right: what is new here, large sums or another shape?",
)


@exercise.condition
def whole_levels(answer):
    """Refuse a result that is not uint8."""
    for case in exercise.inputs:
        got = answer(*case).dtype
        if got != "uint8":
            says = f"{exercise.call(case)}: the values are right, but expected uint8, got {got}."
            return Wrong(says, "the model takes uint8, and nothing else: see astype.")


# Mistakes, each as a reader writes it


def mean(images):
    return images.mean(axis=-1, keepdims=True)


def levels(floats):
    return np.round(floats).astype("uint8")


exercise.mistakes_about(
    "the task asks for the plain mean of any number of colours: add them, divide by how many there are.",
    {
        "The colours are weighted by 0.299, 0.587 and 0.114, as for television.": lambda images: (
            levels(images @ np.array([[0.299], [0.587], [0.114]]))
            if images.shape[-1] == 3
            else levels(mean(images))
        ),
        "The colours are added up, not averaged.": (
            lambda images: images.sum(axis=-1, keepdims=True).astype("uint8"),
            lambda images: images.sum(axis=-1, keepdims=True, dtype=int),
        ),
        "That is the mean of the brightest and the darkest colour.": lambda images: levels(
            images.max(-1, keepdims=True) / 2 + images.min(-1, keepdims=True) / 2
        ),
    },
)
exercise.mistakes_about(
    "a uint8 sum cannot exceed 255; np.mean computes in floats, and np.round then rounds.",
    {
        "The sum overflows at 256.": lambda images: levels(
            np.add.reduce(images, -1, "uint8", keepdims=True) / images.shape[-1]
        ),
        "The sum overflows at 256, and the fractions are cut off.": (
            lambda images: np.add.reduce(images[..., :3], -1, "uint8", keepdims=True) // 3,
            lambda images: np.add.reduce(images, -1, "uint8", keepdims=True) // images.shape[-1],
        ),
    },
)
exercise.mistakes_about(
    "add first, then divide once, then round.",
    {
        "Each colour is divided and cut off before the sum.": lambda images: (
            (images // images.shape[-1]).sum(-1, keepdims=True).astype("uint8")
        ),
        "Each colour's share is rounded before the sum.": lambda images: (
            np.round(images / images.shape[-1]).sum(-1, keepdims=True).astype("uint8")
        ),
    },
)
exercise.mistakes_about(
    "a level is a whole number, 0 to 255: np.round(99.7) is 100, but astype and // make it 99.",
    {
        "The fractions are cut off, not rounded.": lambda images: mean(images).astype("uint8"),
        "The means are not rounded to levels.": mean,
        "The levels are divided by 255.": (
            lambda images: levels(mean(images) / 255),
            lambda images: (mean(images) / 255).astype("uint8"),
            lambda images: mean(images) / 255,
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "compute the mean of that pixel by hand": lambda images: np.ceil(mean(images)).astype(
            "uint8"
        ),
        "what is new here, large sums or another shape?": lambda images: levels(
            mean(images[..., :3])
        ),
        "the values are right, but expected uint8, got float64": lambda images: np.round(
            mean(images)
        ),
    }
)
