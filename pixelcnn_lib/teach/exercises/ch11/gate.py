"""11.3: the gated activation, with the features of each colour split separately."""

import keras
from keras import ops

from pixelcnn_lib import layers, leaks
from pixelcnn_lib.family import gates
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.noise import noise


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
    id="11.3",
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
    },
    shown=lambda x, groups: f"gate(x {x.shape}, groups={groups})",
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_in_a_network,
    seen="What green sees through a masked 3x3 layer, your gate and a masked 1x1 layer.",
)
exercise.agrees(
    hint="in each group, tanh of the first half of the features, times the sigmoid of the second half.",
)
by_a_network(exercise, (None, 4, 5, 12), call=lambda gate, x: gate(x, 3))
exercise.mistaken(
    "split the features of each group separately: the first half of a group goes through tanh.",
    {
        "All features together are split in half, so a colour is multiplied by gates of later "
        "colours: a leak.": ("groups, 2, features // groups // 2", "1, 2, features // 2"),
        "Every second feature is taken, not the first half of each group.": [
            ("groups, 2, features // groups // 2", "features // 2, 2"),
            ("axis=-2", "axis=-1"),
        ],
    },
)
exercise.mistaken(
    "the first half goes through tanh, the second half through the sigmoid: a gate is between 0 and 1.",
    {
        "tanh and sigmoid are exchanged.": ("tanh(a) * ops.sigmoid(b)", "ops.sigmoid(a) * tanh(b)"),
        "Both halves go through tanh.": ("ops.sigmoid(b)", "tanh(b)"),
        "The first half is not put through tanh.": ("tanh(a)", "a"),
        "The gate is closed where it should be open: 1 minus the sigmoid.": (
            "ops.sigmoid(b)",
            "ops.sigmoid(-b)",
        ),
    },
)
