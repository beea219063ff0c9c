"""PixelCNN: from an image to the distribution of each of its values, given those before it."""

from pathlib import Path

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead
from pixelcnn_lib.layers import MaskedConv2D, ResidualBlock
from pixelcnn_lib.losses import LOG_2, Mean, bits_per_dim

WEIGHTS = Path(__file__).parent / "weights"

PRESETS = {
    # for pages: trains in a minute on a CPU
    "tiny": dict(filters_per_colour=10, blocks=3, head_per_colour=20),
    # the shipped model
    "small": dict(filters_per_colour=12, blocks=6, head_per_colour=24, head=LogisticMixtureHead),
    # the paper's h = 128 and 1024 read as totals, rounded down to a multiple of three
    "paper": dict(filters_per_colour=42, blocks=15, head_per_colour=341),
    # the same read as widths of each colour, as the source tutorial does
    "wide": dict(filters_per_colour=128, blocks=15, head_per_colour=1024),
}


def gpus():
    """The names of the GPUs that the backend has, as Keras gives them."""
    return [name for name in keras.distribution.list_devices() if name.startswith("gpu")]


@keras.saving.register_keras_serializable("pixelcnn")
class PixelCNN(keras.Model):
    """A 7x7 convolution of type A, a body of pixel layers of type B, and a head.

    Input: uint8 images (N, H, W, colours) of any height and width, values below `levels`. Output:
    logits (N, H, W, colours, levels), float32 (float64 under that policy), whose softmax is the
    distribution of each value given all before it. `pixel_layer(filters_per_colour, colours=…,
    dtype=…)` is what the body is made of; to be saved, it must be registered with Keras. `head` is
    a class or an instance from heads. Raises ValueError for input of another dtype or shape.
    Source: van den Oord et al. (2016a), table 1.
    """

    def __init__(
        self,
        filters_per_colour,
        blocks,
        head_per_colour,
        levels=256,
        colours=3,
        pixel_layer=ResidualBlock,
        head=CategoricalHead,
        **model,
    ):
        super().__init__(**model)
        self.levels, self.colours, self.pixel_layer = levels, colours, pixel_layer
        self.sizes = dict(
            filters_per_colour=filters_per_colour, blocks=blocks, head_per_colour=head_per_colour
        )
        width = 2 * filters_per_colour * colours
        shared = {"colours": colours, "dtype": self.dtype_policy}
        self.first = MaskedConv2D(width, 7, "A", **shared)
        self.body = [pixel_layer(filters_per_colour, **shared) for _ in range(blocks)]
        self.top = [MaskedConv2D(head_per_colour * colours, 1, "B", **shared) for _ in range(2)]
        self.head = head() if isinstance(head, type) else head.from_config(head.get_config())
        self.head.setup(levels, colours, self.compute_dtype)
        self.build((None, None, None, colours))

    @classmethod
    def preset(cls, name, **overrides):
        """Build a model of a named size; keyword arguments replace the preset's."""
        if name not in PRESETS:
            raise ValueError(f"preset must be one of {', '.join(PRESETS)}; got {name!r}.")
        return cls(**{**PRESETS[name], **overrides})

    @classmethod
    def pretrained(cls, name="small"):
        """Load a shipped model: "small", or "small-categorical", the same with the other head."""
        heads = {"small": LogisticMixtureHead, "small-categorical": CategoricalHead}
        if name not in heads:
            raise ValueError(f"name must be one of {', '.join(heads)}; got {name!r}.")
        model = cls.preset("small", head=heads[name])
        model.load_weights(WEIGHTS / f"{name}.weights.h5")
        return model

    def build(self, input_shape):
        width = 2 * self.sizes["filters_per_colour"] * self.colours
        self.first.build(input_shape)
        for layer in self.body:
            layer.build((*input_shape[:-1], width))
        self.skips = [
            self.add_weight(shape=(width,), initializer="zeros", name=f"skip_{i}")
            for i in range(len(self.body))
        ]
        for layer in self.top:
            layer.build((*input_shape[:-1], width))
            width = layer.filters
        self.head.build((*input_shape[:-1], width))

    def scale(self, images):
        """uint8 (…) -> the compute dtype (…), levels spread over [-1, 1]."""
        scaled = ops.cast(images, self.variable_dtype) * (2 / (self.levels - 1)) - 1
        return ops.cast(scaled, self.compute_dtype)

    def parameters(self, images):
        """Run the network: uint8 (N, H, W, colours) -> what the head reads, (N, H, W, colours, P)."""
        self.check(images)
        x = self.first(self.scale(images))  # (N, H, W, 2h)
        skipped = 0
        for layer, skip in zip(self.body, self.skips):
            skipped += x * ops.cast(skip, x.dtype)  # the layer-to-output connections
            x = layer(x)  # (N, H, W, 2h)
        y = x + skipped  # (N, H, W, 2h)
        for layer in self.top:
            y = layer(ops.relu(y))  # (N, H, W, head_per_colour * colours)
        return self.head(ops.relu(y))  # (N, H, W, colours, P)

    def call(self, images):
        return self.head.log_probs(self.parameters(images))  # (N, H, W, colours, levels)

    def log_prob(self, images):
        """Natural log-probability of each value given those before it.

        uint8 (N, H, W, colours) -> (N, H, W, colours), without listing all the levels.
        """
        return self.head.log_prob(self.parameters(images), images)

    def compile(self, *args, jit_compile=None, **options):
        """Compile as Keras does, but leave XLA out on TensorFlow's CPU, where it is the slower."""
        if jit_compile is None:
            slower = keras.backend.backend() == "tensorflow" and not gpus()
            jit_compile = False if slower else "auto"
        super().compile(*args, jit_compile=jit_compile, **options)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Score `y` by log_prob where the loss is bits_per_dim: the same number, without the logits.

        The compiled step then drops the logits that Keras asked for, with all that they cost.
        """
        if self.loss is not bits_per_dim or sample_weight is not None:
            return super().compute_loss(x, y, y_pred, sample_weight, training)
        bits = -self.head.log_prob(self.parameters(x), y) / LOG_2
        return Mean(dtype=bits.dtype)(y, bits) + sum(self.losses)  # of regularisers, if any

    @property
    def masks(self):
        """The colour patterns of all masked convolutions, bool (kh, kw, colours, colours) each."""
        layers = self._flatten_layers(include_self=False)
        return [layer.pattern for layer in layers if isinstance(layer, MaskedConv2D)]

    def check(self, images):
        """Raise ValueError unless the images are uint8 (N, H, W, colours), below `levels`."""
        dtype, shape = keras.backend.standardize_dtype(images.dtype), images.shape
        if dtype != "uint8":
            raise ValueError(
                f"PixelCNN takes uint8 images, whole levels 0 to {self.levels - 1}; got {dtype}. It "
                "scales them itself: undo any division by 255, then images.astype('uint8')."
            )
        if len(shape) != 4 or shape[-1] != self.colours:
            raise ValueError(
                f"PixelCNN takes images (N, H, W, {self.colours}), got shape {tuple(shape)}. "
                "One image alone needs images[None]; grey images need colours=1."
            )
        if isinstance(images, np.ndarray) and images.size and images.max() >= self.levels:
            raise ValueError(
                f"This model knows the levels 0 to {self.levels - 1}, got {images.max()}. "
                f"Build it with levels={int(images.max()) + 1} or more, or quantise the images."
            )

    def get_config(self):
        pixel_layer = keras.saving.get_registered_name(self.pixel_layer)
        if keras.saving.get_registered_object(pixel_layer) is None:
            raise ValueError(
                f"Keras does not know the pixel layer {pixel_layer}, so no file can name it. Put "
                "@keras.saving.register_keras_serializable() above its definition."
            )
        return {
            **self.sizes,
            "levels": self.levels,
            "colours": self.colours,
            "pixel_layer": pixel_layer,
            "head": [keras.saving.get_registered_name(type(self.head)), self.head.get_config()],
        }

    @classmethod
    def from_config(cls, config, **custom):
        layer = keras.saving.get_registered_object(config["pixel_layer"])
        name, head = config["head"]
        head = keras.saving.get_registered_object(name).from_config(head)
        return cls(**{**config, "pixel_layer": layer, "head": head}, **custom)
