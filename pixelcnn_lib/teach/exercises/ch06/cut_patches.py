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


# Mistakes: the patches start elsewhere, or something else is done to them


def corners(image, size, step=None):
    """The first row and column of each patch, row by row."""
    starts = [range(0, side - size + 1, step or size) for side in image.shape[:2]]
    return list(itertools.product(*starts))


def at(places):
    """An answer that cuts its patches at places(image, size)."""

    def answer(image, size):
        patches = [image[row : row + size, col : col + size] for row, col in places(image, size)]
        return np.reshape(patches, (-1, size, size, image.shape[2]))

    return answer


cut = at(corners)


def of(change):
    """An answer that cuts change(image, size)."""
    return lambda image, size: cut(change(image, size), size)


def in_reading_order(image, size):
    down, across = image.shape[0] // size, image.shape[1] // size
    return image[: down * size, : across * size].reshape(-1, size, size, image.shape[2])


def without_the_rest(image, size):
    return image[: -(image.shape[0] % size), : -(image.shape[1] % size)]


def in_a_grid_without_the_rest(image, size):
    down, across = image.shape[0] // size, image.shape[1] // size
    patches = without_the_rest(image, size).reshape(down, size, across, size, image.shape[2])
    return patches.swapaxes(1, 2).reshape(-1, size, size, image.shape[2])


exercise.mistake(
    "The values are taken in reading order, so a patch holds strips of rows.",
    "the pixels of a patch are neighbours: a part of each of several rows.",
    in_reading_order,
)
exercise.mistakes_about(
    "the patches lie side by side, row by row: patch number 2 of a row starts at pixel 2 * size.",
    {
        "The patches are right, but they come column by column.": at(
            lambda image, size: sorted(corners(image, size), key=lambda corner: corner[::-1])
        ),
        "The patches overlap: each starts one pixel after the one before.": at(
            lambda image, size: corners(image, size, step=1)
        ),
        "The patches start one pixel after the other: the number of a patch is taken for its place.": (
            at(lambda image, size: [(r // size, c // size) for r, c in corners(image, size)])
        ),
    },
)
exercise.mistakes_about(
    "for each row of patches, go through all columns: two nested loops. Is the return after both?",
    {
        "Only the patches on the diagonal are cut: row and column advance together.": at(
            lambda image, size: [(row, col) for row, col in corners(image, size) if row == col]
        ),
        "Only the first row of patches is there.": of(lambda image, size: image[:size]),
    },
)
exercise.mistakes_about(
    "only whole patches count, from the first row and column on; the last may end where the image ends.",
    {
        "The last row and the last column of patches are missing if nothing is left over.": of(
            lambda image, size: image[:-1, :-1]
        ),
        "What is left over is filled up with zeros and kept.": of(
            lambda image, size: np.pad(
                image, [(0, -image.shape[0] % size), (0, -image.shape[1] % size), (0, 0)]
            )
        ),
    },
)
exercise.mistake(
    "At a side where nothing is left over, nothing is kept: [:-0] is empty.",
    "how many rows and columns should be left? Count them from the front.",
    of(without_the_rest),
    in_a_grid_without_the_rest,
)
exercise.mistake(
    "The height decides both how many rows and how many columns of patches there are.",
    "the image need not be square: image.shape[0] is its height, image.shape[1] its width.",
    at(lambda image, size: corners(np.empty((len(image), len(image))), size)),
)

# Mistakes that a condition, or what is said of all cases, describes well enough

exercise.all_caught(
    {
        "the first patch is image[:size, :size]": of(
            lambda image, size: image[image.shape[0] % size :, image.shape[1] % size :]
        ),
        "the first patch is right: in which row and column of the image": lambda *case: (
            np.concatenate([cut(*case)[:1], cut(*case)[1:] // 2])
        ),
        "The axes have another order: (0, 2, 1, 3).": lambda *case: cut(*case).swapaxes(1, 2),
    }
)
