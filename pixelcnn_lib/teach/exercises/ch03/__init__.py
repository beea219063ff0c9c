"""Chapter 3: the masked convolution, the leak detective, and wrong masks."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch03 import fixed_blindness, fixed_leaks, masked_conv2d, sees

ASKED = [
    Prediction(
        id="3.q1",
        right=4,
        why="The left tap of column 4 looks at column 3: the layer does not flip its kernel.",
        replies={
            2: "That would be right for a flipped kernel, as in signal processing.",
            3: "That would be right if the tap in the middle were 1.",
        },
    ),
    masked_conv2d.exercise,
    Prediction(
        id="3.q2",
        right="unchanged",
        why="The gradient of a dead entry is multiplied by the mask too, so it is 0.",
        replies={
            "zero": "Only the product of kernel and mask is 0. No step stores this product in the kernel.",
            "changed": "The optimiser would need a gradient, but the output does not depend on a dead entry.",
        },
    ),
    Prediction(
        id="3.q3",
        right=13,
        why="Pixels 0 to 11 are shown, and the output at each of them sees its own pixel. Pixels 12 "
        "to 24 are hidden, and the outputs there see only shown pixels, which come before. But most "
        "of them see less than they are allowed to see, because the image was hidden for number 12.",
    ),
    sees.exercise,
    fixed_leaks.exercise,
    fixed_blindness.exercise,
]
