"""10.1: a masked layer of three taps on a grey row, which remembers what it needs."""

from collections import deque

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy


class CachedRow:
    """A masked layer of three taps on a grey row, run one pixel at a time.

    kernel: (3, in, out), the taps left, present and right; the right one is dead.
    """

    def __init__(self, kernel):
        self.kernel = kernel
        self.left = np.zeros((1, kernel.shape[1]))  # nothing lies left of the first pixel

    def step(self, x):
        """Take the input at the next pixel (N, in); return the output there (N, out)."""
        y = self.left @ self.kernel[0] + x @ self.kernel[1]  # (N, out)
        self.left = x
        return y


def walk(cached_row, kernel, inputs):
    """Run a layer along a row, inputs (W, N, in), after two others have taken the first step."""
    given = kernel.copy()
    first, again = (step(cached_row(given), inputs[0].copy(), kernel) for _ in range(2))
    layer, outputs, kept = cached_row(given), [], []
    for x in inputs:
        outputs.append(step(layer, x.copy(), kernel))
        kept.append(count_kept(list(vars(layer).values())))
    if not np.array_equal(given, kernel, equal_nan=True):
        raise Wrong("It changed the kernel that it was given.", "work on a copy.")
    return {
        "shares": np.array(not np.allclose(first, again)),
        "outputs": np.stack(outputs, axis=1),
        "grows": np.array(kept[-1] > kept[1]),
    }


def step(layer, x, kernel):
    """Take one step, to (N, out)."""
    given, y = x.copy(), layer.step(x)
    if isinstance(y, tuple):
        raise Wrong("step returned several things.", "return one array: the output.")
    if y is None:
        raise Wrong("step returned None.", "is there a return at its end?")
    y = to_numpy(y)
    if y.shape != (expected := (len(x), kernel.shape[2])):
        hint = "how many features does the kernel give? `*` multiplies number by number, `@` sums."
        raise Wrong(f"step returned shape {y.shape} for x {x.shape}, expected {expected}.", hint)
    if not np.array_equal(given, x):
        raise Wrong("step changed its x.", "work on a copy: the caller still needs x.")
    return y


def count_kept(value):
    """Count the numbers that an object holds on to."""
    if isinstance(value, (list, tuple, deque)):
        return sum(map(count_kept, value))
    if isinstance(value, dict):
        return count_kept(list(value.values()))
    return int(np.prod(value.shape)) if hasattr(value, "shape") else 0


def cases():
    rng = np.random.default_rng(93)

    def case(count, features, filters, width, dead=0.5):
        kernel = rng.normal(size=(3, features, filters))
        kernel[2] *= dead
        return kernel, rng.normal(size=(width, count, features))

    return {
        "more features out than in": case(3, 4, 5, 9),
        "as many out as in": case(1, 2, 2, 6),
        "one feature in": case(4, 1, 3, 12),
        "one feature out": case(2, 3, 1, 5),
        "a dead tap that holds nan": case(2, 2, 3, 4, dead=np.nan),
    }


def first_step(kernel, inputs):
    """The output's values (N, W, out) at the first pixel."""
    marks = np.zeros((inputs.shape[1], len(inputs), kernel.shape[2]), bool)
    marks[:, 0] = True
    return marks


def show_edges(cached_row):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    grey = data.photographs("test")[0].image[40:104, 60:156].mean(2)  # (64, 96)
    edges = cached_row(np.array([-1.0, 1.0, 0.0])[:, None, None])
    found = np.stack([np.asarray(edges.step(x[:, None]))[:, 0] for x in grey.T], axis=1)
    found[:, 0] = 0  # zeros lie left of the first pixel
    pair = np.stack([grey, np.clip(128 + 3 * found, 0, 255)])[..., None]
    return figures.show_images(pair.astype("uint8"), scale=4)


exercise = Exercise(
    id="10.1",
    title="A layer that remembers",
    minutes=10,
    difficulty=2,
    solution=CachedRow,
    hints=(
        "Write the formula down for two neighbouring pixels. What do they share?",
        "The next step needs this step's input once more, and nothing older.",
        "Keep one array on self. In __init__ it is zeros, of a shape that broadcasts to x; `@` "
        "multiplies it by its tap.",
    ),
    cases=cases,
    probe=walk,
    shown=lambda kernel, inputs: f"CachedRow, kernel {kernel.shape}, along {len(inputs)} pixels",
    axes=("image", "pixel", "feature"),
    tolerance=1e-4,
    after=show_edges,
    seen="Your layer along the rows of a photograph: how each pixel differs from its left neighbour.",
)
exercise.agrees(
    "own memory",
    "Two layers share one memory: the second begins where the first one was.",
    hint="keep what is remembered on self, and start it in __init__.",
    part="shares",
)
exercise.agrees(
    "first pixel",
    "{call}: at the first pixel, {place}, expected {expected}, got {got}.",
    hint="what lies left of it?",
    where=first_step,
    part="outputs",
)
exercise.agrees(
    "later pixels",
    "{call}: the first pixel is right, a later one is not: at {place}, expected {expected}, got {got}.",
    hint="which input belongs to which tap?",
    part="outputs",
)
exercise.agrees(
    "what is kept",
    "{call}: the outputs are right, but what it keeps grows with the row.",
    hint="which of the inputs that it keeps will later steps use?",
    part="grows",
)


def remembering(output, remember=lambda x, y, left: x):
    """A class of layers: output(kernel, x, left) is given, remember(x, y, left) is kept."""

    class Layer:
        left = None

        def __init__(self, kernel):
            self.kernel = kernel

        def step(self, x):
            left = np.zeros_like(x) if self.left is None else self.left
            y = output(self.kernel, x, left)
            self.left = remember(x, y, left)
            return y

    return Layer


def living(kernel, x, left):
    return left @ kernel[0] + x @ kernel[1]


exercise.mistake(
    "It remembers its output, where the next pixel needs its input.",
    hint="in the formula, which of the two is multiplied by the left tap?",
)(remembering(living, lambda x, y, left: y))
exercise.mistake(
    "`*` multiplies number by number; a tap is a matrix (in, out).",
    hint="`@` multiplies, and adds up over the features that come in.",
)(remembering(lambda kernel, x, left: left * kernel[0] + x * kernel[1]))
exercise.mistake(
    "Left of the first pixel, the first pixel itself is used.",
    hint="what lies left of the first pixel? Zeros.",
)(
    remembering(
        lambda kernel, x, left: living(kernel, x, left if left.any() else x),
    )
)
exercise.mistake(
    "The taps are one too far right: kernel[1] is the present one, kernel[2] is dead.",
    hint="count from 0: left, present, right.",
)(remembering(lambda kernel, x, left: left @ kernel[1] + x @ kernel[2]))
exercise.mistake(
    "x is kept too soon: the left tap meets the present pixel.",
    hint="what is kept is replaced only after it has been used.",
)(remembering(lambda kernel, x, left: x @ kernel[0] + x @ kernel[1]))
exercise.mistake(
    "The two taps are swapped.",
    hint="kernel[0] is the left tap: a convolution in a network does not flip its kernel.",
)(remembering(lambda kernel, x, left: x @ kernel[0] + left @ kernel[1]))
exercise.mistake(
    "The left neighbour meets the right tap: the kernel is flipped.",
    hint="a convolution in a network does not flip its kernel.",
)(remembering(lambda kernel, x, left: left @ kernel[2] + x @ kernel[1]))
exercise.mistake(
    "The left neighbour is missing from the sum.",
    hint="what must step remember for the next call?",
)(remembering(lambda kernel, x, left: x @ kernel[1]))
exercise.mistake("The present pixel is missing from the sum.", hint="which two taps live?")(
    remembering(lambda kernel, x, left: left @ kernel[0])
)
right_tap = exercise.mistake(
    "The right tap is used, though it is dead.",
    hint="two taps live: the left one and the present one.",
)
right_tap(remembering(lambda kernel, x, left: living(kernel, x, left) + x @ kernel[2]))
right_tap(remembering(lambda kernel, x, left: living(kernel, x, left) + left @ kernel[2]))
right_tap(remembering(lambda kernel, x, left: left @ kernel[0] + x @ kernel[2]))


@exercise.mistake(
    "The output comes one step late: the input of each step is taken for the right neighbour.",
    hint="the input of this step is the present pixel: it belongs to kernel[1].",
)
class OneStepLate:
    def __init__(self, kernel):
        self.kernel, self.seen = kernel, [np.zeros((1, kernel.shape[1]))] * 2

    def step(self, x):
        left, present = self.seen
        self.seen = [present, x]
        return left @ self.kernel[0] + present @ self.kernel[1] + x @ self.kernel[2]


exercise.mistake(
    "It adds up all inputs so far, where the formula has only the left neighbour.",
    hint="what was kept is replaced at each step.",
)(remembering(living, lambda x, y, left: left + x))
exercise.mistake(
    "The first input stays the left neighbour of all that follow.",
    hint="what was kept is replaced at each step.",
)(remembering(living, lambda x, y, left: left if left.any() else x))
exercise.mistake(
    "All pictures of a batch get the first one's left neighbour.",
    hint="what is kept has one row for each picture.",
)(remembering(living, lambda x, y, left: np.repeat(x[:1], len(x), 0)))
exercise.mistake(
    "The pictures of a batch are mixed: their mean becomes the left neighbour.",
    hint="what is kept has one row for each picture.",
)(remembering(living, lambda x, y, left: np.repeat(x.mean(0, keepdims=True), len(x), 0)))
exercise.mistake("Negative outputs become 0, as after a ReLU.", hint="the layer is linear.")(
    remembering(lambda kernel, x, left: np.maximum(living(kernel, x, left), 0))
)
exercise.mistake(
    "It remembers the present tap's product, where the next pixel needs the left tap's.",
    hint="keep x itself, or x @ kernel[0].",
)(remembering(lambda kernel, x, left: left @ kernel[1] + x @ kernel[1]))


@exercise.mistake(
    "The N inputs of one step are taken for neighbours: they belong to N pictures.",
    hint="one call of step is one pixel; its neighbour comes with the next call.",
)
class NeighboursInOneStep:
    def __init__(self, kernel):
        self.kernel = kernel

    def step(self, x):
        outputs, left = [], np.zeros(x.shape[1])
        for pixel in x:
            outputs.append(left @ self.kernel[0] + pixel @ self.kernel[1])
            left = pixel
        return np.array(outputs)


@exercise.mistake(
    "The left neighbour is the pixel before the last one.",
    hint="nothing older than one step is needed.",
)
class TwoBack:
    def __init__(self, kernel):
        self.kernel, self.seen = kernel, [np.zeros((1, kernel.shape[1]))] * 2

    def step(self, x):
        y = self.seen[0] @ self.kernel[0] + x @ self.kernel[1]
        self.seen = [self.seen[1], x]
        return y


class Shared:
    left = None

    def __init__(self, kernel):
        self.kernel = kernel

    def step(self, x):
        y = x @ self.kernel[1]
        if Shared.left is not None and Shared.left.shape == x.shape:
            y = y + Shared.left @ self.kernel[0]
        Shared.left = x
        return y


exercise.caught("Two layers share one memory")(Shared)
exercise.caught("at the first pixel")(
    remembering(lambda kernel, x, left: living(kernel, x, left if left.any() else left + 1))
)
exercise.caught("the first pixel is right, a later one is not")(
    remembering(living, lambda x, y, left: x / 2)
)


@exercise.caught("grows with the row")
class KeepsAll:
    def __init__(self, kernel):
        self.kernel, self.row = kernel, []

    def step(self, x):
        self.row.append(x)
        row = np.stack([np.zeros_like(x), *self.row])
        return row[-2] @ self.kernel[0] + row[-1] @ self.kernel[1]


@exercise.caught("raised ValueError")
class StartsAsOutput:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, np.zeros((1, kernel.shape[2]))

    def step(self, x):
        y = self.left @ self.kernel[0] + x @ self.kernel[1]
        self.left = x
        return y


@exercise.caught("truth value")
class Truthy:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, None

    def step(self, x):
        y = x @ self.kernel[1]
        if self.left:
            y = y + self.left @ self.kernel[0]
        self.left = x
        return y


@exercise.caught("It changed the kernel")
class ZeroesTheTap:
    def __init__(self, kernel):
        kernel[2] = 0
        self.kernel, self.left = kernel, np.zeros((1, kernel.shape[1]))

    def step(self, x):
        y = self.left @ self.kernel[0] + x @ self.kernel[1]
        self.left = x
        return y


exercise.caught("values are nan")(
    remembering(lambda kernel, x, left: living(kernel, x, left) + 0 * x @ kernel[2])
)
exercise.caught("step returned None")(remembering(lambda kernel, x, left: None))
exercise.caught("step returned several things")(remembering(lambda kernel, x, left: (x, left)))
exercise.caught("step returned shape")(remembering(lambda kernel, x, left: x.sum()))
