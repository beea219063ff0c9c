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
    ),
    Prediction(
        id="5.q2",
        asks="Almost all pictures of this spoilt model are noise, and its score is worse than the old "
        "model's. How large can the difference be on pictures of 32x32, in bits per dimension?",
        choices={
            "0.002": None,
            "0.07": "A whole image costs at most log₂ 100 = 6.6 bits more, and 0.07 is a hundredth of that. "
            "But 3072 values share the 6.6 bits, not a hundred.",
            "6.6": "That is the extra price of the whole image, and its 3072 values share it.",
            "it can be any number": "No image loses more than a factor of 100 of its probability.",
        },
        why="The spoilt model's probability of an image is 0.01 · (old model) + 0.99 · (noise), so at least "
        "0.01 · (old model). That is at most log₂ 100 = 6.6 bits more for the whole image, shared by its "
        "3072 values: 0.002 bits per dimension, less than the rounding error of a table with two "
        "decimals.",
        gives_away=("0.002", "not mean good pictures", "log2(100)"),
    ),
]
