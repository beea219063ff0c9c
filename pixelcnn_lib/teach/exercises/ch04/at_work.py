"""What the check of exercise 4.1 finds out about a block, and draws with it."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import layers, leaks
from pixelcnn_lib.teach.exercises import Wrong
from pixelcnn_lib.teach.exercises.weights import called, count, fill, in_training


def shown(filters_per_colour, colours, x):
    return f"ResidualBlock({filters_per_colour}{'' if colours == 3 else f', colours={colours}'})"


def at_work(block_class, filters_per_colour, colours, x):
    """Put a block to work on x (N, H, W, 2h): with weights of zero, with random ones, and twice.

    Keys with an underscore are left out where an answer is compared with known mistakes.
    """
    call = shown(filters_per_colour, colours, x)
    sizes = {} if colours == 3 else {"colours": colours}
    block = called(block_class(filters_per_colour, **sizes), x[:, 1:], call)
    if not block.trainable_variables:
        raise Wrong(
            f"{call} has no weights to train.", "does __init__ make the three convolutions?"
        )
    kernels = [one for one in block.trainable_variables if len(one.shape) > 1]
    starts = [ops.convert_to_numpy(kernel) for kernel in kernels]
    fill(block, np.zeros)
    idle = ops.convert_to_numpy(block(x))
    fill(block)
    busy = ops.convert_to_numpy(block(x))
    same = np.allclose(ops.convert_to_numpy(in_training(block, x)), busy, 1e-4, 1e-4)
    kept, name, dtype, later = True, True, True, (False, False)
    if colours == 3:  # looked at once only, as it takes its time
        later = sees_later(block, x, busy)
        second = called(block_class(filters_per_colour), x, call)
        fill(second, np.zeros)
        kept = np.array_equal(ops.convert_to_numpy(block(x)), busy)
        named = block_class(filters_per_colour, name="mine", dtype="float64")
        name, dtype = named.name == "mine", named.dtype_policy.name == "float64"
    found = {
        "with weights of 0": idle,
        "with random weights": busy,
        "as in training": same,
        "of its own": kept,
    }
    found |= {"_weights": count(block), "_name": name, "_dtype": dtype}
    found |= {"_starts": all(np.ptp(kernel) > 0 for kernel in starts)}
    return found | {"_later pixel": later[0], "_later colour": later[1]}


def sees_later(block, x, busy):
    """Tell whether x's last pixel reaches earlier pixels, and its last colour earlier colours.

    busy: what the block gives for x.
    """
    last = x.shape[-1] * 2 // 3  # the first feature of the last colour
    pixel, colour = x.copy(), x.copy()
    pixel[:, -1, -1] += 3
    colour[:, -1, -1, last:] += 3
    by_pixel, by_colour = (ops.convert_to_numpy(block(one)) != busy for one in (pixel, colour))
    by_pixel[:, -1, -1] = False
    return by_pixel.any(), by_colour[:, -1, -1, :last].any()


def show_in_a_network(block_class):
    from pixelcnn_lib.teach import figures

    keras.utils.set_random_seed(0)
    first, block = layers.MaskedConv2D(24, 7, "A"), block_class(4)
    head, shape = layers.MaskedConv2D(24, 1), (6, 6, 3)

    def network(images):
        x = block(first(ops.convert_to_tensor(images, "float32")))  # (N, H, W, 24)
        return ops.reshape(head(x), (*images.shape, 8))

    seen = leaks.influence(network, shape, levels=8)
    return figures.show_kinds(leaks.classify(seen), (5, 2, 1), shape)
