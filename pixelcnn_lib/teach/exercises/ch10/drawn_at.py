"""10.3: at which time each pixel is drawn, if the rows overlap."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def drawn_at(height, width, delay):
    """Give the time at which each pixel is drawn.

    height, width: int, of the picture. delay: int, by how many steps a row starts later than the
    row above it. Returns whole numbers (height, width).
    """
    row, col = np.indices((height, width))
    return col + delay * row


def first_row(height, width, delay):
    marks = np.zeros((height, width), bool)
    marks[0] = True
    return marks


def show_wavefront(drawn_at):
    from pixelcnn_lib.teach import figures

    return figures.show_times(np.asarray(drawn_at(5, 12, 2)).astype(int), now=11)


exercise = Exercise(
    id="10.3",
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
        "square": (4, 4, 3),
        "one row": (1, 5, 4),
        "one column": (5, 1, 3),
        "a delay of the width": (3, 5, 5),
        "a delay of one": (3, 4, 1),
        "a long delay": (9, 300, 10000),
    },
    axes=("row", "column"),
    after=show_wavefront,
    seen="When each pixel is drawn with a delay of 2, by your function.",
)
exercise.agrees(
    "first row",
    "{call}: at {place}, expected time {expected}, got {got}.",
    hint="row 0 starts at time 0 and takes one step for each pixel.",
    where=first_row,
)
exercise.agrees(
    "later rows",
    "{call}: the first row is right, a later one is not: at {place}, expected time {expected}, got "
    "{got}.",
    hint="by how much does each row start later than the row above it?",
)


# Mistakes: the times by another rule


def timed(rule):
    """Make an answer of a rule: (row, col, width, delay) -> time."""
    return lambda height, width, delay: (
        rule(*np.indices((height, width)), width, delay) + np.zeros((height, width), int)
    )


on_time = timed(lambda row, col, width, delay: col + delay * row)
exercise.mistakes_about(
    "the delay counts from the start of the row above, however wide the picture is.",
    {
        "Each row waits until the one above it is finished: the delay is not used.": timed(
            lambda row, col, width, delay: col + width * row
        ),
        "A row starts `delay` steps after the end of the row above it.": timed(
            lambda row, col, width, delay: col + (width + delay) * row
        ),
        "A row starts `delay` steps before the end of the row above it.": timed(
            lambda row, col, width, delay: col + (width - delay) * row
        ),
    },
)
exercise.mistakes_about(
    "within a row, one pixel is drawn at each step.",
    {
        "The delay acts along the row, and not from row to row.": timed(
            lambda row, col, width, delay: row + delay * col
        ),
        "The delay acts along the rows, too.": timed(
            lambda row, col, width, delay: delay * (row + col)
        ),
        "All pixels of a row get the same time.": timed(lambda row, col, width, delay: delay * row),
    },
)
exercise.mistakes_about(
    "row 0 starts at time 0, row 1 one delay later, row 2 two delays later.",
    {
        "The delay is added only once, but every row starts later than the row above it.": timed(
            lambda row, col, width, delay: col + delay * (row > 0)
        ),
        "The first row waits too.": timed(lambda row, col, width, delay: col + delay * (row + 1)),
        "The delay is added to the row's number, and not multiplied by it.": timed(
            lambda row, col, width, delay: col + delay + row
        ),
    },
)
exercise.mistake(
    "Times that are too large for the dtype overflow.",
    "uint8 ends at 255, and int16 at 32767: let NumPy choose the dtype.",
    lambda *case: on_time(*case).astype("uint8"),
    lambda *case: on_time(*case).astype("int16"),
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "at row 0": timed(lambda row, col, width, delay: np.maximum(col, 1) + delay * row),
        "the first row is right": timed(lambda row, col, width, delay: col + delay * row + row**2),
        "got shape": lambda *case: on_time(*case).ravel(),
    }
)
