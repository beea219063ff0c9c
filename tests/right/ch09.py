"""Right answers to chapter 9."""

import numpy as np
from keras import ops

# 9.1


def by_logsumexp(log_likelihoods, prior):
    joint = ops.convert_to_tensor(log_likelihoods + np.log(prior), "float64")
    return ops.exp(joint - ops.logsumexp(joint, axis=1, keepdims=True))


# 9.2


def by_softmax(model, images, labels, weight):
    both = [model(images, one) for one in (labels, 0 * labels)]
    told, untold = (ops.convert_to_tensor(one, "float64") for one in both)
    return ops.softmax((1 + weight) * told - weight * untold, axis=-1)


RIGHT = {"9.1": [by_logsumexp], "9.2": [by_softmax]}
