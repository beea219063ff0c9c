"""Chapter 2: a layer that cannot look ahead, and a test that finds leaks."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="2.q1",
        asks="`draw` starts with pictures of zeros, as in chapter 1. What does this network draw?",
        choices={
            "faces without a mistake": "To draw a face, the network would have to predict. Has it learnt to?",
            "faces with mistakes": "Chapter 1's network drew them. That network could not see the pixel "
            "that it predicted.",
            "noise, each pixel of another colour": "For noise, the network would have to be unsure. It paid "
            "nearly no bits, so it is sure of each pixel.",
            "the same colour everywhere": None,
        },
        why="The network has learnt to copy: it sees the pixel that it predicts, and repeats its colour. "
        "A pixel that is not drawn yet is 0, and 0 is light blue. So the network draws light blue, each time.",
        gives_away=("same colour everywhere", "light blue", "copies", "copied", "copy", "repeats"),
    )
]
