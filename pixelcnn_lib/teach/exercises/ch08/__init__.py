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
        why="0.999995 ** 50000 = 0.78: after the whole run the rate is still at 78 %.",
    ),
    Prediction(
        id="8.q2",
        right="black",
        why="It learnt to copy what stands at each place. Before anything is drawn, black stands "
        "there.",
        replies={
            "houses": "A network that draws houses would have to predict them. This one has no need.",
            "noise": "Close: it returns noise if noise stands on the canvas. An empty one is black.",
        },
    ),
    name_curves.exercise,
]
