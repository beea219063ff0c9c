"""6.1: cut an image into squares."""

from itertools import product

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


exercise.agrees(
    "the first patch",
    hint="the first patch is image[:size, :size].",
    where=lambda image, size: np.indices(cut_patches(image, size).shape)[0] == 0,
)
exercise.agrees(
    "the other patches",
    hint="the first patch is right: in which row and column of the image does this one start?",
)


# Mistakes: the patches start elsewhere, or they are cut from another image


def at(places):
    """An answer that cuts patches at places(rows, cols); rows and cols are where the right ones start."""

    def answer(image, size):
        rows, cols = (range(0, side - size + 1, size) for side in image.shape[:2])
        patches = [image[row : row + size, col : col + size] for row, col in places(rows, cols)]
        return np.reshape(patches, (-1, size, size, image.shape[2]))

    return answer


def of(change):
    """An answer that cuts change(image, size)."""
    return lambda image, size: at(product)(change(image, size), size)


exercise.mistakes_about(
    "the patches lie side by side, row by row: patch number 2 of a row starts at pixel 2 * size.",
    {
        "The patches are right, but they come column by column.": at(
            lambda rows, cols: [(row, col) for col in cols for row in rows]
        ),
        "The patches overlap: each starts one pixel after the one before.": at(
            lambda rows, cols: np.ndindex(rows.stop, cols.stop)
        ),
    },
)
exercise.mistakes_about(
    "for each row of patches, go through all columns: two nested loops. Is the return after both?",
    {
        "Only the patches on the diagonal are cut: row and column advance together.": at(zip),
        "Only the first row of patches is there.": of(lambda image, size: image[:size]),
    },
)
exercise.mistakes_about(
    "count whole patches from the first row and column on; the last may end where the image ends.",
    {
        "The last row and the last column of patches are missing if nothing is left over.": of(
            lambda image, size: image[:-1, :-1]
        ),
        "At a side where nothing is left over, nothing is kept: [:-0] is empty.": of(
            lambda image, size: image[: -(len(image) % size), : -(image.shape[1] % size)]
        ),
        "What is left over is filled up with zeros and kept.": of(
            lambda image, n: np.pad(image, [(0, -side % n) for side in image.shape[:2]] + [(0, 0)])
        ),
    },
)
exercise.mistake(
    "The height decides both how many rows and how many columns of patches there are.",
    "the image need not be square: image.shape[0] is its height, image.shape[1] its width.",
    at(lambda rows, cols: product(rows, rows)),
)


@exercise.mistake(
    "The values are taken in reading order, so a patch holds strips of rows.",
    "the pixels of a patch are neighbours: a part of each of several rows.",
)
def in_reading_order(image, size):
    height, width = (side // size * size for side in image.shape[:2])
    return image[:height, :width].reshape(-1, size, size, image.shape[2])


# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "image[:size, :size]": of(lambda image, n: image[len(image) % n :, image.shape[1] % n :]),
        "the first patch is right": at(lambda rows, cols: np.ndindex(len(rows), len(cols))),
    }
)
