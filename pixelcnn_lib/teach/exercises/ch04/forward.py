"""4.2: the forward pass of a PixelCNN, part by part."""

import numpy as np
from keras import ops

from pixelcnn_lib import family, heads
from pixelcnn_lib.teach.exercises import Exercise


def forward(net, images):
    """Run a PixelCNN by its parts.

    net: an object with the parts read, first, body, skips, top and head.
    images: uint8 (N, H, W, colours).
    Returns natural log-probabilities (N, H, W, colours, levels).
    """
    x = net.first(net.read(images))  # (N, H, W, 2h)
    skipped = 0
    for layer, skip in zip(net.body, net.skips):
        skipped += x * skip
        x = layer(x)  # (N, H, W, 2h)
    y = x + skipped  # (N, H, W, 2h)
    for layer in net.top:
        y = layer(ops.relu(y))  # (N, H, W, features at the top)
    return net.head.log_probs(net.head(ops.relu(y)))  # (N, H, W, colours, levels)


class Parts:
    """The parts of a small network with large random weights, and nothing that runs it."""

    def __init__(self, seed, **sizes):
        net, rng = family.PixelCNN(**sizes), np.random.default_rng(seed)
        net.set_weights([rng.normal(0, 0.6, weight.shape) for weight in net.get_weights()])
        self.read, self.first, self.body = net.scale, net.first, net.body
        self.skips, self.top, self.head = net.skips, net.top, net.head


def small_networks():
    rng = np.random.default_rng(5)
    image = lambda levels, *shape: rng.integers(0, levels, shape, "uint8")
    sizes = {"filters_per_colour": 2, "blocks": 2, "head_per_colour": 3}
    grey = {"filters_per_colour": 3, "blocks": 3, "head_per_colour": 2, "levels": 2, "colours": 1}
    mixture = heads.LogisticMixtureHead(2)  # its parameters are no logits
    return {
        "two images": (Parts(1, **sizes, levels=6), image(6, 2, 3, 4, 3)),
        "one colour": (Parts(2, **grey), image(2, 1, 4, 3, 1)),
        "another head": (Parts(3, **sizes, levels=5, head=mixture), image(5, 1, 2, 3, 3)),
        "256 levels": (Parts(4, **sizes, levels=256), image(256, 1, 2, 2, 3)),
    }


def show_forward(forward):
    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import figures

    net = Parts(4, filters_per_colour=4, blocks=2, head_per_colour=4, levels=4)
    seen = leaks.influence(lambda images: forward(net, images), (5, 5, 3), levels=4, trials=2)
    return figures.show_kinds(leaks.classify(seen), (2, 2, 1), (5, 5, 3))


exercise = Exercise(
    id="4.2",
    title="The forward pass",
    minutes=15,
    difficulty=2,
    solution=forward,
    hints=(
        "Follow one image: what does each part take as its input, and which part makes that?",
        "In the loop over the blocks, keep two things: the features, and the sum of what the skips "
        "have taken so far.",
        "Loop over zip(net.body, net.skips): first add x * skip to the sum, then compute the new "
        "x. After the loop, add x and the sum. Each later layer gets ops.relu of its input.",
    ),
    cases=small_networks,
    shown=lambda net, images: f"forward on images {images.shape}",
    axes=("image", "row", "column", "colour", "level"),
    tolerance=1e-3,
    after=show_forward,
    seen="Who sees whom through your forward pass.",
)
exercise.agrees(
    "{call}: expected log p = {expected} at {place}, got {got}.",
    hint="compare your lines with the list in the text, part by part.",
)
exercise.mistaken(
    "net.read turns levels into numbers, for any number of levels. Call it once.",
    {
        "The images are divided by 255, so that they lie between 0 and 1.": (
            "net.read(images)",
            'ops.cast(images, "float32") / 255',
        ),
    },
)
exercise.mistaken(
    "each skip is its block's input times its weights; their sum joins the last block's output.",
    {
        "The skips take the output of a block.": [
            ("        skipped += x * skip\n", ""),
            ("x = layer(x)", "x = layer(x)\n        skipped += x * skip"),
        ],
        "The skips are added without their weights.": ("x * skip", "x"),
        "The skips are missing.": ("x + skipped", "x"),
        "Only the skips reach the top.": ("x + skipped", "skipped"),
    },
)
exercise.mistaken(
    "apply a ReLU before each layer of net.top, and before the head.",
    {
        "There is no ReLU before the layers of net.top.": ("layer(ops.relu(y))", "layer(y)"),
        "There is no ReLU before the head.": ("net.head(ops.relu(y))", "net.head(y)"),
    },
)
exercise.mistaken(
    "net.head.log_probs turns this output into log-probabilities.",
    {
        "That is the output of net.head.": (
            "net.head.log_probs(net.head(ops.relu(y)))",
            "net.head(ops.relu(y))",
        ),
    },
)
