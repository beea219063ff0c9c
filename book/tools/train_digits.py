"""Train, score and ship the model that draws digits by class: two minutes on two cores.

python book/tools/train_digits.py RUNS      RUNS: a folder for the run; an interrupted one is resumed

1,200 images are few, and a model that learns them by heart knows little of others. So it learns with
dropout, and from copies of the images that are moved by a pixel. The best epoch is chosen by the
digits held out for that; the test digits are scored once, at the end. Writes the weights into the
package, and what was measured into measured.json.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
from keras import ops
from train_small import write_down

from pixelcnn_lib import data, losses, training
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.layers import ResidualBlock
from pixelcnn_lib.model import WEIGHTS

SETTINGS = {"epochs": 15, "steps_per_epoch": 300, "batch_size": 32, "seed": 0}
DROPPED = 0.3  # the share of a block's inner features that each training step leaves out


@keras.saving.register_keras_serializable("train_digits")
class DroppingBlock(ResidualBlock):
    """A residual block that learns with dropout; its weights are a residual block's."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(filters_per_colour, colours, **layer)
        self.drop = keras.layers.Dropout(DROPPED)

    def call(self, x, training=None):
        y = self.narrow(ops.relu(x))  # (N, H, W, h)
        y = self.look(ops.relu(y))  # (N, H, W, h)
        return x + self.widen(self.drop(ops.relu(y), training=training))  # (N, H, W, 2h)


def with_shifts(images, labels):
    """Add copies of images that are a pixel farther left or right, where no ink would be lost."""
    sets = [(images, labels)]
    for edge, step in ((0, -1), (-1, 1)):
        free = ~images[:, :, edge].any((1, 2))  # (N,)
        sets.append((np.roll(images[free], step, axis=2), labels[free]))
    return tuple(map(np.concatenate, zip(*sets)))


def best(run):
    """Train into a folder, or resume there, and return the model with its best epoch's weights."""
    if (run / "config.json").exists():
        has = json.loads((run / "config.json").read_text())["settings"]
        if any(has.get(name) != value for name, value in SETTINGS.items()):
            sys.exit(f"{run} holds a run with other settings. Name a new folder for the runs.")
        training.resume(run, verbose=2)
    else:
        keras.utils.set_random_seed(0)
        images, labels = with_shifts(*data.digits("train"))
        valid, valid_labels = data.digits("valid")
        sets = dict(labels=labels, valid=valid, valid_labels=valid_labels)
        learner = PixelCNN.preset("digits", pixel_layer=DroppingBlock)
        training.train(learner, images, run, verbose=2, **sets, **SETTINGS)
    model = PixelCNN.preset("digits")
    model.set_weights(training.trained(run).get_weights())
    return model


def classify(model, images):
    """Say which class each image most likely is of, by Bayes's rule: int (N,).

    All classes are as likely as each other beforehand, so the likeliest is the one that needs the
    fewest bits.
    """
    bits = [
        losses.score(model, images, labels=np.full(len(images), label)).per_image
        for label in range(model.classes)
    ]
    return np.argmin(bits, axis=0)


def logistic_regression(images, labels, others):
    """Learn digits by logistic regression, for comparison, and say what others are: int (N,).

    A layer that sees all pixels at once, its weights held small as scikit-learn holds them: by half
    their square, added to the sum of all images' losses.
    """
    keras.utils.set_random_seed(0)
    decay = keras.regularizers.L2(0.5 / len(images))
    model = keras.Sequential([keras.layers.Dense(10, kernel_regularizer=decay)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.05), loss=loss)
    flat = lambda pixels: pixels.reshape(len(pixels), -1) / 16.0  # (N, 64)
    model.fit(flat(images), labels, batch_size=len(images), epochs=500, verbose=0)
    return model.predict(flat(others), verbose=0).argmax(axis=1)


def measure(model):
    """What measured.json says of the model: bits per dimension, and how often Bayes's rule is right."""
    (images, labels), (others, theirs) = data.digits("train"), data.digits("test")
    accuracy = lambda found: round(float((found == theirs).mean()), 4)
    return {
        "train_bits_per_dim": round(losses.score(model, images, labels=labels).bits, 3),
        "held_out_bits_per_dim": round(losses.score(model, others, labels=theirs).bits, 3),
        "accuracy": accuracy(classify(model, others)),
        "accuracy of logistic regression": accuracy(logistic_regression(images, labels, others)),
    }


def main(runs):
    model = best(runs / "digits")
    model.save_weights(WEIGHTS / "digits.weights.h5")
    measured = {"digits": measure(model)}
    write_down(measured)
    print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
