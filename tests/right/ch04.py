"""Right answers to chapter 4."""

import numpy as np
from keras import ops


def in_keras(kernel_size):
    height, width = kernel_size
    return ops.reshape(ops.arange(height * width) < height * width // 2, (height, width))


def rule_of_lists(mask_type, colours=3):
    extra = int(mask_type == "B")
    return [[i < j + extra for j in range(colours)] for i in range(colours)]


def rule_in_keras(mask_type, colours=3):
    return ops.triu(ops.ones((colours, colours)), k=1 if mask_type == "A" else 0)


def zeroed(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Ones, and what is forbidden zeroed by slices, as the source tutorial does."""
    height, width = kernel_size
    mask = np.ones((height, width, filters_in, filters_out), "float32")
    mask[height // 2, width // 2 + 1 :] = 0
    mask[height // 2 + 1 :] = 0
    block = np.ones((filters_in // colours, filters_out // colours))
    mask[height // 2, width // 2] = np.kron(rule_of_lists(mask_type, colours), block)
    return mask


def joined(kernel_size, filters_in, filters_out, mask_type, colours=3):
    past = ops.reshape(ops.cast(in_keras(kernel_size), "float32"), (-1, 1, 1))
    whole = ops.tile(past, (1, filters_in, filters_out))
    rule = ops.repeat(rule_in_keras(mask_type, colours), filters_in // colours, axis=0)
    rule = ops.repeat(rule, filters_out // colours, axis=1)
    middle = len(whole) // 2
    flat = ops.concatenate([whole[:middle], rule[None], whole[middle + 1 :]])
    return ops.reshape(flat, (*kernel_size, filters_in, filters_out))


RIGHT = {"4.1": [zeroed, joined]}
