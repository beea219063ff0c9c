"""Chapter 1: the order of values, and the chain rule."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch01 import image_log_prob, may_see

ASKED = [
    Prediction(
        id="1.q1",
        right=12,
        why="Two whole rows of five are finished, and two pixels to the left in its own row.",
    ),
    may_see.exercise,
    image_log_prob.exercise,
    Prediction(
        id="1.q2",
        right=768,
        why="Each of the 16 · 16 · 3 values has to be drawn before the next can be predicted.",
    ),
]
