"""The conditions of exercise 3.2: which of the toy models a leak detective is wrong about, and why."""

import numpy as np

from pixelcnn_lib.teach.exercises import Wrong
from pixelcnn_lib.teach.exercises.ch03.toys import FEEBLE, itself, picture


def only_true_and_false(answer):
    """Refuse results that hold other numbers than 0 and 1."""
    exercise = answer.exercise
    for case in exercise.inputs:
        strange = np.setdiff1d(answer(*case), [0, 1])
        if len(strange):
            message = f"{exercise.call(case)}: the result holds numbers such as {strange[0]:.4g}."
            return Wrong(message, "compare the differences with 0.0001: that gives True or False.")


def every_level_is_changed(answer):
    """Say it if changes are missed just where the image has one level: it was changed to itself."""
    exercise = answer.exercise
    messages = []
    for case in exercise.inputs:
        if case[0].kind == "faint":
            continue
        expected, got, image = exercise.expected(*case), answer(*case), case[1].ravel()
        lost = np.unique(image[(got != expected).any(0)])
        if len(lost) > 1 or got[:, np.isin(image, lost)].any():
            return None
        for level in lost:
            message = f"{exercise.call(case)}: where the image has the level {level}, no change is "
            messages.append(f"{message}found. The rest is right.")
            hint = f"which level do you give to a value that already has the level {level}?"
    return Wrong(messages[0], hint) if messages else None


HINTS = {  # of a toy's kind: (a change is missed, a change is found that is none)
    "one": (
        "print which value (row, column, colour) you change for this source, which prediction you "
        "look at for this target, and its logits.",
        "in how many values do the two images differ that you compare, and in which?",
    ),
    "two": ("here one logit rises and another falls: compare each logit by itself.",) * 2,
    "faint": (
        "by how many levels do you change this value (v ^ 128: by 128), and is your limit 0.0001?",
    )
    * 2,
    "all": ("here all logits of a prediction change by the same amount: do not normalise them.",)
    * 2,
    "feeble": (
        f"here one logit changes by {FEEBLE:.5f}. Do you compare exactly this number with 0.0001?",
        "here each logit changes by less than 0.0001. What do you compare with 0.0001?",
    ),
}


def of_kind(kind):
    """Make the condition that the answer is right for the toys of one kind."""

    def condition(answer):
        exercise = answer.exercise
        for case in exercise.inputs:
            expected, got = exercise.expected(*case), answer(*case)
            wrong = got != expected
            if case[0].kind == kind and wrong.any():
                target, source = (int(i) for i in np.argwhere(wrong)[0])
                told = "changes" if expected[target, source] else "does not change"
                message = f"{exercise.call(case)}: target {target}, source {source} should be "
                message += f"{expected[target, source]}: this prediction {told} with this value."
                hint = HINTS[kind][int(got[target, source])]
                return Wrong(message, hint, got, wrong, expected)

    condition.__name__ = kind
    return condition


def never_the_same_level(answer):
    """Refuse levels drawn at random, if one can be the level that the value has already."""
    image, before = picture(12, 11, 3), None
    for _ in range(6):  # one draw in 256 is such a level
        given = []
        got = answer(lambda images, given=given: given.append(images) or itself(images), image)
        if not got.diagonal().all():
            message = "A level drawn at random can be the one that the value has already: then no "
            hint = "replace the level v by v ^ 128, which is always another level."
            return Wrong(f"{message}change is found.", hint)
        given = np.concatenate([np.asarray(images) for images in given])
        if np.array_equal(given, before):
            return None  # nothing is drawn at random
        before = given
