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
        asks="In 51 % of the program's faces with blue hair, the hair is long. How often is it long if "
        "blue hair is asked for and guided with w = 1?",
        choices={
            "in about half of the faces": "The wish does not speak of the length. But a wish is judged "
            "pixel by pixel, before the hair is finished.",
            "in about a quarter": "Short hair shows less blue, and guidance likes what shows the wish.",
            "in more than four of five": None,
        },
        why="Guidance raises each colour by how much likelier it makes the wish. A pixel of blue hair makes "
        "it about five times likelier, and background does not change it. So hair begins as early as it can, and "
        "the three of the eight styles that begin first are all long.\n\n"
        "This is no mistake of the network: with perfect predictions, too, the factor is about 5, as one in "
        "five hairs is blue. Guidance draws from another distribution.",
        gives_away=("mostly long", "nearly always long", "four of five"),
    ),
]
