"""Chapter 8: steps, scores, and what a curve says."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="8.q1",
        asks="How much of the first rate is left after 50,000 steps?",
        choices={
            "5 %": "A step takes away 0.000005 of the rate, so 50,000 steps take away about a quarter.",
            "37 %": "That is left after 200,000 steps, when 0.000005 times the steps is 1.",
            "78 %": None,
        },
        why="0.999995 to the power of 50,000 is 0.78.",
    ),
    Prediction(
        id="8.q2",
        asks="What will the pictures of this network show?",
        choices={
            "houses": "To draw houses, a network must be able to predict them. This one never had to.",
            "noise": "It copies what is in the picture already. That would be noise if the drawing began with "
            "noise, but it begins with black.",
            "black": None,
        },
        why="It has learnt to copy the value that is at each place. Before anything is drawn, this value is "
        "0. So its pictures are nearly black, with a few red specks.",
    ),
]
