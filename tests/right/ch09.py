"""Right answers to chapter 9."""

import numpy as np
from keras import ops

# 9.1


def by_logsumexp(log_likelihoods, prior):
    joint = ops.convert_to_tensor(log_likelihoods + np.log(prior), "float64")
    return ops.exp(joint - ops.logsumexp(joint, axis=1, keepdims=True))


# 9.2


def row_after_row(model, images, rows):
    """The posterior after each row is the prior of the next one."""
    p = np.full((len(images), model.classes), 1 / model.classes)
    every = [model.log_prob(images, np.full(len(images), k)) for k in range(model.classes)]
    log_p = np.stack(every, axis=1).sum(axis=(3, 4))  # (N, classes, H)
    for row in range(rows):
        joint = np.log(p) + log_p[:, :, row]
        p = np.exp(joint - joint.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
    return p


RIGHT = {"9.1": [by_logsumexp], "9.2": [row_after_row]}
