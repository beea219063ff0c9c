"""Right answers to chapter 5."""

import itertools

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from pixelcnn_lib import layers, masks


class Plain(layers.MaskedConv2D):
    def __init__(self, filters_per_colour, colours=3, **layer):
        filters = 2 * filters_per_colour * colours
        super().__init__(filters, 3, "B", colours, activation="relu", **layer)


def in_sequence(filters_per_colour, colours=3, **layer):
    conv = layers.MaskedConv2D(2 * filters_per_colour * colours, 3, colours=colours, **layer)
    return keras.Sequential([conv, keras.layers.ReLU(**layer)])


class NoBuild(keras.layers.Layer):
    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        filters = 2 * filters_per_colour * colours
        self.conv = layers.MaskedConv2D(filters, (3, 3), "B", colours, dtype=self.dtype_policy)

    def call(self, x, training=False):
        return ops.maximum(self.conv(x), 0)


class OwnWeights(keras.layers.Layer):
    """The kernel in another shape, masked in each call, the mask a weight that is not trained."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        self.width, self.colours = 2 * filters_per_colour * colours, colours

    def build(self, shape):
        self.rows = self.add_weight(shape=(9 * self.width, self.width), name="rows")
        self.bias = self.add_weight(shape=(self.width,), initializer="zeros", name="bias")
        self.mask = self.add_weight(shape=(3, 3, self.width, self.width), trainable=False)
        self.mask.assign(masks.rgb_mask((3, 3), self.width, self.width, "B", self.colours))

    def call(self, x):
        kernel = ops.reshape(self.rows, self.mask.shape) * self.mask
        return ops.relu(ops.conv(x, kernel, padding="same") + self.bias)


def in_functions(net, images):
    def body(x, skipped, number):
        if number == len(net.body):
            return x + skipped
        return body(net.body[number](x), skipped + x * net.skips[number], number + 1)

    y = net.top[1](ops.relu(net.top[0](ops.relu(body(net.first(net.scale(images)), 0, 0)))))
    return net.head.log_probs(net.head(ops.relu(y)))


def with_lists(net, images):
    stream = [net.first(net.scale(images))]
    for block in net.body:
        stream.append(block(stream[-1]))
    y = stream[-1] + sum(x * skip for x, skip in zip(stream, net.skips))
    for layer in (*net.top, net.head):
        y = layer(keras.activations.relu(y))
    return ops.convert_to_numpy(net.head.log_probs(y)).tolist()


def with_tensorflow(net, images):
    x = net.first(tf.cast(images, "float32") * 2 / (net.head.levels - 1) - 1)
    skipped = tf.zeros_like(x)
    for i in range(len(net.body)):
        skipped += tf.multiply(x, net.skips[i])
        x = net.body[i](x)
    top = keras.Sequential([keras.layers.ReLU(), net.top[0], keras.layers.ReLU(), net.top[1]])
    return tf.cast(net.head.log_probs(net.head(tf.nn.relu(top(tf.add(x, skipped))))), "float64")


def for_each_image(net, shape, levels):
    total = 0
    for values in itertools.product(range(levels), repeat=int(np.prod(shape))):
        image = np.array(values, "uint8").reshape(1, *shape)
        log_p = np.array(net(image))[0]
        product = 1.0
        for place in np.ndindex(*shape):
            product *= np.exp(log_p[place][image[0][place]])
        total += product
    return total


def counted_in_keras(net, shape, levels):
    values = np.stack(np.meshgrid(*[range(levels)] * int(np.prod(shape))), axis=-1)
    images = values.reshape(-1, *shape).astype("uint8")
    index = ops.expand_dims(ops.cast(images, "int32"), -1)
    picked = ops.take_along_axis(ops.convert_to_tensor(net(images)), index, axis=-1)
    return ops.sum(ops.exp(ops.sum(picked, axis=(1, 2, 3, 4))))


def recursive(net, shape, levels):
    size = int(np.prod(shape))

    def added(values):
        if len(values) < size:
            return sum(added([*values, level]) for level in range(levels))
        image = np.reshape(values, (1, *shape)).astype("uint8")
        p = np.exp(net(image)).reshape(size, -1)
        return np.prod([p[i, level] for i, level in enumerate(values)])

    return np.float32(added([]))


RIGHT = {
    "5.1": [in_functions, with_lists, tf.function(in_functions), with_tensorflow],
    "5.2": [Plain, in_sequence, NoBuild, OwnWeights],
    "5.3": [for_each_image, counted_in_keras, recursive],
}
