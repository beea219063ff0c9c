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


# Mistakes: the same steps, with one of them changed


def steps(above=None, below=0, left=None, first=0, kernel=lambda k: k, roll=False, like=None):
    """Make an answer of other paddings, another first row to keep, or another kernel.

    above, below, left: functions of (kh, kw, shift), or numbers.
    """

    def value(given, default, *sizes):
        return default if given is None else given(*sizes) if callable(given) else given

    def answer(x, weights, shift=1):
        sizes = *weights.shape[:2], shift
        top = value(above, sizes[0] - 1 + shift, *sizes)
        side = value(left, sizes[1] // 2, *sizes)
        bottom = value(below, 0, *sizes)
        padding = ((0, 0), (top, bottom), (side, sizes[1] - 1 - side), (0, 0))
        y = ops.conv(ops.pad(x, padding), kernel(weights), padding="valid")
        start = value(first, 0, *sizes)
        y = y[:, start : start + x.shape[1]]
        return ops.pad(y, ((0, 0), (0, x.shape[1] - y.shape[1]), (0, 0), (0, 0)))

    return answer


def sideways(x, kernel, shift=1):
    y = steps()(x, kernel, 0)
    return ops.pad(y, ((0, 0), (0, 0), (shift, 0), (0, 0)))[:, :, : x.shape[2]]


exercise.mistake(
    "The output is not shifted: each row sees itself.",
    "for shift 1, the kernel's lowest row lies on the row above the present one.",
    steps(above=lambda kh, kw, shift: kh - 1),
    steps(first=lambda kh, kw, shift: shift),
)
exercise.mistake(
    "The shift is one row, whatever `shift` is.",
    "with shift 0, the kernel's lowest row lies on the present row.",
    steps(above=lambda kh, kw, shift: kh),
)
exercise.mistake(
    "The output is shifted one row too far, so that the row just above is not seen.",
    "for shift 1 and a kernel of one row, row r is computed from row r - 1.",
    steps(above=lambda kh, kw, shift: kh + shift),
)
exercise.mistake(
    "The rows are shifted up: the output sees rows below.",
    "the zeros belong above the image. Then everything moves down.",
    steps(above=0, below=lambda kh, kw, shift: kh - 1 + shift, first=lambda kh, kw, shift: shift),
)
exercise.mistake(
    'The kernel is centred on its rows, as padding="same" does it: the output sees rows below.',
    "the lowest row of the kernel, not its middle, decides how far down the output sees.",
    steps(above=lambda kh, kw, shift: (kh - 1) // 2 + shift, below=lambda kh, kw, shift: kh // 2),
)
exercise.mistake(
    "The top row of the kernel lies on row r - shift, and its other rows below: it hangs down.",
    "row r - shift is the place of its lowest row: all rows of zeros belong above the image.",
    steps(above=lambda kh, kw, shift: shift, below=lambda kh, kw, shift: kh - 1),
)
exercise.mistake(
    "The height and the width of the kernel are exchanged.",
    "a kernel has the shape (kh, kw, in, out): its height comes first.",
    lambda x, kernel, shift=1: ops.conv(
        ops.pad(x, ((0, 0), (kernel.shape[1] - 1 + shift, 0), 2 * (len(kernel) // 2,), (0, 0))),
        kernel,
        padding="valid",
    )[:, : x.shape[1]],
)
exercise.mistake(
    'The convolution pads by "same", and only then is its result moved down.',
    "the lowest row of the kernel, not its middle, decides how far down the output sees.",
    lambda x, kernel, shift=1: ops.pad(
        ops.conv(x, kernel, padding="same"), ((0, 0), (shift, 0), (0, 0), (0, 0))
    )[:, : x.shape[1]],
)
exercise.mistake(
    "With shift 0, the slice [:-shift] keeps nothing.",
    "how many rows should be left? Count them from the front.",
    lambda x, kernel, shift=1: ops.conv(
        ops.pad(x, ((0, 0), (len(kernel) - 1 + shift, 0), 2 * (kernel.shape[1] // 2,), (0, 0)))[
            :, :-shift
        ],
        kernel,
        padding="valid",
    ),
    lambda x, kernel, shift=1: ops.conv(
        ops.pad(x, ((0, 0), (len(kernel) - 1 + shift, 0), 2 * (kernel.shape[1] // 2,), (0, 0))),
        kernel,
        padding="valid",
    )[:, :-shift],
)
exercise.mistake(
    'The rows are padded twice: above the image, and once more by padding="same".',
    'pad the columns too, kw // 2 at each side, and convolve with padding="valid".',
    lambda x, kernel, shift=1: ops.conv(
        ops.pad(x, ((0, 0), (len(kernel) - 1 + shift, 0), (0, 0), (0, 0))), kernel, padding="same"
    )[:, : x.shape[1]],
)
exercise.mistake(
    "The shift goes to the right instead of down.",
    "axis 1 counts the rows, axis 2 the columns.",
    sideways,
)
exercise.mistake(
    "The columns are not centred: the output sees only to the left.",
    "rows above are finished in their whole width: pad kw // 2 columns at each side.",
    steps(left=lambda kh, kw, shift: kw - 1),
)
exercise.mistake(
    "The columns are not centred: the output sees only to the right.",
    "pad kw // 2 columns at each side.",
    steps(left=0),
)
exercise.mistake(
    "The kernel is turned upside down.",
    "ops.conv does not flip a kernel, and neither should you.",
    steps(kernel=lambda k: k[::-1]),
)
exercise.mistake(
    "The kernel is mirrored from left to right.",
    "ops.conv does not flip a kernel, and neither should you.",
    steps(kernel=lambda k: k[:, ::-1]),
)
exercise.mistake(
    "The last rows come around to the top, so the first row sees the last one.",
    "ops.roll is circular. Rows of zeros must come in at the top.",
    lambda x, kernel, shift=1: ops.roll(steps()(x, kernel, 0), shift, axis=1),
    lambda x, kernel, shift=1: steps()(ops.roll(x, shift, axis=1), kernel, 0),
)
exercise.mistake(
    "The lowest row of the kernel is set to zero: a row of weights is lost, and the row just above "
    "with it.",
    "no weight is masked here. Move the image, and keep the whole kernel.",
    steps(
        above=lambda kh, kw, shift: kh - 1,
        kernel=lambda k: np.concatenate([k[:-1], np.zeros_like(k[-1:])]),
    ),
)


# Mistakes that a condition describes well enough


@exercise.caught("row 0 has no row above it")
def first_row_repeated(x, kernel, shift=1):
    top, side = len(kernel) - 1 + shift, kernel.shape[1] // 2
    y = np.pad(x, ((0, 0), (top, 0), (0, 0), (0, 0)), "edge")
    y = np.pad(y, ((0, 0), (0, 0), (side, side), (0, 0)))
    return ops.conv(y, kernel, padding="valid")[:, : x.shape[1]]


@exercise.caught("expected shape (1, 4, 5, 3), got shape (1, 5, 5, 3)")
def not_cut(x, kernel, shift=1):
    top, side = len(kernel) - 1 + shift, kernel.shape[1] // 2
    y = np.pad(x, ((0, 0), (top, 0), (side, side), (0, 0)))
    return ops.conv(y, kernel, padding="valid")


@exercise.caught("change nothing in your answer")
def nearest_row_alone(x, kernel, shift=1):
    return steps()(x, ops.concatenate([0 * kernel[:-1], kernel[-1:]]), shift)


@exercise.caught("no network can be trained with this function")
def by_numpy(x, kernel, shift=1):
    top, side = len(kernel) - 1 + shift, kernel.shape[1] // 2
    return ops.conv(np.pad(x, ((0, 0), (top, 0), (side, side), (0, 0))), kernel, padding="valid")[
        :, : x.shape[1]
    ]
