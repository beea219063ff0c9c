"""Chapter 17: the members of the family compared."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch17 import choose, difference, front

ASKED = [
    Prediction(
        id="17.q1",
        asks="Each network computes for 180 seconds. Which networks pay most on the test photographs?",
        choices={
            "PixelCNN and the Row LSTM, which have a blind spot": "They do not see the whole past. But "
            "their steps are fast or of medium speed, so they take many steps in this time.",
            "the Diagonal BiLSTM and the transformer, whose steps are slowest": None,
            "PixelCNN++ and PixelSNAIL, which have the most parts": "Their steps are not the slowest, and "
            "they take many steps in this time.",
        },
        why="A step of these two takes more than twice as long as a step of PixelCNN. In 180 seconds the "
        "Diagonal BiLSTM takes 1,000 steps and the transformer 1,250, but PixelCNN takes 3,250. So these "
        "two networks had much less practice.",
    ),
    Prediction(
        id="17.q2",
        asks="Now each network takes 2,000 steps. Whose score improves most, compared with equal time?",
        choices={
            "PixelCNN's": "PixelCNN took 3,250 steps in equal time. Now it takes fewer.",
            "those of the Diagonal BiLSTM and the transformer": None,
            "nobody's: the score depends on the network only": "A network learns in every step, so the "
            "number of steps matters.",
        },
        why="In equal time, these two took 1,000 and 1,250 steps. Now they take 2,000. All other networks "
        "take fewer steps than before.",
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
