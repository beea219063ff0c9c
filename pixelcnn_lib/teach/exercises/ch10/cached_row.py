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


rng = np.random.default_rng(93)


def case(count, features, filters, width, dead=0.5):
    kernel = rng.normal(size=(3, features, filters))
    kernel[2] *= dead
    return kernel, rng.normal(size=(width, count, features))


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
    cases={
        "more features out than in": case(3, 4, 5, 9),
        "as many out as in": case(1, 2, 2, 6),
        "one feature in": case(4, 1, 3, 12),
        "one feature out": case(2, 3, 1, 5),
        "a dead tap that holds nan": case(2, 2, 3, 4, dead=np.nan),
    },
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
    where=lambda kernel, inputs: np.arange(len(inputs))[:, None] == 0,
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


def layer(output=right, remember=lambda x, y, memory: x, start=np.zeros_like, shared=False):
    """Make a class of layers: output(kernel, x, memory), remember(x, output, memory), start(x)."""

    class Layer:
        memory = None

        def __init__(self, kernel):
            self.kernel = kernel

        def step(self, x):
            memory = start(x) if self.memory is None else self.memory
            y = output(self.kernel, x, memory)
            (Layer if shared else self).memory = remember(x, y, memory)
            return y

    return Layer


exercise.mistakes_about(
    "`x @ kernel[1]` takes the present input, and kernel[0] that of the step before, at first zeros: "
    "keep x last.",
    {
        "The two taps are swapped.": layer(lambda k, x, left: x @ k[0] + left @ k[1]),
        "The right tap is used, though it is dead.": (
            layer(lambda k, x, left: left @ k[1] + x @ k[2]),
            layer(lambda k, x, left: right(k, x, left) + x @ k[2]),
        ),
        "The output comes one step late: each input is taken for the right neighbour.": layer(
            lambda k, x, memory: right(k, memory[1], memory[0]) + x @ k[2],
            remember=lambda x, y, memory: (memory[1], x),
            start=lambda x: (0 * x, 0 * x),
        ),
        "`*` multiplies number by number.": layer(lambda k, x, left: left * k[0] + x * k[1]),
        "The left neighbour is missing from the sum.": layer(lambda k, x, left: x @ k[1]),
        "x is kept too soon: the left tap meets x.": layer(lambda k, x, left: right(k, x, x)),
        "It remembers its output, not its input.": layer(remember=lambda x, y, left: y),
        "It adds up all inputs so far.": layer(remember=lambda x, y, left: left + x),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "Two layers share one memory": layer(shared=True),
        "changed the kernel": layer(lambda k, x, m: right(np.nan_to_num(k, copy=False), x, m)),
        "at the first pixel": layer(start=lambda x: x),
        "the first pixel is right, a later one is not": layer(remember=lambda x, y, left: x / 2),
        "grows with the row": layer(
            lambda k, x, memory: right(k, x, memory[-len(x) :]),
            remember=lambda x, y, memory: np.r_[memory, x],
        ),
        "step returned None": layer(lambda k, x, left: None),
        "step returned several things": layer(lambda k, x, left: (x, left)),
        "step returned shape": layer(lambda k, x, left: x.sum()),
    }
)
