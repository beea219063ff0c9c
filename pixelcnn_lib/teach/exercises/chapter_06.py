"""Exercises of chapter 6: patches, an entropy that is known, grey images."""

import numpy as np

from pixelcnn_lib.teach import answers
from pixelcnn_lib.teach.exercises import Exercise, Mistake, Prediction, agrees, of_dtype


def numbered(height, width, colours):
    """An image whose values are all different, as far as uint8 allows."""
    values = np.arange(height * width * colours) * 7 % 251
    return values.reshape(height, width, colours).astype("uint8")


def whole(image, size):
    """What is left of an image without the rows and columns that fill no patch."""
    height, width = image.shape[:2]
    return image[: height // size * size, : width // size * size]


def reshaped(image, size):
    return whole(image, size).reshape(-1, size, size, image.shape[2])


def by_columns(image, size):
    patches = answers.cut_patches(image, size)
    grid = patches.reshape(image.shape[0] // size, image.shape[1] // size, *patches.shape[1:])
    return grid.swapaxes(0, 1).reshape(patches.shape)


def transposed(image, size):
    return answers.cut_patches(image, size).swapaxes(1, 2)


def from_the_end(image, size):
    height, width = image.shape[:2]
    return answers.cut_patches(image[height % size :, width % size :], size)


def show_patches(cut_patches):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    image = data.photographs("train")[0].image[:128, :128]
    return figures.show_images(np.asarray(cut_patches(image, 32), "uint8"), columns=4, scale=4)


def colourful(seed, *shape):
    return np.random.default_rng(seed).integers(0, 256, shape, "uint8")


def wrapped(images):
    """The mean of a sum that is kept in uint8, and wraps round at 256."""
    total = np.add.reduce(images, axis=-1, dtype="uint8", keepdims=True)
    return np.round(total / images.shape[-1]).astype("uint8")


def show_grey(to_grey):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    patches = data.photos(32)[:4]
    return figures.show_images([*patches, *np.asarray(to_grey(patches))], columns=4)


def show_floors(source_entropy):
    from pixelcnn_lib.teach import figures

    floors = {
        f"toy, {size}x{size}": float(source_entropy((4, 4, 4, 4, size - 3, size - 4), 4, size))
        for size in (16, 32)
    }
    uniform = {"256 levels, all alike": float(source_entropy((), 8, 16))}
    return figures.show_bars({**uniform, **floors}, list(floors))


EXERCISES = [
    Exercise(
        id="6.1",
        title="Patches",
        minutes=10,
        difficulty=2,
        twin=answers.cut_patches,
        hints=(
            "How many patches fit below each other, how many beside each other?",
            "Two nested loops do it. Without loops: reshape to (down, size, across, size, colours), "
            "and look at the order of the axes.",
            "Crop to whole patches, reshape as above, swap axes 1 and 2, so that the two counts "
            "stand first, and reshape to (-1, size, size, colours).",
        ),
        cases=lambda: [
            (numbered(4, 6, 3), 2),
            (numbered(7, 8, 3), 3),
            (numbered(5, 11, 1), 2),
            (numbered(3, 3, 2), 1),
        ],
        shown=lambda image, size: f"cut_patches(image {image.shape}, {size})",
        axes=("patch", "row", "column", "colour"),
        conditions=[
            agrees(
                "the patches",
                "{call}: expected {expected} at {place}, got {got}.",
                "write down which pixels of the image the second patch should have.",
            ),
        ],
        mistakes=[
            Mistake(
                reshaped,
                "The values are cut off one after another: a patch holds strips of rows.",
                "a reshape keeps the order of the values, and a patch takes a part of several rows.",
            ),
            Mistake(
                by_columns,
                "The patches are right, but they come column by column.",
                "first all patches of the top row.",
            ),
            Mistake(
                transposed,
                "Rows and columns are swapped inside each patch.",
                "the order of the axes is (patch, row, column, colour).",
            ),
            Mistake(
                from_the_end,
                "What is left over is dropped at the left and at the top.",
                "the first patch starts in the first row and column.",
            ),
        ],
        after=show_patches,
        seen="The astronaut's photograph, cut by you.",
    ),
    Prediction(
        id="6.q1",
        right=3.0,
        within=1,
        why="Patches of one photograph are so alike that a copy is nearly good enough. The line, "
        "which cannot remember, gains nothing.",
    ),
    Exercise(
        id="6.2",
        title="The entropy of a source",
        minutes=8,
        difficulty=2,
        twin=answers.source_entropy,
        hints=(
            "How many bits does it take to name one of four skies? And a sky and a ground?",
            "Independent choices: their entropies add up, once for each picture. The noise is in "
            "every value.",
            "The sum of log2 over the choices, divided by the number of values, size * size * 3; "
            "the noise bits are per value already.",
        ),
        cases=[
            ((4, 4, 4, 4, 13, 12), 4, 16),
            ((5,), 0, 2),
            ((2, 3, 7), 2, 3),
            ((6, 6), 3, 5),
            ((), 1, 4),
        ],
        tolerance=1e-5,
        conditions=[
            agrees(
                "the entropy",
                "{call}: expected {expected}, got {got}.",
                "do one with paper: two choices, no noise, a picture of one pixel.",
            )
        ],
        mistakes=[
            Mistake(
                lambda choices, bits, size: bits + np.log(choices).sum() / (size * size * 3),
                "The choices are counted in nats.",
                "bits need a logarithm to base 2.",
            ),
            Mistake(
                lambda choices, bits, size: bits + np.log2(choices).sum() / (size * size),
                "The choices are shared out among pixels.",
                "a pixel has three values, and each is a dimension.",
            ),
            Mistake(
                lambda choices, bits, size: bits + np.log2(choices).sum(),
                "The choices are counted for every value.",
                "they are made once for the whole picture.",
            ),
            Mistake(
                lambda choices, bits, size: (bits + np.log2(choices).sum()) / (size * size * 3),
                "The noise is shared out among the values.",
                "each value has its own.",
            ),
            Mistake(
                lambda choices, bits, size: np.log2(choices).sum() / (size * size * 3),
                "The noise is missing.",
                "fresh noise cannot be predicted, so it counts in full.",
            ),
            Mistake(
                lambda choices, bits, size: bits * size * size * 3 + np.log2(choices).sum(),
                "Those are the bits of a whole picture.",
                "per dimension: divide by the number of values.",
            ),
            Mistake(
                lambda choices, bits, size: (
                    bits + (np.log2(np.sum(choices)) if len(choices) else 0.0) / (size * size * 3)
                ),
                "The possibilities of the choices are added.",
                "for each sky there are all the grounds: they multiply.",
            ),
        ],
        after=show_floors,
        seen="Floors computed by your function.",
    ),
    Exercise(
        id="6.3",
        title="Grey",
        minutes=5,
        difficulty=1,
        twin=answers.to_grey,
        hints=(
            "A mean over one axis; which one, and what becomes of it?",
            "np.mean computes in floats, so nothing wraps round. keepdims=True keeps the last axis.",
            "Mean over the last axis with keepdims=True, np.round, then astype('uint8').",
        ),
        cases=lambda: [
            (colourful(0, 2, 5, 4, 3),),
            (colourful(1, 6, 7, 3),),
            (colourful(2, 3, 4, 2, 5),),
            (colourful(3, 1, 3, 3, 1),),
        ],
        shown=lambda images: f"to_grey(images {images.shape})",
        conditions=[
            agrees(
                "the mean",
                "{call}: expected {expected} at {place}, got {got}.",
                "take that pixel by itself, and compute its mean by hand.",
            ),
            of_dtype("uint8", "the model takes uint8, and nothing else."),
        ],
        mistakes=[
            Mistake(
                wrapped,
                "The sum has wrapped round at 256.",
                "a sum of uint8 that stays uint8 has no room above 255; np.mean computes in floats.",
            ),
            Mistake(
                lambda images: images.mean(-1, keepdims=True).astype("uint8"),
                "The fractions are cut off, not rounded.",
                "astype cuts; 99.7 is nearer to 100.",
            ),
            Mistake(
                lambda images: np.round(images.mean(-1)).astype("uint8"),
                "The last axis is gone.",
                "a grey image has one colour: (…, 1).",
            ),
            Mistake(
                lambda images: images.mean(-1, keepdims=True),
                "The means are not rounded to levels.",
                "a level is a whole number.",
            ),
            Mistake(
                lambda images: images[..., :1],
                "That is the first colour alone.",
                "all colours count, each the same.",
            ),
            Mistake(
                lambda images: np.round(images.mean(-1, keepdims=True) / 255).astype("uint8"),
                "The levels are divided by 255.",
                "images stay uint8, 0 to 255; the model scales them.",
            ),
            Mistake(
                lambda images: images.max(-1, keepdims=True),
                "That is the brightest colour.",
                "the mean was asked for.",
            ),
        ],
        after=show_grey,
        seen="Four patches, and your grey ones.",
    ),
    Prediction(
        id="6.q2",
        right=127.5,
        within=1,
        why="Padding puts zeros in after the scaling to [-1, 1], whose zero is the middle grey, "
        "between the levels 127 and 128.",
    ),
]
