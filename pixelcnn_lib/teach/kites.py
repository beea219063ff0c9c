"""The 64 pictures of chapter 12: a kite, and a child in a jumper of the same colour."""

from itertools import product

import numpy as np

# sky, meadow, child; then the four colours of a kite and a jumper: red, yellow, white, violet
PALETTE = np.array(
    [
        [135, 195, 235],
        [90, 150, 70],
        [90, 60, 50],
        [200, 50, 40],
        [240, 200, 60],
        [250, 250, 250],
        [120, 60, 150],
    ],
    "uint8",
)
SHAPE = (7, 14)


def picture(colour, kite, child):
    """Draw one picture of kinds, uint8 (7, 14).

    colour: int, 3 to 6, of kite and jumper. kite, child: int, 0 to 3, their places.
    """
    kinds = np.zeros(SHAPE, "uint8")  # 0: sky
    kinds[4:] = 1  # meadow
    kinds[[0, 1, 2], 9 + kite] = colour
    kinds[1, [8 + kite, 10 + kite]] = colour
    kinds[[4, 6], 1 + child] = 2  # the child's head and legs
    kinds[5, child : child + 3] = colour  # the jumper, arms stretched out
    return kinds


def pictures():
    """All 64 pictures, uint8 (64, 7, 14, 1), in the order of `picture`'s arguments."""
    layouts = product(range(3, 7), range(4), range(4))
    return np.stack([picture(*one) for one in layouts])[..., None]
