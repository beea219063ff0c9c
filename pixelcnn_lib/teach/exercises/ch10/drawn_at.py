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
    from pixelcnn_lib.teach import flow

    return flow.show_times(np.asarray(drawn_at(5, 12, 2)).astype(int), now=11)


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


def timed(rule):
    """Make an answer of a rule: (row, col, height, width, delay) -> time."""
    return lambda height, width, delay: (
        rule(*np.indices((height, width)), height, width, delay)
        + 0 * np.indices((height, width))[0]
    )


exercise.mistake(
    "Each row waits until the one above it is finished: the delay is not used.",
    hint="row 1 starts `delay` steps after row 0.",
)(timed(lambda row, col, height, width, delay: col + width * row))
exercise.mistake(
    "The delay acts along the row, and not from row to row.",
    hint="within a row, one pixel is drawn at each step.",
)(timed(lambda row, col, height, width, delay: row + delay * col))
exercise.mistake(
    "The delay is added only once, but every row starts later than the row above it.",
    hint="when does row 2 start?",
)(timed(lambda row, col, height, width, delay: col + delay * (row > 0)))
exercise.mistake("The rows all start at once.", hint="when does row 1 start?")(
    timed(lambda row, col, height, width, delay: col)
)
exercise.mistake(
    "Each row starts one step later, whatever the delay.", hint="when does row 1 start?"
)(timed(lambda row, col, height, width, delay: col + row))
exercise.mistake(
    "All pixels of a row get the same time.", hint="within a row, one pixel comes after another."
)(timed(lambda row, col, height, width, delay: delay * row))
exercise.mistake("The times begin at 1.", hint="the first pixel is drawn at time 0.")(
    timed(lambda row, col, height, width, delay: col + delay * row + 1)
)
exercise.mistake("The first row waits too.", hint="row 0 starts at time 0.")(
    timed(lambda row, col, height, width, delay: col + delay * (row + 1))
)
exercise.mistake(
    "The delay is added to the row's number, and not multiplied by it.",
    hint="row 2 starts two delays after row 0.",
)(timed(lambda row, col, height, width, delay: col + delay + row))
exercise.mistake(
    "Each row starts `delay * width` steps after the row above it.",
    hint="row 1 starts `delay` steps after row 0, however wide the picture is.",
)(timed(lambda row, col, height, width, delay: col + delay * width * row))
for more, what in {1: "more", -1: "less"}.items():
    exercise.mistake(
        f"Each row starts one step {what} than `delay` after the row above it.",
        hint="in the example, row 1 starts at time 2, and the delay is 2.",
    )(timed(lambda row, col, height, width, delay, more=more: col + (delay + more) * row))
exercise.mistake(
    "The delay is multiplied by the column too.",
    hint="within a row, the times grow by one from pixel to pixel, in every row.",
)(timed(lambda row, col, height, width, delay: delay * row * col))
exercise.mistake(
    "The delay acts along the rows, too.", hint="within a row, one pixel is drawn at each step."
)(timed(lambda row, col, height, width, delay: delay * (row + col)))
exercise.mistake(
    "The rows run from right to left.", hint="column 0 is the first of its row to be drawn."
)(timed(lambda row, col, height, width, delay: width - 1 - col + delay * row))
exercise.mistake(
    "A row starts `delay` steps after the end of the row above it.",
    hint="the delay counts from the start of the row above.",
)(timed(lambda row, col, height, width, delay: col + (width + delay) * row))
exercise.mistake(
    "A row starts `delay` steps before the end of the row above it.",
    hint="the delay counts from the start of the row above.",
)(timed(lambda row, col, height, width, delay: col + (width - delay) * row))
on_time = timed(lambda row, col, height, width, delay: col + delay * row)
exercise.mistake(
    "Times that are too large for the dtype overflow.",
    "uint8 ends at 255, and int16 at 32767: let NumPy choose the dtype.",
    *(
        lambda *case, small=small: on_time(*case).astype(small)
        for small in ("uint8", "int8", "uint16", "int16")
    ),
)


@exercise.caught("at row 0")
def one_column_late(height, width, delay):
    return delay * np.arange(height)[:, None] + np.maximum(np.arange(width), 1)


@exercise.caught("the first row is right")
def later_and_later(height, width, delay):
    row, col = np.indices((height, width))
    return col + delay * row + row**2


@exercise.caught("got shape")
def flat(height, width, delay):
    return (delay * np.arange(height)[:, None] + np.arange(width)).ravel()


@exercise.caught("got a single value")
def the_number_of_steps(height, width, delay):
    return width + delay * (height - 1)
