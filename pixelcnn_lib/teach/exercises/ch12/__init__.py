"""Chapter 12: what a run costs, and what its number is worth."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch12 import comparable, compare, layer_multiply_adds, run_hours

ASKED = [
    Prediction(
        id="12.q1",
        right="a day",
        why="About twenty hours: 1.9e18 floating-point operations, at 2.6e13 a second.",
        replies={
            "an hour": "That is what an H100 would take.",
            "a week": "The tutorial's run took five days on the GPU that it had.",
        },
    ),
    layer_multiply_adds.exercise,
    run_hours.exercise,
    Prediction(
        id="12.q2",
        right="harder images",
        why="The strips are other parts of the photographs than those the model learns from, and "
        "PNG needs more bits for them too. A gap between two such sets says nothing by itself. "
        "Overfitting would show as a turn: one curve falls on, and the other rises.",
        replies={
            "overfitting": "Then the upper curve would have turned upwards, and it never did.",
            "a leak": "A leak would bring both curves down, too far.",
        },
    ),
    compare.exercise,
    Prediction(
        id="12.q3",
        right="cannot tell",
        why="What counts is the error of the difference, image by image. It can be far smaller "
        "than the errors of the two scores, as both models find the same images hard.",
        replies={
            "yes": "By these numbers alone the gap is as large as the error of each.",
            "no": "The errors of the scores do not say that the gap is luck.",
        },
    ),
    comparable.exercise,
]
