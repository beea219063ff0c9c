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
        why="The label says one of two things, and to name one of two takes one bit. It cannot save "
        "more than it says.\n\n"
        "Without a label, the network gives a happy mouth 0.6 and a sad mouth 0.4. So the right label saves "
        "−log₂ 0.6 = 0.74 bits for a happy face and −log₂ 0.4 = 1.32 bits for a sad one. The mean is "
        "0.6 · 0.74 + 0.4 · 1.32 = 0.97 bits. The table need not show exactly this: its faces are only 200, and "
        "the network is not perfect.\n\n"
        "A wrong label costs much more than no label: the network is then sure of something false.",
        gives_away=("0.97", "one bit"),
    ),
    Prediction(
        id="9.q2",
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
        "and the division makes it nearly 1.",
        gives_away=("1.000", "one class fits"),
    ),
]
