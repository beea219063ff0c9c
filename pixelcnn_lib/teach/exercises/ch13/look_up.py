"""13.2: a convolution that sees only rows above, by padding and shifting, without a mask."""

import numpy as np
from keras import ops

from pixelcnn_lib import leaks
from pixelcnn_lib.teach.exercises import Exercise
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


def show_sight(look_up):
    from pixelcnn_lib.teach import figures

    pixels = np.eye(49, dtype="float32").reshape(49, 7, 7, 1)  # (sources, 7, 7, 1): one is 1
    kernel, fields = np.ones((3, 5, 1, 1), "float32"), {}
    for shift in (1, 0):
        seen = ops.convert_to_numpy(look_up(pixels, kernel, shift)).reshape(49, 49) > 0
        fields[f"shift={shift}"] = leaks.classify(seen.T)[5 * 7 + 3].reshape(7, 7)
    return figures.show_fields(fields, (5, 3))


def case(height, width, kh, kw, shift, images=1, features=(2, 3)):
    """An input, a kernel and a shift."""
    x = noise(images, height, width, features[0], seed=height)
    return x, noise(kh, kw, *features, seed=kw), shift


def at_rows(x, kernel, which):
    rows = which(np.arange(x.shape[1]))[None, :, None, None]
    return np.broadcast_to(rows, (*x.shape[:3], kernel.shape[3]))


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
    where=lambda x, kernel, shift: at_rows(x, kernel, lambda row: row == 0),
)
exercise.agrees(
    "other rows",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="which rows of x does the kernel cover for this row?",
)
by_a_network(exercise, (None, 4, 5, 2), (2, 3, 2, 3))


# Mistakes: other paddings, or something else is done to the rows


def uncut(
    top=lambda kh, shift: kh - 1 + shift,
    bottom=lambda kh, shift: 0,
    left=lambda kw: kw // 2,
):
    """An answer of these numbers of zeros that keeps all rows."""

    def answer(x, kernel, shift=1):
        kh, kw = kernel.shape[:2]
        rows, columns = (top(kh, shift), bottom(kh, shift)), (left(kw), kw - 1 - left(kw))
        return ops.conv(ops.pad(x, ((0, 0), rows, columns, (0, 0))), kernel, padding="valid")

    return answer


def padded(*top_and_bottom, **more):
    """An answer of these numbers of zeros that keeps as many rows as came."""
    return lambda x, *rest: uncut(*top_and_bottom, **more)(x, *rest)[:, : x.shape[1]]


below = uncut(lambda kh, shift: 0, lambda kh, shift: kh - 1 + shift)

exercise.mistakes_about(
    "with shift 1, the kernel's lowest row lies on the row just above the present one, with shift 0 "
    "on the present row: how many rows of zeros does that need above the image?",
    {
        "The output is not shifted: each row sees itself.": padded(lambda kh, shift: kh - 1),
        "The shift is one row, whatever `shift` is.": padded(lambda kh, shift: kh),
        "The output is shifted one row too far, so that the row just above is not seen.": padded(
            lambda kh, shift: kh + shift
        ),
    },
)
exercise.mistakes_about(
    "the lowest row of the kernel, not its middle or its top, lies on row r - shift: all rows of zeros "
    "belong above the image.",
    {
        "The zeros are put below the image, so the output sees rows below.": (
            lambda x, *rest: below(x, *rest)[:, : x.shape[1]],
            lambda x, *rest: below(x, *rest)[:, -x.shape[1] :],
        ),
        "The top row of the kernel lies on row r - shift, and its other rows below: it hangs "
        "down.": padded(lambda kh, shift: shift, lambda kh, shift: kh - 1),
        'The kernel is centred on row r - shift, as padding="same" does it: it reaches too far down.': (
            padded(lambda kh, shift: (kh - 1) // 2 + shift, lambda kh, shift: kh // 2),
            padded(lambda kh, shift: kh // 2 + shift, lambda kh, shift: (kh - 1) // 2),
            lambda x, kernel, shift=1: ops.pad(
                ops.conv(x, kernel, padding="same"), ((0, 0), (shift, 0), (0, 0), (0, 0))
            )[:, : x.shape[1]],
        ),
    },
)
exercise.mistakes_about(
    "pad kw // 2 columns at each side: rows above are finished in their whole width.",
    {
        "The columns are not centred: the output sees only to the left.": padded(
            left=lambda kw: kw - 1
        ),
        "The columns are not centred: the output sees only to the right.": padded(
            left=lambda kw: 0
        ),
    },
)
exercise.mistake(
    'The rows are padded twice: above the image, and once more by padding="same".',
    'pad the columns too, kw // 2 at each side, and convolve with padding="valid".',
    lambda x, kernel, shift=1: ops.conv(
        ops.pad(x, ((0, 0), (len(kernel) - 1 + shift, 0), (0, 0), (0, 0))), kernel, padding="same"
    )[:, : x.shape[1]],
)
exercise.mistake(
    "With shift 0, the slice [:-shift] keeps nothing.",
    "how many rows should be left? Count them from the front.",
    lambda x, kernel, shift=1: uncut()(x, kernel, shift)[:, :-shift],
)
exercise.mistake(
    "The last rows come around to the top, so the first row sees the last one.",
    "ops.roll is circular. Rows of zeros must come in at the top.",
    lambda x, kernel, shift=1: ops.roll(padded()(x, kernel, 0), shift, axis=1),
    lambda x, kernel, shift=1: padded()(ops.roll(x, shift, axis=1), kernel, 0),
)
exercise.mistake(
    "The lowest row of the kernel is set to zero: a row of weights is lost, and the row just above "
    "with it.",
    "no weight is masked here. Move the image, and keep the whole kernel.",
    lambda x, kernel, shift=1: padded()(x, np.stack([*kernel[:-1], 0 * kernel[-1]]), 0),
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "row 0 has no row above it": lambda x, kernel, shift=1: padded()(
            np.concatenate([x[:, :1]] * shift + [x], axis=1), kernel, 0
        )[:, : x.shape[1]],
        "expected shape (1, 4, 5, 3), got shape (1, 5, 5, 3)": uncut(),
        "change nothing in your answer": lambda x, kernel, shift=1: padded()(
            x, ops.concatenate([0 * kernel[:-1], kernel[-1:]]), shift
        ),
        "no network can be trained with this function": lambda x, *rest: padded()(
            np.asarray(x), *rest
        ),
    }
)
