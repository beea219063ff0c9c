"""Chapter 6: training steps, and what a curve says."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="6.q1",
        asks="Your network learns from 128,000 new faces. Which of the three places are still bright after it?",
        choices={
            "none: with enough training, every place goes dark": "Training can teach it only what it sees. "
            "At one of the places, the pixels that decide are hidden from it.",
            "the right edge of the hair": "The row's first pixel of hair decides it, nine columns back, and "
            "the network sees nine columns to the left.",
            "the left shoulder": None,
            "the right shoulder": "The left shoulder has the same colour. It is in the same row, in sight.",
        },
        why="Only the collar tells the colour of the left shoulder, and the collar lies in the blind spot. "
        "What decides the other two is in sight, so training can teach it.",
        gives_away=("only the left", "shoulder stays", "still bright"),
    )
]
