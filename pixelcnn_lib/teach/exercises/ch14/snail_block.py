"""14.3: a block of PixelSNAIL: convolutions, then attention."""

from functools import partial

import keras
import numpy as np
from keras import layers, ops

from pixelcnn_lib import leaks
from pixelcnn_lib.family.attention import Attention
from pixelcnn_lib.family.pixelsnail import GatedResidual
from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy

Near = partial(GatedResidual, colours=1)
Attend = partial(Attention, near=16, colours=1)
SHAPE, LEVELS = (4, 5, 1), 6


class SNAILBlock(layers.Layer):
    """Two layers that look near, then attention; one more layer joins what attention has seen."""

    def __init__(self, width):
        super().__init__()
        self.near = [Near(width, 2) for _ in range(2)]
        self.attend = Attend(1, 16, width // 2)
        self.merge = Near(width, 1, width // 2)

    def call(self, x, pixels):
        for layer in self.near:
            x = layer(x)  # (N, H, W, width)
        return self.merge(x, self.attend(x, pixels))


def network(block):
    """A network of one block for the leak detective: uint8 images to logits (N, 4, 5, 1, 8)."""
    first = MaskedConv2D(8, 3, "A", 1, dtype="float64")

    def model(images):
        pixels = ops.one_hot(images[..., 0], LEVELS, dtype="float64")  # (N, 4, 5, levels)
        return ops.expand_dims(block(first(pixels), pixels), 3)

    return model


def fill(layer):
    """Give weights of equal shape equal numbers, in whatever order a layer has made them."""
    for weight in layer.weights:
        shape = [size for size in weight.shape if size > 1]
        rng = np.random.default_rng([7, *shape])
        weight.assign(rng.normal(size=shape).reshape(weight.shape) / max(shape[0], 1) ** 0.5)


def examined(block_class, width):
    """Build a block in float64: {leaks, missed: bool matrices; weights: their number; features}."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    try:
        keras.utils.set_random_seed(3)
        block = block_class(width)
        rng = np.random.default_rng(5)
        x, pixels = (
            rng.normal(size=(2, *SHAPE[:2], width)),
            rng.normal(size=(2, *SHAPE[:2], LEVELS)),
        )
        if not np.array_equal(*(to_numpy(block(x, pixels)) for _ in range(2))):
            says = "Two calls with the same input give different features."
            raise Wrong(
                says, "make all layers in __init__: in call, they get new weights each time."
            )
        seen = leaks.influence(network(block), SHAPE, LEVELS)  # (20, 20)
        fill(block)
        features = block(x, pixels)
    finally:
        keras.config.set_dtype_policy(before)
    if np.shape(features) != x.shape:
        says = f"The block returned shape {np.shape(features)} for x {x.shape}: they must be equal."
        raise Wrong(says, "what does the last layer return?")
    past = np.tri(len(seen), k=-1, dtype=bool)
    return {
        "leaks": seen & ~past,
        "missed": past & ~seen,
        "weights": np.array(sum(int(np.prod(one.shape)) for one in block.weights)),
        "features": features,
    }


exercise = Exercise(
    id="14.3",
    title="A block of PixelSNAIL",
    minutes=12,
    difficulty=2,
    solution=SNAILBlock,
    hints=(
        "Which of the four layers looks at far pixels? What does it need to read, besides x?",
        "Make all four layers in __init__. In call, each of the two Near layers gets the result of "
        "the one before; attention reads their result and the pixels.",
        "Near(width, 2) twice, Attend(1, 16, width // 2), Near(width, 1, width // 2). The last one is "
        "called with x and, as its second input, with what attention returned.",
    ),
    cases={"eight features": (8,)},
    probe=examined,
    shown=lambda width: f"SNAILBlock({width})",
    tolerance=1e-6,
)


def first_pair(matrix):
    """The first target and source of a matrix, in words."""
    target, source = (divmod(int(n), SHAPE[1]) for n in np.argwhere(matrix)[0])
    return "row {}, column {}".format(*target), "row {}, column {}".format(*source)


@exercise.condition
def sees_its_past_and_computes_the_same(answer):
    (case,) = exercise.inputs
    found, expected = answer(*case), exercise.expected(*case)
    if found["leaks"].any():
        target, source = first_pair(found["leaks"])
        what = "itself" if target == source else f"{source}, its future"
        says = f"The leak detective found {found['leaks'].sum()} leaks: {target} sees {what}."
        return Wrong(says, "only Near and Attend may read other pixels, and only Attend `pixels`.")
    if found["missed"].any():
        target, source = first_pair(found["missed"])
        says = f"No leak, but {found['missed'].sum()} past pixels are missed: {target} misses {source}."
        return Wrong(says, "attention sees the whole past. Does it read pixels, and is it used?")
    says = "No leak, and the whole past is seen. But "
    if found["weights"] != expected["weights"]:
        says += f"the block has {found['weights']} weights, expected {expected['weights']}."
        return Wrong(
            says, "Near(width, 2) twice, Attend(1, 16, width // 2), Near(width, 1, width // 2)."
        )
    if exercise.differ(expected["features"], found["features"]).any():
        says += "with the same weights, the block computes other features."
        return Wrong(says, "in which order does x pass the four layers?")


exercise.mistaken = {
    "make the four layers of the text, with these sizes.": {
        "There is one Near layer of 2x2, not two.": ("range(2)", "range(1)"),
        "The last layer has kernels of 2x2, not of 1x1.": ("Near(width, 1,", "Near(width, 2,"),
    },
    "first the two Near layers, one after the other. Attention reads their result.": {
        "Attention reads the input of the block, not what the Near layers return.": [
            ("        for layer", "        early = x\n        for layer"),
            ("self.attend(x, pixels)", "self.attend(early, pixels)"),
        ],
        "The last layer adds to the input of the block: what the Near layers return is lost.": [
            ("        for layer", "        early = x\n        for layer"),
            ("self.merge(x, ", "self.merge(early, "),
        ],
    },
}
