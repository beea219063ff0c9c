"""Chapter 11: a network that can be told what to draw."""

import numpy as np

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch11 import add_class_bias, class_from_top, posterior

ASKED = [
    add_class_bias.exercise,
    Prediction(
        id="11.q1",
        right=lambda: round(float(np.log2(10)), 2),
        within=0.1,
        why="The right class is one of ten equal terms of p(x), so p(x) is at least a tenth of "
        "p(x | class): log2(10) = 3.32 bits for the whole picture, 0.05 bits for each value.",
    ),
    Prediction(
        id="11.q2",
        right="any digit",
        why="Shuffled labels say nothing about the pictures, so all classes become nearly the same: "
        "a distribution over all digits.",
        replies={
            "sevens": "That would need training pictures in which the label 7 stands beside sevens.",
            "noise": "The pictures themselves are as they were, and the network learns from them.",
        },
    ),
    posterior.exercise,
    class_from_top.exercise,
    Prediction(
        id="11.q3",
        right="sure",
        why="A posterior sums to 1 over the ten digits, whatever the picture. All ten likelihoods are "
        "extremely small, and the largest of them takes nearly everything.",
        replies={
            "unsure": 'That needs an eleventh answer, such as "none of these", and there is none.'
        },
    ),
]
