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
        "copier finds nearly the same values again. The line has only 14 weights, so it cannot remember, "
        "and its score changes much less.",
    ),
    Prediction(
        id="6.q2",
        asks="Put a frame of one level around an image, so that the first layer finds this level beyond the "
        "edge and not the padding. With which level do the layer's features change least?",
        choices={
            "0, black": "The padding is zero after the scaling, and there black is −1.",
            "127, middle grey": None,
            "255, white": "The padding is zero after the scaling, and there white is 1.",
            "the mean level of the image": "The padding is the same for every image.",
        },
        why="Padding happens after the levels are scaled to [−1, 1]. In that range zero is the middle, "
        "between the levels 127 and 128. So the padding is a middle grey.",
    ),
]
