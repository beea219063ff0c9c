"""PixelCNN: a masked 7x7 convolution, and layers that are masked between colours too."""

import keras

from pixelcnn_lib.faces import SIZES
from pixelcnn_lib.heads import CategoricalHead, TiedMixtureHead
from pixelcnn_lib.layers import MaskedConv2D, ResidualBlock
from pixelcnn_lib.model import AutoregressiveModel
from pixelcnn_lib.registry import registered, registered_name


@keras.saving.register_keras_serializable("pixelcnn")
class PixelCNN(AutoregressiveModel):
    """A 7x7 convolution of type A, a body of pixel layers of type B, and a head.

    Input, output, and the arguments that are not listed here: see AutoregressiveModel. A pixel
    layer has h features inside; between pixel layers there are 2h. Source: van den Oord et al.
    (2016a), table 1.

    In a model with classes, a bias for the image's class is added to the input of each pixel layer.
    Source: van den Oord et al., Conditional Image Generation (2016b), section 2.3.

    blocks: int, 0 to 1000, the number of pixel layers in the body.
    pixel_layer: class of the body's layers, called as `pixel_layer(filters_per_colour,
        colours=…, dtype=…)`; with a head that ties the colours, as `pixel_layer(h, colours=1,
        dtype=…)`. A model can be saved only if the class is registered with Keras.
    """

    presets = {
        # for pages: trains in a minute on a CPU
        "tiny": dict(filters_per_colour=10, blocks=3, head_per_colour=20),
        # the shipped model
        "small": dict(filters_per_colour=12, blocks=6, head_per_colour=24, head=TiedMixtureHead),
        # faces of 16x16 pixels, whose colours are names
        "faces": dict(filters_per_colour=32, blocks=13, head_per_colour=64, **SIZES),
        # handwritten digits by class, 8x8 pixels of 17 grey levels
        "digits": dict(
            filters_per_colour=20, blocks=4, head_per_colour=32, levels=17, colours=1, classes=10
        ),
        # binarised MNIST: as deep as the paper's networks, which names no h for it; head as there
        "mnist": dict(filters_per_colour=32, blocks=15, head_per_colour=32, levels=2, colours=1),
        # the paper's h = 128 and 1024 read as totals, rounded down to a multiple of three
        "paper": dict(filters_per_colour=42, blocks=15, head_per_colour=341),
        # the same numbers read as widths per colour, as in the source tutorial
        "wide": dict(filters_per_colour=128, blocks=15, head_per_colour=1024),
    }
    shipped = {
        "small": ("small", {}, 32),
        "small-categorical": ("small", {"head": CategoricalHead}, 32),
        "digits": ("digits", {}, 8),
        "mnist": ("mnist", {}, 28),
    }

    def __init__(
        self, filters_per_colour, blocks, head_per_colour, *, pixel_layer=ResidualBlock, **shared
    ):
        super().__init__(filters_per_colour, blocks, head_per_colour, **shared)
        self.pixel_layer = pixel_layer
        self.first = MaskedConv2D(2 * self.h, 7, "A", **self.grouped)
        self.body = [pixel_layer(self.h // self.groups, **self.grouped) for _ in range(blocks)]
        self.add_top(2 * self.h)

    def build_trunk(self, shape):
        self.first.build(shape)
        for layer in self.body:
            layer.build((*shape[:-1], self.width))
        self.skips = [
            self.add_weight(shape=(self.width,), initializer="zeros", name=f"skip_{i}")
            for i in range(len(self.body))
        ]
        self.class_biases = self.add_class_biases(len(self.body), self.width)

    def forward(self, run, x):
        x = run(self.first, x)  # (N, H, W, 2h)
        skipped = 0
        for i, (layer, skip) in enumerate(zip(self.body, self.skips)):
            if self.classes:
                x = x + run.of_class(self.class_biases[i])  # (N, H, W, 2h)
            skipped = skipped + x * run.weight(skip)  # the layer-to-output connections
            x = run.rounded(run(layer, x))  # (N, H, W, 2h)
        return x + skipped  # (N, H, W, 2h)

    def get_config(self):
        pixel_layer = registered_name("pixel layer", self.pixel_layer)
        return {**super().get_config(), "pixel_layer": pixel_layer}

    @classmethod
    def from_config(cls, config, **overrides):
        pixel_layer = registered("pixel layer", config["pixel_layer"])
        return super().from_config({**config, "pixel_layer": pixel_layer}, **overrides)
