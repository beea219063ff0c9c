"""10.2: where a 3x3 layer finds what it has kept, in a ring where each input replaces the oldest."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise

TAPS = ((-1, -1), (-1, 0), (-1, 1), (0, -1))  # above left, above, above right, left: (rows, cols)


def ring_places(row, col, width):
    """Give the places of the inputs that a 3x3 layer reads at a pixel.

    row, col: int, the pixel. width: int, of the picture. Returns whole numbers (4,), for the taps
    above left, above, above right and left: from 0 to width, or width + 1 outside the picture.
    """
    places = []
    for down, right in [(-1, -1), (-1, 0), (-1, 1), (0, -1)]:
        time = (row + down) * width + col + right
        outside = row + down < 0 or col + right < 0 or col + right >= width
        places.append(width + 1 if outside else time % (width + 1))
    return np.array(places)


CASES = {
    "inside": (3, 2, 5),
    "inside, further down": (7, 3, 6),
    "first pixel": (0, 0, 4),
    "first row": (0, 2, 5),
    "left edge": (2, 0, 5),
    "right edge": (2, 4, 5),
    "a wide picture": (9, 11, 17),
    "one column": (3, 0, 1),
    "two columns": (4, 1, 2),
    "a large picture": (250, 220, 300),
}


def outside(row, col, width):
    """Which taps lie outside the picture."""
    down, right = np.array(TAPS).T
    return (row + down < 0) | (col + right < 0) | (col + right >= width)


def show_emboss(ring_places):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    grey = data.photographs("test")[0].image[40:80, 60:120].mean(2)  # (40, 60)
    height, width = grey.shape
    kept, found = np.full(width + 2, 128.0), np.zeros(grey.shape)
    for row, col in np.ndindex(height, width):
        places = np.asarray(ring_places(row, col, width)).astype(int)
        found[row, col] = 128 + 2 * (grey[row, col] - kept[places].mean())
        kept[(row * width + col) % (width + 1)] = grey[row, col]
    pair = np.stack([grey, np.clip(found, 0, 255)])[..., None]
    return figures.show_images(pair.astype("uint8"), scale=5)


exercise = Exercise(
    id="10.2",
    title="Places in a ring",
    minutes=10,
    difficulty=2,
    solution=ring_places,
    hints=(
        "In the order of drawing, what is the number of the pixel that each tap looks at?",
        "Pixel number t was kept at place t % (width + 1). Outside the picture, the number does not "
        "matter: the place is width + 1.",
        "Loop over the four steps (-1, -1), (-1, 0), (-1, 1), (0, -1). Compute the row and the column "
        "that the tap looks at, ask whether they lie inside, and only then the number.",
    ),
    cases=CASES,
    axes=("tap",),
    after=show_emboss,
    seen="A 3x3 layer with your places: each pixel of a photograph, minus the mean of the four pixels read.",
)
exercise.agrees(
    "inside",
    "{call}: {place} lies inside the picture; expected place {expected}, got {got}.",
    hint="what is the number of that pixel, and at which place was it kept?",
    where=lambda *case: ~outside(*case),
)
exercise.agrees(
    "outside",
    "{call}: {place} lies outside the picture; expected place {expected}, which holds zeros, got "
    "{got}.",
    hint="is there a pixel in that row and column?",
)


def found(size=lambda width: width + 1, zeros=lambda width: width + 1, taps=TAPS, inside=None):
    """Make an answer: a ring of some size, a place for what lies outside, taps, what is inside."""
    inside = inside or (lambda row, col, width: row >= 0 and 0 <= col < width)

    def ring_places(row, col, width):
        places = []
        for down, right in taps:
            number = (row + down) * width + col + right
            here = inside(row + down, col + right, width)
            places.append(number % size(width) if here else zeros(width))
        return places

    return ring_places


by_column = exercise.mistake(
    "The place is always the column that the tap looks at, as if the ring had only width places: a "
    "new input would overwrite one that is still needed.",
    hint="how many pixels lie between the tap above left and the present pixel, itself included?",
)
by_column(found(size=lambda width: width))
by_column(found(size=lambda width: width, inside=lambda *place: True))


exercise.mistake(
    "Rows and columns are swapped in the number of a pixel.",
    hint="pixels are numbered row by row: how many pixels does a whole row have?",
)(
    lambda row, col, width: [
        (row + down + (col + right) * width) % (width + 1)
        if row + down >= 0 and 0 <= col + right < width
        else width + 1
        for down, right in TAPS
    ]
)
exercise.mistake(
    "A tap is taken to lie outside only if its number is below 0.",
    hint="left of column 0 and right of the last column there are numbers, but of other rows.",
)(
    lambda row, col, width: [
        number % (width + 1) if number >= 0 else width + 1
        for number in ((row + down) * width + col + right for down, right in TAPS)
    ]
)
exercise.mistake(
    "The place of the zeros is counted into the ring.",
    hint="the ring has width + 1 places, 0 to width; the zeros are at place width + 1.",
)(found(size=lambda width: width + 2))
exercise.mistake(
    "The ring always has 7 places, as in the example.",
    "7 is width + 1 for the example's width of 6.",
    found(size=lambda width: 7),
    found(size=lambda width: 7, zeros=lambda width: 7),
)
exercise.mistake(
    "Outside the picture it gives place width, which belongs to the ring.",
    hint="the ring has the places 0 to width.",
)(found(zeros=lambda width: width))
exercise.mistake(
    "Outside the picture it gives place 0, which belongs to the ring.",
    hint="zeros are kept at place width + 1.",
)(found(zeros=lambda width: 0))
exercise.mistake(
    "Outside the picture it gives -1: that is the last place in NumPy, but a place is asked for.",
    hint="zeros are kept at place width + 1.",
)(found(zeros=lambda width: -1))
exercise.mistake(
    "It never checks whether a tap lies outside the picture.",
    hint="what lies left of column 0, or above row 0?",
)(found(inside=lambda *place: True))
exercise.mistake(
    "It forgets the left and the right edge: there a tap meets a pixel at the other end of a row.",
    hint="compare the column with 0 and with the width.",
)(found(inside=lambda row, col, width: row >= 0))
exercise.mistake(
    "It forgets that there is no row above the first.", hint="compare the row with 0."
)(found(inside=lambda row, col, width: 0 <= col < width))
exercise.mistake(
    "It forgets the right edge: the tap above right then meets the present row's first pixel.",
    hint="compare the column with the width too.",
)(found(inside=lambda row, col, width: row >= 0 and col >= 0))
exercise.mistake(
    "It forgets the left edge: there a tap meets the last pixel of a row above.",
    hint="compare the column with 0 too.",
)(found(inside=lambda row, col, width: row >= 0 and col < width))
exercise.mistake(
    "The left tap comes first, but the order is above left, above, above right, left.",
    hint="read the four taps in reading order.",
)(found(taps=((0, -1), (-1, -1), (-1, 0), (-1, 1))))
exercise.mistake(
    "The taps above left and above right are swapped.", hint="read the four taps in reading order."
)(found(taps=((-1, 1), (-1, 0), (-1, -1), (0, -1))))
exercise.mistake("It looks at the row below: that row is not drawn yet.", hint="above is row - 1.")(
    found(taps=((1, -1), (1, 0), (1, 1), (0, -1)))
)


@exercise.mistake(
    "It says how many steps each tap looks back, but the place in the ring is asked for.",
    hint="take the remainder of the pixel's number.",
)
def steps_back(row, col, width):
    inside = ~outside(row, col, width)
    return np.where(inside, [width + 1, width, width - 1, 1], width + 1)


@exercise.mistake(
    "It gives the pixel's number. The place is the remainder of this number.",
    hint="divide the number by width + 1.",
)
def numbers(row, col, width):
    return found(size=lambda width: 10**9)(row, col, width)


@by_column
def long_rows(row, col, width):
    taps = [((row + down) * (width + 1) + col + right) % (width + 1) for down, right in TAPS]
    return np.where(outside(row, col, width), width + 1, taps)


exercise.mistake(
    "Numbers that are too large for the dtype overflow.",
    "uint8 ends at 255, and int16 at 32767: let NumPy choose the dtype.",
    *(
        lambda *case, small=small: np.array(found()(*case)).astype(small)
        for small in ("uint8", "int8")
    ),
    *(
        lambda row, col, width, small=small: np.where(
            outside(row, col, width),
            width + 1,
            np.array(numbers(row, col, width)).astype(small) % (width + 1),
        )
        for small in ("uint8", "int16", "uint16")
    ),
)


@exercise.caught("lies inside the picture")
def one_late(row, col, width):
    places = np.array(found()(row, col, width))
    return np.where(places == width + 1, places, (places + 1) % (width + 1))


@exercise.caught("lies outside the picture")
def zeros_far_away(row, col, width):
    return found(zeros=lambda width: width + 2)(row, col, width)


@exercise.caught("got shape")
def three_taps(row, col, width):
    return found()(row, col, width)[:3]


@exercise.caught("got a single value")
def the_last(row, col, width):
    return found()(row, col, width)[-1]
