"""Chapter 5: patches and an entropy that is known."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="5.q1",
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
    Prediction(
        id="5.q2",
        asks="How much can one value cost at most, whatever the model?",
        choices={
            "8 bits": "8 bits are the price if all levels are equally likely. Nothing forces a model to "
            "believe that.",
            "16 bits": "16 bits are the price of a probability of 1/65536. A model can give a level less.",
            "there is no limit": None,
        },
        why="A level of probability p costs −log₂ p bits, and p can be as close to 0 as you like. Eight bits "
        "are the price of knowing nothing. A model that believes something false pays more: if it gives "
        "each level except 0 the probability 1/4096, a grey picture costs 12 bits per dimension.",
        gives_away=("no limit", "any number of bits"),
    ),
    Prediction(
        id="5.q3",
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
        gives_away=("0.002", "not mean good pictures"),
    ),
]
