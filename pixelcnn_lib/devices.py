"""Devices: which ones share each batch, and how a run on one device becomes repeatable."""

import random
from contextlib import contextmanager, nullcontext

import keras
import numpy as np

from pixelcnn_lib import cluster
from pixelcnn_lib.model import gpus


def chosen(devices, batch_size):
    """Return the names of the devices that share each batch.

    devices: list of str, names as in keras.distribution.list_devices(). None means all GPUs, or the
        CPU if there is no GPU. In a cluster it must be None: all devices of all processes share.
    batch_size: int, images per batch, a multiple of the number of devices.
    Raises ValueError if a device does not exist, or if the devices cannot share the batch equally.
    """
    if cluster.processes()[1] > 1:
        if devices:
            raise ValueError("In a cluster, all devices share each batch. Name no devices.")
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

    devices: list of str, the names of the devices.
    """
    if len(devices) == 1:
        return nullcontext()
    if keras.backend.backend() != "tensorflow":
        shared = keras.distribution.DataParallel(devices=devices, auto_shard_dataset=False)
        return shared.scope()
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(devices).scope()


def clips(devices):
    """Return how many devices clip the gradient of their own part; on JAX, one clips the whole."""
    return len(devices) if keras.backend.backend() == "tensorflow" else 1


@contextmanager
def repeatable(devices):
    """Within this block, make TensorFlow's operations on a CPU repeatable to the last bit.

    On a GPU this would cost time, so there a run is repeatable only up to rounding. Outside it must
    be off: TensorFlow refuses to compile a model, and so the fast sampler, while it is on.

    devices: list of str, the names of the devices that train.
    """
    if keras.backend.backend() != "tensorflow" or not devices[0].startswith("cpu"):
        yield
        return
    # tf.config.experimental can only turn it on; a public function to turn it off would replace this
    from tensorflow.python.framework import config

    before = config.is_op_determinism_enabled()
    config.enable_op_determinism()
    try:
        yield
    finally:
        if not before:
            config.disable_op_determinism()


@contextmanager
def seeded(seed):
    """Set all seeds within this block. After it, Python's and NumPy's generators are as before.

    seed: int from 0 to 2**32 - 1.
    """
    before, numpys = random.getstate(), np.random.get_state()
    keras.utils.set_random_seed(seed)
    try:
        yield
    finally:
        random.setstate(before)
        np.random.set_state(numpys)
