"""What a run costs: the multiply-adds of its layers, and the hours at a measured speed.

One multiply-add is two floating-point operations (FLOP), the unit in which speeds are given.
"""

import numpy as np

from pixelcnn_lib.family.attention import Attention
from pixelcnn_lib.family.lstm import RecurrentLayer
from pixelcnn_lib.family.scales import Half
from pixelcnn_lib.layers import MaskedConv2D, sublayers


def layer_multiply_adds(layer, height, width, alive=False):
    """Count the multiply-adds of one masked convolution on one image. Padding counts like pixels.

    layer: a built MaskedConv2D.
    height: int, of the image, in pixels.
    width: int, of the image, in pixels.
    alive: bool, whether to count only products with weights that the mask leaves alive.
    Returns an int.
    """
    weights = int(np.prod(layer.kernel.shape))
    if alive:
        weights = weights * int(layer.pattern.sum()) // layer.pattern.size
    return weights * height * width


def masked_multiply_adds(model, height, width, alive=False):
    """Count the multiply-adds of all masked convolutions of a model. Arguments as in multiply_adds.

    Each smaller scale of PixelCNN++ (chapter 13) has half the rows and columns, rounded up.
    """
    layers = sublayers(model)
    smaller = [sublayers(one) for one in layers if isinstance(one, Half)]
    count = 0
    for layer in layers:
        if isinstance(layer, MaskedConv2D):
            spacing = 2 ** sum(layer in half for half in smaller)  # it keeps every n-th pixel
            rows, columns = -(-height // spacing), -(-width // spacing)
            count += layer_multiply_adds(layer, rows, columns, alive)
    return count


def multiply_adds(model, height, width, alive=False):
    """Count the multiply-adds of a forward pass of one image: convolutions, states and attention.

    By default, products with dead weights count, although the layers leave out some of them. An
    LSTM's state-to-state kernel counts once for each pixel, without the places that skewing adds.
    Attention counts once for each pair of pixels, and once for each pixel and nowhere.

    model: a model of the family.
    height: int, of the image, in pixels.
    width: int, of the image, in pixels.
    alive: bool, as for `layer_multiply_adds`.
    Returns an int.
    """
    layers = sublayers(model)
    states = [layer for layer in layers if isinstance(layer, RecurrentLayer)]
    looking = [layer for layer in layers if isinstance(layer, Attention)]
    pixels = height * width
    pairs = pixels * (pixels + 1) // (2 if alive else 1)  # living: with what comes before
    return (
        masked_multiply_adds(model, height, width, alive)
        + sum(int(np.prod(layer.kernel.shape)) * pixels for layer in states)
        + sum(layer.all_heads * (layer.key_size + layer.value_size) * pairs for layer in looking)
    )


def living_weights(model):
    """Count the weights of a built model that no mask sets to zero. Returns an int."""
    masked = [layer for layer in sublayers(model) if isinstance(layer, MaskedConv2D)]
    dead = sum(
        int(np.prod(layer.kernel.shape)) * int((~layer.pattern).sum()) // layer.pattern.size
        for layer in masked
    )
    return model.count_params() - dead


def run_hours(forward, images, speed):
    """Predict how long a training run takes.

    forward: number, multiply-adds of a forward pass of one image.
    images: number, how many images the run trains on in all: steps times batch size.
    speed: number, the speed of the training, in FLOP per second.
    Returns a float, in hours.
    """
    passes = 3  # forward; back for the gradients of the features, and for those of the weights
    return 2 * passes * forward * images / speed / 3600


def precision():
    """Return the name of the dtype policy that is fastest on this machine's GPU. TensorFlow only.

    It is "mixed_bfloat16" from NVIDIA's compute capability 8 on (A100, L4, H100), "mixed_float16"
    from 7 on (T4; Keras then scales the loss), and "float32" otherwise.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    details = tf.config.experimental.get_device_details(gpus[0]) if gpus else {}
    major, _ = details.get("compute_capability", (0, 0))
    return "mixed_bfloat16" if major >= 8 else "mixed_float16" if major >= 7 else "float32"
