"""Chapter 6: patches and an entropy that is known."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="6.q1",
        asks="With the mixed split, the copier's score improves on all four photographs. On which one does "
        "it improve most?",
        choices={
            "astronaut": "The copier gains there, but less: the picture has many different parts.",
            "coffee": "The copier gains there, but less: wood, cup and spoon differ from each other.",
            "rocket": None,
            "china": "The copier gains there, but less: the temple has many small details.",
        },
        why="Most of the rocket's photograph is one smooth sky. With examples from the same sky, the "
        "copier finds nearly the same values again: its mean error falls from 11.6 levels to 2.7.",
        gives_away=("smooth sky", "2.7"),
    ),
]
