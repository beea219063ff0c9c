"""Chapter 9: a network that can be told what to draw."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="9.q1",
        asks="A face costs about 19 bits. How many of them does the network save, as a mean, if you tell it "
        "the right mood?",
        choices={
            "less than 0.1": "Then the mood would be nearly known without a label. But 60 % of the faces are "
            "happy and 40 % are sad.",
            "about 1": None,
            "about 2.4": "This is an eighth of 19. But an attribute with more values is worth more bits.",
        },
        why="Without a label, the network gives a happy mouth 0.6 and a sad mouth 0.4. So the right label saves "
        "−log₂ 0.6 = 0.74 bits for a happy face and −log₂ 0.4 = 1.32 bits for a sad one. The mean is "
        "0.6 · 0.74 + 0.4 · 1.32 = 0.97 bits, the entropy of the mood. If "
        "all predictions are exact, a label saves its entropy at most, as a mean. This network saves a little "
        "less: its predictions are not quite those of the program.\n\n"
        "A wrong label costs much more than no label: the network is then sure of something false.",
        gives_away=("0.97", "one bit"),
    ),
    Prediction(
        id="9.q2",
        asks="For which pictures is the network less sure of its answer, that is, for which is the mean of the "
        "largest posteriors smaller?",
        choices={
            "flipped digits": None,
            "random values": "A posterior is unsure only if the two "
            "largest likelihoods are of similar size. For random values, the likelihoods usually "
            "differ by large factors.",
        },
        why="A posterior sums to 1 over the ten classes, whatever the picture. It says which class fits best "
        "if the picture is one of the ten digits. It never says whether it is one. For random values "
        "all ten likelihoods are far smaller than for a digit. But one of them is many times larger than the others, "
        "and the division makes it nearly 1. A flipped digit is more like a digit, and there two classes more often "
        "have likelihoods of similar size.",
        gives_away=("0.88", "one class fits"),
    ),
]
