"""Chapter 17: the members of the family compared."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch17 import choose, difference, front

ASKED = [
    Prediction(
        id="17.q1",
        asks="In 180 seconds PixelCNN takes 3,250 steps and the Diagonal BiLSTM 1,000. Compared with "
        "PixelCNN, what does the Diagonal BiLSTM pay?",
        choices={
            "fewer bits": "It sees more of the past. But it has only learnt for 1,000 steps.",
            "about as many bits": "It would have to learn three times as much from each step.",
            "over 0.2 bits more": None,
        },
        why="The Diagonal BiLSTM sees nearly the whole past, but its steps are slow. After 1,000 steps it is "
        "far from done.",
    ),
    Prediction(
        id="17.q2",
        asks="Now both take 2,000 steps. Compared with PixelCNN, what does the Diagonal BiLSTM pay?",
        choices={
            "over 0.2 bits less, as it sees more of the past": "In patches of 16x16 pixels, what lies far "
            "away or in the blind spot seems to tell little.",
            "about as many bits, within 0.15": None,
            "over 0.2 bits more, as before": "Before, PixelCNN had taken three times as many steps. Now both "
            "take equally many.",
        },
        why="After equally many steps, the two networks pay nearly the same. So in equal time the Diagonal "
        "BiLSTM was behind because its steps are slow, and not because it learns less from a step.",
    ),
    difference.exercise,
    front.exercise,
    choose.exercise,
    Prediction(
        id="17.q3",
        asks="BothSides has the same weights as PixelCNN and took the same steps. Why does it pay less?",
        choices={
            "it learns twice from each picture": "Then its loss would fall faster, but it could not pay "
            "less than an honest network that trains for longer. There is a simpler reason.",
            "it has no blind spot": "It sees more of the past, and also something that is not in the past.",
            "it sees pixels to the right of the one that it predicts": None,
        },
        why="In the mirror image, the pixels to the right of the target come before it. So the mirrored "
        "features know them. When the features are mirrored back and added, the prediction knows pixels "
        "on both sides of it. A network that draws from left to right does not have the pixels on the "
        "right yet.",
    ),
]
