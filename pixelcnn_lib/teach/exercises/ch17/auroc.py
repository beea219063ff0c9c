"""17.1: how well a score separates two sets of pictures."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def auroc(usual, foreign):
    """Return in which share of the pairs the outsider has the higher score.

    A tie counts half.

    usual: float (n,), the scores of the usual pictures.
    foreign: float (m,), the scores of the outsiders.
    """
    above = foreign[:, None] > usual  # (m, n), all pairs
    equal = foreign[:, None] == usual
    return (above + equal / 2).mean()


exercise = Exercise(
    id="17.1",
    title="How well a score separates",
    minutes=5,
    difficulty=1,
    solution=auroc,
    shown=lambda usual, foreign: f"auroc({usual.tolist()}, {foreign.tolist()})",
    hints=(
        "How many pairs of a usual picture and an outsider are there? In how many is the outsider "
        "higher?",
        "Compare each outsider with each usual picture. Count 1 if it is higher, 1/2 if both are "
        "equal, and divide by the number of pairs.",
        "foreign[:, None] > usual compares all pairs at once; its mean is the share of True. "
        "Add half the mean of foreign[:, None] == usual.",
    ),
    cases={
        "the example": (np.array([1.0, 3.0]), np.array([2.0, 4.0, 5.0])),
        "all lower": (np.array([5.0, 6.0, 8.0]), np.array([3.0, -4.0])),
        "ties": (np.array([1.0, 2.0, 2.0, 3.0]), np.array([2.0, 3.0])),
        "close to each other": (np.array([0.1, 0.3, 0.4]), np.array([0.2, 0.4, 0.45])),
        "negative, unsorted": (np.array([-1.0, -7.0, 4.0]), np.array([-2.0, 9.0, -8.0, 0.0, 3.0])),
    },
    tolerance=1e-6,
)
exercise.agrees(
    "{call}: expected {expected}, got {got}.",
    hint="count the pairs in which the outsider is higher, and half of those that tie.",
)
exercise.mistaken = {
    "half a point for a tie: a score that is the same for all pictures gets 0.5.": {
        "A tie counts as nothing.": ("equal / 2", "0 * equal"),
        "A tie counts as a whole point.": ("equal / 2", "equal"),
    },
    "the outsider should have the higher score.": {
        "The pairs are counted in which the outsider is lower.": (
            "foreign[:, None] > usual",
            "foreign[:, None] < usual",
        )
    },
    "compare every outsider with every usual picture: n times m pairs.": {
        "The outsiders are only compared with the middle of the usual pictures, not with each of them.": (
            "(foreign > usual.mean()).mean()"
        ),
        "This is the number of pairs, and not their share.": "(above + equal / 2).sum()",
    },
}
