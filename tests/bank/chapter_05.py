"""Answers to chapter 5."""

import itertools

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import layers


def top_of(net, y):
    for layer in net.top:
        y = layer(ops.relu(y))
    return net.head.log_probs(net.head(ops.relu(y)))


def body_of(net, x):
    skipped = ops.zeros_like(x)
    for layer, skip in zip(net.body, net.skips):
        skipped = skipped + x * skip
        x = layer(x)
    return x + skipped


def divided(net, images):
    x = ops.cast(images, "float32") / 255.0
    return top_of(net, body_of(net, net.first(x)))


def unscaled(net, images):
    return top_of(net, body_of(net, net.first(np.array(images, dtype="float32"))))


def without_skips(net, images):
    x = net.first(net.scale(images))
    for block in net.body:
        x = block(x)
    return top_of(net, x)


def skips_too_late(net, images):
    x, outs = net.first(net.scale(images)), []
    for block in net.body:
        x = block(x)
        outs.append(x)
    return top_of(net, x + sum(out * skip for out, skip in zip(outs, net.skips)))


def skips_alone(net, images):
    x, total = net.first(net.scale(images)), 0
    for block, skip in zip(net.body, net.skips):
        total = total + x * skip
        x = block(x)
    return top_of(net, total)


def bare_top(net, images):
    y = body_of(net, net.first(net.scale(images)))
    for layer in net.top:
        y = layer(y)
    return net.head.log_probs(net.head(y))


def bare_before_top(net, images):
    y = net.top[0](body_of(net, net.first(net.scale(images))))
    y = net.top[1](ops.relu(y))
    return net.head.log_probs(net.head(ops.relu(y)))


def bare_between_tops(net, images):
    y = ops.relu(body_of(net, net.first(net.scale(images))))
    y = net.top[1](net.top[0](y))
    return net.head.log_probs(net.head(ops.relu(y)))


def relu_after_layers(net, images):
    y = ops.relu(body_of(net, net.first(net.scale(images))))
    for layer in net.top[:-1]:
        y = ops.relu(layer(y))
    return net.head.log_probs(net.head(net.top[-1](y)))


def relu_after_blocks(net, images):
    x, skipped = net.first(net.scale(images)), 0
    for layer, skip in zip(net.body, net.skips):
        skipped += x * skip
        x = ops.relu(layer(x))
    return top_of(net, x + skipped)


def parameters_alone(net, images):
    y = body_of(net, net.first(net.scale(images)))
    for layer in net.top:
        y = layer(ops.relu(y))
    return net.head(ops.relu(y))


def probabilities(net, images):
    return ops.exp(top_of(net, body_of(net, net.first(net.scale(images)))))


def one_block(net, images):
    x = net.first(net.scale(images))
    return top_of(net, net.body[0](x) + x * net.skips[0])


def flat(net, images):
    log_p = top_of(net, body_of(net, net.first(net.scale(images))))
    return ops.reshape(log_p, (*images.shape[:3], -1))


def calls_net(net, images):
    return net(images)


def in_a_function(net, images):
    return top_of(net, body_of(net, net.first(net.scale(images))))


def with_lists(net, images):
    stream = [net.first(net.scale(images))]
    for block in net.body:
        stream.append(block(stream[-1]))
    y = stream[-1] + sum(x * skip for x, skip in zip(stream, net.skips))
    for layer in (*net.top, net.head):
        y = layer(keras.activations.relu(y))
    return ops.convert_to_numpy(net.head.log_probs(y))


def as_logits(net, images):
    log_p = top_of(net, body_of(net, net.first(net.scale(images))))
    return log_p + 3.0  # any logits with that softmax


def type_a(filters_per_colour, colours=3, **layer):
    filters = 2 * filters_per_colour * colours
    return layers.MaskedConv2D(filters, 3, "A", colours, activation="relu", **layer)


def no_mask(filters_per_colour, colours=3, **layer):
    filters = 2 * filters_per_colour * colours
    return keras.layers.Conv2D(filters, 3, padding="same", activation="relu", **layer)


def half_as_wide(filters_per_colour, colours=3, **layer):
    filters = filters_per_colour * colours
    return layers.MaskedConv2D(filters, 3, colours=colours, activation="relu", **layer)


def without_relu(filters_per_colour, colours=3, **layer):
    return layers.MaskedConv2D(2 * filters_per_colour * colours, 3, colours=colours, **layer)


def drops_options(filters_per_colour, colours=3, **layer):
    filters = 2 * filters_per_colour * colours
    return layers.MaskedConv2D(filters, 3, "B", colours, activation="relu")


def one_by_one(filters_per_colour, colours=3, **layer):
    filters = 2 * filters_per_colour * colours
    return layers.MaskedConv2D(filters, 1, "B", colours, activation="relu", **layer)


def always_rgb(filters_per_colour, colours=3, **layer):
    filters = 2 * filters_per_colour * colours
    return layers.MaskedConv2D(filters, 3, "B", activation="relu", **layer)


def valid(filters_per_colour, colours=3, **layer):
    filters = 2 * filters_per_colour * colours
    return layers.MaskedConv2D(filters, 3, "B", colours, padding="valid", **layer)


def unpadded(filters_per_colour, colours=3, **layer):
    return keras.layers.Conv2D(2 * filters_per_colour * colours, 3, activation="relu", **layer)


def no_return(filters_per_colour, colours=3, **layer):
    layers.MaskedConv2D(2 * filters_per_colour * colours, 3, "B", colours, **layer)


class Plain(layers.MaskedConv2D):
    def __init__(self, filters_per_colour, colours=3, **layer):
        filters = 2 * filters_per_colour * colours
        super().__init__(filters, 3, "B", colours, activation="relu", **layer)


class ReluFirst(keras.layers.Layer):
    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        filters = 2 * filters_per_colour * colours
        self.conv = layers.MaskedConv2D(filters, 3, colours=colours, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.conv.build(input_shape)

    def call(self, x):
        return self.conv(ops.relu(x))


def with_keras_relu(filters_per_colour, colours=3, **layer):
    width = filters_per_colour * colours * 2
    relu = keras.activations.relu
    return layers.MaskedConv2D(width, (3, 3), colours=colours, activation=relu, **layer)


def all_images(shape, levels):
    count = shape[0] * shape[1] * shape[2]
    flat = list(itertools.product(range(levels), repeat=count))
    return np.array(flat, "uint8").reshape(-1, *shape)


def log_p_of(net, images):
    log_p = np.array(net(images))
    one_hot = np.eye(log_p.shape[-1])[images]  # (N, H, W, colours, levels)
    return (log_p * one_hot).sum(-1)


def values_added(net, shape, levels):
    return np.exp(log_p_of(net, all_images(shape, levels))).sum()


def mean_of_images(net, shape, levels):
    return np.exp(log_p_of(net, all_images(shape, levels)).sum(axis=(1, 2, 3))).mean()


def logs_added(net, shape, levels):
    return log_p_of(net, all_images(shape, levels)).sum()


def images_multiplied(net, shape, levels):
    return np.exp(log_p_of(net, all_images(shape, levels)).sum())


def mean_within(net, shape, levels):
    return np.exp(log_p_of(net, all_images(shape, levels)).mean(axis=(1, 2, 3))).sum()


def power_of_two(net, shape, levels):
    return (2 ** log_p_of(net, all_images(shape, levels)).sum(axis=(1, 2, 3))).sum()


def always_one(net, shape, levels):
    return 1


def all_levels_added(net, shape, levels):
    return np.exp(np.array(net(all_images(shape, levels)))).sum()


def two_levels(net, shape, levels):
    return np.exp(log_p_of(net, all_images(shape, 2)).sum(axis=(1, 2, 3))).sum()


def one_pixel(net, shape, levels):
    return np.exp(log_p_of(net, all_images((1, 1, shape[2]), levels)).sum(axis=(1, 2, 3))).sum()


def in_floats(net, shape, levels):
    return np.exp(log_p_of(net, all_images(shape, levels).astype("float32"))).sum()


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


def one_hot(net, shape, levels):
    return np.exp(log_p_of(net, all_images(shape, levels)).sum(axis=(1, 2, 3))).sum()


def counted_in_keras(net, shape, levels):
    images = all_images(shape, levels)
    index = ops.expand_dims(ops.cast(images, "int32"), -1)
    picked = ops.take_along_axis(ops.convert_to_tensor(net(images)), index, axis=-1)
    return ops.sum(ops.exp(ops.sum(picked, axis=(1, 2, 3, 4))))


WRONG = {
    "5.1": {
        "divided by 255": [divided],
        "not scaled": [unscaled],
        "All is there but the skips": [without_skips],
        "what leaves a block": [skips_too_late],
        "Only the skips": [skips_alone],
        "no ReLU after the body": [bare_top],
        "between the body and the top": [bare_before_top],
        "between the two top layers": [bare_between_tops],
        "no ReLU before the head": [relu_after_layers],
        "follows each block": [relu_after_blocks],
        "head's parameters": [parameters_alone],
        "These are probabilities": [probabilities],
        "expected log p": [one_block],
        "expected shape": [flat],
        "raised": [calls_net],
    },
    "5.2": {
        "sees too little. Row 0, column 0, green": [type_a],
        "it leaks": [no_mask],
        "12 goes in, 6 comes out": [half_as_wide],
        "is linear": [without_relu],
        'asked for dtype="float64"': [drops_options],
        "sees too little. Row 0, column 4": [one_by_one],
        "raised": [always_rgb, valid],
        "5 goes in, 3 comes out": [unpadded],
        "returned None": [no_return],
    },
    "5.3": {
        "single values are added": [values_added],
        "mean over images": [mean_of_images],
        "Logarithms are added": [logs_added],
        "multiplied with each other": [images_multiplied],
        "mean of logarithms": [mean_within],
        "2 was raised": [power_of_two],
        "1 for every net": [always_one],
        "count your images": [all_levels_added, two_levels, one_pixel],
        "raised ValueError": [in_floats],
    },
}
RIGHT = {
    "5.1": [in_a_function, with_lists, as_logits],
    "5.2": [Plain, ReluFirst, with_keras_relu],
    "5.3": [for_each_image, one_hot, counted_in_keras],
}
