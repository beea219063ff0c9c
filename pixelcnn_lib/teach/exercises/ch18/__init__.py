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
        why="The first questions decide more than 3 bits each, the last ones one bit or less. So 19.06 bits "
        "take about 11 questions, and one more pass draws all other pixels.",
        gives_away=("12 passes", "twelve passes", "11 questions"),
    ),
    Prediction(
        id="18.q2",
        asks="A face is drawn in 32 passes: few pixels in the first ones, more and more later. Which way "
        "draws the fewest right faces?",
        choices={
            "the pixels of each pass are chosen at random": "Then fewer pixels in doubt come together: a "
            "count below shows it.",
            "the surest come first, and some chance decides too": "With chance, fewer pixels in doubt come "
            "together: a count below shows it.",
            "the surest come first, without chance": None,
        },
        why="Without chance, many pixels in doubt are drawn together, in large groups, and the pixels of a "
        "group do not know of each other. Further on, a count shows it.",
        gives_away=("hardly any right face", "large groups"),
    ),
]
