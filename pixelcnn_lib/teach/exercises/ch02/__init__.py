"""Chapter 2: which weights of a kernel are kept."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch02 import colour_rule, rgb_mask, spatial_mask

ASKED = [
    spatial_mask.exercise,
    colour_rule.exercise,
    rgb_mask.exercise,
    Prediction(
        id="2.q1",
        right="no",
        why="Mask A keeps the red value out of red's features, and mask B passes only these features on.",
        replies={"yes": "That would be true if red's features still contained the red value."},
    ),
]
