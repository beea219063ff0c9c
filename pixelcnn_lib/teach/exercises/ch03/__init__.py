"""Chapter 3: the residual block, and how far a stack of them sees."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="3.q1",
        asks="A face has 16x16 pixels. How many blocks does a network need, so that the last pixel (at the "
        "bottom right) sees the first (at the top left)?",
        choices={
            "4": "A block goes one pixel, not three: only the first layer is 7x7.",
            "12": None,
            "15": "The first layer already goes three pixels.",
            "27": "This adds the two distances, but one step can go up and to the left at once.",
        },
        why="The first pixel is 15 pixels above the last one and 15 to its left. A path can go up and to the "
        "left at the same time. The first layer takes 3 of the 15 steps, and each block takes one.",
        gives_away=("12 blocks", "255 of 255"),
    ),
    Prediction(
        id="3.q2",
        asks="With six blocks, 7 of 100 drawings are right. How many are right with 13 blocks, after the "
        "same 1,000 steps?",
        choices={
            "2 or 3": "The deeper network pays fewer bits for a face, and about as many of its drawings are right.",
            "about as many (7 or 8)": None,
            "about 30": "This would be so if the reach were the main cause of the mistakes.",
            "about 70": "Then nearly every mistake would come from a reach that is too short.",
        },
        why="The network with 13 blocks can see all columns to the left. But to see a pixel is not yet to use "
        "it, and 1,000 steps are few. Of 500 drawings, 7% and 8% differ by no more than "
        "chance. Also, one wrong pixel makes a whole picture wrong.",
        gives_away=("8%", "8 %", "7 to 8", "cures little"),
    ),
]
