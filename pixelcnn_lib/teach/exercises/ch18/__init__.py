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
        "of the hat and of the skin. The last ones decide one bit or less. So 19.06 bits take about "
        "11 questions, and one more pass draws all other pixels.",
        gives_away=("12 passes", "twelve passes", "11 questions"),
    ),
    Prediction(
        id="18.q2",
        asks="A face is drawn in 32 passes: few pixels in the first ones, more and more later. Either "
        "the pixels of a pass are chosen at random, or the surest come first. With the exact "
        "probabilities, which way draws more right faces?",
        choices={
            "at random": None,
            "the surest first, because little is left to chance": "What is not sure must be drawn too. The "
            "surest first leaves it for the last passes, in which most pixels are drawn together.",
            "both draw about as many": "Both draw equally many pixels in each pass. But whether these are "
            "in doubt together, depends on the order.",
        },
        why="The surest first keeps pixels that decide little about the others. So as much is in doubt near "
        "the end, and there the parts are largest: their pixels are drawn without knowing of each other. "
        "At random, pixels in doubt come early too, and decide the others.",
        gives_away=("49 of", "worse than chance"),
    ),
]
