"""Chapter 12: what a run costs, and what its number is worth."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch12 import comparable, compare, layer_multiply_adds, run_hours

ASKED = [
    layer_multiply_adds.exercise,
    Prediction(
        id="12.q1",
        right=3,
        why="One forward pass; then, in the backward pass, one product of the same size for the "
        "gradient of the weights and one for the gradient of the input.",
        replies={
            1: "That is the forward pass. The backward pass costs more.",
            2: "The backward pass has two products for each layer, not one.",
            4: "The backward pass has two products for each layer, not three.",
        },
    ),
    run_hours.exercise,
    Prediction(
        id="12.q2",
        right="harder images",
        why="The strips are other parts of the photographs than those that the model learns from, "
        "and PNG needs more bits for them, too. So a gap says nothing by itself. With overfitting, "
        "one curve would continue to fall while the other rises.",
        replies={
            "overfitting": "Then the upper curve would have turned upwards, and it never did.",
            "a leak": "A leak would bring both curves down, and too far.",
        },
    ),
    compare.exercise,
    Prediction(
        id="12.q3",
        right="cannot tell",
        why="What counts is the error of the difference, image by image. It can be far smaller "
        "than the errors of the two scores, because both models find the same images hard.",
        replies={
            "yes": "From these numbers you only know that the gap is as large as the error of each score.",
            "no": "The errors of the two scores do not show that the gap is luck.",
        },
    ),
    comparable.exercise,
]
