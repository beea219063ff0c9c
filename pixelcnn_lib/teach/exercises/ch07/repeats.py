"""What exercises of chapter 7 share: that the same noise gives the same, and a distribution."""

import numpy as np

from pixelcnn_lib.teach.exercises import Wrong, to_numpy

NOT_REPEATED = "Called again with the same noise, it gives other levels."
ONLY_THE_NOISE = "only the noise that is given decides: call no random function."


def twice(draw, first, noise):
    """The levels that an answer gives to (first, noise), and those of a second call."""
    levels = draw(first, noise)
    return {"levels": to_numpy(levels), "again": to_numpy(draw(first, noise.copy()))}


def same_again(answer):
    """Fail an answer that gives other levels when it is called again."""
    for case in answer.exercise.inputs:
        got = answer(*case)
        moved = got["levels"] != got["again"]
        if moved.any():
            return Wrong(NOT_REPEATED, ONLY_THE_NOISE, got["levels"], moved)


def two_hills():
    """A distribution with two hills: (48,), natural logarithms."""
    level = np.arange(48)
    log_p = np.logaddexp(-(((level - 14) / 5) ** 2), -(((level - 33) / 8) ** 2) - 0.4)
    return log_p - np.logaddexp.reduce(log_p)
