"""13.3: the gated activation, with the features of each colour split separately."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import layers, leaks
from pixelcnn_lib.family import gates
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.weights import noise


def show_in_a_network(gate):
    from pixelcnn_lib.teach import figures

    keras.utils.set_random_seed(0)
    first, head = layers.MaskedConv2D(24, 3, "A"), layers.MaskedConv2D(24, 1)
    shape = (4, 4, 3)

    def network(images):
        x = gate(first(ops.convert_to_tensor(images, "float32")), 3)  # (N, H, W, 12)
        return ops.reshape(head(x), (*images.shape, 8))

    seen = leaks.influence(network, shape, levels=8)
    return figures.show_kinds(leaks.classify(seen), (2, 2, 1), shape)


exercise = Exercise(
    id="13.3",
    title="The gate",
    minutes=10,
    difficulty=2,
    solution=gates.gate,
    hints=(
        "Which features belong to red, and which of them go through tanh?",
        "Turn the last axis into three: group, half, feature. Then the halves are [..., 0, :] and "
        "[..., 1, :].",
        "ops.reshape(x, (*ops.shape(x)[:3], groups, 2, -1)). After the product, reshape once more, "
        "so that group and feature are one axis again.",
    ),
    cases={
        "three groups": (noise(1, 2, 3, 12), 3),
        "three groups of two features": (noise(2, 3, 2, 6, seed=1), 3),
        "one group": (noise(1, 3, 2, 8, seed=2), 1),
        "two groups": (noise(2, 1, 4, 8, seed=3), 2),
        "four groups": (noise(1, 2, 2, 8, seed=4), 4),
        "large numbers": (noise(1, 2, 2, 12, seed=5) * 20, 3),
    },
    shown=lambda x, groups: f"gate(x {x.shape}, groups={groups})",
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_in_a_network,
    seen="What green sees through a masked 3x3 layer, your gate and a masked 1x1 layer.",
)
exercise.agrees(
    "one group",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="tanh of the first half, times the sigmoid of the second half.",
    where=lambda x, groups: np.full((*x.shape[:3], x.shape[3] // 2), groups == 1),
)
exercise.agrees(
    "several groups",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="one group is right. With several, which features are the first half of each group?",
)


# Mistakes: other halves, or the halves combined in another way


def sigmoid(x):
    return np.asarray(ops.sigmoid(x))


def combined(combine):
    """An answer that splits rightly and combines the halves in another way."""

    def answer(x, groups=1):
        y = np.reshape(x, (*x.shape[:3], groups, 2, -1))
        return combine(y[..., 0, :], y[..., 1, :]).reshape(*x.shape[:3], -1)

    return answer


def split_all(x, groups=1):
    a, b = ops.split(x, 2, axis=-1)
    return ops.tanh(a) * ops.sigmoid(b)


def split_groups(x, groups=1):
    """A list with the right result of each group."""
    return [split_all(part) for part in ops.split(x, groups, axis=-1)]


exercise.mistakes_about(
    "split the features of each group separately: the first half of a group goes through tanh.",
    {
        "All features together are split in half, so a colour is multiplied by gates of later "
        "colours: a leak.": split_all,
        "Every second feature is taken, not the first half of each group.": (
            lambda x, groups=1: np.tanh(x[..., ::2]) * sigmoid(x[..., 1::2])
        ),
    },
)
exercise.mistakes_about(
    "the first half goes through tanh, the second half through the sigmoid: a gate is between 0 and 1.",
    {
        "tanh and sigmoid are exchanged.": combined(lambda a, b: sigmoid(a) * np.tanh(b)),
        "Both halves go through tanh.": combined(lambda a, b: np.tanh(a) * np.tanh(b)),
        "Both halves go through the sigmoid.": combined(lambda a, b: sigmoid(a) * sigmoid(b)),
        "The first half is not put through tanh.": combined(lambda a, b: a * sigmoid(b)),
        "The second half is not put through the sigmoid.": combined(lambda a, b: np.tanh(a) * b),
    },
)
exercise.mistake(
    "The gate is closed where it should be open: 1 minus the sigmoid.",
    "multiply by the sigmoid itself.",
    combined(lambda a, b: np.tanh(a) * sigmoid(-b)),
)
exercise.mistakes_about(
    "keep the groups in blocks: ops.concatenate(parts, axis=-1) joins them along the features.",
    {
        "The groups are mixed in the result: its first features are the first feature of each "
        "group.": combined(lambda a, b: np.swapaxes(np.tanh(a) * sigmoid(b), 3, 4)),
        "The groups are right, but not joined along the features.": (
            split_groups,
            lambda x, groups=1: ops.concatenate(split_groups(x, groups)),
            lambda x, groups=1: ops.concatenate(split_groups(x, groups), axis=1),
        ),
        "Only one of the groups is returned.": (
            lambda x, groups=1: split_groups(x, groups)[0],
            lambda x, groups=1: split_groups(x, groups)[-1],
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "The values are right, but not their shape": lambda x, groups=1: np.stack(
            split_groups(x, groups), axis=3
        ),
        "expected 0.1603 at image 0, row 0, column 0, feature 0": combined(
            lambda a, b: np.clip(a, -1, 1) * sigmoid(b)
        ),
    }
)
