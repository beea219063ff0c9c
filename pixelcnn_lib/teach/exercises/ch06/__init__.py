"""Chapter 6: steps, scores, and what a curve says."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="6.q1",
        asks="What will the pictures of this network show?",
        choices={
            "houses": "To draw houses, a network must be able to predict them. This one never had to.",
            "noise": "It copies what is in the picture already. That would be noise if the drawing began with "
            "noise, but it begins with black.",
            "black": None,
        },
        why="It has learnt to copy the value that is at each place. Before anything is drawn, this value is "
        "0. So its pictures are nearly black, with a few red specks.",
        gives_away=("black", "dark"),
    ),
]
