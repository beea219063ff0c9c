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


def outside(row, col, width):
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
    cases={
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
    },
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
    "{call}: {place} lies outside the picture; expected place {expected}, of the zeros, got {got}.",
    hint="is there a pixel in that row and column?",
)


# Mistakes: another place, other taps, or another border


def found(
    place=lambda number, width: number % (width + 1),
    zeros=lambda width: width + 1,
    inside=lambda row, col, width: row >= 0 and 0 <= col < width,
    taps=TAPS,
):
    """An answer: the place of a pixel by its number, that of the zeros, what is inside, the taps."""

    def ring_places(row, col, width):
        seen = [(row + down, col + right, width) for down, right in taps]
        return [place(r * w + c, w) if inside(r, c, w) else zeros(w) for r, c, w in seen]

    return ring_places


exercise.mistakes_about(
    "taps and pixels are numbered in reading order, and the ring has width + 1 places: 0 to width.",
    {
        "It gives the tap's column, as if the ring had width places.": found(lambda n, w: n % w),
        "The place of the zeros is counted into the ring.": found(lambda n, w: n % (w + 2)),
        "The ring always has 7 places, as in the example.": (
            found(lambda n, w: n % 7),
            found(lambda n, w: n % 7, zeros=lambda w: 7),
        ),
        "It gives a pixel's number. The place is the remainder of it.": found(lambda n, w: n),
        "Above left and above right are swapped.": found(taps=[TAPS[tap] for tap in (2, 1, 0, 3)]),
    },
)
exercise.mistakes_about(
    "the ring has the places 0 to width; zeros are kept at place width + 1.",
    {
        "Outside the picture it gives width, a place of the ring.": found(zeros=lambda w: w),
        "Outside the picture it gives 0, a place of the ring.": found(zeros=lambda w: 0),
        "Outside the picture it gives -1, which is no place.": found(zeros=lambda w: -1),
    },
)
exercise.mistakes_about(
    "compare the row with 0, and the column with 0 and the width. A number may be another pixel's.",
    {
        "Only a number below 0 counts as outside.": found(inside=lambda r, c, w: r * w + c >= 0),
        "It never checks whether a tap lies outside.": found(inside=lambda r, c, w: True),
        "It forgets the upper edge.": found(inside=lambda r, c, w: 0 <= c < w),
        "It forgets the right edge.": found(inside=lambda r, c, w: r >= 0 and c >= 0),
        "It forgets the left edge.": found(inside=lambda r, c, w: r >= 0 and c < w),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "lies inside the picture": found(lambda n, w: (n + 1) % (w + 1)),
        "lies outside the picture": found(zeros=lambda w: w + 2),
        "it went around in uint8": lambda *case: np.array(found()(*case)).astype("uint8"),
    }
)
