"""8.2: where a 3x3 layer finds what it has kept, in a ring where each input replaces the oldest."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


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
    id="8.2",
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
        "first pixel": (0, 0, 4),
        "first row": (0, 2, 5),
        "left edge": (2, 0, 5),
        "right edge": (2, 4, 5),
        "a wide picture": (9, 11, 17),
        "one column": (3, 0, 1),
        "a large picture": (250, 220, 300),
    },
    axes=("tap",),
    after=show_emboss,
    seen="A 3x3 layer with your places: each pixel of a photograph, minus the mean of the four pixels read.",
)
exercise.agrees(
    "{call}: for {place}, expected place {expected}, got {got}.",
    hint="in which row and column is that pixel? If it lies inside, what is its number?",
)
exercise.mistaken(
    "taps and pixels are numbered in reading order, and the ring has width + 1 places: 0 to width.",
    {
        "It gives the tap's column, as if the ring had width places.": (
            "time % (width + 1)",
            "time % width",
        ),
        "It gives a pixel's number. The place is the remainder of it.": (
            "time % (width + 1)",
            "time",
        ),
        "Above left and above right are swapped.": (
            "(-1, -1), (-1, 0), (-1, 1)",
            "(-1, 1), (-1, 0), (-1, -1)",
        ),
        "The left tap comes first. The order is above left, above, above right, left.": (
            "[(-1, -1), (-1, 0), (-1, 1), (0, -1)]",
            "[(0, -1), (-1, -1), (-1, 0), (-1, 1)]",
        ),
    },
)
exercise.mistaken(
    "the ring has the places 0 to width; zeros are kept at place width + 1.",
    {
        "Outside the picture it gives width, a place of the ring.": (
            "width + 1 if outside",
            "width if outside",
        ),
    },
)
exercise.mistaken(
    "compare the row with 0, and the column with 0 and the width. A number may be another pixel's.",
    {
        "Only a number below 0 counts as outside.": (
            "row + down < 0 or col + right < 0 or col + right >= width",
            "time < 0",
        ),
        "It forgets the right edge.": (" or col + right >= width", ""),
        "It forgets the left edge.": (" or col + right < 0", ""),
    },
)
