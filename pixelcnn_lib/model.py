"""PixelCNN: from an image to the distribution of each of its values, given those before it."""

from pathlib import Path

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.heads import CategoricalHead, TiedMixtureHead, new_head
from pixelcnn_lib.layers import MaskedConv2D, ResidualBlock, registered, registered_name
from pixelcnn_lib.losses import LOG_2, Mean, bits_per_dim
from pixelcnn_lib.masks import margin, whole_number

WEIGHTS = Path(__file__).parent / "weights"

PRESETS = {
    # for pages: trains in a minute on a CPU
    "tiny": dict(filters_per_colour=10, blocks=3, head_per_colour=20),
    # the shipped model
    "small": dict(filters_per_colour=12, blocks=6, head_per_colour=24, head=TiedMixtureHead),
    # handwritten digits by class, 8x8 pixels of 17 grey levels
    "digits": dict(
        filters_per_colour=20, blocks=4, head_per_colour=32, levels=17, colours=1, classes=10
    ),
    # the paper's h = 128 and 1024 read as totals, rounded down to a multiple of three
    "paper": dict(filters_per_colour=42, blocks=15, head_per_colour=341),
    # the same read as widths of each colour, as the source tutorial does
    "wide": dict(filters_per_colour=128, blocks=15, head_per_colour=1024),
}

SHIPPED = {  # the preset of each shipped model, and what replaces the preset's
    "small": ("small", {}),
    "small-categorical": ("small", {"head": CategoricalHead}),
    "digits": ("digits", {}),
}


def gpus():
    """The names of the GPUs that the backend has, as Keras gives them."""
    return [name for name in keras.distribution.list_devices() if name.startswith("gpu")]


@keras.saving.register_keras_serializable("pixelcnn")
class PixelCNN(keras.Model):
    """A 7x7 convolution of type A, a body of pixel layers of type B, and a head.

    Input: uint8 images (N, H, W, colours) of any height and width, values below `levels`. Output:
    logits (N, H, W, colours, levels), float32 (float64 under that policy), whose softmax is the
    distribution of each value given all before it. Source: van den Oord et al. (2016a), table 1.

    A model with classes takes a label for each image too, `model(images, labels)`, and gives the
    distributions of images of these classes: each pixel layer's input is shifted by a bias of the
    image's class. Source: van den Oord et al., Conditional Image Generation (2016b), section 2.3.

    filters_per_colour: int, 1 to 1024, the width of a pixel layer: inside, it has this many
        features for each colour, h = filters_per_colour * colours in all; between layers, 2h. With
        a head that ties the colours, the h features belong to the pixel.
    blocks: int, 0 to 1000, how many pixel layers the body has.
    head_per_colour: int, 1 to 8192, how many features for each colour the two 1x1 convolutions
        between body and head have.
    levels: int, 2 to 256, how many levels a value has: 0 … levels - 1.
    colours: int, 1 to 16, how many values a pixel has: 3 for RGB, 1 for grey.
    classes: int, 2 to 10,000, how many classes of images the model tells apart; needs a pixel layer.
        Labels are then the numbers 0 … classes - 1. None for a model without labels.
    pixel_layer: class, what the body is made of, called as `pixel_layer(filters_per_colour,
        colours=…, dtype=…)`; with a head that ties the colours, as `pixel_layer(h, colours=1,
        dtype=…)`. A model is saved only if the class is registered with Keras.
    head: class or instance from heads, how the network's last numbers become a distribution.
    model: keras.Model's arguments, such as `dtype` and `name`.
    Raises ValueError for arguments out of these bounds, and for images of another dtype or shape.
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
        classes=None,
        **model,
    ):
        super().__init__(autocast=False, **model)  # images stay what they are
        self.sizes = dict(
            filters_per_colour=whole_number("filters_per_colour", filters_per_colour, 1, 1024),
            blocks=whole_number("blocks", blocks, 0, 1000),
            head_per_colour=whole_number("head_per_colour", head_per_colour, 1, 8192),
        )
        self.levels = whole_number("levels", levels, 2, 256)
        self.colours = whole_number("colours", colours, 1, 16)
        self.classes = classes if classes is None else whole_number("classes", classes, 2, 10**4)
        if classes and not blocks:
            raise ValueError(
                "classes need blocks=1 or more: the class reaches a model through them."
            )
        self.pixel_layer, head = pixel_layer, new_head(head)
        self.groups = head.groups(self.colours)  # of colours, that the masks tell apart
        h = self.sizes["filters_per_colour"] * self.colours
        shared = {"colours": self.groups, "dtype": self.dtype_policy}
        self.first = MaskedConv2D(2 * h, 7, "A", **shared)
        self.body = [pixel_layer(h // self.groups, **shared) for _ in range(blocks)]
        self.top = [MaskedConv2D(head_per_colour * colours, 1, "B", **shared) for _ in range(2)]
        self.head = head
        self.head.setup(self.levels, self.colours, self.compute_dtype)
        self.build((None, None, None, self.colours))

    @classmethod
    def preset(cls, preset, /, **overrides):
        """Build a model of a named size.

        preset: str, a name from PRESETS. overrides: PixelCNN's arguments that replace the preset's.
        """
        if preset not in PRESETS:
            raise ValueError(f"preset must be one of {', '.join(PRESETS)}; got {preset!r}.")
        return cls(**{**PRESETS[preset], **overrides})

    @classmethod
    def pretrained(cls, name="small"):
        """Load a shipped model.

        name: "small", with a tied mixture of logistics; "small-categorical", with one logit for
            each level; or "digits", which draws handwritten digits by class.
        """
        if name not in SHIPPED:
            raise ValueError(f"name must be one of {', '.join(SHIPPED)}; got {name!r}.")
        preset, changes = SHIPPED[name]
        model = cls.preset(preset, **changes)
        model.load_weights(WEIGHTS / f"{name}.weights.h5")
        return model

    def build(self, input_shape):
        width = body = 2 * self.sizes["filters_per_colour"] * self.colours
        self.first.build(input_shape)
        for layer in self.body:
            layer.build((*input_shape[:-1], width))
        self.skips = [
            self.add_weight(shape=(width,), initializer="zeros", name=f"skip_{i}")
            for i in range(len(self.body))
        ]
        self.class_biases = [
            self.add_weight(
                shape=(self.classes, width), initializer="zeros", name=f"class_bias_{i}"
            )
            for i in range(len(self.body) if self.classes else 0)
        ]
        for layer in self.top:
            layer.build((*input_shape[:-1], width))
            width = layer.filters
        self.head.build((*input_shape[:-1], width + self.head.straight * body))

    def scale(self, images):
        """uint8 (…) -> the compute dtype (…), levels spread over [-1, 1]."""
        scaled = ops.cast(images, self.variable_dtype) * (2 / (self.levels - 1)) - 1
        return ops.cast(scaled, self.compute_dtype)

    def __call__(self, images, labels=None, **options):
        """Call as Keras does, but check labels while they are numbers; they may be a list."""
        if not isinstance(images, (tuple, list)):
            labels = self.as_labels(labels, images.shape[0])
        return super().__call__(images, labels, **options)

    def parameters(self, images, labels=None, training=None):
        """Run the network: uint8 (N, H, W, colours) -> what the head reads, (N, H, W, colours, P).

        labels: int (N,), the images' classes, if the model has any.
        training: bool, what the pixel layers are told, for those that differ in training.
        """
        self.check_images(images)
        labels = self.as_labels(labels, images.shape[0])
        x = self.first(self.scale(images))  # (N, H, W, 2h)
        skipped = 0
        for i, (layer, skip) in enumerate(zip(self.body, self.skips)):
            if self.classes:
                x += self.of_class(self.class_biases[i], labels, x.dtype)  # (N, 1, 1, 2h)
            skipped += x * ops.cast(skip, x.dtype)  # the layer-to-output connections
            x = layer(x, training=training)  # (N, H, W, 2h)
        y = seen = x + skipped  # (N, H, W, 2h)
        for layer in self.top:
            y = layer(ops.relu(y))  # (N, H, W, head_per_colour * colours)
        features = ops.relu(y)
        if self.head.straight:
            features = ops.concatenate([features, seen], axis=-1)
        parameters = self.head(features)  # (N, H, W, groups, P of a group)
        return self.head.by_colour(parameters, images)  # (N, H, W, colours, P)

    def of_class(self, bias, labels, dtype):
        """Pick each image's row of a bias: (classes, 2h), labels (N,) -> (N, 1, 1, 2h)."""
        labels = ops.clip(ops.cast(labels, "int32"), 0, self.classes - 1)  # see compute_loss
        rows = ops.take(bias, labels, axis=0)  # (N, 2h)
        return ops.cast(rows[:, None, None], dtype)  # (N, 1, 1, 2h)

    def call(self, images, labels=None, training=None):
        images, labels = unpacked(images, labels)
        parameters = self.parameters(images, labels, training)  # (N, H, W, colours, P)
        return self.head.log_probs(parameters)  # (N, H, W, colours, levels)

    def log_prob(self, images, labels=None):
        """Natural log-probability of each value given those before it, and the image's class.

        uint8 (N, H, W, colours), labels as in `parameters` -> (N, H, W, colours), without listing
        all the levels. Memory grows with the images; losses.score takes large ones in parts.
        """
        return self.head.log_prob(self.parameters(images, labels), images)

    def compile(self, *args, jit_compile="auto", **options):
        """Compile as Keras does, but without XLA on TensorFlow's CPU, where XLA is slower."""
        super().compile(*args, jit_compile=jit_compile, **options)
        if jit_compile == "auto" and keras.backend.backend() == "tensorflow" and not gpus():
            self.jit_compile = False

    def compile_from_config(self, config):
        """Compile as a saved model was compiled, and build the optimiser, so that it can be loaded."""
        self.compile(**keras.saving.deserialize_keras_object(config))
        if self.optimizer:
            self.optimizer.build(self.trainable_variables)

    def fit(self, x=None, y=None, *args, **options):
        """Train as Keras does. Images are their own targets.

        x: uint8 (N, H, W, colours), or anything else that Keras's fit takes.
        y: for a model with classes, labels, int (N,); otherwise the images again, or None.
        validation_data: a tuple (x, y), or anything else that Keras's fit takes.
        A dataset gives pairs (images, images), or ((images, labels), images) for a model with
        classes. Raises ValueError for arrays with values at or above `levels`, or labels that are
        no class; in a dataset, both have an infinite loss.
        """
        if isinstance(options.get("validation_data"), tuple):
            options["validation_data"] = self.as_data(*options["validation_data"])
        x, y = self.as_data(x, y)
        return super().fit(x, y, *args, **options)

    def evaluate(self, x=None, y=None, *args, **options):
        """Evaluate as Keras does, on what `fit` takes."""
        x, y = self.as_data(x, y)
        return super().evaluate(x, y, *args, **options)

    def as_data(self, x, y=None, *weights):
        """Return what `fit` was given as Keras's own fit takes it, once its arrays are checked."""
        images, labels = unpacked(x)
        if isinstance(images, np.ndarray):
            if labels is None and (self.classes or np.ndim(y) == 1):
                labels, y = y, images
            labels = self.as_labels(labels, images.shape[0])
            x = images if labels is None else (images, labels)
        self.check_arrays(images, y)
        return x, y, *weights

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Score `y` by log_prob where the loss is bits_per_dim: the same number, without the logits.

        The compiled step then drops the logits that Keras asked for, with all that they cost.
        """
        images, labels = unpacked(x)
        y = images if y is None else y
        if self.loss is not bits_per_dim or sample_weight is not None:
            return super().compute_loss(x, y, y_pred, sample_weight, training)
        last = self.levels - 1
        parameters = self.parameters(images, labels, training)  # (N, H, W, colours, P)
        log_p = self.head.log_prob(parameters, ops.minimum(y, last))  # (N, H, W, colours)
        wrong = y > last  # (N, H, W, colours)
        if self.classes:
            labels = ops.cast(labels, "int32")[:, None, None, None]
            wrong |= (labels < 0) | (labels >= self.classes)
        bits = -ops.where(wrong, -np.inf, log_p) / LOG_2  # (N, H, W, colours)
        return Mean(dtype=bits.dtype)(y, bits) + sum(self.losses)  # of regularisers, if any

    @property
    def input_dtype(self):
        """What Keras builds signatures with, as in `export`."""
        return "uint8"

    @property
    def masks(self):
        """The patterns of all masked convolutions, bool (kh, kw, groups, groups) each.

        Each colour is a group of its own, unless the head ties the colours: then there is one.
        """
        layers = self._flatten_layers(include_self=False)
        return [layer.pattern for layer in layers if isinstance(layer, MaskedConv2D)]

    @property
    def margin(self):
        """How far a prediction can look, (rows, columns), or None where that is not known.

        It is known if every pixel layer has a `cached` step, for then the layer looks around by its
        masked convolutions only.
        """
        if not all(hasattr(layer, "cached") for layer in self.body):
            return None
        return margin(self.masks)

    def check_images(self, images):
        """Raise ValueError unless the images are uint8 (N, H, W, colours), below `levels`."""
        dtype, shape = keras.backend.standardize_dtype(images.dtype), images.shape
        if dtype != "uint8":
            raise self.another_dtype(dtype)
        if len(shape) != 4 or shape[-1] != self.colours:
            raise ValueError(
                f"PixelCNN takes images (N, H, W, {self.colours}), got shape {tuple(shape)}. "
                "One image alone needs images[None]; grey images need colours=1."
            )
        self.check_arrays(images)

    def check_arrays(self, *arrays):
        """Raise ValueError if a NumPy array among these holds what is no level."""
        for array in arrays:
            if isinstance(array, np.ndarray) and array.size:
                if array.dtype.kind == "f" and (array % 1).any():
                    raise self.another_dtype(array.dtype)
                if array.max() >= self.levels:
                    most = int(array.max())
                    build = f"Build it with levels={most + 1} or more" if most < 256 else "Scale"
                    raise ValueError(
                        f"This model knows the levels 0 to {self.levels - 1}, got {most}. "
                        f"{build}, or quantise the images."
                    )

    def as_labels(self, labels, count):
        """Return labels as an array or a tensor (N,), or None if the model has no classes.

        count: int, how many images they belong to. Raises ValueError for labels that do not fit.
        """
        if self.classes is None:
            if labels is None:
                return None
            raise ValueError(
                "This model has no classes, so it takes no labels. Leave them out, or build it with "
                "classes=10, for example."
            )
        expected = f"one whole number from 0 to {self.classes - 1} for each image"
        if labels is None:
            raise ValueError(f"This model has {self.classes} classes. Give labels: {expected}.")
        if not hasattr(labels, "dtype"):
            labels = np.asarray(labels)
        dtype = getattr(labels.dtype, "name", labels.dtype)
        counts = {count, *labels.shape} - {None}  # None while a step is traced
        if "int" not in dtype or len(labels.shape) != 1 or len(counts) > 1:
            raise ValueError(
                f"labels must be {expected}, shape ({count},); got {dtype}, shape "
                f"{tuple(labels.shape)}."
            )
        if isinstance(labels, np.ndarray):
            wrong = labels[(labels < 0) | (labels >= self.classes)]
            if wrong.size:
                raise ValueError(f"labels must be {expected}; got {wrong[0]}.")
        return labels

    def another_dtype(self, dtype):
        """The error for images that are not uint8."""
        return ValueError(
            f"PixelCNN takes uint8 images, whole levels 0 to {self.levels - 1}; got {dtype}. It "
            "scales them itself: undo any division by 255, then images.astype('uint8')."
        )

    def get_config(self):
        layers = self._flatten_layers(include_self=False)
        return {
            **super().get_config(),
            "dtype": self.dtype_policy.name,
            **self.sizes,
            "levels": self.levels,
            "colours": self.colours,
            "classes": self.classes,
            "pixel_layer": registered_name("pixel layer", self.pixel_layer),
            "pixel_layer_module": self.pixel_layer.__module__,
            "head": [registered_name("head", type(self.head)), self.head.get_config()],
            "head_module": type(self.head).__module__,
            "frozen": [number for number, layer in enumerate(layers) if not layer.trainable],
        }

    @classmethod
    def from_config(cls, config, custom_objects=None, **overrides):
        """Build the model that a configuration describes.

        config: dict, from `get_config`. custom_objects: dict, classes by name, as Keras's loaders
        take them. overrides: arguments that replace the configuration's, such as `dtype`. Raises
        ValueError if Keras does not know the pixel layer or the head; it names the module that
        defines the class, and never imports it, because a file must not choose what code to run.
        """
        config = {**config, **overrides}
        layer, layer_module = config["pixel_layer"], config.pop("pixel_layer_module", None)
        (head, head_config), head_module = config["head"], config.pop("head_module", None)
        trainable, frozen = config.pop("trainable", True), config.pop("frozen", None)
        with keras.saving.custom_object_scope(custom_objects or {}):
            config["pixel_layer"] = registered("pixel layer", layer, layer_module)
            config["head"] = registered("head", head, head_module).from_config(head_config)
            model = cls(**config)
        model.trainable = trainable
        if frozen is not None:
            for number, layer in enumerate(model._flatten_layers(include_self=False)):
                layer.trainable = number not in frozen
        return model


def unpacked(images, labels=None):
    """Return images and labels apart: Keras's fit and predict pass the two as one pair."""
    return images if isinstance(images, (tuple, list)) else (images, labels)
