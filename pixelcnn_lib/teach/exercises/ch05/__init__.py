"""Chapter 5: from layers to a model whose probabilities sum to one."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch05 import forward, plain_layer, total_probability

ASKED = [
    Prediction(
        id="5.q1",
        right=8.2,
        within=1.5,
        why="A weight connects a feature with a feature. With three times as many features on both "
        "sides there are nine times as many weights. The first layer and the head are wide on one side "
        "only and have three times as many: in all, 8.2 times.",
    ),
    forward.exercise,
    plain_layer.exercise,
    Prediction(
        id="5.q2",
        right="(256, 3)",
        why="The mask assigns the features in blocks: the first 256 belong to red. Whoever reads them "
        "in another order gives red some features that were made for blue.",
        replies={
            "(3, 256)": "It is the other one: the mask itself has three blocks of 256 features.",
            "both": "Only one leaks: read in the mask's order, the features of red have not seen red.",
            "neither": "One leaks. The shape is right in both cases, but it does not tell what a feature "
            "has seen.",
        },
    ),
    total_probability.exercise,
    Prediction(
        id="5.q3",
        right="the sum is right, the drawing wrong",
        why="The chain rule holds in any order, so p sums to one. But a sampler that draws in "
        "another order gives the model zeros in place of colours.",
        replies={
            "sum and drawing are right": "The sampler draws red first, but this model predicts red from "
            "green and blue.",
            "both are wrong": "The drawing is wrong, but the sum is right.",
        },
    ),
]
