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


GROUPS = {  # name: (which pairs, where the source lies, hint)
    "rows above": (
        lies(0, lambda target, source: source[0] < target[0]),
        "lies in a row above",
        "a row above is finished in its whole width, however wide it is.",
    ),
    "rows below": (
        lies(0, lambda target, source: source[0] > target[0]),
        "lies in a row below",
        "a row begins only when all rows above it are finished.",
    ),
    "pixels to the left": (
        lies(1, lambda target, source: source[1] < target[1]),
        "lies to the left, in the same row",
        "pixels to the left are finished, in all colours.",
    ),
    "pixels to the right": (
        lies(1, lambda target, source: source[1] > target[1]),
        "lies to the right, in the same row",
        "pixels to the right are drawn later, in all colours.",
    ),
    "earlier colours": (
        lies(2, lambda target, source: source[2] < target[2]),
        "is an earlier colour of the same pixel",
        "within a pixel red is drawn first, then green, then blue.",
    ),
    "later colours": (
        lies(2, lambda target, source: source[2] > target[2]),
        "is a later colour of the same pixel",
        "within a pixel red is drawn first, then green, then blue.",
    ),
    "the value itself": (
        lies(3, lambda target, source: True),
        "is the target itself",
        "the value to be predicted is not known yet.",
    ),
}


def right_on(group):
    """Make the condition that the answer is right on a group of pairs."""
    where, reason, hint = GROUPS[group]

    def condition(answer):
        for case in exercise.inputs:
            expected, got = exercise.expected(*case), answer(*case)
            marks = (got != expected) & where(*case)
            if marks.any():
                chosen = tuple(np.argwhere(marks)[0])
                target, source = (list(product(*case))[number] for number in chosen)
                message = f"may_see({target}, {source}) should be {expected[chosen]}: the source "
                message += f"{reason}.{reach(answer, group, {k: v[0] for k, v in GROUPS.items()})}"
                return Wrong(message, hint, got, marks, expected)

    condition.__name__ = group
    return condition


for group in GROUPS:
    exercise.condition(right_on(group))


# Mistakes: wrong answers to "may target t see source s?"


exercise.mistakes_about(
    "a value sees all that is drawn before it, and nothing that is drawn later.",
    {
        "It is False for every pair.": lambda t, s: False,
        "Target and source are swapped: later values are seen.": lambda t, s: t < s,
        "A value sees itself.": lambda t, s: s <= t,
    },
)
exercise.mistakes_about(
    "all rows above are finished, in their whole width.",
    {
        '"Above and left" was read as a quarter of the plane: the upper right is hidden.': (
            lambda t, s: s[0] <= t[0] and s[1] <= t[1] and s < t
        ),
        "Only the nearest of the rows above is seen.": lambda t, s: s < t and s[0] >= t[0] - 1,
    },
)
exercise.mistakes_about(
    "a row is drawn from left to right: the pixels to the left are finished, in all colours.",
    {
        "Only the rows above are seen, and nothing of the value's own row.": lambda t, s: (
            s[0] < t[0]
        ),
        "To the left in the value's own row, the colour has to be smaller too.": lambda t, s: (
            s[0] < t[0] or s[0] == t[0] and s[1] <= t[1] and s[2] < t[2]
        ),
    },
)
exercise.mistake(
    "Finished pixels are not seen in all their colours.",
    "a finished pixel is known in all its colours, whichever colour the target has.",
    lambda t, s: s < t and (s[:2] == t[:2] or s[2] == t[2]),
    lambda t, s: s < t and s[2] == t[2],
    lambda t, s: s < t and s[2] <= t[2],
)
exercise.mistakes_about(
    "when green is predicted, its pixel's red is known, and its blue is not.",
    {
        "Only finished pixels are seen; of the value's own pixel, nothing is seen.": lambda t, s: (
            s[:2] < t[:2]
        ),
        "The value's own pixel is seen in all its colours.": lambda t, s: s[:2] <= t[:2],
        "Within a pixel the colours are in the opposite order: blue is drawn first.": (
            lambda t, s: (*s[:2], -s[2]) < (*t[:2], -t[2])
        ),
    },
)
exercise.mistake(
    "In the value's own row the colours are compared, whatever the column.",
    "the colours decide only within one pixel.",
    lambda t, s: s < t or s[0] == t[0] and s[2] < t[2],
)
exercise.mistakes_about(
    "the image is drawn like a line of text, pixel by pixel: which index changes slowest?",
    {
        "The colours are drawn one whole image after another: all red first.": lambda t, s: (
            (s[2], *s[:2]) < (t[2], *t[:2])
        ),
        "The image is drawn column by column.": lambda t, s: (
            (s[1], s[0], s[2]) < (t[1], t[0], t[2])
        ),
    },
)
exercise.mistakes_about(
    "rows decide first. If they differ, do column and colour still matter?",
    {
        f"Row, column and colour are compared one by one, and {what}.": tuple(
            lambda t, s, to=to, more=more: to(a < b + one for a, b, one in zip(s, t, more))
            for more in product((0, 1), repeat=3)  # 1: an index may also be equal
        )
        for what, to in {
            "all three have to be smaller, or equal": all,
            "one that is smaller, or equal, is enough": any,
        }.items()
    },
)
exercise.mistake(
    "The values are numbered as if every image had the same width.",
    "in a wider image, a value in a later row can get a lower number. Do you need a width at all?",
    *(
        lambda t, s, by=(3 * width, 3, 1): np.dot(s, by) < np.dot(t, by)
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
