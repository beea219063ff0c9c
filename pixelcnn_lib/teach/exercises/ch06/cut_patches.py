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


def corners(height, width, size, step=None):
    """The first row and column of each patch, row by row."""
    starts = [range(0, side - size + 1, step or size) for side in (height, width)]
    return list(itertools.product(*starts))


def cut(image, size, starts=corners):
    """The patches that start at starts(height, width, size)."""
    places = starts(*image.shape[:2], size)
    patches = [image[row : row + size, col : col + size] for row, col in places]
    return np.reshape(patches, (-1, size, size, image.shape[2]))


def starting(starts):
    return lambda image, size: cut(image, size, starts)


def of(change):
    """An answer that cuts change(image, size)."""
    return lambda image, size: cut(change(image, size), size)


def then(change):
    """An answer that is right until change(patches)."""
    return lambda image, size: change(cut(image, size))


def square(axis):
    """An answer that takes the size of one axis for both sides."""
    starts = lambda *sides: corners(sides[axis], sides[axis], sides[-1])
    return lambda image, size: np.array(
        [image[r : r + size, c : c + size] for r, c in starts(*image.shape[:2], size)]
    )


def grid(image, size):
    return image.shape[0] // size, image.shape[1] // size


def every_nth(image, size):
    down, across = grid(image, size)
    patches = [image[row::down, col::across] for row, col in np.ndindex(down, across)]
    return np.array([patch[:size, :size] for patch in patches])


def in_reading_order(image, size):
    down, across = grid(image, size)
    return image[: down * size, : across * size].reshape(-1, size, size, image.shape[2])


def without_the_rest(image, size):
    return image[: -(image.shape[0] % size), : -(image.shape[1] % size)]


def in_a_grid_without_the_rest(image, size):
    down, across = grid(image, size)
    patches = without_the_rest(image, size).reshape(down, size, across, size, image.shape[2])
    return patches.swapaxes(1, 2).reshape(-1, size, size, image.shape[2])


exercise.mistakes_about(
    "the pixels of a patch are neighbours: a part of each of several rows.",
    {
        "The values are taken in reading order, so a patch holds strips of rows.": in_reading_order,
        "Each patch takes every n-th row and column of the whole image.": every_nth,
    },
)
exercise.mistakes_about(
    "the patches lie side by side, row by row: patch number 2 of a row starts at pixel 2 * size.",
    {
        "The patches are right, but they come column by column.": starting(
            lambda *sides: sorted(corners(*sides), key=lambda corner: corner[::-1])
        ),
        "The patches overlap: each starts one pixel after the one before.": starting(
            lambda *sides: corners(*sides, step=1)
        ),
        "The patches start one pixel after the other: the number of a patch is taken for its place.": (
            starting(lambda *sides: [(r // sides[2], c // sides[2]) for r, c in corners(*sides)])
        ),
    },
)
exercise.mistakes_about(
    "for each row of patches, go through all columns: two nested loops. Is the return after both?",
    {
        "Only the patches on the diagonal are cut: row and column advance together.": starting(
            lambda *sides: [(row, col) for row, col in corners(*sides) if row == col]
        ),
        "Only the first row of patches is there.": of(lambda image, size: image[:size]),
        "Only the first patch of each row is there.": of(lambda image, size: image[:, :size]),
        "Only the rows are cut: each patch is as wide as the image.": lambda image, size: np.array(
            [image[row : row + size] for row in range(0, len(image) - size + 1, size)]
        ),
    },
)
exercise.mistakes_about(
    "only whole patches count, from the first row and column on; the last may end where the image ends.",
    {
        "What is left over is dropped at the left and at the top, not at the right and the bottom.": of(
            lambda image, size: image[image.shape[0] % size :, image.shape[1] % size :]
        ),
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
exercise.mistakes_about(
    "the image need not be square: image.shape[0] is its height, image.shape[1] its width.",
    {
        "The height decides both how many rows and how many columns of patches there are.": square(
            0
        ),
        "The width decides both how many rows and how many columns of patches there are.": square(
            1
        ),
    },
)
exercise.mistake(
    "The axes of the grid are still there.",
    "down and across become one axis of patches.",
    lambda image, size: cut(image, size).reshape(*grid(image, size), size, size, -1),
)

# Mistakes that a condition, or what is said of all cases, describes well enough


def in_place(image, size):
    patches = cut(image, size).copy()
    image[:] = 0
    return patches


exercise.all_caught(
    {
        "Axis 0 is reversed.": then(lambda patches: patches[::-1]),
        "The axes have another order: (0, 2, 1, 3).": then(lambda patches: patches.swapaxes(1, 2)),
        "Every value is 0.003922 times what is expected.": then(lambda patches: patches / 255),
        "the right result for `image` with axes 0 and 1 swapped": of(
            lambda image, size: image.swapaxes(0, 1)
        ),
        "the first patch is right: in which row and column of the image": then(
            lambda patches: np.concatenate([patches[:1], patches[1:] // 2])
        ),
        "the first patch is image[:size, :size]": of(
            lambda image, size: np.roll(image, -1, axis=0)
        ),
        "changed its argument number 1": in_place,
    }
)
