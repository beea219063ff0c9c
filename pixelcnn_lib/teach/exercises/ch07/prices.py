"""A softmax in NumPy."""

import numpy as np


def softmax(logits, axis=-1):
    """Probabilities, safe for any logits; nan where all of them are -inf."""
    p = np.exp(logits - np.maximum(np.max(logits, axis, keepdims=True), -1e30))
    return p / p.sum(axis, keepdims=True)
