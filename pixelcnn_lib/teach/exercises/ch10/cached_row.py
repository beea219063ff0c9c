"""10.1: a masked layer of three taps on a grey row, which remembers what it needs."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch10.at_work import show_edges, walk


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


# Mistakes: another output, or another memory


def right(kernel, x, left):
    return left @ kernel[0] + x @ kernel[1]


def layer(output=right, remember=lambda x, y, memory: x, start=np.zeros_like):
    """Make a class of layers: output(kernel, x, memory), remember(x, output, memory), start(x)."""

    class Layer:
        memory = None

        def __init__(self, kernel):
            self.kernel = kernel

        def step(self, x):
            memory = start(x) if self.memory is None else self.memory
            y = output(self.kernel, x, memory)
            self.memory = remember(x, y, memory)
            return y

    return Layer


exercise.mistakes_about(
    "kernel[0] is the left tap, kernel[1] the present one, kernel[2] is dead; no kernel is flipped.",
    {
        "The two taps are swapped.": layer(
            lambda kernel, x, left: x @ kernel[0] + left @ kernel[1]
        ),
        "The right tap is used, though it is dead.": (
            layer(lambda kernel, x, left: left @ kernel[1] + x @ kernel[2]),
            layer(lambda kernel, x, left: left @ kernel[2] + x @ kernel[1]),
            layer(lambda kernel, x, left: right(kernel, x, left) + x @ kernel[2]),
        ),
        "The output comes one step late: the input of each step is taken for the right neighbour.": (
            layer(
                lambda kernel, x, memory: right(kernel, memory[1], memory[0]) + x @ kernel[2],
                lambda x, y, memory: (memory[1], x),
                lambda x: (0 * x, 0 * x),
            )
        ),
    },
)
exercise.mistake(
    "`*` multiplies number by number; a tap is a matrix (in, out).",
    "`@` multiplies a tap, and adds up the features.",
    layer(lambda kernel, x, left: left * kernel[0] + x * kernel[1]),
)
exercise.mistakes_about(
    "the left tap needs the input of the step before, at first zeros: replace it after it was used.",
    {
        "Left of the first pixel, the first pixel itself is used.": layer(start=lambda x: x),
        "The left neighbour is missing from the sum.": layer(lambda kernel, x, left: x @ kernel[1]),
        "x is kept too soon: the left tap meets the present pixel.": layer(
            lambda kernel, x, left: x @ kernel[0] + x @ kernel[1]
        ),
        "It remembers the present tap's product, where the next pixel needs the left tap's.": layer(
            lambda kernel, x, left: left @ kernel[1] + x @ kernel[1]
        ),
        "It remembers its output, where the next pixel needs its input.": layer(
            remember=lambda x, y, left: y
        ),
        "It adds up all inputs so far, where the formula has only the left neighbour.": layer(
            remember=lambda x, y, left: left + x
        ),
    },
)
exercise.mistakes_about(
    "one call of step is one pixel of N pictures: what is kept has one row for each picture.",
    {
        "The N inputs of one step are taken for neighbours: they belong to N pictures.": layer(
            lambda kernel, x, left: right(kernel, x, np.concatenate([0 * x[:1], x[:-1]]))
        ),
        "All pictures of a batch get the first picture's left neighbour.": layer(
            remember=lambda x, y, left: np.repeat(x[:1], len(x), 0)
        ),
    },
)

# Mistakes that a condition describes well enough


@exercise.caught("Two layers share one memory")
class Shared(layer()):
    def step(self, x):
        y = super().step(x)
        Shared.memory = self.memory
        return y


@exercise.caught("It changed the kernel")
class ZeroesTheTap(layer()):
    def __init__(self, kernel):
        kernel[2] = 0
        super().__init__(kernel)


exercise.all_caught(
    {
        "at the first pixel": layer(start=np.ones_like),
        "the first pixel is right, a later one is not": layer(remember=lambda x, y, left: x / 2),
        "grows with the row": layer(
            lambda kernel, x, memory: right(kernel, x, memory[-1]),
            lambda x, y, memory: [*memory, x],
            lambda x: [0 * x],
        ),
        "step returned None": layer(lambda kernel, x, left: None),
        "step returned several things": layer(lambda kernel, x, left: (x, left)),
        "step returned shape": layer(lambda kernel, x, left: x.sum()),
    }
)
