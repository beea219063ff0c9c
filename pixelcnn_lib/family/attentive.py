"""The base of the members with attention, whose blocks read both features and pixels."""

import numpy as np

from pixelcnn_lib.model import AutoregressiveModel


class AttentiveModel(AutoregressiveModel):
    """A first layer, and blocks with attention, each of which sees the whole past.

    A subclass sets the layers `first` and `body`. The blocks of `body` are called with features
    (N, H, W, h) and the scaled pixels, return features of the same shape, and have a method
    cached(cache, trunk). A class of images adds a bias to the input of each block. The trunk ends
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
        return CachedTrunk(self, cache)

    def field(self, shape):
        """All earlier values: each is part of its pixel's keys and values in every block."""
        return np.tri(np.prod(shape), k=-1, dtype=bool)  # (targets, sources)


class CachedTrunk:
    """The trunk's step at one pixel, group by group; see caching.Cache."""

    def __init__(self, model, cache):
        self.first = cache(model.first)
        self.body = [block.cached(cache, self) for block in model.body]
        self.biases = [cache.split(cache.of_class(bias)) for bias in model.class_biases]
        cache.add(self)

    def start(self, time):
        self.values = []

    def __call__(self, group):
        x = self.first.output()  # (h / groups, N)
        for i, block in enumerate(self.body):
            if self.biases:
                x = x + self.biases[i][group]
            x = block(x)  # (h / groups, N)
        return x

    def take(self, x):
        self.first.take(x)
        self.values.append(x)

    def keep(self, time):
        pass  # the layers store what they need
