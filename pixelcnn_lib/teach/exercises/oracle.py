"""A model made by hand for the checks of exercises that run a network: fast, and known exactly."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import to_numpy


class Oracle:
    """A model in which each value depends on all of its past, so that no mistake stays hidden."""

    def __init__(self, colours, levels=256):
        self.colours, self.levels, self.runs = colours, levels, 0
        self.table = np.random.default_rng(colours).normal(0, 2, (97, levels)).astype("float32")

    def __call__(self, images, **options):
        return ops.convert_to_tensor(self.predict(images))

    def predict(self, images, **options):
        self.runs += 1
        images = to_numpy(images)
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[-1] != self.colours:
            raise ValueError(
                f"the model takes uint8 images (N, H, W, {self.colours}), "
                f"got {images.dtype} {images.shape}"
            )
        if images.max() >= self.levels:
            raise ValueError(
                f"this model knows the levels 0 to {self.levels - 1}, got {images.max()}"
            )
        values = images.reshape(len(images), -1).astype(int)  # (N, values)
        place = np.arange(values.shape[1])
        told = (values + 1) * (place % 31 + 1)
        past = told.cumsum(1) - told + 7 * place  # (N, values)
        return self.table[past % 97].reshape(*images.shape, self.levels)

    def predict_on_batch(self, images):
        return self.predict(images)
