"""Chapter 4: the residual block, and how far a stack of them sees."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch04 import blocks_needed, residual_block

ASKED = [
    residual_block.exercise,
    Prediction(
        id="4.q1",
        right=28,
        why="The way is 31 pixels up and 31 to the left, both at once. The first layer goes 3, each "
        "block 1.",
    ),
    blocks_needed.exercise,
    Prediction(
        id="4.q2",
        right=35,
        within=5,
        why="It sees 18 rows up and 18 columns to the left: 19 rows of 19 pixels, less itself, of 1023 "
        "before it.",
    ),
    Prediction(
        id="4.q3",
        right="it sees too little",
        why="Each layer of type A steps back by a value at least, so the nearest ones fall out.",
        replies={
            "it leaks": "Mask A shows less than mask B everywhere, and never more.",
            "nothing changes": "In a later layer, mask A takes from a colour what it knew of its own "
            "pixel.",
        },
    ),
]
