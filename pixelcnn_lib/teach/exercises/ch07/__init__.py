"""Chapter 7: drawing a picture, one value after another."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="7.q1",
        asks="A pixel's probabilities should be those after the pixels that were drawn before it. In these "
        "pictures, they come from one run over an empty canvas. For which pixels are they right, whatever "
        "was drawn?",
        choices={
            "all: each has its own distribution": "But each distribution follows from an empty past, and "
            "other colours were drawn there.",
            "the 16 pixels of the first row": "No pixel lies above them, but from the second one on, there "
            "are pixels to the left. The network saw empty canvas there, whatever was drawn.",
            "only the first pixel": None,
            "none": "One pixel may be drawn from any canvas. Which one sees nothing?",
        },
        why="For the network, the canvas is the past of every pixel. Where the head is, something must have "
        "begun above, and on the empty canvas nothing has. The network has never seen such a past, so all "
        "over the head it predicts colours of hair. Each pixel gets one of them by itself: its neighbours "
        "were drawn in the same run, and it saw only the empty canvas. The first pixel, at the top left, "
        "sees nothing. So its probabilities are the same over every canvas.",
        gives_away=("only the first", "top left"),
    ),
]
