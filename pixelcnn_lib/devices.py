"""Devices that share each batch, and what makes a run on one of them repeatable."""

import random
from contextlib import contextmanager, nullcontext

import keras
import numpy as np

from pixelcnn_lib import cluster
from pixelcnn_lib.model import gpus


def chosen(devices, batch_size, began=()):
    """Return the names of the devices that share each batch.

    devices: list of str, as keras.distribution.list_devices() gives them; None takes all GPUs, or
    the CPU if there is none. In a cluster, it must be None: all devices of all processes share.
    batch_size: int.
    began: names of the devices that the run began on; it does not change to the CPU unasked.
    Raises ValueError if the devices are not there or cannot share the batch equally.
    """
    if devices is None and not gpus() and any(name.startswith("gpu") for name in began):
        raise ValueError(
            f"The run began on {', '.join(began)}, and no GPU is found now. Resume it where there is "
            "one, or give devices=['cpu:0'] to go on slowly."
        )
    if cluster.processes()[1] > 1:
        if devices:
            raise ValueError("In a cluster all devices share each batch. Name none.")
        devices = keras.distribution.list_devices()
    devices, known = devices or gpus() or ["cpu:0"], keras.distribution.list_devices()
    if batch_size % len(devices):
        raise ValueError(
            f"batch_size must be a multiple of the {len(devices)} devices that share it; got "
            f"{batch_size}. Name fewer devices, or change batch_size."
        )
    if not set(devices) <= set(known):
        raise ValueError(
            f"devices must be among {', '.join(known)}; got {', '.join(map(str, devices))}."
        )
    return devices


def together(devices):
    """Return the scope in which a model is made and trained, so that devices share each batch.

    devices: list of str, their names.
    """
    if len(devices) == 1:
        return nullcontext()
    if keras.backend.backend() != "tensorflow":
        shared = keras.distribution.DataParallel(devices=devices, auto_shard_dataset=False)
        return shared.scope()
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(devices).scope()


def clips(devices):
    """Return how many devices clip a part of the gradient: on JAX one clips the whole."""
    return len(devices) if keras.backend.backend() == "tensorflow" else 1


@contextmanager
def repeatable(devices):
    """Let TensorFlow's operations repeat to the bit on a CPU.

    On a GPU that would cost time: there a run repeats up to rounding.

    devices: list of str, the names of the devices that train.
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


@contextmanager
def seeded(seed):
    """Set all seeds for a while; afterwards Python's and NumPy's streams are as they were.

    seed: int from 0 to 2**32 - 1.
    """
    before, numpys = random.getstate(), np.random.get_state()
    keras.utils.set_random_seed(seed)
    try:
        yield
    finally:
        random.setstate(before)
        np.random.set_state(numpys)
