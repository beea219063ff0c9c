"""What a value costs: the negative binary logarithm of its probability."""

import numpy as np


def log_softmax(logits, axis=-1):
    """Natural log-probabilities, safe for any logits."""
    logits = logits - np.max(logits, axis, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis, keepdims=True))


def softmax(logits, axis=-1):
    """Probabilities, safe for any logits; nan where all of them are -inf."""
    p = np.exp(logits - np.maximum(np.max(logits, axis, keepdims=True), -1e30))
    return p / p.sum(axis, keepdims=True)


def pick(images, table):
    """The entry of table (..., levels) at each value of images (...)."""
    return np.take_along_axis(table, images[..., None].astype("int64"), -1)[..., 0]
