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
        why="p(x) is the mean of ten terms, and the right class is one of them. So p(x) is at least a "
        "tenth of p(x | class): log2(10) = 3.32 bits for the whole picture, 0.05 bits for each value.",
    ),
    Prediction(
        id="11.q2",
        right="any digit",
        why="Shuffled labels say nothing about the pictures, so all classes become nearly the same: "
        "a distribution over all digits.",
        replies={
            "sevens": "For that, the label 7 must be more frequent on sevens than on other digits, and "
            "after the shuffling it is not.",
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
            "unsure": "A posterior is unsure only if two likelihoods are nearly equal. Far from all "
            "digits they usually differ by large factors."
        },
    ),
]
