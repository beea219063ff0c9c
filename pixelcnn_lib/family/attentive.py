"""The base of the members with attention, whose blocks read both features and pixels."""

import numpy as np

from pixelcnn_lib.family.pixelcnn import CachedTrunk
from pixelcnn_lib.model import AutoregressiveModel


class AttentiveModel(AutoregressiveModel):
    """A first layer, and blocks with attention, each of which sees the whole past.

    A subclass sets the layers `first` and `body`. The blocks of `body` are called with features
    (N, H, W, h) and the scaled pixels, return features of the same shape, and have a method
    cached(cache, first). A class of images adds a bias to the input of each block. The trunk ends
    without a norm, which would remove the scale of the values that the head turns into means.

    Arguments: see AutoregressiveModel and each member.
    """

    def build_trunk(self, shape):
        self.first.build(shape)
        for block in self.body:
            block.build((*shape[:-1], self.h), shape)
        self.class_biases = self.add_class_biases(len(self.body), self.h)

    def trunk(self, x, labels=None, training=None):
        pixels, x = x, self.first(x)  # (N, H, W, h)
        for i, block in enumerate(self.body):
            if self.classes:
                x += self.of_class(self.class_biases[i], labels, x.dtype)  # (N, 1, 1, h)
            x = block(x, pixels)  # (N, H, W, h)
        return x

    def cached(self, cache):
        first = cache(self.first)
        body = [block.cached(cache, first) for block in self.body]
        return CachedTrunk(cache, first, body, self.class_biases)

    def field(self, shape):
        """All earlier values: each is part of its pixel's keys and values in every block."""
        return np.tri(np.prod(shape), k=-1, dtype=bool)  # (targets, sources)
