"""Chapter 6: patches, an entropy that is known, grey images."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch06 import cut_patches, source_entropy, to_grey

ASKED = [
    cut_patches.exercise,
    Prediction(
        id="6.q1",
        right="rocket",
        why="Most of the rocket's photograph is one smooth sky. With half of the patches as "
        "examples, the copier finds nearly the same values again. The line cannot remember, and "
        "gains much less.",
        replies={
            "astronaut": "The copier gains there, but less: the picture has many different parts.",
            "coffee": "The copier gains there, but less: wood, cup and spoon differ from each other.",
            "china": "The copier gains there, but less: the temple has many small details.",
        },
    ),
    source_entropy.exercise,
    to_grey.exercise,
    Prediction(
        id="6.q2",
        right=127.5,
        within=1,
        why="Padding adds zeros after the levels are scaled to [-1, 1]. There zero is the middle "
        "grey, between the levels 127 and 128.",
    ),
]
