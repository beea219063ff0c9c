"""Chapter 6: training steps, and what a curve says."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="6.q1",
        asks="Your network learns from 128,000 new faces. Which of the three places go dark?",
        choices={
            "all three": "At one of them, the pixels that decide are hidden from this network. Which one?",
            "both that are in sight: the right edge of the hair, and the right shoulder": "Both could be "
            "learnt. But to see is not yet to use: one of the two is as far away as this network sees.",
            "only the right shoulder": None,
            "none": "At the right shoulder, the pixels that decide are in the same row, not far away.",
        },
        why="The left shoulder stays: the collar that decides it lies in the blind spot, and no training "
        "changes what a network sees. The right edge of the hair is in sight, but in 4,000 steps the network "
        "has hardly learnt it. The pixel that decides it is nine columns away, as far as this network sees. "
        "Whether that is the reason was not tested.",
        gives_away=("only the right", "stays bright", "went dark"),
    )
]
