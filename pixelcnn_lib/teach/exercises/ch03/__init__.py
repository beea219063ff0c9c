"""Chapter 3: the residual block, and how far a stack of them sees."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="3.q1",
        asks="An image of CIFAR-10, a well-known set of small photographs, has 32x32 pixels. How many blocks "
        "does a network need, so that the last pixel (at the bottom right) sees the first (at the top left)?",
        choices={
            "10": "A block goes one pixel, not three: only the first layer is 7x7.",
            "28": None,
            "31": "The first layer already goes three pixels.",
            "59": "This adds the two distances, but one step can go up and to the left at once.",
        },
        why="The first pixel is 31 pixels above the last one and 31 to its left. A path can go up and to the "
        "left at the same time. The first layer takes 3 of the 31 steps, and each block takes one.",
        gives_away=("28 blocks", "1023 of 1023"),
    ),
    Prediction(
        id="3.q2",
        asks="In an image of 32x32 pixels, 1023 pixels come before the last one. How many per cent of them "
        "does the last pixel see, with fifteen blocks?",
        choices={
            "about 35": None,
            "about 60": "It sees 18 of the 31 rows above, a share of 0.6, and the same share of the columns. "
            "So it sees about 0.6 times 0.6 of the pixels.",
            "about 85": "That much is seen from the middle of the image.",
            "100": "For this it would need 28 blocks.",
        },
        why="The last pixel has nothing on its right, so it has no blind spot. Only the distance limits it: "
        "it sees 18 rows up and 18 columns to the left. That is a square of 19 · 19 pixels without the "
        "pixel itself, 360 of 1023.",
        gives_away=("35%", "35 %"),
    ),
]
