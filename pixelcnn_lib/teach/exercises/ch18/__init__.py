"""Chapter 18: what came after PixelCNN."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="18.q1",
        asks="The entropy of the faces is 19.06 bits. With the exact probabilities of all faces, how many "
        "passes does the biggest question first need for a face, on average?",
        choices={
            "about 12": None,
            "about 19, one for each bit": "Each pass would have to decide one bit. But a pixel whose "
            "entropy is large decides more.",
            "about 76, as chapter 8": "Those passes are so many because a pixel waits for its neighbours. "
            "Here a pixel anywhere can come next.",
        },
        why="The first questions decide more than 3 bits each: one pixel of the head tells much of the hair, "
        "of the hat and of the background. The last ones decide one bit or less. So 19.06 bits take about "
        "11 questions, and one more pass draws all other pixels.",
        gives_away=("12 passes", "twelve passes", "11 questions"),
    ),
    Prediction(
        id="18.q2",
        asks="A network draws a face in 16 passes of 16 pixels. Either the 16 pixels of a pass are chosen at "
        "random, or those come first of whose drawn colours the network is surest. Which way draws more "
        "right faces?",
        choices={
            "at random: then far pixels are drawn together, and they say little about each other": "Far "
            "pixels do say much about each other: all pixels of the background, or both ends of the hair.",
            "the surest first": None,
            "both draw about as many": "Both draw 16 pixels independently in each pass. But the surest ones "
            "leave less to chance.",
        },
        why="The pixels of one pass do not know each other. This does harm only if two of them are "
        "undecided, and depend on each other. The network is sure of a pixel if the known ones decide it; "
        "then it has nothing to agree upon with the others.",
        gives_away=("surest wins", "more right faces than"),
    ),
]
