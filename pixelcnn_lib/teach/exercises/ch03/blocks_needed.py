"""3.2: how many blocks a network needs to see a whole image."""

from pixelcnn_lib.teach.exercises import Exercise, Wrong


def blocks_needed(height, width):
    """Count the blocks after a 7x7 layer that let the last pixel of an image see the first.

    The distance is the longer side minus one. The first layer reaches 3 pixels, up and to the left
    at once, and each block one more.

    height, width: int, pixels.
    Returns an int, at least 0.
    """
    return max(0, max(height, width) - 1 - 3)


exercise = Exercise(
    id="3.2",
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
        "wide": (6, 15),
        "high": (15, 6),
        "one row": (1, 11),
        "one column": (11, 1),
        "one block": (4, 5),
        "just none": (3, 4),
        "one pixel": (1, 1),
        "small": (2, 2),
        "far from square": (6, 20),
        "high and narrow": (30, 4),
    },
)
exercise.agrees(
    "{call}: expected {expected}, got {got}.",
    hint="count the steps of a path from the last pixel to the first. How far does each layer go?",
)


@exercise.condition
def is_whole(answer):
    for case in answer.exercise.inputs:
        if answer(*case).dtype.kind not in "iu":
            return Wrong(
                "The numbers are right, but they are floats.", "return a whole number: int."
            )


exercise.mistaken(
    "return a whole number: range, for example, takes no float.",
    {
        "The numbers are right, but they are floats.": (
            "max(0, max(height, width) - 1 - 3)",
            "max(0.0, max(height, width) - 1.0 - 3.0)",
        ),
    },
)
exercise.mistaken(
    "a network has at least 0 blocks.",
    {
        "Right for large images, but small ones get a number below 0.": (
            "max(0, max(height, width) - 1 - 3)",
            "max(height, width) - 1 - 3",
        ),
    },
)
exercise.mistaken(
    "one step can go up and to the left at once. How far is it up, and how far to the left?",
    {
        "The shorter side is used.": ("max(height, width)", "min(height, width)"),
        "Steps up and steps to the left are added.": (
            "max(height, width) - 1",
            "(height - 1) + (width - 1)",
        ),
        "All pixels in between are counted, not the steps of a path.": (
            "max(height, width)",
            "height * width",
        ),
        "The pixels of a side are counted. The steps from one end to the other are one fewer.": (
            " - 1",
            "",
        ),
        "The mean of the two sides is used.": ("max(height, width)", "(height + width) // 2"),
        "The distance is measured along the diagonal.": (
            "max(height, width) - 1 - 3",
            "-int(-(((height - 1) ** 2 + (width - 1) ** 2) ** 0.5) // 1) - 3",
        ),
    },
)
exercise.mistaken(
    "a kernel reaches half of its width: a 7x7 kernel 3 pixels, a 3x3 kernel 1 pixel.",
    {
        "The first layer is not counted.": (" - 3", ""),
        "The first layer is counted with its whole width of 7.": ("- 3", "- 7"),
        "Each block is counted as if it reached three pixels.": (
            "max(0, max(height, width) - 1 - 3)",
            "-(-max(0, max(height, width) - 1 - 3) // 3)",
        ),
        "The width of the first kernel, 7, is subtracted from the side.": (" - 1 - 3", " - 7"),
    },
)
