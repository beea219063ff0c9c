"""Chapter 14: attention, a GPT on pixels, and PixelSNAIL."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="14.q1",
        asks="`shift` and `itself` can each be True or False, so there are four ways. Which of them leak?",
        choices={
            "none": "In one of them, a pixel looks at a key and a value that have read this pixel.",
            "only the one without `shift` and with `itself`": None,
            "both with `itself`": "With `shift`, place n holds pixel n - 1. So a look at its own place is "
            "a look at the pixel before.",
            "both without `shift`": "If no place looks at itself, the key of a pixel is seen only by "
            "later pixels.",
        },
        why="A leak needs two things together: the key or the value at a place has read the pixel that is "
        "predicted there, and the mask lets the place look at itself. GPT avoids the first, by the shift, "
        "and our way avoids the second. If both are avoided, nothing leaks, but no target can look at "
        "the pixel just before it.",
        gives_away=("20 leaks", "a pixel sees itself"),
    ),
    Prediction(
        id="14.q2",
        asks="Of 100 shirts that a PixelCNN of 13 blocks draws, 61 have two colours; of a Gated PixelCNN's, "
        "70. How many of the transformer's, after the same 1,000 steps?",
        choices={
            "about 60": "To both networks, the first colour of a shirt comes through many layers. How does "
            "it come to the transformer?",
            "about 30": "One look at any earlier pixel of the shirt tells its colour.",
            "fewer than 5": None,
        },
        why="2 of 100. Each pixel of a shirt can look at all earlier pixels of the shirt, near and far, in "
        "one layer. (It still has to learn where to look: PixelSNAIL can look too, and draws 14.)",
        gives_away=("2 have two colours", "fewer than 5"),
    ),
]
