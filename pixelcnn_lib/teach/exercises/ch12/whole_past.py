"""12.2: let a Diagonal BiLSTM see the last pixel of the row above, too."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import leaks
from pixelcnn_lib.family.diagonal_bilstm import DiagonalBiLSTMLayer
from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy
from pixelcnn_lib.teach.exercises.noise import noise


def whole_past(first, layer, x):
    """Compute features that see the whole past: the picture is one empty column wider."""
    x = ops.pad(x, ((0, 0), (0, 0), (0, 1), (0, 0)))  # (N, H, W + 1, 1)
    return layer(first(x))[:, :, :-1]


def network(height, width):
    """A first layer, a Diagonal BiLSTM layer, and pictures, all in float64."""
    keras.utils.set_random_seed(0)
    first = MaskedConv2D(8, 3, "A", colours=1, dtype="float64")
    layer = DiagonalBiLSTMLayer(4, colours=1, dtype="float64")
    return first, layer, noise(1, height, width, 1).astype("float64")


def sight(whole_past, first, layer, x):
    """The features of a picture, and which pixel sees which: bool (targets, sources)."""
    features = to_numpy(whole_past(first, layer, x))
    if features.shape != (*x.shape[:3], 8):  # the detective could not read them
        return {"features": features, "sees": np.zeros((x.size, x.size), bool)}

    def model(images):
        features = whole_past(first, layer, ops.cast(images, "float64") / 255)
        return ops.expand_dims(features, 3)  # (N, H, W, 1, 8)

    return {"features": features, "sees": leaks.influence(model, x.shape[1:])}


exercise = Exercise(
    id="12.2",
    title="Close the gap",
    minutes=10,
    difficulty=2,
    solution=whole_past,
    hints=(
        "The features of which place would know the last pixel of a row, if there were such a place?",
        "Give each row one more place, after its last pixel. What happens to it at the end?",
        "ops.pad adds a column of zeros at the right of x. Then layer(first(…)), and cut off its last "
        "column: [:, :, :-1].",
    ),
    cases=lambda: {
        "a wide picture": network(4, 6),
        "a high picture": network(5, 3),
        "one row": network(1, 5),
    },
    probe=sight,
    shown=lambda first, layer, x: f"pictures of {x.shape[1]}x{x.shape[2]}",
)


@exercise.condition
def sees_the_past(answer):
    for case in answer.exercise.inputs:
        sees, (_, height, width, _) = answer(*case)["sees"], case[2].shape
        past = np.tri(len(sees), k=-1, dtype=bool)
        for wrong, told, hint in (
            (sees & ~past, "sees", "it may see only pixels before it, in its row and above."),
            (past & ~sees, "misses", "which features know this pixel, and which way do they take?"),
        ):
            if wrong.any():
                target, source = np.argwhere(wrong)[0]
                (row, col), (up, side) = divmod(target, width), divmod(source, width)
                maps = (one[target].reshape(height, width) for one in (sees, wrong, past))
                return Wrong(
                    f"{answer.exercise.call(case)}: row {row}, column {col} {told} row {up}, column "
                    f"{side}; {wrong.sum()} such pairs.",
                    hint,
                    *maps,
                )


exercise.mistaken = {
    "in the wider picture, each pixel keeps its column. The empty column is the last one, W.": {
        "The result is one column too wide: the empty column has no pixel in the picture.": (
            "[:, :, :-1]",
            "",
        ),
        "The first column is cut off and the empty one is kept, so each pixel gets the features of the "
        "next one, which see it.": ("[:, :, :-1]", "[:, :, 1:]"),
    },
    "only features of a place after the last pixel, in the same row, know this pixel.": {
        "The empty column is at the left: its features know nothing of the last pixel.": [
            ("(0, 1), (0, 0))", "(1, 0), (0, 0))"),
            ("[:, :, :-1]", "[:, :, 1:]"),
        ],
        "These are the features of layer(first(x)): no pixel sees the last one of the row above.": (
            "    x = ops.pad(x, ((0, 0), (0, 0), (0, 1), (0, 0)))  # (N, H, W + 1, 1)\n"
            "    return layer(first(x))[:, :, :-1]",
            "    return layer(first(x))",
        ),
    },
}
