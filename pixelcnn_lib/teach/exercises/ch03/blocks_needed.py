"""3.2: how many blocks a network needs to see a whole image."""

from pixelcnn_lib.teach.exercises import Exercise, to_numpy


def blocks_needed(height, width):
    """Count the blocks after a 7x7 layer that let the last pixel of an image see the first.

    The distance is the longer side minus one. The first layer reaches 3 pixels, up and to the left
    at once, and each block one more.

    height, width: int, pixels.
    Returns an int, at least 0.
    """
    return max(0, max(height, width) - 1 - 3)


def observed(blocks_needed, height, width):
    """The number, and whether it is a whole one."""
    number = to_numpy(blocks_needed(height, width))
    return {"number": number, "whole": number.dtype.kind in "iu"}


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
        "one column": (11, 1),
        "small": (2, 2),
    },
    probe=observed,
)
exercise.agrees(
    "{call}: expected {expected}, got {got}.",
    hint="count the steps of a path from the last pixel to the first. How far does each layer go?",
    part="number",
)
A_FLOAT = "The number is right, but it is a float."
WHOLE = "return a whole number: range, for example, takes no float."
exercise.agrees(A_FLOAT, WHOLE, part="whole")
exercise.mistaken = {
    WHOLE: {A_FLOAT: "max(0.0, max(height, width) - 4.0)"},
    "one step can go up and to the left at once. How far is it up, and how far to the left?": {
        "Only the height is used.": "max(0, height - 4)",
        "Only the width is used.": "max(0, width - 4)",
        "Steps up and steps to the left are added.": "max(0, height - 1 + width - 1 - 3)",
        "The pixels of a side are counted. The steps from one end to the other are one fewer.": (
            "max(0, max(height, width) - 3)"
        ),
    },
    "a kernel reaches half of its width: a 7x7 kernel 3 pixels, a 3x3 kernel 1 pixel.": {
        "The first layer is counted with its whole width of 7.": "max(0, max(height, width) - 8)",
    },
}
exercise.symptoms = {
    "a network has at least 0 blocks, and an image of 2x2 pixels needs none.": {
        "This is right for large images, but not for small ones.": "max(height, width) - 4"
    },
}
