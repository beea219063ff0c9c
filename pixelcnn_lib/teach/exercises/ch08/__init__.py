"""Chapter 8: drawing a picture without computing anything twice."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="8.q1",
        asks="For one face, the cached layers take 256 steps. How much work are all these steps together?",
        choices={
            "as much as about half a run of the network": "Both counts include the weights that the "
            "mask sets to zero, so nothing is saved there.",
            "as much as about 1 run": None,
            "as much as about 16 runs": "A run computes 256 pixels, and a step computes one.",
            "as much as 256 runs": "There are 256 steps. But a step computes one pixel, and a run computes 256.",
        },
        why="A run uses each weight once at each pixel. The cached layers do the same, but one pixel at "
        "a time: 256 steps, each with a 256th of the work of a run.",
        gives_away=("as one run", "1.00 runs"),
    ),
    Prediction(
        id="8.q2",
        asks="The network has a 7x7 layer first, and then 3x3 layers. What is the smallest safe delay?",
        choices={
            "1": "Then a pixel has the same time as its neighbour above and to the right, which it sees.",
            "3": "The first layer sees the pixel one row above and three columns to the right. With a delay "
            "of 3, that pixel has the same time as the present one, so it is not drawn yet.",
            "4": None,
            "7": "It is safe, but a smaller delay is safe too: the kernel reaches only three columns to "
            "the right.",
        },
        why="If every tap on another pixel leads to an earlier pixel, then so does a path through several "
        "layers. So look at each layer by itself.\n\n"
        "Taps on the left are always earlier. So look at the tap farthest to the right in the row above. "
        "(In the rows higher up, no tap is farther to the right, and these rows began even earlier.) "
        "In the 7x7 layer, it is three columns to the right. With a delay of 3, its pixel has the same "
        "time as the present one. With a delay of 4, its pixel is drawn 4 − 3 = 1 step earlier. In a 3x3 "
        "layer, the tap is one column to the right: its pixel is drawn 4 − 1 = 3 steps earlier.",
        gives_away=("delay of 4", "delay 4"),
    ),
]
