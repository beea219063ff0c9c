"""2.1: which taps of a kernel lie on finished pixels."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def spatial_mask(kernel_size):
    """Mark the taps that come before the centre: `masks.spatial_mask` in its plainest form."""
    height, width = np.broadcast_to(kernel_size, 2)
    taps = np.arange(height * width).reshape(height, width)  # in reading order
    return taps < taps[height // 2, width // 2]


def show_mask(spatial_mask):
    from pixelcnn_lib.teach import figures

    mask = np.asarray(spatial_mask((5, 9)), bool)
    return figures.show_mask(mask[:, :, None, None], colours=1)


exercise = Exercise(
    id="2.1",
    title="The spatial mask",
    minutes=5,
    difficulty=1,
    solution=spatial_mask,
    hints=(
        "Number the taps in reading order. Which numbers come before the centre's?",
        "Two groups of taps lie on finished pixels: all rows above the centre, and the left part of "
        "its own row.",
        "Slices select both groups: rows [:height // 2], and in row height // 2 a part of the columns.",
    ),
    cases={
        "one tap": (1,),
        "square": (5,),
        "wide": ((3, 7),),
        "high": ((7, 3),),
        "one row": ((1, 5),),
        "one column": ((5, 1),),
    },
    axes=("row", "column"),
    after=show_mask,
    seen="Your mask for a kernel of 5x9.",
)
exercise.agrees(hint="read the taps in order, row by row, and stop at the centre.")
exercise.mistaken(
    "read the taps like a line of text. True marks a tap that comes before the centre.",
    {
        "The centre is True.": ("<", "<="),
        "Past and future are swapped: only taps after the centre are True.": ("<", ">"),
        "The taps are read column by column.": (
            "reshape(height, width)",
            'reshape(height, width, order="F")',
        ),
    },
)
exercise.mistaken(
    "the rows above are finished in their whole width, the centre's row only to the left.",
    {
        '"Above and left" was read as a quarter of the plane: the upper right is hidden.': (
            "return taps < taps[height // 2, width // 2]",
            "return (taps < taps[height // 2, width // 2]) & (taps % width <= width // 2)",
        ),
        "The centre's own row is True to its end.": (
            "taps < taps[height // 2, width // 2]",
            "taps // width <= height // 2",
        ),
        "The left part of the centre's own row is missing.": (
            "taps < taps[height // 2, width // 2]",
            "taps // width < height // 2",
        ),
        "Only taps above and to the left of the centre are True.": (
            "taps < taps[height // 2, width // 2]",
            "(taps // width < height // 2) & (taps % width < width // 2)",
        ),
        "The centre's own row is True on both sides of the centre.": (
            "return taps < taps[height // 2, width // 2]",
            "centre = taps[height // 2, width // 2]\n"
            "    return (taps // width <= height // 2) & (taps != centre)",
        ),
        "The taps to the left are True in all rows, also below the centre.": (
            "return taps < taps[height // 2, width // 2]",
            "return (taps % width < width // 2) | (taps < taps[height // 2, width // 2])",
        ),
        "This is the lower triangle of the kernel.": (
            "taps < taps[height // 2, width // 2]",
            "np.tri(height, width, -1, bool)",
        ),
    },
)
exercise.mistaken(
    "a pair is (height, width): (3, 7) is 3 rows of 7.",
    {
        "Height and width are swapped.": ("height, width =", "width, height ="),
        "The middle column is taken from the height.": (
            "width // 2]",
            "0] + min(height // 2, width)",
        ),
    },
)
