"""6.1: cut an image into squares."""

import itertools

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def cut_patches(image, size):
    """Cut an image (H, W, colours) into squares side by side: (n, size, size, colours).

    size: int, pixels. The patches come row by row; what is left over at the right and at the
    bottom is dropped.
    """
    down, across, colours = image.shape[0] // size, image.shape[1] // size, image.shape[2]
    grid = image[: down * size, : across * size].reshape(down, size, across, size, colours)
    return grid.swapaxes(1, 2).reshape(-1, size, size, colours)


def numbered(height, width, colours):
    """An image whose values are all different, as far as uint8 allows."""
    values = np.arange(height * width * colours) * 7 % 251
    return values.reshape(height, width, colours).astype("uint8")


def show_patches(cut_patches):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    image = data.photographs("train")[0].image[:128, :128]
    return figures.show_images(np.asarray(cut_patches(image, 32), "uint8"), columns=4, scale=4)


exercise = Exercise(
    id="6.1",
    title="Patches",
    minutes=10,
    difficulty=2,
    solution=cut_patches,
    hints=(
        "How many patches fit below each other, and how many side by side?",
        "Two nested loops can cut them with slices. Without loops: a reshape can give each side of "
        "the grid and each side of a patch an axis of its own.",
        "Crop to whole patches first. If the axes are (down, size, across, size, colours), which "
        "two must be swapped (np.swapaxes) before the last reshape?",
    ),
    cases={
        "even": (numbered(6, 8, 3), 2),
        "a rest on both sides": (numbered(7, 8, 3), 3),
        "one colour, wide": (numbered(5, 11, 1), 2),
        "two colours, high": (numbered(13, 4, 2), 4),
        "single pixels": (numbered(3, 2, 3), 1),
        "one patch": (numbered(6, 7, 4), 5),
    },
    shown=lambda image, size: f"cut_patches(image {image.shape}, {size})",
    axes=("patch", "row", "column", "colour"),
    after=show_patches,
    seen="The astronaut's photograph, cut by you.",
)


def first_patch(image, size):
    patches = cut_patches(image, size)
    return np.arange(len(patches))[:, None, None, None] == np.zeros_like(patches)


exercise.agrees(
    "the first patch",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="the first patch is image[:size, :size].",
    where=first_patch,
)
exercise.agrees(
    "the other patches",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="the first patch is right: in which row and column of the image does this one start?",
)


# Mistakes, each as a reader writes it

mistake = exercise.mistake


def corners(image, size):
    """The first row and column of each patch, row by row."""
    rows = range(0, image.shape[0] - size + 1, size)
    return [(row, col) for row in rows for col in range(0, image.shape[1] - size + 1, size)]


def stacked(image, size, starts):
    patches = [image[row : row + size, col : col + size] for row, col in starts]
    return np.reshape(patches, (-1, size, size, image.shape[2]))


def cut(image, size):
    return stacked(image, size, corners(image, size))


mistake(
    "The values are taken in reading order, so a patch holds strips of rows.",
    "a reshape keeps the order of the values, but a patch needs a part of each of several rows.",
)(
    lambda image, size: image[
        : image.shape[0] // size * size, : image.shape[1] // size * size
    ].reshape(-1, size, size, image.shape[2])
)
mistake(
    "The patches are right, but they come column by column.", "first all patches of the top row."
)(
    lambda image, size: stacked(
        image, size, sorted(corners(image, size), key=lambda corner: corner[::-1])
    )
)
mistake("The patches come in the opposite order.", "the first patch is at the top left.")(
    lambda image, size: cut(image, size)[::-1]
)
mistake(
    "Rows and columns are swapped inside each patch.",
    "the order of the axes is (patch, row, column, colour).",
)(lambda image, size: cut(image, size).swapaxes(1, 2))
mistake("The image is read with rows and columns swapped.", "axis 0 of an image is its height.")(
    lambda image, size: cut(image.swapaxes(0, 1), size)
)
mistake(
    "What is left over is dropped at the left and at the top, not at the right and the bottom.",
    "the first patch starts in the first row and column.",
)(lambda image, size: cut(image[image.shape[0] % size :, image.shape[1] % size :], size))
mistake(
    "The patches overlap: each starts one pixel after the one before.",
    "they lie side by side: how far is it from one start to the next?",
)(
    lambda image, size: stacked(
        image,
        size,
        [
            (row, col)
            for row in range(image.shape[0] - size + 1)
            for col in range(image.shape[1] - size + 1)
        ],
    )
)
mistake("The axes of the grid are still there.", "down and across become one axis of patches.")(
    lambda image, size: cut(image, size).reshape(
        image.shape[0] // size, image.shape[1] // size, size, size, image.shape[2]
    )
)
mistake(
    "Each patch takes every n-th row and column of the whole image.",
    "the pixels of a patch are neighbours.",
)(
    lambda image, size: np.reshape(
        [
            image[row :: image.shape[0] // size, col :: image.shape[1] // size][:size, :size]
            for row in range(image.shape[0] // size)
            for col in range(image.shape[1] // size)
        ],
        (-1, size, size, image.shape[2]),
    )
)
mistake(
    "The patches start one pixel after the other: the number of a patch is taken for its place.",
    "patch number 2 starts at pixel 2 * size.",
)(
    lambda image, size: stacked(
        image, size, [(row // size, col // size) for row, col in corners(image, size)]
    )
)
mistake(
    "Only the rows are cut: each patch is as wide as the image.",
    "cut the columns too: image[rows, columns].",
)(
    lambda image, size: np.array(
        [image[row : row + size] for row in range(0, len(image) - size + 1, size)]
    )
)
mistake(
    "Only the patches on the diagonal are cut: row and column advance together.",
    "for each row of patches, go through all columns: two nested loops.",
)(
    lambda image, size: stacked(
        image, size, [(i * size, i * size) for i in range(min(image.shape[:2]) // size)]
    )
)
mistake(
    "The last row and the last column of patches are missing if nothing is left over.",
    "a patch may end exactly where the image ends.",
)(lambda image, size: cut(image[:-1, :-1], size))
mistake("Only the first row of patches is there.", "is the return inside the outer loop?")(
    lambda image, size: cut(image[:size], size)
)
mistake(
    "Only the first patch of each row is there.", "is the return, or the append, in the right loop?"
)(lambda image, size: cut(image[:, :size], size))
for axis, name in enumerate(("height", "width")):
    mistake(
        f"The {name} decides both how many rows and how many columns of patches there are.",
        "the image need not be square: image.shape[0] is its height, image.shape[1] its width.",
    )(
        lambda image, size, axis=axis: np.array(
            [
                image[row : row + size, col : col + size]
                for row, col in itertools.product(
                    range(0, image.shape[axis] - size + 1, size), repeat=2
                )
            ]
        )
    )
mistake("What is left over is filled up with zeros and kept.", "only whole patches count.")(
    lambda image, size: cut(
        np.pad(image, [(0, -image.shape[0] % size), (0, -image.shape[1] % size), (0, 0)]), size
    )
)
mistake("The levels are divided by 255.", "a patch keeps the values of the image.")(
    lambda image, size: cut(image, size) / 255
)
mistake("The colours come before the rows.", "the colours are the last axis.")(
    lambda image, size: np.moveaxis(cut(image, size), -1, 1)
)


# Mistakes that a condition describes well enough


@exercise.caught("raised ValueError: cannot reshape array of size 168")
def not_cropped(image, size):
    down, across = image.shape[0] // size, image.shape[1] // size
    return image.reshape(down, size, across, size, -1).swapaxes(1, 2).reshape(-1, size, size, 3)


@exercise.caught("expected shape (12, 2, 2, 3), got shape (24, 2, 2, 3)")
def half_a_step(image, size):
    starts = [(row, col) for row, col in corners(image, size) for _ in (0, 1)]
    return stacked(image, size, starts)


@exercise.caught("the first patch is right: in which row and column of the image")
def darker_ones(image, size):
    patches = cut(image, size).copy()
    patches[1:] //= 2
    return patches


@exercise.caught("the first patch is image[:size, :size]")
def shifted_rows(image, size):
    return stacked(np.roll(image, -1, axis=0), size, corners(image, size))


@exercise.caught("changed its argument number 1")
def in_place(image, size):
    patches = cut(image, size).copy()
    image[:] = 0
    return patches
