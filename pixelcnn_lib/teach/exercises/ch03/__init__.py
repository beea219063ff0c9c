"""Chapter 3: the masked convolution, the leak detective, and wrong masks."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="3.q1",
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
        id="3.q2",
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
