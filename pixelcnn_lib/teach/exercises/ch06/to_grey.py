"""6.3: average the colours of an image."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong


def to_grey(images):
    """Average the colours of uint8 images (..., colours): uint8 (..., 1), rounded."""
    return np.round(images.mean(axis=-1, keepdims=True)).astype("uint8")


def colourful(seed, *shape, top=256):
    return np.random.default_rng(seed).integers(0, top, shape, "uint8")


def show_grey(to_grey):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    patches = data.photos(32)[:4]
    return figures.show_images([*patches, *np.asarray(to_grey(patches))], columns=4)


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

mistake = exercise.mistake


def mean(images, keepdims=True):
    return images.mean(axis=-1, keepdims=keepdims)


def levels(floats):
    return np.round(floats).astype("uint8")


mistake(
    "The colours are weighted by 0.299, 0.587 and 0.114, as for television.",
    "the task asks for the plain mean, of any number of colours.",
)(
    lambda images: levels(
        images @ [0.299, 0.587, 0.114] if images.shape[-1] == 3 else mean(images, False)
    )[..., None]
)
mistake("The colours are added up, not averaged.", "divide by how many colours there are.")(
    lambda images: images.sum(axis=-1, keepdims=True).astype("uint8")
)
mistake(
    "The sum overflows at 256.",
    "a uint8 sum cannot exceed 255; np.mean computes in floats.",
)(lambda images: levels(np.add.reduce(images, -1, "uint8", keepdims=True) / images.shape[-1]))
mistake("The fractions are cut off, not rounded.", "astype and // cut; 99.7 is nearer to 100.")(
    lambda images: mean(images).astype("uint8")
)
truncated_sum = mistake(
    "The sum overflows at 256, and the fractions are cut off.",
    "sum in a wider dtype, or use np.mean; then round.",
)
truncated_sum(lambda images: np.add.reduce(images[..., :3], -1, "uint8", keepdims=True) // 3)
truncated_sum(lambda images: np.add.reduce(images, -1, "uint8", keepdims=True) // images.shape[-1])
mistake("The fractions are rounded up.", "99.2 is nearer to 99.")(
    lambda images: np.ceil(mean(images)).astype("uint8")
)
early = mistake(
    "Each colour is divided and cut off before the sum.", "add first, then divide once."
)
early(lambda images: (images // images.shape[-1]).sum(-1, keepdims=True).astype("uint8"))
early(lambda images: (images // 3).sum(-1, keepdims=True).astype("uint8"))
rounded = mistake("Each colour's share is rounded before the sum.", "add first, then divide once.")
rounded(lambda images: np.round(images / images.shape[-1]).sum(-1, keepdims=True).astype("uint8"))
rounded(lambda images: np.round(images / 3).sum(-1, keepdims=True).astype("uint8"))
mistake("The last axis is missing.", "a grey image has one colour: (…, 1).")(
    lambda images: levels(mean(images, keepdims=False))
)
mistake("The mean is there once for each colour.", "a grey image has one colour: (…, 1).")(
    lambda images: levels(mean(images)) * np.ones_like(images)
)
mistake("The means are not rounded to levels.", "a level is a whole number.")(
    lambda images: mean(images)
)
mistake("That is the first colour.", "all colours count equally.")(lambda images: images[..., :1])
mistake("That is the last colour.", "all colours count equally.")(lambda images: images[..., -1:])
divided = mistake(
    "The levels are divided by 255.", "images stay uint8, 0 to 255; the model scales them."
)
divided(lambda images: levels(mean(images) / 255))
divided(lambda images: (mean(images) / 255).astype("uint8"))
divided(lambda images: mean(images) / 255)
mistake("That is the brightest colour.", "the task asks for the mean.")(
    lambda images: images.max(-1, keepdims=True)
)
mistake("That is the darkest colour.", "the task asks for the mean.")(
    lambda images: images.min(-1, keepdims=True)
)
mistake(
    "That is the median of the colours.",
    "the task asks for the mean: add the colours, then divide.",
)(lambda images: levels(np.median(images, -1, keepdims=True)))
ends = mistake(
    "That is the mean of the brightest and the darkest colour.", "take the mean of all colours."
)
for end in (levels, lambda mean: mean.astype("uint8")):
    ends(
        lambda images, end=end: end(
            (images.max(-1, keepdims=True).astype(int) + images.min(-1, keepdims=True)) / 2
        )
    )
mistake("That is the sum of the colours, not their mean.", "divide by the number of colours.")(
    lambda images: images.sum(-1, keepdims=True, dtype=int)
)
mistake(
    "The sum is always divided by three.",
    "an image may have another number of colours: images.shape[-1].",
)(lambda images: levels(images.sum(-1, keepdims=True, dtype=int) / 3))
mistake("The mean is taken over the first axis.", "the colours are the last axis.")(
    lambda images: levels(images.mean(0, keepdims=True))
)
mistake("The mean is taken over the whole image.", "the colours are the last axis.")(
    lambda images: levels(images.mean(keepdims=True))
)


@mistake("The colours are weighted by how bright they look.", "all colours count equally.")
def luma(images):
    weights = np.resize([0.299, 0.587, 0.114], images.shape[-1])
    return levels((images * weights / weights.sum()).sum(-1, keepdims=True))


# Mistakes that a condition describes well enough


@exercise.caught("the values are right, but expected uint8, got float64")
def rounded_floats(images):
    return np.round(mean(images))


@exercise.caught("what is new here, large sums or another shape?")
def three_colours(images):
    return levels(mean(images[..., :3]))


@exercise.caught("compute the mean of that pixel by hand")
def darker(images):
    return levels(mean(images) * 0.9)


@exercise.caught("raised ValueError")
def batches_only(images):
    count, height, width, colours = images.shape
    return levels(mean(images))


@exercise.caught("changed its argument number 1")
def in_place(images):
    grey = levels(mean(images))
    images[...] = grey
    return grey
