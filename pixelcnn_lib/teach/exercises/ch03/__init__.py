"""Chapter 3: the residual block, and how far a stack of them sees."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="3.q1",
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
    )
]
