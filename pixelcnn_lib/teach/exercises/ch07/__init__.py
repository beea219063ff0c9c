"""Chapter 7: from likelihood to bits per dimension."""

import numpy as np

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch07 import (
    bits_per_dim,
    histogram_bits,
    mixture_probabilities,
    sure_of_black,
)

ASKED = [
    bits_per_dim.exercise,
    histogram_bits.exercise,
    Prediction(
        id="7.q1",
        right="no limit",
        why="A level of probability p costs -log2 p bits, and p can be as close to 0 as you like.",
        replies={
            "8": "8 bits are the price if all levels are equally likely. Nothing forces a model to believe "
            "that.",
            "16": "16 bits are the price of a probability of 1/65536. A model can give a level less.",
        },
    ),
    sure_of_black.exercise,
    Prediction(
        id="7.q2",
        right=lambda: round(float(np.log2(100) / 3072), 4),
        within=0.001,
        why="Every image keeps a hundredth of its probability: log2(100) = 6.6 bits for the whole "
        "image, shared by 3072 values.",
    ),
    mixture_probabilities.exercise,
]
