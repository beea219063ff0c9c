"""8.1: a masked layer of three taps on a grey row, which remembers what it needs."""

from collections import deque

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy, unlike


class CachedRow:
    """A masked layer of three taps on a grey row, run one pixel at a time."""

    def __init__(self, kernel):
        self.kernel = kernel
        self.left = np.zeros((1, kernel.shape[1]))  # nothing lies left of the first pixel

    def step(self, x):
        """Take the input at the next pixel (N, in); return the output there (N, out)."""
        y = self.left @ self.kernel[0] + x @ self.kernel[1]  # (N, out)
        self.left = x
        return y


def walk(cached_row, kernel, inputs):
    """Run a layer along a row, inputs (W, N, in): its outputs, and whether it keeps more and more.

    disturbed: whether its outputs change when a second layer runs in turn with it.
    """
    outputs, kept = along(cached_row(kernel), kernel, inputs)
    layer, other = cached_row(kernel), cached_row(kernel)
    beside = []
    for x in inputs[:4]:
        beside += along(layer, kernel, [x])[0]
        other.step(1 - x)
    return {
        "outputs": np.stack(outputs, axis=1),
        "disturbed": unlike(np.array(outputs[:4]), np.array(beside), 1e-6).any(),
        "grows": np.array(kept[-1] > kept[1]),
    }


def along(layer, kernel, inputs):
    """Call step for each input: the outputs, and how many numbers the layer keeps after each."""
    outputs, kept = [], []
    for x in inputs:
        y = layer.step(x.copy())
        if y is None:
            raise Wrong("step returned None.", "is there a return at its end?")
        if np.shape(y) != (expected := (len(x), kernel.shape[2])):
            says = f"step returned shape {np.shape(y)} for x {x.shape}, expected {expected}."
            hint = "a row for each picture, a column for each feature that the kernel gives."
            raise Wrong(says, hint)
        outputs.append(to_numpy(y))
        kept.append(count_kept(list(vars(layer).values())))
    return outputs, kept


def count_kept(value):
    """Count the numbers that an object holds on to."""
    if isinstance(value, (list, tuple, deque)):
        return sum(map(count_kept, value))
    if isinstance(value, dict):
        return count_kept(list(value.values()))
    return int(np.prod(value.shape)) if hasattr(value, "shape") else 0


def show_edges(cached_row):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    grey = data.photographs("test")[0].image[40:104, 60:156].mean(2)  # (64, 96)
    edges = cached_row(np.array([-1.0, 1.0, 0.0])[:, None, None])
    found = np.stack([np.asarray(edges.step(x[:, None]))[:, 0] for x in grey.T], axis=1)
    found[:, 0] = 0  # zeros lie left of the first pixel
    pair = np.stack([grey, np.clip(128 + 3 * found, 0, 255)])[..., None]
    return figures.show_images(pair.astype("uint8"), scale=4)


rng = np.random.default_rng(93)


def case(count, features, filters, width, dead=0.5):
    kernel = rng.normal(size=(3, features, filters))
    kernel[2] *= dead
    return kernel, rng.normal(size=(width, count, features))


exercise = Exercise(
    id="8.1",
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
    "{call}: at {place}, expected {expected}, got {got}.",
    hint="which input belongs to which tap? Left of the first pixel lies nothing.",
    part="outputs",
)
DISTURBED = "Two layers that run in turn disturb each other."
ITS_OWN = "what a layer keeps must be its own: keep it on self."
exercise.agrees(DISTURBED, ITS_OWN, part="disturbed")
GROWS = "The outputs are right, but what it keeps grows with the row."
USED_LATER = "which of the inputs that it keeps will later steps use?"
exercise.agrees(GROWS, USED_LATER, part="grows")
exercise.mistaken = {
    "`x @ kernel[1]` takes the present input, and kernel[0] that of the step before, at first zeros: "
    "keep x last.": {
        "The two taps are swapped.": (
            "self.left @ self.kernel[0] + x @ self.kernel[1]",
            "self.left @ self.kernel[1] + x @ self.kernel[0]",
        ),
        "The left neighbour is missing from the sum.": ("self.left @ self.kernel[0] + ", ""),
        "x is kept too soon: the left tap meets x.": [
            ("        self.left = x\n", ""),
            ("        y =", "        self.left = x\n        y ="),
        ],
        "It remembers its output, not its input.": ("self.left = x", "self.left = y"),
    },
    ITS_OWN: {
        DISTURBED: [
            ("self.left = np", "CachedRow.left = np"),
            ("self.left = x", "CachedRow.left = x"),
        ]
    },
    USED_LATER: {
        GROWS: [
            (
                "self.left = np.zeros((1, kernel.shape[1]))",
                "self.kept = [np.zeros((1, kernel.shape[1]))]",
            ),
            ("self.left @", "self.kept[-1] @"),
            ("self.left = x", "self.kept.append(x)"),
        ]
    },
}
