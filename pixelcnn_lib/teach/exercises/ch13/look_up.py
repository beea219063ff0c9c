"""13.2: a convolution that sees only rows above, by padding and shifting, without a mask."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch13.at_work import show_sight
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.weights import noise


def look_up(x, kernel, shift=1):
    """Convolve so that the lowest row of the kernel lies `shift` rows above the present pixel.

    x: (N, H, W, in). kernel: (kh, kw, in, out), kw odd. shift: int, 1 to see only rows above, 0 to
    see the present row too. Returns (N, H, W, out): row r is computed from the kh rows that end with
    row r - shift, and from as many columns to the left as to the right.
    """
    height, width = kernel.shape[:2]
    top, side = height - 1 + shift, width // 2
    x = ops.pad(x, ((0, 0), (top, 0), (side, side), (0, 0)))  # (N, top + H, …, in)
    y = ops.conv(x, kernel, padding="valid")  # (N, H + shift, W, out)
    return y[:, : x.shape[1] - top]  # (N, H, W, out)


def case(height, width, kh, kw, shift, images=1, features=(2, 3)):
    """An input, a kernel and a shift."""
    x = noise(images, height, width, features[0], seed=height)
    return x, noise(kh, kw, *features, seed=kw), shift


exercise = Exercise(
    id="13.2",
    title="Shift instead of mask",
    minutes=12,
    difficulty=2,
    solution=look_up,
    hints=(
        "With shift 1, the lowest row of the kernel lies just above the image when row 0 is computed. How "
        "many rows of zeros are needed there for the whole kernel?",
        "Pad kh - 1 + shift rows at the top, none at the bottom, and kw // 2 columns at each side. Then "
        "convolve without further padding. How many rows too many come out, and which ones?",
        "ops.pad(x, ((0, 0), (top, 0), (side, side), (0, 0))), then ops.conv(x, kernel, "
        'padding="valid"), then keep the first H rows.',
    ),
    cases={
        "one row of the kernel": case(4, 5, 1, 3, 1),
        "two rows of the kernel": case(4, 5, 2, 3, 1),
        "three wide rows of the kernel": case(5, 6, 3, 7, 1),
        "the present row too": case(4, 5, 2, 3, 0),
        "only the present row": case(3, 4, 1, 5, 0),
        "two images": case(3, 4, 2, 3, 1, images=2),
        "shift by two": case(5, 4, 2, 3, 2),
        "an image of one row": case(1, 5, 3, 3, 1),
        "as many features out as in": case(4, 4, 3, 3, 1, features=(3, 3)),
    },
    shown=lambda x, kernel, shift: f"look_up(x {x.shape}, kernel {kernel.shape}, shift={shift})",
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_sight,
    seen="What your convolution sees of an image, with a kernel of 3x5. On an image, shift=0 leaks.",
)
exercise.agrees(
    "row 0",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="row 0 has no row above it: with shift 1, its result is 0.",
    where=lambda x, kernel, shift: np.arange(x.shape[1])[:, None, None] == 0,  # (H, 1, 1)
)
exercise.agrees(
    "other rows",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="which rows of x does the kernel cover for this row?",
)
by_a_network(exercise, (None, 4, 5, 2), (2, 3, 2, 3))


# Mistakes: other paddings, or other rows are kept


def padded(
    zeros=lambda kh, shift: (kh - 1 + shift, 0),  # above and below the image
    kept=lambda y, rows, shift: y[:, :rows],
    left=lambda kw: kw // 2,
    pad=ops.pad,
):
    """The right answer, but for the rows of zeros, the rows that are kept, or another padding."""

    def answer(x, kernel, shift=1):
        kh, kw = kernel.shape[:2]
        around = (0, 0), zeros(kh, shift), (left(kw), kw - 1 - left(kw)), (0, 0)
        return kept(ops.conv(pad(x, around), kernel, padding="valid"), x.shape[1], shift)

    return answer


exercise.mistakes_about(
    "with shift 1, the kernel's lowest row lies on the row just above the present one, with shift 0 "
    "on the present row: how many rows of zeros does that need above the image?",
    {
        "The output is not shifted: each row sees itself.": padded(lambda kh, shift: (kh - 1, 0)),
        "The shift is one row, whatever `shift` is.": padded(lambda kh, shift: (kh, 0)),
        "The output is shifted one row too far.": padded(lambda kh, shift: (kh + shift, 0)),
        'The rows are padded above the image, and once more by padding="same".': padded(
            lambda kh, shift: (kh - 1 + shift + (kh - 1) // 2, kh // 2)
        ),
    },
)
exercise.mistakes_about(
    "the lowest row of the kernel, not its middle or its top, lies on row r - shift: all rows of zeros "
    "belong above the image.",
    {
        "The zeros are put below the image.": padded(lambda kh, shift: (0, kh - 1 + shift)),
        "The kernel hangs down from row r - shift.": padded(lambda kh, shift: (shift, kh - 1)),
        'The kernel is centred on row r - shift, as padding="same" does it: it reaches too far down.': (
            padded(lambda kh, shift: (kh // 2 + shift, kh // 2)),
            padded(lambda kh, shift: ((kh - 1) // 2 + shift, kh // 2)),
            padded(
                lambda kh, shift: ((kh - 1) // 2, kh // 2),
                lambda y, rows, shift: np.pad(y, ((0, 0), (shift, 0), (0, 0), (0, 0)))[:, :rows],
            ),
        ),
    },
)
exercise.mistakes_about(
    "pad kw // 2 columns at each side: rows above are finished in their whole width.",
    {
        "The columns are not centred: none to the right is seen.": padded(left=lambda kw: kw - 1),
        "The columns are not centred: none to the left is seen.": padded(left=lambda kw: 0),
    },
)
exercise.mistakes_about(
    "rows of zeros must come in at the top, and the first H rows of the result are kept.",
    {
        "With shift 0, [:-shift] keeps nothing.": padded(kept=lambda y, _, shift: y[:, :-shift]),
        "The last rows come around to the top, in a circle.": (
            lambda x, kernel, shift=1: np.roll(padded()(x, kernel, 0), shift, axis=1),
            lambda x, kernel, shift=1: padded()(np.roll(x, shift, axis=1), kernel, 0),
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "row 0 has no row above it": padded(pad=lambda x, around: np.pad(x, around, "edge")),
        "change nothing in your answer": lambda x, kernel, *shift: padded()(x, kernel[-1:], *shift),
        "no network can be trained with this function": padded(pad=np.pad),
    }
)
