"""Chapter 6: training steps, and what a curve says."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="6.q1",
        asks="What will the pictures of this network show?",
        choices={
            "faces": "To draw faces, a network must be able to predict them. This one never had to.",
            "confetti": "It copies what is in the picture already. That would be confetti if the drawing "
            "began with confetti.",
            "nothing but one colour": None,
        },
        why="It has learnt to copy the pixel that is at each place. Before anything is drawn, all "
        "pixels have colour 0, a pale blue. So it draws pale blue everywhere.",
        gives_away=("one colour", "pale blue"),
    ),
]
