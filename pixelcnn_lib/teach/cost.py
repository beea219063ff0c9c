"""What a run costs: multiply-adds counted from the layers, and how many the machine does a second.

One multiply-add is two of the floating-point operations that makers count (FLOP).
"""

from time import perf_counter

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.layers import MaskedConv2D

# FLOP per second in 16-bit matrix products without sparsity, as NVIDIA's data sheets have them
PEAKS = {"T4": 65e12, "L4": 121e12, "A100": 312e12, "H100": 989e12}


def layer_multiply_adds(layer, height, width, alive=False):
    """Count the multiply-adds of one masked convolution on one image.

    layer: a built MaskedConv2D. The padding counts as pixels do. alive: count only the products
    whose weight the mask leaves alive. Returns a whole number.
    """
    weights = int(np.prod(layer.kernel.shape))
    if alive:
        weights = weights * int(layer.pattern.sum()) // layer.pattern.size
    return weights * height * width


def multiply_adds(model, height, width, alive=False):
    """Count the multiply-adds of a forward pass of one image, over all masked convolutions.

    Those with dead weights count, although the layers' shortcuts leave out some of them.
    """
    layers = model._flatten_layers(include_self=False)
    masked = [layer for layer in layers if isinstance(layer, MaskedConv2D)]
    return sum(layer_multiply_adds(layer, height, width, alive) for layer in masked)


def run_hours(forward, images, flops, share):
    """Predict how long a training run takes, in hours.

    forward: multiply-adds of one image's forward pass. images: how many are trained on in all,
    steps times batch. flops: the machine's peak, FLOP per second. share: how much of it is reached.
    """
    passes = 3  # forward; back for the gradients of the features, and for those of the weights
    return 2 * passes * forward * images / (flops * share) / 3600


def matmul_flops(dtype="float32", seconds=0.5):
    """Time products of two square matrices on the spot: FLOP per second, the best of some.

    The side doubles until a product takes a hundredth of a second, so that a GPU is kept busy.
    """
    best, side, end = 0.0, 128, perf_counter() + seconds
    while perf_counter() < end:
        x = ops.cast(keras.random.normal((side, side)), dtype)  # (side, side)
        took = min(_seconds(x) for _ in range(3))
        best = max(best, 2 * side**3 / took)
        side *= 2 if took < 0.01 else 1
    return best


def _seconds(x):
    """Seconds of x @ x; a GPU has done its work when a number of it can be read."""
    start = perf_counter()
    float(ops.cast(ops.matmul(x, x)[0, 0], "float32"))
    return perf_counter() - start


def precision():
    """Name the dtype policy that this machine computes fastest in, by its GPU (on TensorFlow).

    bfloat16 from NVIDIA's compute capability 8 on (A100, L4, H100), float16 from 7 on (T4), whose
    losses Keras scales by itself; float32 on all else.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    details = tf.config.experimental.get_device_details(gpus[0]) if gpus else {}
    major, _ = details.get("compute_capability", (0, 0))
    return "mixed_bfloat16" if major >= 8 else "mixed_float16" if major >= 7 else "float32"
