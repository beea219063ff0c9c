"""What exercise 3.2 lets a leak detective test: toy models, and layers with nine wrong masks."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Wrong

FEEBLE = 1.2e-4  # by so much one logit changes in a feeble model
ROUNDING = 8e-5  # and by so much all others, as if they were rounded


class Toy:
    """A model whose targets see the sources that they are told to.

    sees: bool (targets, sources). kind: what a source changes: "one" logit of a target; "two" in
    opposite directions; "all" alike; "faint": so little that a step of one level is lost in rounding;
    or "feeble": one logit by FEEBLE, and all others by ROUNDING, if the value is not the image's.
    tensors: it returns tensors, as Keras does.
    """

    def __init__(self, image, sees, kind="one", levels=4, tensors=False):
        count = image.size
        self.image, self.sees = image, np.broadcast_to(sees, (count, count))
        self.kind, self.tensors = kind, tensors
        strength = self.sees * np.random.default_rng(0).uniform(0.5, 1, (count, count))
        moved = np.add.outer(np.arange(count), np.arange(count)) % levels
        one = (kind == "all") | (moved[..., None] == np.arange(levels))
        self.weights = -np.where(kind == "feeble", self.sees, strength)[..., None] * one
        if kind == "two":
            self.weights -= np.roll(self.weights, 1, axis=-1)
        self.start = np.linspace(40, 41, levels)

    def __call__(self, images):
        images = np.asarray(images)
        if images.shape[1:] != self.image.shape:
            message = f"The model takes images (N, {str(self.image.shape)[1:]}. "
            hint = "image[None] is a batch of one image."
            raise Wrong(f"{message}It was given {images.shape}.", hint)
        low, high = images.min(), images.max()
        if low < 0 or high > 255 or high <= 1:
            message = f"The model was given levels from {low} to {high}."
            raise Wrong(message, "pass it levels from 0 to 255, like those of the image.")
        x, rounding = images.reshape(len(images), -1) / 60, 0.0  # (N, sources)
        if self.kind == "faint":
            x = x / 200
        if self.kind == "feeble":
            x = (images != self.image).reshape(len(images), -1)  # (N, sources)
            rounding = ROUNDING * x.any(-1)[:, None, None]
            x = (FEEBLE + ROUNDING) * x
        logits = np.einsum("ns,tsl->ntl", x, self.weights) + rounding
        logits = (self.start + logits).reshape(*images.shape, -1)  # (N, H, W, colours, levels)
        return ops.convert_to_tensor(logits, "float32") if self.tensors else logits


def itself(images):
    """A model in which each prediction depends only on its own value."""
    return np.asarray(images, "float64")[..., None]  # (N, H, W, colours, 1)


def past(count):
    return np.tri(count, k=-1, dtype=bool)


def some(count):
    """Some of all pairs: past, future and the values themselves."""
    return np.random.default_rng(1).random((count, count)) < 0.4


def picture(*shape):
    """An image with levels at both ends of the range, and some that a reader may choose."""
    return np.resize([0, 255, 7, 128, 200, 1, 100, 127, 0, 254, 10, 64], shape).astype("uint8")


def toy(shape, sees, *kind, **others):
    """A case: a toy model, and its image."""
    return Toy(picture(*shape), sees, *kind, **others), picture(*shape)


def show_leaks(sees):
    """Draw how many leaks a detective finds in two layers, A and B, with each mask of `bugs`."""
    import keras

    from pixelcnn_lib.layers import MaskedConv2D
    from pixelcnn_lib.teach import bugs, figures

    found, image = {}, picture(3, 4, 3)
    for number, bug in enumerate(bugs.BUGS, 1):
        keras.utils.set_random_seed(0)
        pair = [MaskedConv2D(12, 3, "A"), MaskedConv2D(12, 3, "B")]
        for layer, features in zip(pair, (3, 12)):
            layer.build((None, 3, 4, features))
            bugs.spoil(layer, bug)

        def model(images, pair=pair):
            y = ops.convert_to_tensor(images, "float32") / 255  # (N, 3, 4, 3)
            for layer in pair:
                y = layer(y)  # (N, 3, 4, 12)
            return ops.reshape(y, (*images.shape, 4))

        found[f"mask {number}"] = int(np.triu(np.asarray(sees(model, image))).sum())
    leaky = [name for name, leaks in found.items() if leaks]
    return figures.show_bars(found, leaky, "leaks found by your detective", digits=0)
