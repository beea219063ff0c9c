"""Chapter 6: training steps, and what a curve says."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="6.q1",
        asks="All dead weights of the liar's first kernel were 0 before the 120 steps. Which of the 49 "
        "taps has moved farthest?",
        choices={
            "all have moved about equally far": "Adam's steps are of similar length, but they add up only "
            "if they go in the same direction.",
            "a tap above the centre": "It sees a pixel of the past, which helps. But one tap sees more "
            "than that.",
            "the tap at the centre": None,
            "a tap below the centre": "It sees a pixel of the future, which helps. But one tap sees more "
            "than that.",
        },
        why="It lies on the pixel that is being predicted. So it sees the answer itself, and all its "
        "gradients agree: copy it.",
        gives_away=("sees the answer", "copy", "at the centre"),
    )
]
