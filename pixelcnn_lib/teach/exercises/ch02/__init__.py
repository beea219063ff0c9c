"""Chapter 2: which weights of a kernel may live."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch02 import spatial_mask

ASKED = [
    spatial_mask.exercise,
    Prediction(
        id="2.q1",
        right="no",
        why="Mask A hid the red value from red's features; mask B only lets these go on.",
        replies={"yes": "That would be so if red's features still held the red value."},
    ),
]
