"""Chapter 5: the loss in bits, its floor, and what photographs cost."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="5.q1",
        asks="On average, a network pays exactly one bit more than the floor for a face. At least how many "
        "of the pictures that it draws are right?",
        choices={
            "none: it may draw no right face at all": "A network that gives the right faces no probability "
            "pays infinitely many bits for them.",
            "half": None,
            "95 % (18 of 19)": "A bit is a factor of two in probability, whatever the floor is.",
            "all": "A network that draws only right faces can pay too much as well: it can draw some of them "
            "too often. But it can also lose the bit on wrong pictures.",
        },
        why="Let m be the probability that the network gives to all right faces together. At best, each "
        "right face gets m times the probability that it should have, and costs −log₂ m bits too many. That "
        "is at most one bit, so m is at least 1/2.",
        gives_away=("half of", "a half", "one half", "2 ** (floor"),
    )
]
