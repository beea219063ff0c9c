"""Chapter 10: drawing a picture without computing anything twice."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch10 import cached_row, drawn_at, ring_places

ASKED = [
    Prediction(
        id="10.q1",
        asks="How many times does the naive sampler run the network, for a single picture of 32x32 pixels in "
        "red, green and blue?",
        choices={
            "once": "One run is enough only to score a finished picture.",
            "32 times": "A row cannot be drawn in one run: a pixel needs the pixel to its left.",
            "1024 times": "A pixel's colours cannot share a run: green must see the red that was drawn.",
            "3072 times": None,
        },
        why="The picture has 32 · 32 · 3 = 3072 values, and each value needs its own run.",
    ),
    cached_row.exercise,
    ring_places.exercise,
    drawn_at.exercise,
    Prediction(
        id="10.q2",
        asks="The network has a 7x7 layer first, and then 3x3 layers. What is the smallest safe delay?",
        choices={
            "1": "Then a pixel has the same time as its neighbour above and to the right, which it sees.",
            "3": "The first layer sees the pixel one row above and three columns to the right. With a delay "
            "of 3, that pixel has the same time as the present one, so it is not drawn yet.",
            "4": None,
            "7": "It is safe, but a smaller delay is safe too: the kernel reaches only three columns to "
            "the right.",
        },
        why="The 7x7 kernel reaches three columns to the right in the row above. With a delay of 3, "
        "that pixel has the same time as the present one. With a delay of 4, it is drawn one step "
        "earlier.\n\n"
        "The later layers do not change this. Each 3x3 layer reaches one row further up, and there one "
        "column to the right. Its tap above right lies on a pixel that is drawn 4 − 1 = 3 steps earlier.",
    ),
]
