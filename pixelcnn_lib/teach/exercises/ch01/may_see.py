"""1.1: may the prediction of one value use another?"""

from itertools import product

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch01.at_work import all_pairs, lies, show_seen
from pixelcnn_lib.teach.exercises.groups import reach

exercise = Exercise(
    id="1.1",
    title="What a value may see",
    minutes=5,
    difficulty=1,
    solution=masks.may_see,
    probe=all_pairs,
    shown=lambda rows, cols, colours: (
        f"may_see on all pairs of {len(rows) * len(cols) * len(colours)} values"
    ),
    hints=(
        "Take two values of one image. What decides which of them is drawn first?",
        "Rows decide first. Columns count only in the same row, colours only in the same pixel.",
        "Python compares tuples in this way: from the left, until two entries differ.",
    ),
    cases={
        "images 3x4x3": (range(3), range(4), range(3)),
        "4x3x1": (range(4), range(3), range(1)),
        "1x7x3": (range(1), range(7), range(3)),
        "large images": ((0, 9, 10, 300), (0, 9, 10, 256, 4999), (0, 2)),
    },
    axes=("target number", "source number"),
    after=show_seen,
    seen="What one value may see, by your function.",
)


GROUPS = {  # name: (which pairs, where the source lies)
    "rows above": (lies(0, np.less), "lies in a row above."),
    "rows below": (lies(0, np.greater), "lies in a row below."),
    "pixels to the left": (lies(1, np.less), "lies to the left, in the same row."),
    "pixels to the right": (lies(1, np.greater), "lies to the right, in the same row."),
    "earlier colours": (lies(2, np.less), "is an earlier colour of the same pixel."),
    "later colours": (lies(2, np.greater), "is a later colour of the same pixel."),
    "the value itself": (lies(2, np.equal), "is the target itself."),
}
HINTS = {
    "rows above": "a row above is finished in its whole width, however wide it is.",
    "rows below": "a row begins only when all rows above it are finished.",
    "pixels to the left": "pixels to the left are finished, in all colours.",
    "pixels to the right": "pixels to the right are drawn later, in all colours.",
    "earlier colours": "within a pixel red is drawn first, then green, then blue.",
    "later colours": "within a pixel red is drawn first, then green, then blue.",
    "the value itself": "the value to be predicted is not known yet.",
}


def right_on(group):
    """Make the condition that the answer is right on a group of pairs."""
    where, reason = GROUPS[group]

    def condition(answer):
        for case in exercise.inputs:
            expected, got = exercise.expected(*case), answer(*case)
            marks = (got != expected) & where(*case)
            if marks.any():
                chosen = tuple(np.argwhere(marks)[0])
                target, source = (list(product(*case))[number] for number in chosen)
                message = f"may_see({target}, {source}) should be {expected[chosen]}: the source "
                message += reason + reach(answer, group, {k: v[0] for k, v in GROUPS.items()})
                return Wrong(message, HINTS[group], got, marks, expected)

    condition.__name__ = group
    return condition


for group in GROUPS:
    exercise.condition(right_on(group))


# Mistakes: wrong answers to "may target t see source s?"


def in_order_of(key):
    """An answer: the value with the smaller key(row, col, colour) is drawn first."""
    return lambda t, s: key(*s) < key(*t)


def one_by_one(join):
    """Answers that join three comparisons, each of them of "smaller", or of "smaller, or equal"."""
    return tuple(
        lambda t, s, more=more: join(a < b + one for a, b, one in zip(s, t, more))
        for more in product((0, 1), repeat=3)
    )


exercise.mistakes_about(
    "the image is drawn like a line of text, pixel by pixel, and a value sees all that came before.",
    {
        "It is False for every pair.": lambda t, s: False,
        "Target and source are swapped: later values are seen.": lambda t, s: t < s,
        "A value sees itself.": lambda t, s: s <= t,
        "Finished pixels are not seen in all their colours.": (
            lambda t, s: s < t and s[2] <= t[2],
            lambda t, s: s < t and (s[0] < t[0] or s[2] < t[2]),
        ),
        "The image is drawn column by column.": in_order_of(lambda row, col, c: (col, row, c)),
        "All red values are drawn first.": in_order_of(lambda row, col, c: (c, row, col)),
    },
)
exercise.mistakes_about(
    "when green is predicted, its pixel's red is known, and its blue is not.",
    {
        "Of the value's own pixel, nothing is seen.": lambda t, s: s[:2] < t[:2],
        "The value's own pixel is seen in all its colours.": lambda t, s: s[:2] <= t[:2],
    },
)
exercise.mistakes_about(
    "rows decide first, columns only within one row, and colours only within one pixel.",
    {
        '"Above and left" was read as a quarter of the plane: the upper right is hidden.': (
            lambda t, s: s[0] <= t[0] and s[1] <= t[1] and s < t
        ),
        "In one row the colours are compared, whatever the column.": lambda t, s: (
            s < t or s[0] == t[0] and s[2] < t[2]
        ),
        "All three indices have to be smaller, or equal.": one_by_one(all),
        "One index that is smaller, or equal, is enough.": one_by_one(any),
    },
)
exercise.mistake(
    "The values are numbered as if every image had the same width.",
    "in a wider image, a value in a later row can get a lower number. Do you need a width at all?",
    *(
        in_order_of(lambda row, col, c, width=width: (row * width + col) * 3 + c)
        for width in (3, 4, 5, 8, 10, 16, 28, 32, 64, 100, 256, 1000)
    ),
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "the source lies in a row below.": lambda t, s: s < t or s[0] > t[0] and s[1] < t[1],
        "is a later colour of the same pixel.": lambda t, s: s[:2] <= t[:2] and s != t,
        "returned None. Hint: does every branch": lambda t, s: True if s < t else None,
        "returned (False, False). Hint: return one True": lambda t, s: (s < t, s < t),
    }
)
