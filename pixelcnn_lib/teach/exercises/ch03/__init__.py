"""Chapter 3: the masked convolution, the leak detective, and masks that are wrong."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch03 import fixed_blindness, fixed_leaks, masked_conv2d, sees

ASKED = [
    Prediction(
        id="3.q1",
        right=4,
        why="At column 4 the left tap lies on column 3: the kernel slides without being flipped.",
        replies={
            2: "That is what a flipped kernel does, as in signal processing.",
            3: "That is what the middle tap would do.",
        },
    ),
    masked_conv2d.exercise,
    Prediction(
        id="3.q2",
        right="unchanged",
        why="The gradient of a dead entry is multiplied by the mask as well, so it is 0.",
        replies={
            "zero": "Only the product of kernel and mask is zero there. It is never written back.",
            "changed": "That needs a gradient. But the output does not depend on a dead entry.",
        },
    ),
    Prediction(
        id="3.q3",
        right=13,
        why="Pixels 0 to 11 are shown, and each lies in the window of its own output. Pixels 12 to "
        "24 are hidden, and their outputs see only shown pixels, which are earlier. This hiding was "
        "made for number 12: most outputs after it see less than they may.",
    ),
    sees.exercise,
    fixed_leaks.exercise,
    fixed_blindness.exercise,
]
