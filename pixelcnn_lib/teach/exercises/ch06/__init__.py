"""Chapter 6: patches, an entropy that is known, grey images."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch06 import cut_patches, source_entropy, to_grey

ASKED = [
    cut_patches.exercise,
    Prediction(
        id="6.q1",
        right=3.0,
        within=1,
        why="Patches of one photograph are so alike that a copy is nearly good enough. The line, "
        "which cannot remember, gains nothing.",
    ),
    source_entropy.exercise,
    to_grey.exercise,
    Prediction(
        id="6.q2",
        right=127.5,
        within=1,
        why="Padding puts zeros in after the scaling to [-1, 1], whose zero is the middle grey, "
        "between the levels 127 and 128.",
    ),
]
