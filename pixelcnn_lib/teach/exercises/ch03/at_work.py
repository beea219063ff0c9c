"""What the check of exercise 3.1 finds out about a layer, and draws with it."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import leaks, masks
from pixelcnn_lib.teach.exercises import Wrong


def noise(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def at_work(layer_class, filters, kernel_size, kind, x):
    """Call a layer with ones and, with other weights, with x; and look at its weights.

    kind: (mask_type, colours), or () for their defaults.
    """
    mask_type, colours = kind or ("B", 3)
    ones, options = np.ones_like(x), {"kernel_initializer": "ones", "activation": "relu"}
    layer = None
    try:
        layer = layer_class(filters, kernel_size, *kind, **options, name="mine")
        counts = ops.convert_to_numpy(layer(ones))  # (N, H, W, filters)
    except Exception as error:
        if wrong := why_it_fails(layer, x, error):
            raise wrong from None
        raise
    kernel = weight(layer, "kernel", 4)
    start = ops.convert_to_numpy(kernel)
    sizes = kernel_size, x.shape[-1], filters, mask_type, colours
    other = layer_class(filters, kernel_size, "A" if mask_type == "B" else "B", colours)
    other(ones)
    beside = ops.convert_to_numpy(layer(ones))
    kernel.assign(noise(*kernel.shape))
    weight(layer, "bias", 1).assign(noise(filters))
    trained = ops.convert_to_numpy(layer(x))
    return {
        "first kernel": start * masks.rgb_mask(*sizes),  # dead weights may start as they like
        "weights differ": len(np.unique(ops.convert_to_numpy(weight(other, "kernel", 4)))) > 2,
        "output for ones": counts,
        "output beside a second layer": beside,
        "trainable": len(layer.trainable_variables),
        "learns": learns(layer, kernel, x),
        "output": trained,
        "kernel after a call": ops.convert_to_numpy(kernel),
        "named": layer.name == "mine",
    }


def learns(layer, kernel, x):
    """Tell whether the output has a gradient for the kernel; on other backends than TensorFlow, True."""
    if keras.backend.backend() != "tensorflow":
        return True
    import tensorflow as tf

    with tf.GradientTape() as tape:
        total = ops.sum(layer(x))
    return tape.gradient(total, kernel) is not None


def weight(layer, name, rank):
    """The kernel or the bias of a layer, however it is kept."""
    found = [one for one in layer.trainable_variables if one.name == name]
    found += [one for one in layer.trainable_variables if len(one.shape) == rank]
    if not found:
        raise Wrong(
            f"The layer has no {name} to train.",
            "Conv2D makes one by itself: which argument did you change?",
        )
    return found[0]


def why_it_fails(layer, x, error):
    """Say in plain words why a layer cannot be called, where Keras's own words do not help; or None."""
    if layer is None:
        hint = "it does not know mask_type and colours: store those two, and pass on the rest."
        strange = "nrecognized keyword" in str(error) and "mask_type" in str(error)
        return Wrong("Conv2D was given arguments that it does not know.", hint) if strange else None
    if "has no setter" in str(error):
        return Wrong(
            "self.kernel cannot be replaced.",
            "mask the kernel that convolution_op receives, and pass that on.",
        )
    kernels = [one for one in layer.variables if len(one.shape) == 4]
    if not kernels and not (isinstance(error, AttributeError) and "kernel" in str(error)):
        return None
    if not kernels:
        return Wrong("build made no kernel.", "does it call super().build(input_shape)?")
    shape = tuple(kernels[0].shape)
    turned = *shape[:2], shape[3], shape[2]
    if shape != turned and turned in [getattr(one, "shape", 0) for one in vars(layer).values()]:
        message = f"The mask has the shape {turned}, the kernel {shape}."
        return Wrong(message, "filters_in comes before filters_out.")
    try:
        if layer.convolution_op(x, kernels[0]) is None:
            return Wrong("convolution_op returned None.", "is there a return at its end?")
    except Exception:
        return None


def show_layer(layer_class):
    from pixelcnn_lib.teach import figures

    keras.utils.set_random_seed(0)
    layer, shape = layer_class(24, 3, "A"), (5, 5, 3)

    def one_layer(images):
        y = layer(ops.convert_to_tensor(images, "float32"))  # (N, H, W, 24)
        return ops.reshape(y, (*images.shape, 8))

    seen = leaks.influence(one_layer, shape, 8)
    return figures.show_kinds(leaks.classify(seen), (2, 2, 1), shape)
