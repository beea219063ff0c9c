"""Chapter 13: two stacks see what one stack of masks never sees."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch13 import blind_spot, gate, look_up

ASKED = [
    blind_spot.exercise,
    Prediction(
        id="13.q1",
        asks="A network has the blind spot of PixelCNN (with the 7x7 first layer) and is otherwise perfect. "
        "How many more bits does it pay for a picture than a perfect network that sees the whole past?",
        choices={
            "0": "Sometimes the only sign of what comes next is in the blind spot: the house, if it "
            "stands far to the right.",
            "about 1": None,
            "about 5": "That is more than half of all 9.29 bits. The blind spot mostly hides where the ground "
            "begins, and to choose one of its four heights costs only 2 bits.",
            "about 60": "Many pixels are hidden, but most of them tell nothing new: the visible pixels "
            "contain the same information.",
        },
        why="It is 1.21 bits. The pictures need 9.29 bits, so with the blind spot they cost 13 % more, and "
        "no training can change that. Divided by 256 pixels it is only 0.005 bits per pixel: you would not "
        "see it on a training curve.",
    ),
    look_up.exercise,
    Prediction(
        id="13.q2",
        asks="Which colours see a value of their own pixel that they must not see?",
        choices={
            "none": "A product has seen everything that its two features have seen.",
            "only red": "Look at green's products: 2 · 8 and 3 · 9.",
            "red and green": None,
            "all three": "Blue's products are 4 · 10 and 5 · 11: features of green and of blue. They have seen "
            "only red and green, and blue may see both.",
        },
        why="Red's products are 0 · 6 and 1 · 7: a feature of red times a feature of green, and green's "
        "features have seen the red value. So red sees itself. Green's products, 2 · 8 and 3 · 9, contain "
        "features of blue, which have seen green. Blue's products have seen only red and green, and blue "
        "may see both. (Eight leaks and not nine: a new network has biases of 0, so at the first pixel, "
        "which has no past, red's features are 0, and a product with 0 tells nothing.)",
    ),
    gate.exercise,
    Prediction(
        id="13.q3",
        asks="In a network of three such layers, what does the pixel in row 3, column 3 see that it must not "
        "see?",
        choices={
            "nothing": "Which features of its own row does the vertical stack read, and what do they know "
            "now?",
            "itself and the pixel to its right": None,
            "rows below": "No layer looks down.",
        },
        why="The vertical stack reads features to the right in its own row. That is allowed only as long as "
        "these features know nothing of this row. The horizontal features know their row, up to the pixel "
        "on their left. So with the link back, the vertical features one column to the right know the "
        "present pixel, and the second layer reads them. The third layer reads one column farther to the "
        "right, and so the next pixel leaks too. Rows below stay unseen, since no layer looks down.",
    ),
]
