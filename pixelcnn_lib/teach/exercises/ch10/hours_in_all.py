"""10.1: the hours of a training, from the first steps of it."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def hours_in_all(ends, epochs, steps, batch, valid):
    """Predict how many hours a training takes, from the seconds at which its first steps end."""
    step = np.median(np.diff(ends))
    forward = step / (3 * batch)  # for one image; a step does three passes for each of its images
    seconds = ends[0] + (epochs * steps - 1) * step + epochs * valid * forward
    return seconds / 3600


def show_hours(hours_in_all):
    from pixelcnn_lib.teach import figures

    ends = 30 + 2.0 * np.arange(10)
    bars = {
        f"{valid:,} scored": float(hours_in_all(ends, 144, 390, 128, valid))
        for valid in (0, 5_000, 50_000)
    }
    return figures.show_bars(bars, xlabel="hours", digits=0)


exercise = Exercise(
    id="10.1",
    title="How long will it take?",
    minutes=8,
    difficulty=2,
    solution=hours_in_all,
    hints=(
        "Three things take time: the first step, the other steps, and the scoring. How often does each "
        "of them happen?",
        "A step does several forward passes' work for each image of its batch. So how long is one forward "
        "pass of one image?",
        "np.median(np.diff(ends)) is the time of a step. A forward pass of an image takes step / (3 * "
        "batch). There are epochs * steps - 1 steps after the first, and epochs * valid images to score.",
    ),
    cases={
        "a short run": (np.array([9.0, 9.5, 10.0, 10.6, 11.4]), 2, 5, 4, 300),
        "a step that waits": (np.array([40.0, 42.0, 44.0, 59.0, 61.0, 63.0]), 3, 100, 16, 2000),
        "nothing is scored": (np.array([5.0, 5.5, 6.0]), 4, 10, 8, 0),
        "a long run": (np.array([60.0, 61.0, 62.25, 63.25]), 144, 390, 128, 5000),
    },
    shown=lambda ends, epochs, steps, batch, valid: (
        f"hours_in_all({ends.tolist()}, {epochs}, {steps}, {batch}, {valid})"
    ),
    tolerance=1e-6,
    after=show_hours,
    seen="The hours of the recipe `cifar10` at 2 seconds a step, if no image, 5,000 images or 50,000 "
    "images are scored after each epoch.",
)
exercise.agrees(
    "{call}: expected {expected} hours, got {got}.",
    hint="add the seconds of the first step, of all other steps, and of the scoring.",
)
exercise.mistaken = {
    "ends says when the steps end. What lies between two of these times is the time of one step.": {
        "The median is taken of all steps, with the first one.": (
            "np.diff(ends)",
            "np.diff(ends, prepend=0)",
        ),
        "The mean time of a step is taken, and not the median.": ("np.median", "np.mean"),
    },
    "the first step happens once, and takes ends[0]. The others are epochs * steps - 1.": {
        "All steps count alike: the time for compiling is missing.": (
            "ends[0] + (epochs * steps - 1) * step",
            "epochs * steps * step",
        ),
        "One step too many is counted.": ("(epochs * steps - 1)", "epochs * steps"),
    },
    "a step does a forward pass and a backward pass for each image of its batch. Scoring an image is "
    "the forward pass only.": {
        "The scoring takes three times too long: it has no backward pass.": (
            "(3 * batch)",
            "batch",
        ),
        "The scoring takes twice too long.": ("(3 * batch)", "(1.5 * batch)"),
        "The scoring takes too long: a step is for a whole batch, and not for one image.": (
            "step / (3 * batch)",
            "step / 3",
        ),
        "The scoring is missing.": (" + epochs * valid * forward", ""),
        "The images are scored once, and not after each epoch.": (
            "+ epochs * valid",
            "+ valid",
        ),
    },
    "an hour has 3600 seconds.": {
        "These are seconds.": (" / 3600", ""),
    },
}
