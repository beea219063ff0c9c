"""Chapter 15: the members of the family compared."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="15.q1",
        asks="In 180 seconds PixelCNN takes 3,250 steps and the Diagonal BiLSTM 1,000. Compared with "
        "PixelCNN, what does the Diagonal BiLSTM pay?",
        choices={
            "fewer bits": "It does see more of the past than PixelCNN. But it has learnt for only 1,000 steps.",
            "about as many bits": "Then it would have to learn three times as much from each step.",
            "over 0.2 bits more": None,
        },
        why="The Diagonal BiLSTM sees nearly the whole past, but its steps are slow. After 1,000 steps it is "
        "far from done.",
        gives_away=("more, as before", "learn less"),
    ),
    Prediction(
        id="15.q2",
        asks="Now both take 2,000 steps. Compared with PixelCNN, what does the Diagonal BiLSTM pay?",
        choices={
            "over 0.2 bits less": "It does see more of the past. But in patches "
            "of 16x16 pixels, the pixels that only it sees seem to tell little.",
            "about as many bits, within 0.15": None,
            "over 0.2 bits more": "Before, PixelCNN took three times as many steps. Now both take "
            "the same number of steps.",
        },
        why="After 2,000 steps, the two networks pay nearly the same: we see no difference in what they learn "
        "from a step. In equal time the Diagonal BiLSTM was behind because its steps are slow.",
        gives_away=("as many bits",),
    ),
    Prediction(
        id="15.q3",
        asks="After 10,000 steps PixelCNN++ pays 0.08 bits less than PixelCNN. Where is it after 44,000 "
        "steps?",
        choices={
            "further ahead": "That would be so if PixelCNN++ learnt more from each step until the end. In the "
            "next chart, look at the distance between the two curves.",
            "still ahead by about 0.08 bits": "Look at the next chart: at the end, PixelCNN falls faster than "
            "PixelCNN++.",
            "less than 0.02 bits ahead": None,
        },
        why="PixelCNN++ is ahead for a long time, and then PixelCNN catches up. A reason may be that both have about 130,000 weights, and that no network of this size can learn much "
        "more from these photographs.",
        gives_away=("so neither network", "as few bits", "3.042"),
    ),
    Prediction(
        id="15.q4",
        asks="BothSides has the same weights as PixelCNN and took the same steps. Why does it pay less?",
        choices={
            "it learns twice from each picture": "Both networks took the same steps. The reason is what "
            "BothSides sees. Which pixels come first in the mirror image?",
            "it has no blind spot": "It does see more of the past. But it also sees pixels that are not in "
            "the past.",
            "it sees pixels to the right of the one that it predicts": None,
        },
        why="In the mirror image, the pixels on the right of the target come first. So the mirrored features "
        "know these pixels. They are mirrored back and added, so the prediction knows the pixels on both "
        "sides of the target. But when a network draws, the pixels on the right do not exist yet.",
        gives_away=("on its right", "too good to be true", "cannot draw"),
    ),
]
