"""Causal attention over pixels: a layer that looks at all earlier pixels, and its cached twin."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.operations import norm

SCORES = 2**25  # how many scores of an image are computed at a time, at most


class Attention(keras.layers.Layer):
    """Causal attention: each pixel takes a weighted mean of the values of all earlier pixels.

    The weights of a head are the softmax of query times key, divided by the root of key_size, plus
    a learnt bias for each offset between the two pixels. Queries are grouped: each head belongs to
    one group of colours, and its query depends only on what this group may see. Keys and values are
    whole: only strictly later pixels may read them. They are computed from the features and from
    the pixel's own values, because the features do not contain the last group of their pixel's
    colours. Only the next pixel's features do, and the last pixel of a row has no next pixel. One
    more place, called nowhere, has zeros as key and value. It comes first, like a start token, so
    that the first pixel can attend to something too.

    The features are normalised first, each group separately, so that no colour sees a later one.
    The norm has no weights, because the convolutions after it can scale the features.

    Positions are relative, so a model trained on crops runs at any size: an offset of more than
    `near` rows or columns uses the bias of the nearest offset that has one. The biases start at
    minus the distance, times a slope that halves from head to head: at first, attention is local.
    Sources: Vaswani et al. (2017), section 3.2; the start token, Chen et al. (2020), code; clipped
    offsets, Shaw et al. (2018), section 3.2; slopes, Press et al. (2022), section 3.

    heads: int, the number of heads of each group of colours.
    key_size: int, the number of features in a head's key and in its query.
    value_size: int, the number of features in a head's value.
    near: int, up to how many rows and columns away each offset has its own bias.
    colours: int, the number of groups of colours.
    layer: keras.layers.Layer's arguments, such as `dtype`.
    """

    def __init__(self, heads, key_size, value_size, near, colours=3, **layer):
        super().__init__(**layer)
        self.heads, self.near, self.colours = heads, near, colours
        self.key_size, self.value_size = key_size, value_size
        self.all_heads = heads * colours
        features, same = self.all_heads * (key_size + value_size), {"dtype": self.dtype_policy}
        self.query = MaskedConv2D(self.all_heads * key_size, 1, colours=colours, **same)
        self.remember = MaskedConv2D(features, 1, colours=1, **same)

    def build(self, x_shape, pixels_shape):  # Keras finds the shapes by these names
        self.query.build(x_shape)
        self.remember.build((*x_shape[:-1], x_shape[-1] + pixels_shape[-1]))
        # 0 is nowhere, 1 the pixel to the left; then row by row upwards, each from right to left
        number = np.arange(2 * self.near * (self.near + 1) + 1)
        up, left = np.divmod(number + self.near, 2 * self.near + 1)
        distance = np.hypot(up, left - self.near)  # of each numbered offset; 0 for nowhere
        slopes = np.tile(0.5 ** np.arange(self.heads), self.colours)
        start = -slopes[:, None] * distance  # (heads, numbers)
        start = lambda shape, dtype, start=start: ops.cast(start, dtype)
        shape = self.all_heads, len(number)
        self.bias = self.add_weight(shape=shape, initializer=start, name="bias")

    def call(self, x, pixels):
        """Attend from each pixel to all earlier pixels.

        x: (N, H, W, F), grouped features. pixels: (N, H, W, values), the scaled image.
        Returns grouped features, (N, H, W, heads of all groups * value_size).
        """
        count, height, width, _ = ops.shape(x)
        x = norm(x, self.colours)  # (N, H, W, F)
        query = self.by_head(self.query(x))  # (N, heads, H * W, key_size)
        both = self.remember(ops.concatenate([x, pixels], axis=-1))
        both = self.by_head(both)  # (N, heads, H * W, key_size + value_size)
        both = ops.pad(both, ((0, 0), (0, 0), (1, 0), (0, 0)))  # (…, 1 + H * W, …), nowhere first
        key, value = ops.split(both, [self.key_size], axis=-1)
        cuts, mixed = self.cuts(height * width), []
        asking = ops.split(query, cuts, axis=2), ops.split(places(height, width), cuts)
        for query, place in zip(*asking):
            scores = ops.matmul(query, ops.swapaxes(key, 2, 3)) / self.key_size**0.5
            scores += self.position(height, width, place)  # (N, heads, asking, 1 + H * W)
            mixed.append(ops.matmul(ops.softmax(scores), value))  # (N, heads, asking, value_size)
        mixed = ops.concatenate(mixed, axis=2)  # (N, heads, H * W, value_size)
        mixed = ops.transpose(mixed, (0, 2, 1, 3))  # (N, H * W, heads, value_size)
        return ops.reshape(mixed, (count, height, width, -1))

    def cached(self, cache):
        """Return the layer's step for one pixel and one group; see caching.Cache."""
        return cache.add(CachedAttention(self, cache))

    def sees(self, run, x, pixels):
        """Return what its output sees; see fields."""
        return run(self.query, x) + (x + pixels).before()

    def by_head(self, x):
        """Split the features by head: (N, H, W, heads * F) -> (N, heads, H * W, F)."""
        count, height, width, features = ops.shape(x)
        x = ops.reshape(x, (count, height * width, self.all_heads, features // self.all_heads))
        return ops.transpose(x, (0, 2, 1, 3))

    def cuts(self, pixels):
        """Find where to split a large image's queries, so that a part's scores fit into memory.

        pixels: int, the number of pixels; a tensor if it is known only at run time: then no split.
        Returns the argument of ops.split: the first pixel of each part but the first, or 1.
        """
        if not isinstance(pixels, int):
            return 1
        size = max(SCORES // (self.all_heads * (1 + pixels)), 1)
        return list(range(size, pixels, size)) or 1

    def position(self, height, width, asking):
        """Return the position biases of the asking pixels' scores; -inf hides pixels not earlier.

        asking: int32, some of places(height, width). Returns (heads, asking, 1 + H * W).
        """
        gap = ops.expand_dims(asking, 1) - places(height, width)  # (asking, H * W)
        pixels = ops.take(self.by_gap(height, width), ops.maximum(gap, 0), axis=1)
        nowhere = ops.zeros_like(pixels[:, :, :1]) + self.bias[:, :1, None]  # (heads, asking, 1)
        return ops.concatenate([nowhere, pixels], axis=-1)

    def by_gap(self, height, width):
        """Return the bias of each gap between two places, (heads, gaps); -inf for a gap of 0."""
        gap = ops.arange(1, (height - 1) * (2 * width - 1) + width, dtype="int32")  # (gaps - 1,)
        up = (gap + width - 1) // (2 * width - 1)
        left = gap - up * (2 * width - 1)
        up, left = ops.minimum(up, self.near), ops.clip(left, -self.near, self.near)
        pixels = ops.take(self.bias, up * (2 * self.near + 1) + left, axis=1)  # (heads, gaps - 1)
        return ops.concatenate([ops.full_like(self.bias[:, :1], -np.inf), pixels], axis=1)


def places(height, width):
    """Number the pixels so that the gap between two numbers tells the pixels' offset: (H * W,).

    If a pixel is `up` rows above another and `left` columns to the left, its number is smaller by
    up * (2 * width - 1) + left.
    """
    pixel = ops.arange(height * width, dtype="int32")
    return pixel // width * (2 * width - 1) + pixel % width


class CachedAttention:
    """Attention at one pixel, group by group, with the stored keys and values of earlier pixels.

    layer: Attention. cache: caching.Cache; it must draw single pixels.
    """

    def __init__(self, layer, cache):
        self.layer, self.cache, self.count = layer, cache, cache.count
        size = cache.schedule.height, cache.schedule.width
        self.remember = cache.step(layer.remember)
        shape = self.count, layer.all_heads, 1 + size[0] * size[1]  # nowhere is place 0
        self.keys = np.zeros((*shape, layer.key_size), cache.dtype)
        self.values = np.zeros((*shape, layer.value_size), cache.dtype)
        self.places, self.by_gap = cache.array(places(*size)), cache.array(layer.by_gap(*size))
        self.nowhere = cache.array(layer.bias)[:, :1]  # (heads, 1)

    def start(self, time):
        """Look up the position biases of the pixel's scores."""
        self.seen, self.inputs = time, []  # how many pixels are finished
        gap = np.maximum(self.places[self.seen] - self.places[: self.seen], 0)
        pixels = np.take(self.by_gap, gap, axis=1)  # (heads, seen)
        self.position = np.concatenate([self.nowhere, pixels], axis=1)  # (heads, 1 + seen)

    def __call__(self, x, pixels=None):
        """Take the next group's features, (F, N), and return its heads' values, (heads * F, N).

        pixels: None, because the pixel's own values are read only when it is finished.
        """
        layer, cache, first = self.layer, self.cache, len(self.inputs) * self.layer.heads
        heads = slice(first, first + layer.heads)
        self.inputs.append(cache.norm(cache.rounded(x)))  # (F, N)
        keys, values = (one[:, heads, : 1 + self.seen] for one in (self.keys, self.values))
        query = cache.rounded(cache(layer.query, self.inputs[-1]))  # (heads * key_size, N)
        query = np.reshape(query, (layer.heads, layer.key_size, self.count))
        query = np.transpose(query, (2, 0, 1))[..., None]  # (N, heads, F, 1)
        scores = np.matmul(keys, query)[..., 0] / layer.key_size**0.5  # (N, heads, 1 + seen)
        scores = scores + self.position[heads]
        weights = cache.exp(scores - np.max(scores, axis=-1, keepdims=True))
        weights = cache.rounded(weights)
        mixed = np.matmul(weights[:, :, None], values)[:, :, 0]  # (N, heads, F)
        mixed = mixed / np.sum(weights, axis=-1, keepdims=True)
        return np.transpose(np.reshape(mixed, (self.count, -1)))  # (heads * F, N)

    def keep(self, time):
        """Store the pixel's key and value."""
        whole = np.concatenate([*self.inputs, *self.cache.values])  # (features + values, N)
        both = self.remember(whole)  # (heads * (key_size + value_size), N)
        both = np.reshape(self.cache.rounded(both), (self.layer.all_heads, -1, self.count))
        both = np.transpose(both, (2, 0, 1))  # (N, heads, key_size + value_size)
        self.keys[:, :, 1 + time] = both[..., : self.layer.key_size]
        self.values[:, :, 1 + time] = both[..., self.layer.key_size :]
