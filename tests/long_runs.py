"""What the tests of long runs share: a small run, and whether two runs are the same to the bit."""

import keras
import numpy as np
from tiny import some_faces, tiny

from pixelcnn_lib import training
from pixelcnn_lib.heads import LogisticMixtureHead

EPOCHS = 3
OPTIONS = dict(epochs=EPOCHS, steps_per_epoch=2, batch_size=3, size=5, augment=True, verbose=0)


class Killed(BaseException):
    """Simulates a power failure."""


def kill_at(epoch):
    """A callback that stops a run at the start of an epoch, counted from 0."""

    def kill(begun, logs):
        if begun == epoch:
            raise Killed

    return keras.callbacks.LambdaCallback(on_epoch_begin=kill)


def small_model(**more):
    head = LogisticMixtureHead(2)
    return tiny(blocks=1, levels=256, filters_per_colour=2, head=head, scale=1, **more)


def images():
    return some_faces(4, seed=1), some_faces(2, seed=2)


def start(run, **changes):
    patches, valid = images()
    return training.train(small_model(), patches, run, valid=valid, **{**OPTIONS, **changes})


def assert_same_run(run, other):
    """Compare checkpoints, log, pictures and best weights of two runs."""
    for pattern in ("log.csv", "samples/*", "checkpoints/*.npz"):
        names, others = ([p.relative_to(r) for p in sorted(r.glob(pattern))] for r in (run, other))
        assert names and names == others
        for name in names:
            assert (run / name).read_bytes() == (other / name).read_bytes(), name
    twins = [training.trained(r).get_weights() for r in (run, other)]
    for a, b in zip(*twins, strict=True):
        np.testing.assert_array_equal(a, b)
