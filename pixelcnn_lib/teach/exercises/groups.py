"""Conditions that divide the values into groups, such as the taps above and after the centre.

The message names the first wrong value, and then how far the mistake reaches: which other groups
are wrong too.
"""

import numpy as np

from pixelcnn_lib.teach.exercises import Wrong, agreement


def by_group(exercise, groups):
    """Declare one condition for each group.

    groups: [(name, where, why, hint)]; where(*case) -> the places of the group, bool, of the
    compared shape.
    """
    for name, where, why, hint in groups:
        says = f"{{call}}: {{place}} should be {{expected}}, but it is {{got}}: {why}."
        exercise.condition(_told(agreement(name, says, hint, where), groups))


def _told(agrees, groups):
    def condition(answer):
        wrong = agrees(answer)
        if wrong:
            pair = [] if wrong.values is None else [wrong.values[wrong.marks], wrong.expected]
            if [np.isin(one, [0, 1]).any() for one in pair] == [False, True]:
                wrong.hint = "each entry is 1 or 0: is something added where it should be set?"
            told = f"{wrong}{reach(answer, agrees.__name__, {one[0]: one[1] for one in groups})}"
            return Wrong(told, wrong.hint, wrong.values, wrong.marks, wrong.expected)

    condition.__name__ = agrees.__name__
    return condition


def reach(answer, group, groups):
    """Say how far a mistake in a group reaches: which other groups are wrong.

    groups: {name: where(*case)}.
    """
    exercise, also = answer.exercise, set()
    for case in exercise.inputs:
        try:
            marks = exercise.differ(exercise.expected(*case), answer(*case))
        except Wrong:  # of another shape, for example
            return ""
        also |= {one for one, where in groups.items() if (marks & where(*case)).any()}
    also = [one for one in groups if one in also and one != group]
    return f" Also wrong: {', '.join(also)}." if also else " Only such places are wrong."
