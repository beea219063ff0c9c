"""Devices that share each batch, and what makes a run on one of them repeatable."""

from contextlib import contextmanager, nullcontext

import keras


def together(devices):
    """The scope in which a model is made and trained, so that several devices share each batch."""
    if len(devices) == 1:
        return nullcontext()
    if keras.backend.backend() != "tensorflow":
        return keras.distribution.DataParallel(devices=devices).scope()
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(devices).scope()


@contextmanager
def repeatable(devices):
    """Let TensorFlow's operations repeat to the bit on a CPU.

    On a GPU that would cost time: there a run repeats up to rounding.
    """
    if keras.backend.backend() != "tensorflow" or not devices[0].startswith("cpu"):
        yield
        return
    from tensorflow.python.framework import config  # what turns it off again is not public

    before = config.is_op_determinism_enabled()
    config.enable_op_determinism()
    try:
        yield
    finally:
        if not before:
            config.disable_op_determinism()
