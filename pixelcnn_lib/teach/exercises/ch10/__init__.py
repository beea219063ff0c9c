"""Chapter 10: drawing a picture without computing anything twice."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch10 import cached_row, drawn_at, ring_places

ASKED = [
    Prediction(
        id="10.q1",
        right=32 * 32 * 3,
        why="One run for each value: 32 x 32 pixels of three colours. A pixel's colours cannot share "
        "a run, as green must see the red that was drawn. One run is enough only to score a picture.",
    ),
    cached_row.exercise,
    ring_places.exercise,
    drawn_at.exercise,
    Prediction(
        id="10.q2",
        right=4,
        why="The first layer sees three columns to the right in the row above. With a delay of 3, "
        "that pixel has the same time as the present one; with 4 it is drawn one step before. Each "
        "3x3 layer reaches one column further right, but also one row further up, and that row is "
        "4 steps ahead.",
    ),
]
