"""Chapter 11: two stacks see what one stack of masks never sees."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="11.q1",
        asks="A network has the blind spot of PixelCNN (with the 7x7 first layer) and is otherwise perfect. "
        "How many more bits does it pay for a face than a perfect network that sees the whole past?",
        choices={
            "0": "Sometimes only a pixel in the blind spot tells what comes next. An example is a shirt whose "
            "collar lies far to the right of the shoulder.",
            "about 1": None,
            "about 5": "That is more than half of all 9.32 bits, as much as the shirt and its colour and a "
            "part of the skin together.",
            "about 60": "Many pixels are hidden, but most of them tell nothing new: the visible pixels "
            "contain the same information.",
        },
        why="It pays 0.92 bits more. The faces need 9.32 bits, so with the blind spot they cost 10 % more, "
        "and no training can change that. Divided by 256 pixels, 0.92 bits are only 0.004 bits per pixel.",
        gives_away=("0.92", "10.24"),
    ),
    Prediction(
        id="11.q2",
        asks="Which colours see a value of their own pixel that they must not see?",
        choices={
            "none": "A product knows everything that its two features know.",
            "only red": "Look at green's two products: feature 2 times feature 8, and 3 times 9.",
            "red and green": None,
            "all three": "Blue's two products are feature 4 times feature 10, and 5 times 11: features of "
            "green and of blue. They know only red and green, and blue may see both.",
        },
        why="Red's two products are feature 0 times feature 6, and 1 times 7: a feature of red times a "
        "feature of green. Green's features know the red value, so red sees itself. Green's two products, "
        "2 times 8 and 3 times 9, contain features of blue. Blue's features know the green value, so green "
        "sees itself. Blue's products know only red and green, and blue may see both.",
    ),
    Prediction(
        id="11.q3",
        asks="After `first_up` and `first_left`, a network has three such layers, which we call layers 1, 2 "
        "and 3. What does the pixel in row 3, column 3 see that it must not see?",
        choices={
            "nothing": "Which features of the present row does the vertical stack read, and what do they "
            "know now?",
            "itself and the pixel to its right": None,
            "rows below": "No layer looks down.",
        },
        why="In each column of row 3, the horizontal features know the pixel on the left. The link back "
        "adds them to the vertical features.\n\n"
        "Layer 1: in its vertical output, column 4 now knows pixel 3 (the pixel in column 3), and column 5 "
        "knows pixel 4.\n\n"
        "Layer 2: the vertical kernel at column 3 also covers column 4, which knows pixel 3. So column 3 "
        "sees itself. In the same way, the kernel at column 4 covers column 5, so column 4 now knows "
        "pixel 4.\n\n"
        "Layer 3: the kernel at column 3 covers column 4 again, which now knows pixel 4. So column 3 also "
        "sees the pixel to its right.\n\n"
        "This is why all links lead in one direction, from the vertical stack to the horizontal one.",
        gives_away=("see themselves", "one direction", "to its right"),
    ),
]
