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


# Mistakes, each as a reader writes it


def halves(x, groups):
    """Split as it is right: two arrays (N, H, W, groups, F / groups)."""
    x = np.asarray(x)
    y = x.reshape(*x.shape[:3], groups, 2, -1)
    return y[..., 0, :], y[..., 1, :]


def merged(y):
    return y.reshape(*y.shape[:3], -1)


def sigmoid(x):
    return np.asarray(ops.sigmoid(x))


def combined(combine):
    """An answer that splits rightly and combines the halves in another way."""
    return lambda x, groups=1: merged(combine(*halves(x, groups)))


def split_all(x, groups=1):
    a, b = ops.split(x, 2, axis=-1)
    return ops.tanh(a) * ops.sigmoid(b)


def split_groups(x, groups):
    """A list with the right result of each group."""
    return [split_all(part) for part in ops.split(x, groups, axis=-1)]


exercise.mistake(
    "All features together are split in half, so a colour is multiplied by gates of later colours: a "
    "leak.",
    "split the features of each group separately.",
    split_all,
    lambda x, groups=1: np.tanh(x[..., : x.shape[-1] // 2]) * sigmoid(x[..., x.shape[-1] // 2 :]),
)
exercise.mistake(
    "Every second feature is taken, not the first half of each group.",
    "in each group, the first half of the features goes through tanh.",
    lambda x, groups=1: np.tanh(x[..., ::2]) * sigmoid(x[..., 1::2]),
)
exercise.mistake(
    "tanh and sigmoid are exchanged.",
    "the first half goes through tanh, the second half opens and closes the gate.",
    combined(lambda a, b: sigmoid(a) * np.tanh(b)),
)
exercise.mistake(
    "Both halves go through tanh.",
    "the second half goes through the sigmoid: a gate is between 0 and 1.",
    combined(lambda a, b: np.tanh(a) * np.tanh(b)),
)
exercise.mistake(
    "Both halves go through the sigmoid.",
    "the first half goes through tanh, which can be negative too.",
    combined(lambda a, b: sigmoid(a) * sigmoid(b)),
)
exercise.mistake(
    "The first half is not put through tanh.",
    "the result is tanh(first half) times sigmoid(second half).",
    combined(lambda a, b: a * sigmoid(b)),
)
exercise.mistake(
    "The second half is not put through the sigmoid.",
    "without it the gate can be larger than 1, or negative.",
    combined(lambda a, b: np.tanh(a) * b),
)
exercise.mistake(
    "The halves are added.",
    "a gate multiplies: at 0 it is closed, and nothing passes.",
    combined(lambda a, b: np.tanh(a) + sigmoid(b)),
)
exercise.mistake(
    "A ReLU has taken the place of tanh.",
    "the first half goes through ops.tanh.",
    combined(lambda a, b: np.maximum(a, 0) * sigmoid(b)),
)
exercise.mistake(
    "The gate is closed where it should be open: 1 minus the sigmoid.",
    "multiply by the sigmoid itself.",
    combined(lambda a, b: np.tanh(a) * sigmoid(-b)),
)
exercise.mistake(
    "A softmax has taken the place of the sigmoid, so the gates share one 1 among them.",
    "each feature has a gate of its own: ops.sigmoid.",
    combined(lambda a, b: np.tanh(a) * np.asarray(ops.softmax(b))),
)
exercise.mistake(
    "Each group is multiplied by the gates of another group.",
    "the two halves that are multiplied belong to the same group.",
    combined(lambda a, b: np.tanh(a) * sigmoid(np.roll(b, 1, axis=3))),
    combined(lambda a, b: np.tanh(a) * sigmoid(np.roll(b, -1, axis=3))),
)
exercise.mistake(
    "There are three groups, whatever `groups` is.",
    "a grey image has one group, and the vertical features are one group too.",
    lambda x, groups=1: combined(lambda a, b: np.tanh(a) * sigmoid(b))(x, 3),
)
exercise.mistake(
    "The groups are mixed in the result: its first features are the first feature of each group.",
    "the groups must stay in blocks: all of the first one, then all of the second one.",
    lambda x, groups=1: (lambda a, b: merged(np.swapaxes(np.tanh(a) * sigmoid(b), 3, 4)))(
        *halves(x, groups)
    ),
)


exercise.mistake(
    "The groups are right, but not joined: that is a list with one array for each group.",
    "ops.concatenate(parts, axis=-1) joins them along the features.",
    lambda x, groups=1: split_groups(x, groups),
)
exercise.mistake(
    "The groups are right, but not joined along the features.",
    "ops.concatenate(parts, axis=-1) joins along the last axis, without axis=-1 along the first one.",
    lambda x, groups=1: ops.concatenate(split_groups(x, groups)),
    lambda x, groups=1: ops.concatenate(split_groups(x, groups), axis=1),
    lambda x, groups=1: ops.concatenate(split_groups(x, groups), axis=2),
)
exercise.mistake(
    "The groups are half as large as they should be, so the last half of the features is not used.",
    "`x` holds the features for tanh and for the sigmoid: a group has x.shape[-1] // groups of them.",
    lambda x, groups=1: ops.concatenate(
        [
            ops.tanh(part[..., : part.shape[-1] // 2]) * sigmoid(part[..., part.shape[-1] // 2 :])
            for part in ops.split(x[..., : x.shape[-1] // 2], groups, axis=-1)
        ],
        axis=-1,
    ),
)
exercise.mistake(
    "The groups overlap: each begins in the middle of the one before it.",
    "group g begins at feature g * size, with size = x.shape[-1] // groups.",
    lambda x, groups=1: ops.concatenate(
        [
            split_all(x[..., g * half : (g + 2) * half])
            for half in [x.shape[-1] // 2 // groups]
            for g in range(groups)
        ],
        axis=-1,
    ),
)
exercise.mistake(
    "The groups are added up, so that one group is left.",
    "keep the groups apart: ops.concatenate(parts, axis=-1) joins them along the features.",
    lambda x, groups=1: sum(split_groups(x, groups)),
)
exercise.mistake(
    "Only one of the groups is returned.",
    "collect the results of all groups in a list, then ops.concatenate(parts, axis=-1).",
    lambda x, groups=1: split_groups(x, groups)[-1],
    lambda x, groups=1: split_groups(x, groups)[0],
)


# Mistakes that a condition describes well enough


@exercise.caught("expected shape")
def not_merged(x, groups=1):
    a, b = halves(x, groups)
    return np.tanh(a) * sigmoid(b)


@exercise.caught("`groups` changes nothing in your answer")
def as_many_as_came(x, groups=1):
    return ops.tanh(x) * ops.sigmoid(x)


@exercise.caught("expected")
def clipped(x, groups=1):
    a, b = halves(x, groups)
    return merged(np.clip(a, -1, 1) * sigmoid(b))
