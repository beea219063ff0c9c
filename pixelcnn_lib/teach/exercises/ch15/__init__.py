"""Chapter 15: PixelCNN++, whose colours lean on each other, and whose maps shrink and grow."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch15 import dropout, pixel_bits, shrink

ASKED = [
    Prediction(
        id="15.q1",
        asks="Nothing leans: all leans are 0. Does the distribution of green still depend on the red that came?",
        choices={
            "no: green does not see red": "A component has a green curve and a red curve. Does red say "
            "nothing about which component made this pixel?",
            "yes: the weights of the components change": None,
            "yes: the means of green move": "The means of green move by a lean times red, and here the leans are 0.",
        },
        why="Red tells which component is likely: after a red of 210 this is the petal. The green curve of "
        "the petal then counts for almost everything. So the colours are tied in two ways: by the shared "
        "weights, and by the leans. Without leans, each green curve stays where it is, and only its share changes.",
    ),
    pixel_bits.exercise,
    dropout.exercise,
    shrink.exercise,
    Prediction(
        id="15.q2",
        asks="With `LateShrink`, a small pixel also reads the three pixels right of it and below it. Of the four "
        "pixels that grow from it, which are predicted without a leak?",
        choices={
            "all four": "The first of the four gets features that know the second. May it see the second?",
            "only the first, at the upper left": "The first of the four comes first, so it may know the least. "
            "Which of the four comes last?",
            "only the last, at the lower right": None,
            "none": "The small pixel reads the features of the four pixels. What do the features of the last "
            "one know? Is that too much for the last one itself?",
        },
        why="A small pixel now knows what the last of the four pixels knows: everything before this last "
        "pixel, the three others included. For the last pixel, all of that is past. The three others see themselves, "
        "and the two upper ones even see pixels to their right.",
    ),
    Prediction(
        id="15.q3",
        asks="Both networks have seen each of their pictures 150 times. Compared with the network with dropout, what "
        "does the network without it pay?",
        choices={
            "less on both": "The training pictures can be learnt by heart. Does that help on other pictures?",
            "more on both": "What could keep a network without dropout from learning its pictures by heart?",
            "less on the training pictures, more on new ones": None,
            "more on the training pictures, less on new ones": "Dropout disturbs the training. So which "
            "network fits its training pictures better?",
        },
        why="Without dropout, the network learns the pictures by heart. At new pictures it is sure of things "
        "that are not so, and a wrong prediction that is sure costs many bits. With dropout, no feature can "
        "rely on another one, so learning by heart is harder.",
    ),
]
