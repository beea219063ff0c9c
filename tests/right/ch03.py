"""Right answers to chapter 3."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import masks


class MaskMadeInTheCall(keras.layers.Conv2D):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, padding="same", **conv2d)
        self.kind, self.count = mask_type, colours

    def convolution_op(self, inputs, kernel):
        height, width, sources, targets = kernel.shape
        mask = masks.rgb_mask((height, width), sources, targets, self.kind, self.count)
        return ops.conv(inputs, ops.multiply(kernel, mask), padding="same")


class FromScratch(keras.layers.Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(name=conv2d.get("name"))
        self.args = filters, kernel_size, mask_type, colours
        self.start = keras.initializers.get(conv2d.get("kernel_initializer", "glorot_uniform"))
        self.act = keras.activations.get(conv2d.get("activation"))

    def build(self, input_shape):
        filters, size, mask_type, colours = self.args
        mask = masks.rgb_mask(size, input_shape[-1], filters, mask_type, colours)
        self.mask = self.add_weight(shape=mask.shape, trainable=False)
        self.mask.assign(mask)
        self.w = self.add_weight(shape=mask.shape, initializer=self.start)
        self.b = self.add_weight(shape=(filters,), initializer="zeros")

    def call(self, x):
        return self.act(ops.conv(x, self.w * self.mask, padding="same") + self.b)


class BooleanWhere(keras.layers.Conv2D):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        self.rest = mask_type, colours
        super().__init__(filters, kernel_size, **{**conv2d, "padding": "same"})

    def build(self, input_shape):
        super().build(input_shape)
        mask = masks.rgb_mask(self.kernel_size, input_shape[-1], self.filters, *self.rest)
        self.alive = ops.convert_to_tensor(mask > 0)

    def convolution_op(self, inputs, kernel):
        dead = ops.zeros_like(kernel)
        return super().convolution_op(inputs, ops.where(self.alive, kernel, dead))


class InsideAnother(keras.layers.Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, activation=None, **conv2d):
        super().__init__(name=conv2d.pop("name", None))
        inner = MaskMadeInTheCall(filters, kernel_size, mask_type, colours, **conv2d)
        self.inner = keras.Sequential([inner, keras.layers.Activation(activation)])

    def call(self, x):
        return self.inner(x)


def in_one_batch(model, image):
    copies = np.tile(image.ravel(), (image.size, 1))
    copies ^= np.eye(image.size, dtype="uint8") << 7
    batch = np.concatenate([image[None], copies.reshape(-1, *image.shape)])
    logits = ops.reshape(model(batch), (image.size + 1, image.size, -1))
    return ops.transpose(ops.any(ops.abs(logits[1:] - logits[:1]) > 1e-4, axis=-1))


def restored(model, image):
    image, seen = image.astype("int64"), []
    before = model(image[None])
    for place in np.ndindex(image.shape):
        kept = image[place]
        image[place] = (kept + 100) % 256
        seen += [~np.isclose(model(image[None]), before, rtol=0, atol=1e-4).all(-1).reshape(-1)]
        image[place] = kept
    return np.stack(seen, axis=1).astype(int)


def step_by_step(model, image):
    """From each image to the next only one value changes."""
    walk = [image]
    for source in range(image.size):
        walk.append(walk[-1].copy())
        walk[-1].flat[source] = np.uint8((int(image.flat[source]) + 128) % 256)
    logits = np.concatenate([model(one[None]) for one in walk])
    moved = np.abs(np.diff(logits, axis=0)).max(-1) > 1e-4
    return moved.reshape(image.size, -1).T.tolist()


def number_all(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Give every feature of every tap a place in the order, and compare."""
    height, width = kernel_size
    taps = np.arange(height * width).reshape(height, width, 1, 1) - height * width // 2
    sources = np.arange(filters_in)[:, None] // (filters_in // colours)
    targets = np.arange(filters_out) // (filters_out // colours)
    return taps * colours + sources < targets + (mask_type == "B")


def with_kron(kernel_size, filters_in, filters_out, mask_type, colours=3):
    height, width = kernel_size
    mask = np.zeros((height * width, filters_in, filters_out), "int8")
    mask[: height * width // 2] = 1
    rule = np.triu(np.ones((colours, colours)), 1 if mask_type == "A" else 0)
    block = np.ones((filters_in // colours, filters_out // colours))
    mask[height * width // 2] = np.kron(rule, block)
    return ops.convert_to_tensor(mask.reshape(height, width, filters_in, filters_out))


def as_in_the_chapter(kernel_size, filters_in, filters_out, mask_type, colours=3):
    height, width = kernel_size
    mask = np.ones((height, width, filters_in, filters_out), "float32")
    mask[height // 2, width // 2 + 1 :] = 0
    mask[height // 2 + 1 :] = 0
    per_in, per_out = filters_in / colours, filters_out / colours
    for source in range(filters_in):
        for target in range(filters_out):
            behind = int(source / per_in) - int(target / per_out)
            if behind > 0 or (behind == 0 and mask_type == "A"):
                mask[height // 2, width // 2, source, target] = 0
    return mask.tolist()


MASKS = [number_all, with_kron, as_in_the_chapter]
RIGHT = {
    "3.1": [MaskMadeInTheCall, FromScratch, BooleanWhere, InsideAnother],
    "3.2": [in_one_batch, restored, step_by_step],
    "3.3": MASKS,
    "3.4": MASKS,
}
