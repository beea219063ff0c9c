"""Chapter 9: a network that can be told what to draw."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="9.q1",
        asks="How many bits can the label save at most, for the whole picture of 64 values?",
        choices={
            "0.05 bits": "That is the most it can save per dimension, as a mean over the 64 values.",
            "2.4 bits": None,
            "10 bits": "Naming one of ten classes takes fewer bits than ten.",
            "64 bits": "That would be one bit for each value. The label saves at most as many bits as it takes to "
            "name one of ten classes.",
        },
        why="log₂ 10 = 3.32 bits for the whole picture: the right class is one of the ten terms of the mean, "
        "so p(x) ≥ p(x | c) / 10.\n\n"
        "Naming one of ten equally likely classes also takes log₂ 10 bits. So the label never saves more "
        "bits than it costs.\n\n"
        "Divided by 64 values, this is 0.05 bits per dimension. You would hardly notice it on a training "
        "curve, and yet it is the difference between “some digit” and “a seven”.\n\n"
        "A wrong label costs much more than no label. Without a label the model keeps all ten classes in "
        "mind. With a wrong label it is sure of something false.",
        gives_away=("2.4", "3.32"),
    ),
    Prediction(
        id="9.q2",
        asks="We ask the network with the shuffled labels for sevens. What does it draw?",
        choices={
            "sevens": "For that, the label 7 must be more frequent on sevens than on other digits, and "
            "after the shuffling it is not.",
            "any digit": None,
            "noise": "The pictures themselves are as they were, and the network learns from them.",
        },
        why="The shuffled labels say nothing about the pictures, so the network gains nothing by listening to "
        "them. All its classes become nearly the same distribution: that of all digits. (Below, the upper "
        "row is drawn by this network.)",
        gives_away=("any digit", "less than 5"),
    ),
    Prediction(
        id="9.q3",
        asks="How sure is the network of its answer on digits with black and white exchanged?",
        choices={
            "sure: on most of them one class has a posterior above 0.9": None,
            "unsure: on most of them no class has a posterior above 0.9": "A posterior is unsure only if the two "
            "largest likelihoods are of similar size. For a picture unlike any digit, the likelihoods usually "
            "differ by large factors.",
        },
        why="A posterior sums to 1 over the ten classes, whatever the picture. It says which class fits best "
        "if the picture is one of the ten digits. It never says whether it is one. For an inverted digit "
        "all ten likelihoods are far smaller than for a digit. But one of them is many times larger than the others, "
        "and the division makes it nearly 1. (For the letter A no class is far ahead of the others, so "
        "here the posterior does doubt. But you cannot rely on that.)",
        gives_away=("1.000", "one class fits"),
    ),
]
