"""5.3: cut an image into squares."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def cut_patches(image, size):
    """Cut an image into squares side by side. They come row by row; a rest is dropped.

    image: (H, W, colours).
    size: int, the side of a square in pixels.
    Returns (n, size, size, colours).
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
    id="5.3",
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
        "no rest": (numbered(6, 8, 3), 2),
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
    hint="in which row and column of the image does this patch start? The first starts at the top "
    "left.",
)
exercise.mistaken(
    "the patches lie side by side, row by row: patch number 2 of a row starts at pixel 2 * size.",
    {
        "The patches are right, but they come column by column.": (
            "grid.swapaxes(1, 2)",
            "grid.transpose(2, 0, 1, 3, 4)",
        ),
        "Only the first row of patches is there.": (
            "grid.swapaxes(1, 2)",
            "grid[:1].swapaxes(1, 2)",
        ),
    },
)
exercise.mistaken(
    "the pixels of a patch are neighbours: a part of each of several rows.",
    {
        "The values are taken in reading order, so a patch holds strips of rows.": (
            "grid.swapaxes(1, 2)",
            "grid",
        ),
        "Rows and columns are swapped inside each patch.": (
            "grid.swapaxes(1, 2)",
            "grid.transpose(0, 2, 3, 1, 4)",
        ),
    },
)
exercise.mistaken(
    "count whole patches from the top left on; the last may end where the image ends.",
    {
        "The last row and the last column of patches are missing if nothing is left over.": (
            "image.shape[0] // size, image.shape[1] // size",
            "(image.shape[0] - 1) // size, (image.shape[1] - 1) // size",
        ),
        "The rest is dropped at the top and at the left.": (
            "image[: down * size, : across * size]",
            "image[-down * size :, -across * size :]",
        ),
    },
)
