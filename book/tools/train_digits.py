"""Train, score and ship the model that draws digits by class: two minutes on two cores.

python book/tools/train_digits.py RUNS      RUNS: a folder for the run; an interrupted one is resumed

With only 1,200 images, a model soon overfits. So it is trained with dropout, and also on copies of
the images that are shifted by a pixel. The best epoch is chosen by the digits held out for that;
the test digits are scored once, at the end. Writes the weights into the package, and the measured
scores into measured.json.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
from train_small import resumed, write_down

from pixelcnn_lib import data, scoring, training
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.layers import ResidualBlock
from pixelcnn_lib.model import WEIGHTS

SETTINGS = {"epochs": 15, "steps_per_epoch": 300, "batch_size": 32, "seed": 0}
DROPPED = 0.3  # the share of a block's inner features that is set to zero in a training step


@keras.saving.register_keras_serializable("train_digits")
class DroppingBlock(ResidualBlock):
    """A residual block with dropout in training; it has the same weights as a residual block."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(filters_per_colour, colours, **layer)
        self.drop = keras.layers.Dropout(DROPPED)

    def forward(self, run, x):
        y = run(self.narrow, run.relu(x))  # (N, H, W, h)
        y = run(self.look, run.relu(y))  # (N, H, W, h)
        return x + run(self.widen, run(self.drop, run.relu(y)))  # (N, H, W, 2h)


def with_shifts(images, labels):
    """Add copies of images shifted left or right by a pixel, if no ink is lost."""
    sets = [(images, labels)]
    for edge, step in ((0, -1), (-1, 1)):
        free = ~images[:, :, edge].any((1, 2))  # (N,)
        sets.append((np.roll(images[free], step, axis=2), labels[free]))
    return tuple(map(np.concatenate, zip(*sets)))


def best(run):
    """Train into a folder, or resume there, and return the model with its best epoch's weights."""
    if not resumed(run, SETTINGS):
        keras.utils.set_random_seed(0)
        images, labels = with_shifts(*data.digits("train"))
        valid, valid_labels = data.digits("valid")
        sets = dict(labels=labels, valid=valid, valid_labels=valid_labels)
        learner = PixelCNN.preset("digits", pixel_layer=DroppingBlock)
        training.train(learner, images, run, verbose=2, **sets, **SETTINGS)
    model = PixelCNN.preset("digits")
    model.set_weights(training.trained(run).get_weights())
    return model


def measure(model):
    """Return the model's results for measured.json: bits per dimension."""
    images, labels = data.digits("test")
    bits = scoring.score(model, images, labels=labels).bits
    return {"held_out_bits_per_dim": round(bits, 3)}


def main(runs):
    model = best(runs / "digits")
    model.save_weights(WEIGHTS / "digits.weights.h5")
    measured = {"digits": measure(model)}
    write_down(measured)
    print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
