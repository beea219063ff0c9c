"""18.2: three groups of pixels for each scale."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy


def three_groups(side=16):
    """Say what is known before each pass, if each scale is drawn in three groups."""
    row, col = np.indices((side, side))  # (side, side) each
    known = [np.zeros((side, side), bool), row + col == 0]
    step = side // 2
    while step:
        for down, right in ((step, step), (0, step), (step, 0)):
            group = (row % (2 * step) == down) & (col % (2 * step) == right)
            known.append(known[-1] | group)
        step //= 2
    return np.array(known)


NUMBER = "The number of masks is not 2, and 3 more for each scale."
COUNT = "begin with nothing and with the pixel in row 0, column 0; each scale adds three masks."

DTYPE = "The masks are numbers, not bool."
BOOL = "begin with np.zeros((side, side), bool), and join masks with |."


def counted(three_groups, side):
    """The masks, if their number is right."""
    masks = to_numpy(three_groups(side))
    if len(masks) != 3 * side.bit_length() - 1:
        raise Wrong(NUMBER, COUNT, values=masks)
    if masks.dtype != bool:  # `~` of the cells below needs it
        raise Wrong(DTYPE, BOOL)
    return masks


exercise = Exercise(
    id="18.2",
    title="Three groups for each scale",
    minutes=15,
    difficulty=3,
    solution=three_groups,
    hints=(
        "Which remainders have an odd multiple of step, and an even one, when you divide by 2 * step?",
        "An odd multiple of step has the remainder step, an even one has 0. So the first group of a "
        "scale is (row % (2 * step) == step) & (col % (2 * step) == step).",
        "Begin with known = [nothing, the pixel in row 0, column 0]. For each step and each pair "
        "(step, step), (0, step), (step, 0), append known[-1] | group.",
    ),
    cases={"two": (2,), "four": (4,)},
    probe=counted,
    shown=lambda side: f"three_groups({side})",
    axes=("mask", "row", "column"),
)
exercise.agrees(
    hint="print your masks for side 4 as numbers: known.sum(axis=0) shows in which order the pixels "
    "become known."
)
exercise.mistaken = {
    "each mask holds all pixels that are known: those of the mask before it, and one more group.": {
        "The masks are the groups themselves, and not all pixels that are known.": (
            "known[-1] | group",
            "group",
        ),
        "The first mask, with nothing known, is missing.": ("np.zeros((side, side), bool), ", ""),
    },
    BOOL: {DTYPE: "np.array(known) * 1.0"},
    COUNT: {NUMBER: (", (step, 0)):", "):")},
    "append a copy, as in known.append(now.copy()): now[...] = True changes all that is the same array.": {
        "All masks are one array, and at the end it is full.": "np.array([known[-1] for _ in known])"
    },
    "in each scale: first the pixels at an odd multiple in row and column, then those where only the "
    "column is odd, then those where only the row is.": {
        "The second and the third group are swapped.": (
            "(0, step), (step, 0)",
            "(step, 0), (0, step)",
        ),
        "The pixels at the lower right come last in their scale.": (
            "((step, step), (0, step), (step, 0))",
            "((0, step), (step, 0), (step, step))",
        ),
        "The scales begin with the finest one.": [
            ("step = side // 2", "step = 1"),
            ("while step:", "while step < side:"),
            ("step //= 2", "step *= 2"),
        ],
        "All three groups of a scale are one pass: these are the lattices.": [
            ("for down, right in ((step, step), (0, step), (step, 0)):", "for _ in (0,):"),
            (
                "(row % (2 * step) == down) & (col % (2 * step) == right)",
                "(row % step == 0) & (col % step == 0)",
            ),
        ],
    },
}
exercise.symptoms = {
    "of rows and columns, only multiples of `step` count: odd ones have the remainder `step` when you "
    "divide by 2 * step, and even ones have 0.": {
        "This is right for side 2, but not for larger ones.": (
            "(row % (2 * step) == down) & (col % (2 * step) == right)",
            "((row % (2 * step) == step) == (down > 0)) & ((col % (2 * step) == step) == (right > 0))",
        )
    }
}
