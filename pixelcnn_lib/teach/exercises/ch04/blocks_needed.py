"""4.2: how many blocks a network needs to see a whole image."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def blocks_needed(height, width):
    """Count the blocks after a 7x7 layer that let the last pixel of an image see the first.

    The distance is the longer side minus one. The first layer reaches 3 pixels, up and to the left
    at once, and each block one more. height, width: int, pixels. Returns an int, at least 0.
    """
    return max(0, max(height, width) - 1 - 3)


exercise = Exercise(
    id="4.2",
    title="How many blocks",
    minutes=5,
    difficulty=1,
    solution=blocks_needed,
    shown=lambda height, width: f"blocks_needed({height}, {width})",
    hints=(
        "How many pixels up, and how many to the left, is the first pixel from the last?",
        "A 3x3 layer can go up and to the left in the same step, so only the longer side matters.",
        "Take the longer distance in pixels, and subtract what the first layer reaches. The result is "
        "never below 0.",
    ),
    cases={
        "square": (9, 9),
        "even": (12, 12),
        "wide": (6, 15),
        "high": (15, 6),
        "a row": (1, 11),
        "a column": (7, 1),
        "needs one": (4, 5),
        "just none": (3, 4),
        "small": (2, 2),
        "small and wide": (2, 3),
        "small and high": (3, 1),
        "one pixel": (1, 1),
        "large": (32, 300),
    },
)
exercise.agrees(
    "images that need none",
    "{call}: expected 0, as the first layer reaches that far, got {got}.",
    hint="in such a small image the 7x7 layer sees everything.",
    where=lambda height, width: max(height, width) <= 4,
)
exercise.agrees(
    "squares",
    "{call}: expected {expected}, got {got}.",
    hint="count the steps from the last pixel to the first. How many does each layer take?",
    where=lambda height, width: height == width,
)
exercise.agrees(
    "other images",
    "{call}: expected {expected}, got {got}.",
    hint="the squares are right. Which side matters if height and width differ?",
)


# Mistakes, each as a reader writes it

exercise.mistake(
    "Right for large images, but small ones get a number below 0.",
    "a network has at least 0 blocks.",
    lambda height, width: max(height, width) - 4,
)
exercise.mistake(
    "The shorter side is used.",
    "the path must cover both sides.",
    lambda height, width: max(0, min(height, width) - 4),
)
exercise.mistake(
    "All pixels in between are counted, not the steps of a path.",
    "one step can pass many pixels. How far is it up, and how far to the left?",
    lambda height, width: max(0, height * width - 1 - 3),
)
exercise.mistakes_about(
    "a 7x7 kernel has 3 pixels on each side of its centre, which is the target.",
    {
        "The first layer is not counted.": lambda height, width: max(height, width) - 1,
        "The first layer is counted with its whole width of 7.": lambda height, width: max(
            0, max(height, width) - 1 - 7
        ),
    },
)
exercise.mistakes_about(
    "a 3x3 kernel sees one pixel far, and reaches the pixel above and to the left in one step.",
    {
        "Steps up and steps to the left are added.": (
            lambda height, width: max(0, height + width - 2 - 3),
            lambda height, width: max(0, height - 4) + max(0, width - 4),
        ),
        "Each block is counted as if it reached more than one pixel.": tuple(
            lambda height, width, far=far: max(0, int(np.ceil((max(height, width) - 4) / far)))
            for far in (2, 3)
        ),
        "The distance is measured along the diagonal.": tuple(
            lambda height, width, whole=whole: max(0, whole(np.hypot(height - 1, width - 1)) - 3)
            for whole in (int, np.ceil)
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "the squares are right": lambda height, width: max(0, (height + width) // 2 - 4),
        "the first layer reaches that far, got 1": lambda height, width: max(
            1, max(height, width) - 4
        ),
        "expected 8, got 7": lambda height, width: min(max(0, max(height, width) - 4), 7),
    }
)
