"""Chapter 5: from layers to a model whose probabilities sum to one."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch05 import forward, plain_layer, total_probability

ASKED = [
    Prediction(
        id="5.q1",
        right=8.2,
        within=1.5,
        why="A weight joins a feature to a feature: three times the width is nine times the "
        "weights. Only the first layer and the head's outputs grow less.",
    ),
    forward.exercise,
    plain_layer.exercise,
    Prediction(
        id="5.q2",
        right="(256, 3)",
        why="The mask numbers the features colour by colour, 256 for red first. Another reading "
        "gives red features that were made for blue.",
        replies={
            "(3, 256)": "It is the other: the mask itself has three blocks of 256.",
            "both": "Only one: read as the mask means them, features of red have not seen red.",
            "neither": "A shape says nothing about what a feature has seen.",
        },
    ),
    total_probability.exercise,
    Prediction(
        id="5.q3",
        right="the sum is right, the drawing wrong",
        why="Any order gives a chain rule, so p sums to one. A sampler that follows another order "
        "feeds the model zeros where it expects colours.",
        replies={
            "sum and drawing are right": "Our sampler draws red first, but this model predicts red "
            "from green and blue.",
            "both are wrong": "The chain rule does not ask for a certain order.",
        },
    ),
]
