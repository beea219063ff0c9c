"""Right answers to chapter 2."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import masks


class MaskMadeInTheCall(keras.layers.Conv2D):
    def __init__(self, filters, kernel_size, mask_type="B", colours=1, **conv2d):
        super().__init__(filters, kernel_size, padding="same", **conv2d)
        self.kind, self.count = mask_type, colours

    def convolution_op(self, inputs, kernel):
        height, width, sources, targets = kernel.shape
        mask = masks.rgb_mask((height, width), sources, targets, self.kind, self.count)
        return ops.conv(inputs, ops.multiply(kernel, mask), padding="same")


class FromScratch(keras.layers.Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=1, **conv2d):
        super().__init__(name=conv2d.get("name"))
        self.args = filters, kernel_size, mask_type, colours
        self.start = keras.initializers.get(conv2d.get("kernel_initializer", "glorot_uniform"))
        self.bias_start = keras.initializers.get(conv2d.get("bias_initializer", "zeros"))
        self.act = keras.activations.get(conv2d.get("activation"))

    def build(self, input_shape):
        filters, size, mask_type, colours = self.args
        mask = masks.rgb_mask(size, input_shape[-1], filters, mask_type, colours)
        self.mask = self.add_weight(shape=mask.shape, trainable=False)
        self.mask.assign(mask)
        self.w = self.add_weight(shape=mask.shape, initializer=self.start)
        self.b = self.add_weight(shape=(filters,), initializer=self.bias_start)

    def call(self, x):
        return self.act(ops.conv(x, self.w * self.mask, padding="same") + self.b)


def restored(model, image):
    image, seen = image.astype("int64"), []
    before = model(image[None])
    for place in np.ndindex(image.shape):
        kept = image[place]
        image[place] = (kept + 32) % 64
        seen += [~np.isclose(model(image[None]), before, rtol=0, atol=1e-4).all(-1).reshape(-1)]
        image[place] = kept
    return np.stack(seen, axis=1).astype(int)


RIGHT = {"2.1": [MaskMadeInTheCall, FromScratch], "2.2": [restored]}
