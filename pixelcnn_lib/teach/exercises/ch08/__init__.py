"""Chapter 8: drawing a picture without computing anything twice."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="8.q1",
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
    Prediction(
        id="8.q2",
        asks="Sixteen faces need 16 times the multiply-adds of one. With the cached layers, how much longer "
        "do they take, if they are drawn together?",
        choices={
            "less than twice as long": None,
            "about 4 times as long": "That would be so if the steps of one face were mostly arithmetic. They "
            "are too small for that.",
            "about 16 times as long": "The multiply-adds are 16 times as many. But there are 256 steps in both "
            "cases, and each step costs time even if it computes little.",
        },
        why="A step of one face has about 68,000 multiply-adds, in a few dozen calls of NumPy. The calls "
        "take most of the time, and sixteen faces need no more of them.",
        gives_away=("twice as long",),
    ),
]
