"""8.3: at which time each pixel is drawn, if the rows overlap."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def drawn_at(height, width, delay):
    """Give the time at which each pixel is drawn.

    height, width: int, of the picture. delay: int, by how many steps a row starts later than the
    row above it. Returns whole numbers (height, width).
    """
    row, col = np.indices((height, width))
    return col + delay * row


def show_wavefront(drawn_at):
    from pixelcnn_lib.teach import figures

    return figures.show_times(np.asarray(drawn_at(5, 12, 2)).astype(int), now=11)


exercise = Exercise(
    id="8.3",
    title="When is a pixel drawn?",
    minutes=5,
    difficulty=1,
    solution=drawn_at,
    hints=(
        "At which times do the rows 0, 1 and 2 start?",
        "Within a row, one pixel comes after another: col steps after the row's start.",
        "np.indices((height, width)) gives the row and the column of every pixel.",
    ),
    cases={
        "a wide picture": (3, 7, 4),
        "a high picture": (6, 3, 2),
        "one row": (1, 5, 4),
        "one column": (5, 1, 3),
        "a delay of the width": (3, 5, 5),
        "a large picture": (9, 300, 40),
    },
    axes=("row", "column"),
    after=show_wavefront,
    seen="When each pixel is drawn with a delay of 2, by your function.",
)
exercise.agrees(
    "{call}: at {place}, expected time {expected}, got {got}.",
    hint="row 0 starts at time 0. By how much does each row start later than the row above it?",
)
exercise.mistaken(
    "the delay counts from the start of the row above, however wide the picture is.",
    {
        "Each row waits until the one above it is finished: the delay is not used.": (
            "delay * row",
            "width * row",
        ),
        "A row starts `delay` steps after the end of the row above it.": (
            "delay * row",
            "(width + delay) * row",
        ),
    },
)
exercise.mistaken(
    "within a row, one pixel is drawn at each step.",
    {
        "The delay acts along the row, and not from row to row.": (
            "col + delay * row",
            "row + delay * col",
        ),
        "All pixels of a row get the same time.": ("col + delay * row", "delay * row"),
    },
)
exercise.mistaken(
    "row 0 starts at time 0, row 1 one delay later, row 2 two delays later.",
    {
        "The delay is added only once, but every row starts later than the row above it.": (
            "delay * row",
            "delay * (row > 0)",
        ),
        "The first row waits too.": ("delay * row", "delay * (row + 1)"),
    },
)
