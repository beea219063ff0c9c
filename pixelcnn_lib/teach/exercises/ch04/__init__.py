"""Chapter 4: the residual block, and how far a stack of them sees."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch04 import blocks_needed, residual_block

ASKED = [
    residual_block.exercise,
    Prediction(
        id="4.q1",
        right=28,
        why="The first pixel is 31 pixels up and 31 to the left, and a path can go both ways at once. "
        "The first layer goes 3 of the 31 steps, and each block goes 1.",
    ),
    blocks_needed.exercise,
    Prediction(
        id="4.q2",
        right=35,
        within=5,
        why="It sees 18 rows up and 18 columns to the left: 19 times 19 pixels without itself, 360 of "
        "1023.",
    ),
    Prediction(
        id="4.q3",
        right="it sees too little",
        why="The network ends with three 1x1 layers. With mask A, each of them passes on only earlier "
        "colours of the same pixel, so after the three layers nothing is left.",
        replies={
            "it leaks": "Mask A never shows more than mask B.",
            "nothing changes": "In a later layer, mask A hides from a colour its own features.",
        },
    ),
]
