"""Chapter 10: what a run costs, and what its number is worth."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="10.q1",
        asks="How many forward passes does a whole training step cost?",
        choices={
            "1": "That is the forward pass. The backward pass costs more.",
            "2": "The backward pass has two products for each layer, not one.",
            "3": None,
            "4": "The backward pass has two products for each layer, not three.",
        },
        why="In the backward pass each layer does two products, each of the same size as its product in the "
        "forward pass. One gives the gradient of the layer's weights. The other gives the gradient of its "
        "input, which the layer below needs. (The first layer does not need the gradient of its input, but "
        "that is a small part of the whole.)",
        gives_away=("three forward passes", "3 passes"),
    ),
    Prediction(
        id="10.q2",
        asks="Do these two lines show whether the network is better in float32 on other patches, too?",
        choices={
            "yes: they show that it is better": "From these numbers you only know that the gap is smaller than the error "
            "of each score.",
            "yes: they show that the gap is only luck": "The errors of the two scores do not show that the gap is luck.",
            "no, they show neither": None,
        },
        why="What counts is the error of the difference, image by image. It can be far smaller than the "
        "errors of the two scores: both are means over the same patches, and a patch that is hard for one "
        "network is hard for the other.",
        gives_away=("show neither", "far smaller"),
    ),
]
