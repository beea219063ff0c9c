"""15.2: the capstone, a network of the reader's own, which has to pass all tests of the book."""

import itertools

import keras
import numpy as np
from keras import layers, ops

from pixelcnn_lib import leaks
from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch02.masked_conv2d import MaskedConv2D as Masked

MOST = 300_000  # weights, about as many as the largest of the networks in ladder.json


def my_net(colours=64):
    images = keras.Input((None, None, 1), dtype="int32")
    x = layers.Embedding(colours, 32)(images[..., 0])  # (N, H, W, 32)
    x = Masked(64, 7, "A")(x)  # (N, H, W, 64)
    for _ in range(6):
        h = layers.Dense(32)(ops.relu(x))
        h = Masked(32, 3, "B")(ops.relu(h))
        x = x + layers.Dense(64)(ops.relu(h))
    x = layers.Dense(64)(ops.relu(x))
    logits = layers.Dense(colours)(ops.relu(x))  # (N, H, W, colours)
    return keras.Model(images, logits)


def observed(build, colours, shape):
    """Put a network to the tests.

    build: the answer. colours: int, how many names a pixel can have. shape: (H, W, 1) of images.
    Returns a dict. leaks: int (3,), how many there are on images of `shape`, in prediction and in
    training, and by how many thousandths the sum over all images of 2x2 pixels with three colours
    misses 1. small: bool, whether it has at most MOST weights. logits: bool, whether the numbers of
    a pixel do not sum to 1. sees: bool, whether they depend on the image.
    """
    keras.utils.set_random_seed(0)
    network = build(colours)
    if not isinstance(network, keras.Model):
        hint = "return keras.Model(images, logits), with images = keras.Input((None, None, 1))."
        raise Wrong("my_net should return a Keras model.", hint)

    def model(images, **options):
        return ops.expand_dims(network(images, **options), 3)  # (N, H, W, 1, colours)

    model.non_trainable_variables = network.non_trainable_variables  # dropout's state is kept
    found = tuple(network(np.zeros((2, *shape), "uint8")).shape)
    if found != (2, *shape[:2], colours):
        message = f"The logits of two images {shape} have the shape {found}."
        raise Wrong(message, f"expected is {(2, *shape[:2], colours)}: (N, H, W, colours).")
    seen = leaks.influence(model, shape, colours, trials=8)
    trained = leaks.influence(model, (2, 3, 1), colours, trials=2, training=True)
    images = np.array([*itertools.product(range(3), repeat=4)]).reshape(-1, 2, 2, 1)
    logits = with_large_weights(build(3), images)
    return {
        "leaks": np.array([np.triu(seen).sum(), np.triu(trained).sum(), missed(images, logits)]),
        "small": network.count_params() <= MOST,
        "logits": (abs(logits.sum(axis=-1) - 1) > 1e-3).any(),
        "sees": (logits != logits[:1]).any(),
    }


def with_large_weights(network, images):
    """The logits (n, 2, 2, 3) of a network with random weights: near zero, they would hide a leak."""
    rng = np.random.default_rng(0)
    for weight in network.trainable_weights:
        weight.assign(rng.normal(0, 0.5, weight.shape))
    return ops.convert_to_numpy(network(images.astype("uint8")))


def missed(images, logits):
    """Say by how many thousandths the sum of the probabilities of all images misses 1."""
    log_p = ops.convert_to_numpy(ops.log_softmax(logits))  # (81, 2, 2, 3)
    log_p = np.take_along_axis(log_p, images, -1)  # (81, 2, 2, 1)
    return round(1000 * (np.exp(log_p.sum(axis=(1, 2, 3), dtype="float64")).sum() - 1))


exercise = Exercise(
    id="15.2",
    title="A network of your own",
    minutes=30,
    difficulty=3,
    solution=my_net,
    hints=(
        "Begin with what you know: an embedding, a first layer that does not see the pixel itself, "
        "layers that do, and a softmax over the colours.",
        "Masked(64, 7, 'A') comes first, on the embedding. After it, every layer that looks at "
        "several pixels has mask B; layers.Dense looks at one pixel only.",
        "It works with the network of chapter 1: six blocks of Dense(32), Masked(32, 3, 'B') and "
        "Dense(64), each with a sum around it. Then change one thing.",
    ),
    cases={
        "wide": (64, (3, 7, 1)),
        "high, fewer colours": (9, (6, 4, 1)),
        "wider than a face": (9, (2, 18, 1)),
    },
    probe=observed,
    shown=lambda colours, shape: f"my_net({colours}) on images {shape}",
)
LAST_LAYER = "the last layer has no activation. The loss and the sampler apply the softmax."
THE_WAY = "each pixel should see pixels before it: is there a way from the embedding to the logits?"
exercise.agrees(
    "It cheats. Numbers 0 and 1 count leaks, in prediction and in training; number 2 says by how many "
    "thousandths the sum over all 81 images misses 1. At {place}: {got}.",
    hint="take out one layer after another, and run this check each time, until it finds nothing.",
    part="leaks",
)
exercise.agrees("It has too many weights.", part="small")
PROBABILITIES = "The outputs of each pixel sum to 1: they are probabilities, and not logits."
exercise.agrees(PROBABILITIES, LAST_LAYER, part="logits")
NOTHING = "Nothing leaks, but the logits are the same for all images."
exercise.agrees(NOTHING, THE_WAY, part="sees")
exercise.mistaken = {
    "on which way from the embedding to the logits is there no mask A?": {
        "Each pixel sees itself.": ('7, "A"', '7, "B"')
    },
    "a convolution without a mask sees to all sides. layers.Dense sees one pixel.": {
        "A convolution in the blocks has no mask, so pixels see later ones.": (
            'Masked(32, 3, "B")(',
            'layers.Conv2D(32, 3, padding="same")(',
        )
    },
    "a norm may take its mean over the features of a pixel, axis=-1.": {
        "In training, a mean over rows and columns, as in BatchNormalization, mixes all pixels.": (
            "h = layers.Dense(32)(ops.relu(x))",
            "h = layers.Dense(32)(ops.relu(layers.BatchNormalization()(x)))",
        ),
    },
    "every number of the text has its own name in the code.": {
        "The logits have 64 numbers for each pixel. They should have `colours`.": (
            "layers.Dense(colours)(",
            "layers.Dense(64)(",
        ),
    },
    LAST_LAYER: {
        PROBABILITIES: ("layers.Dense(colours)(", 'layers.Dense(colours, activation="softmax")(')
    },
    THE_WAY: {NOTHING: ("(ops.relu(x))  # (N, H, W, colours)", "(0 * x)")},
    "print network.count_params() while you make the layers narrower.": {
        f"The network has more than {MOST:,} weights.": (
            "layers.Dense(64)(ops.relu(x))",
            "layers.Dense(2000)(ops.relu(x))",
        )
    },
}
