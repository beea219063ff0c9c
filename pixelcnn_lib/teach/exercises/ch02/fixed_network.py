"""2.3: a network with two leaks, neither of them in a mask, to be corrected."""

import keras
import numpy as np
from keras import layers, ops

from pixelcnn_lib import leaks
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch02.masked_conv2d import MaskedConv2D as Masked


def fixed_network(width=16):
    images = keras.Input((None, None, 1), dtype="int32")
    names = layers.Embedding(64, width)(images[..., 0])  # (N, H, W, width)
    x = Masked(width, 7, "A")(names)
    for _ in range(2):
        h = Masked(width, 3, "B")(ops.relu(x))
        size = ops.mean(ops.abs(h), axis=-1, keepdims=True)  # of each pixel
        x = x + h / (size + 0.01)
    logits = layers.Dense(64)(ops.relu(x))  # (N, H, W, 64)
    return keras.Model(images, logits)


def observed(build, width, shape):
    """Find what the predictions of a network depend on, and whether it leaks in training.

    build: the answer. shape: (H, W, 1) of the images.
    Returns a dict: seen, bool (targets, sources); and training, bool: does a small image leak there?
    """
    keras.utils.set_random_seed(0)
    network = build(width)

    def model(images, **options):
        return ops.expand_dims(network(images, **options), 3)  # (N, H, W, 1, 64)

    seen, leaky = leaks.influence(model, shape, 64, trials=8), False
    if isinstance(network, keras.layers.Layer):  # a plain function is not called for training
        model.non_trainable_variables = network.non_trainable_variables  # dropout's state is kept
        leaky = np.triu(leaks.influence(model, (2, 3, 1), 64, trials=2, training=True)).any()
    return {"seen": seen, "training": leaky}


def show_network(build):
    from pixelcnn_lib.teach import figures

    shape = (8, 11, 1)
    return figures.show_kinds(leaks.classify(observed(build, 16, shape)["seen"]), (5, 5, 0), shape)


exercise = Exercise(
    id="2.3",
    title="Find the bug: two leaks",
    minutes=10,
    difficulty=2,
    solution=fixed_network,
    hints=(
        "The detective names a pixel that sees itself. On which way from the image to the logits is "
        "there no mask A?",
        "A sum sees what both of its parts see. A mean over an axis sees everything along this axis.",
        "The embedding of a pixel tells the pixel's own number, so it may reach the features only "
        "through mask A. Axes 1 and 2 are the rows and the columns of the picture; axis 3 are the "
        "features of one pixel.",
    ),
    cases={
        "wide": (16, (3, 13, 1)),
        "high": (24, (9, 4, 1)),
    },
    probe=observed,
    shown=lambda width, shape: f"fixed_network({width}) on images {shape}",
    axes=("target", "source"),
    after=show_network,
    seen="What a pixel sees in your network.",
)
exercise.agrees(
    hint="where it is True, and should be False, the network still leaks. Where it is False, and "
    "should be True, the network has lost a part of the past: keep all three masked layers.",
    part="seen",
)
exercise.agrees(
    "Nothing leaks when the network predicts. But in training it leaks.",
    hint="which layer works in another way in training? Does it mix the pixels of a picture?",
    part="training",
)
exercise.mistaken(
    "run the detective again: which is the first leak now?",
    {
        "Both leaks are still there.": [
            ('Masked(width, 7, "A")(names)', 'names + Masked(width, 7, "A")(names)'),
            ("axis=-1", "axis=(1, 2)"),
        ],
    },
)
exercise.mistaken(
    "the embedding contains the number of the pixel that is predicted. On which way from it to the "
    "logits is there no mask A?",
    {
        "No later pixel is seen now. But each pixel still sees itself.": (
            'Masked(width, 7, "A")(names)',
            'names + Masked(width, 7, "A")(names)',
        ),
    },
)
exercise.mistaken(
    "a mean over the rows or the columns contains later pixels. A mean over the features of one "
    "pixel does not.",
    {
        "No pixel sees itself through the sum now. But a number that is taken over all pixels still "
        "contains later pixels.": (
            "axis=-1",
            "axis=(1, 2)",
        ),
        "The mean over the columns contains the pixels to the right.": ("axis=-1", "axis=2"),
        "The mean over the rows contains the pixels below.": ("axis=-1", "axis=1"),
    },
)
exercise.mistaken(
    "in training, BatchNormalization takes its mean over all pixels. A mean over the features of one "
    "pixel does not see other pixels.",
    {
        "Nothing leaks when the network predicts. But in training it leaks.": (
            "h / (size + 0.01)",
            "layers.BatchNormalization()(h)",
        ),
    },
)
exercise.mistaken(
    "keep the three masked layers, and the sum in the loop.",
    {
        "Nothing leaks. But the layers in the loop are lost, and the network sees less far.": (
            "x = x + h / (size + 0.01)",
            "x = x + 0 * h",
        ),
    },
)
