"""Chapter 2: which weights of a kernel may live."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch02 import colour_rule, rgb_mask, spatial_mask

ASKED = [
    spatial_mask.exercise,
    colour_rule.exercise,
    rgb_mask.exercise,
    Prediction(
        id="2.q1",
        right="no",
        why="Mask A hid the red value from red's features. Mask B only passes these features on.",
        replies={"yes": "That would be so if red's features still held the red value."},
    ),
]
