"""Right answers to chapter 4."""

import numpy as np


def rule_of_lists(mask_type, colours=3):
    extra = int(mask_type == "B")
    return [[i < j + extra for j in range(colours)] for i in range(colours)]


def zeroed(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Ones, and what is forbidden zeroed by slices, as the source tutorial does."""
    height, width = kernel_size
    mask = np.ones((height, width, filters_in, filters_out), "float32")
    mask[height // 2, width // 2 + 1 :] = 0
    mask[height // 2 + 1 :] = 0
    block = np.ones((filters_in // colours, filters_out // colours))
    mask[height // 2, width // 2] = np.kron(rule_of_lists(mask_type, colours), block)
    return mask


RIGHT = {"4.1": [zeroed]}
