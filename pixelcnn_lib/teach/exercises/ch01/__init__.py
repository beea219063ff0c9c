"""Chapter 1: the order of values, and the chain rule."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="1.q1",
        asks="A picture has 5x5 pixels. How many pixels are finished when the pixel in row 2, column 2 "
        "is the next one? (Rows and columns are counted from 0.)",
        choices={
            "6": "This counts rows and columns from 1.",
            "8": "These are only the other pixels of rows 0 to 2 and columns 0 to 2.",
            "12": None,
            "13": "This counts the pixel itself, which is not drawn yet.",
        },
        why="Two whole rows of five, and two more pixels in its own row. The rows above are finished in "
        "their whole width, so also to the right.",
    ),
    Prediction(
        id="1.q2",
        asks="One run of the network gives the predictions for all values of a finished 16x16 colour "
        "picture. How many runs does it take to draw such a picture?",
        choices={
            "1": "One run predicts all values of a finished picture. Here most values are still missing.",
            "16": "A row cannot be drawn in one run: a pixel needs the value to its left.",
            "256": "One run per pixel is not enough: green needs the red of its own pixel.",
            "768": None,
        },
        why="16 · 16 · 3, one run for each value: a value has to be drawn before the next prediction "
        "can use it. A convolution works on all places at once. This helps in training and in "
        "computing a likelihood, but not in drawing.",
    ),
    Prediction(
        id="1.q3",
        asks="The green value in row 5, column 7 is set to another level. Which prediction is the first to "
        "change?",
        choices={
            "the red of the same pixel": "Red comes before green, so its prediction does not use green.",
            "the green of the same pixel": "No prediction uses its own value.",
            "the blue of the same pixel": None,
            "the red of the next pixel": "It can change too, but another prediction comes before it.",
        },
        why="Blue is the next value after green. Nothing changes in row 4, nor to the left in row 5, nor in "
        "the red and green of the same pixel. Later predictions can change.",
    ),
]
