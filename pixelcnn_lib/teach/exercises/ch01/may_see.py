"""1.1: may the prediction of one value use another?"""

from itertools import product

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise, Wrong, briefly
from pixelcnn_lib.teach.exercises.groups import reach


def all_pairs(may_see, rows, cols, colours):
    """Ask about every pair of the values at these places: bool (targets, sources)."""
    places = list(product(rows, cols, colours))
    told = [[may_see(target, source) for source in places] for target in places]
    if all(one is None or one is ... for row in told for one in row):
        return None
    for (target, source), one in zip(product(places, places), sum(told, [])):
        call = f"may_see({target}, {source})"
        if one is None:
            raise Wrong(
                f"{call} returned None.", "does every branch of the function end with a return?"
            )
        if np.ndim(one) or isinstance(one, str):
            raise Wrong(f"{call} returned {briefly(one)}.", "return one True or False.")
    return np.array(told).astype(bool)


def show_seen(may_see):
    from pixelcnn_lib.teach import figures

    kinds = np.reshape([may_see((2, 2, 1), source) for source in np.ndindex(5, 5, 3)], (5, 5, 3))
    return figures.show_kinds(np.where(kinds, masks.SEEN, masks.HIDDEN), target=(2, 2, 1))


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


def lies(same, where):
    """The pairs of values with the first `same` indices alike, and where(target, source) in the next.

    Returns (rows, cols, colours) -> bool (targets, sources).
    """

    def pairs(*case):
        places = np.array(list(product(*case))).T  # (3, values)
        target, source = places[:, :, None], places[:, None, :]
        return (target[:same] == source[:same]).all(0) & where(target, source)

    return pairs


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


def narrower(hint, case, marks):
    """The hint for a group, or a better one if only some of its pairs (targets, sources) are wrong."""
    places = np.array(list(product(*case)))
    target, source = (places[numbers] for numbers in np.nonzero(marks))
    same_colour = places[:, None, 2] == places[None, :, 2]
    if (source[:, :2] < target[:, :2]).any(1).all() and not (marks & same_colour).any():
        return "it is right where both have the same colour. Which colours of a finished pixel are known?"
    row, col, _ = (target - source).T
    if (row > 1).all():
        return "the next row above is right. What about the rows above that one?"
    if (row == 0).all() and (col > 1).all():
        return "the next pixel to the left is right. What about the pixels before that one?"
    return hint


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
                return Wrong(message, narrower(hint, case, marks), got, marks, expected)

    condition.__name__ = group
    return condition


for group in GROUPS:
    exercise.condition(right_on(group))


# Mistakes, each as a reader writes it


@exercise.mistake(
    '"Above and left" was read as a quarter of the plane: the upper right is hidden.',
    hint="which pixels of the row above are drawn already, to the right of this column too?",
)
def quadrant(target, source):
    return source[0] <= target[0] and source[1] <= target[1] and source < target


exercise.mistake("It is True for every pair.", "may a prediction use what is drawn later?")(
    lambda target, source: True
)
exercise.mistake("It is False for every pair.", "may a prediction use what is drawn already?")(
    lambda target, source: False
)


exercise.mistake(
    "A value sees itself.",
    "the value to be predicted is not known yet.",
)(lambda target, source: source <= target)
exercise.mistake(
    "Target and source are swapped: later values are seen.",
    "the first argument is the value that is being predicted.",
)(lambda target, source: target < source)
exercise.mistake(
    "Only finished pixels are seen; of the value's own pixel, nothing is seen.",
    "when green is predicted, its pixel's red is known.",
)(lambda target, source: source[:2] < target[:2])
exercise.mistake(
    "The value's own pixel is seen in all its colours.",
    "when green is predicted, its pixel's blue is not known yet.",
)(lambda target, source: source[:2] <= target[:2])
exercise.mistake(
    "The value's own pixel is seen in all its other colours.",
    "when green is predicted, its pixel's blue is not known yet.",
)(lambda target, source: source[:2] <= target[:2] and source != target)
exercise.mistake(
    "In the value's own row the colours are compared, whatever the column.",
    "the colours decide only within one pixel.",
)(lambda target, source: source < target or source[0] == target[0] and source[2] < target[2])
exercise.mistake(
    "In the value's own row only the nearest pixel to the left is seen.",
    "all pixels to the left are finished.",
)(
    lambda target, source: (
        source < target and not 0 == source[0] - target[0] > source[1] - target[1] + 1
    )
)
exercise.mistake("Only the nearest of the rows above is seen.", "all rows above are finished.")(
    lambda target, source: source < target and source[0] >= target[0] - 1
)
exercise.mistake(
    "Finished pixels are seen only in the target's own colour.",
    "a finished pixel is known in all its colours.",
)(lambda target, source: source < target and (source[:2] == target[:2] or source[2] == target[2]))
exercise.mistake(
    "The places are compared as text.", "as text, 10 comes before 9. What compares numbers?"
)(lambda target, source: str(source) < str(target))
fixed_width = exercise.mistake(
    "The values are numbered as if every image had the same width.",
    "in a wider image, a value in a later row can get a lower number. Do you need a width at all?",
)
for row, col in [(w * 3, 3) for w in (3, 4, 5, 8, 10, 16, 28, 32, 64, 100, 256, 1000)] + [
    (100, 10),
    (1000, 10),
]:
    fixed_width(lambda target, source, by=(row, col, 1): np.dot(source, by) < np.dot(target, by))
exercise.mistake(
    "The value's own row is seen to its end.",
    "a row is drawn from left to right.",
)(lambda target, source: source[0] <= target[0] and source != target)
exercise.mistake(
    "Only the rows above are seen, and nothing of the value's own row.",
    "when a pixel is drawn, the pixels to its left are finished.",
)(lambda target, source: source[0] < target[0])


@exercise.mistake(
    "In the value's own row the pixels to the left are hidden.",
    hint="a row is drawn from left to right.",
)
def own_pixel_and_rows_above(target, source):
    return source[0] < target[0] or source[:2] == target[:2] and source[2] < target[2]


exercise.mistake(
    "Within a pixel the colours are in the opposite order: blue is drawn first.",
    "red, green, blue: which of them has number 0?",
)(lambda target, source: (*source[:2], -source[2]) < (*target[:2], -target[2]))
exercise.mistake(
    "The colours are drawn one whole image after another: all red first.",
    "a pixel gets all its colours before the next pixel begins.",
)(lambda target, source: (source[2], *source[:2]) < (target[2], *target[:2]))


@exercise.mistake(
    "The image is drawn column by column.",
    hint="it is drawn like a line of text: which index changes slowest?",
)
def in_columns(target, source):
    return (source[1], source[0], source[2]) < (target[1], target[0], target[2])


at_once = exercise.mistake(
    "Row, column and colour are compared one by one, and all three have to be smaller, or equal.",
    "if its row is above, do column and colour still matter?",
)
any_of_them = exercise.mistake(
    "Row, column and colour are compared one by one, and one that is smaller, or equal, is enough.",
    "if its row is below, can column and colour still make it visible?",
)
for may_equal in product((0, 1), repeat=3):
    at_once(
        lambda target, source, more=may_equal: all(
            s < t + one for s, t, one in zip(source, target, more)
        )
    )
    any_of_them(
        lambda target, source, more=may_equal: any(
            s < t + one for s, t, one in zip(source, target, more)
        )
    )
exercise.mistake(
    "A smaller colour is enough, wherever the source lies.",
    "the colours decide only within one pixel.",
)(lambda target, source: source < target or source[2] < target[2])
exercise.mistake(
    "To the left in the value's own row, the colour has to be smaller too.",
    "a finished pixel is known in all its colours.",
)(
    lambda target, source: (
        source[0] < target[0]
        or source[0] == target[0]
        and source[1] <= target[1]
        and source[2] < target[2]
    )
)
exercise.mistake(
    "A value sees earlier values only of its own colour.",
    "a finished pixel is known in all its colours.",
)(lambda target, source: source < target and source[2] == target[2])
exercise.mistake(
    "Row, column and colour are added up, and the sums compared.",
    "which comes first: (0, 5, 0) or (1, 0, 0)?",
)(lambda target, source: sum(source) < sum(target))


# Mistakes that a condition describes well enough


exercise.caught("Which colours of a finished pixel are known?")(
    lambda target, source: source < target and source[2] <= target[2]
)
exercise.caught("should be False: the source lies in a row below. Only such places are wrong.")(
    lambda target, source: source < target or source[0] > target[0] and source[1] < target[1]
)
exercise.caught("should be False: the source lies to the right, in the same row")(
    lambda target, source: source < target or source[0] == target[0] and source[1] == target[1] + 1
)
exercise.caught("should be False: the source is a later colour of the same pixel")(
    lambda target, source: source < target or source == (*target[:2], target[2] + 1)
)
exercise.caught("should be False: the source is the target itself")(
    lambda target, source: source < target or source == target and target[2] > 0
)


@exercise.caught("may_see((0, 0, 0), (0, 0, 0)) returned None. Hint: does every branch")
def returns_only_true(target, source):
    if source < target:
        return True


exercise.caught("returned (False, False, False). Hint: return one True")(
    lambda target, source: tuple(s < t for s, t in zip(source, target))
)
