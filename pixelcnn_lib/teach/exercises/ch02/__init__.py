"""Chapter 2: which weights of a kernel are kept."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="4.q1",
        asks="A grey image has one colour. What is the rule for it, for type A and for type B?",
        choices={
            "0 for A and 0 for B": "Then no layer could use the features of the present pixel.",
            "0 for A and 1 for B": None,
            "1 for A and 1 for B": "Then the first layer would use the value that is to be predicted.",
        },
        why="The rule has a single entry. The only value of the present pixel is the one to be "
        "predicted, so the first layer must not use it. The features of this value may be used by "
        "later layers.",
    ),
    Prediction(
        id="4.q2",
        asks="Somebody swaps the rows and the columns of the colour rule, so that the ones above the "
        "diagonal now lie below it. What does green now see of the present pixel?",
        choices={
            "nothing": "There are still ones, below the diagonal: they lead from later colours to earlier ones.",
            "its red and its blue": "The entry from red to green is now 0.",
            "its blue and not its red": None,
        },
        why="The blue of the present pixel comes later, so this is a leak. And green misses the red of the "
        "present pixel, which it may use. The other pixels are seen as before.",
    ),
    Prediction(
        id="2.q3",
        asks="Somebody else forbids all columns to the right of the present pixel, even in the rows above. "
        "Only a rectangle at the upper left remains. What happens to the green prediction?",
        choices={
            "it leaks": "Everything that is now hidden was allowed, and nothing new is seen.",
            "it misses pixels": None,
            "nothing": "The second layer cannot bring back what no layer looks at.",
        },
        why="In the rows above, the pixels to the right of the target are not seen, however many layers "
        "there are. Such a network trains, and its loss falls. Nothing warns you that the loss could "
        "have fallen further.",
        gives_away=("misses pixels", "nothing leaks"),
    ),
    Prediction(
        id="2.q4",
        asks="What changes in the map “Right” if the second layer gets mask A, too?",
        choices={
            "the target sees itself": "Mask A hides more than mask B, so nothing new is seen.",
            "green misses its own pixel's red": None,
            "nothing changes": "With mask A, green no longer uses the green features of its own pixel.",
        },
        why="Nothing leaks, but the green features of the present pixel, which contain its red, are now "
        "hidden from green. If instead the first layer gets mask B, the target sees itself: a leak.",
        gives_away=("misses its own", "hidden from green"),
    ),
    Prediction(
        id="2.q1",
        asks="An image has one row of seven grey pixels, columns 0 to 6. It is 1 at column 3 and 0 "
        "everywhere else. The kernel has three taps, `[1, 0, 0]`. The image is padded, so the output has "
        "seven columns too. In which column is the output 1?",
        choices={
            "2": "That would be right for a flipped kernel, as in signal processing.",
            "3": "That would be right if the tap in the middle were 1.",
            "4": None,
        },
        why="For the output at column 4, the left tap lies on column 3. So a convolution layer does not flip "
        "its kernel. (Mathematicians call this operation a cross-correlation. Deep learning calls it a "
        "convolution all the same.)",
        gives_away=("column 4", "does not flip"),
    ),
    Prediction(
        id="2.q2",
        asks="We train a layer for one step with the optimiser Adam. What happens to the dead entries of "
        "`layer.kernel`?",
        choices={
            "they do not change": None,
            "they become zero": "Only the product of kernel and mask is 0. No step stores this product in "
            "the kernel.",
            "they change": "The optimiser would need a gradient, but the output does not depend on a dead "
            "entry.",
        },
        why="The output is computed from `kernel * mask`. So the gradient of a dead entry is multiplied by "
        "the mask, which is 0 there, and the optimiser does not move it.",
        gives_away=("0 of 84", "do not change"),
    ),
]
