"""Chapter 8: steps, scores, and what a curve says."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch08 import evaluate, name_curves, train_step

ASKED = [
    train_step.exercise,
    evaluate.exercise,
    Prediction(
        id="8.q1",
        right=0.78,
        within=0.05,
        why="0.999995 ** 50000 = 0.78: after 50,000 steps, 78 % of the rate is left.",
    ),
    Prediction(
        id="8.q2",
        right="black",
        why="It has learnt to copy the value that is at each place. Before anything is drawn, this "
        "value is 0: black.",
        replies={
            "houses": "To draw houses, a network must be able to predict them. This one never had to.",
            "noise": "Nearly: it would copy noise if there were noise on the canvas. An empty one is black.",
        },
    ),
    name_curves.exercise,
]
