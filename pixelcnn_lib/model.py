"""The base class of all models: images in, a distribution over the levels of each value out."""

from pathlib import Path

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import fields
from pixelcnn_lib.arguments import CLASSES, check_config, one_of, whole_number
from pixelcnn_lib.heads import CategoricalHead, new_head
from pixelcnn_lib.layers import MaskedConv2D, sublayers
from pixelcnn_lib.losses import LOG_2, Mean, bits_per_dim
from pixelcnn_lib.operations import Everywhere
from pixelcnn_lib.registry import registered, registered_name
from pixelcnn_lib.sampling import generate_images
from pixelcnn_lib.scoring import score

WEIGHTS = Path(__file__).parent / "weights"


def gpus():
    """Return the names of the backend's GPUs, as Keras lists them."""
    return [name for name in keras.distribution.list_devices() if name.startswith("gpu")]


class AutoregressiveModel(keras.Model):
    """A trunk, two 1x1 convolutions (the top) and a head. Each member of the family has its trunk.

    Input: uint8 images (N, H, W, colours) of any height and width, values below `levels`. Output:
    logits (N, H, W, colours, levels), float32 (float64 under that policy), whose softmax is the
    distribution of each value given all values before it. A model with classes also takes a label
    for each image, `model(images, labels)`; its distributions are conditioned on the class.

    A member is a subclass, registered with Keras, in its own file in `family`. It defines:

    __init__: calls this class's __init__, adds its own sizes to `self.sizes`, makes its layers, and
        ends with `add_top(width)`.
    build_trunk(shape): builds these layers and adds the trunk's own weights.
    forward(run, x): the trunk: read images (N, H, W, inputs) -> (N, H, W, width), one block of
        features for each group of colours. Block c may depend on all earlier pixels and, in the
        present pixel, on the groups before c. `run` supplies the operations, see operations.py.
        *Whole* features depend on all colours of their own pixel. Only later pixels may read them:
        from a row below, or after a shift or a strict mask.
    cached(cache): the same at the pixels of one time, only for a trunk of which `forward` needs
        other operations; see caching.Cache.
    presets: dict, the sizes by name: NAME for pages, about 130,000 weights, and faces.
    shipped: dict, for each shipped model its preset, the arguments that replace the preset's, and
        the side in pixels of the images that it learnt from.
    prefix: str, what the names of its files of weights begin with.

    filters_per_colour: int, 1 to 1024, the width of the trunk: h = filters_per_colour * colours
        features. With a head that ties the colours, the h features belong to the whole pixel.
    blocks: int, 0 to 1000, how many layers the trunk has.
    head_per_colour: int, 1 to 8192, how many features for each colour the top has.
    levels: int, 2 to 256, how many levels a value has: 0 … levels - 1.
    colours: int, 1 to 16, how many values a pixel has: 3 for RGB, 1 for grey.
    head: class or instance from heads, which turns the features into a distribution.
    classes: int, 2 to 10,000, how many classes the labels have, 0 … classes - 1; needs blocks=1 or
        more. A tuple of several such numbers if an image has several labels. None for a model
        without labels.
    embed: int, 1 to 1024, how many learnt features stand for each level, as the words of a language
        model; for levels that are names and not amounts, such as the colours of a palette. It needs
        colours=1. None reads a level as a number, scaled to -1 … 1.
    model: keras.Model's arguments, such as `dtype` and `name`.
    Raises ValueError for arguments out of these bounds, and for images of another dtype or shape.
    """

    presets, shipped, prefix = {}, {}, ""

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for name in ("call", "log_prob", "parameters", "read"):
            if getattr(cls, name) is not getattr(AutoregressiveModel, name):
                raise TypeError(
                    f"{cls.__name__} has a `{name}` of its own, and drawing, fields and files would not "
                    "follow it. Write what differs in `forward` or in `scale`."
                )

    def __init__(
        self,
        filters_per_colour,
        blocks,
        head_per_colour,
        levels=256,
        colours=3,
        head=CategoricalHead,
        classes=None,
        embed=None,
        **model,
    ):
        super().__init__(autocast=False, **model)  # so that Keras does not cast the images
        self.sizes = dict(
            filters_per_colour=whole_number("filters_per_colour", filters_per_colour, 1, 1024),
            blocks=whole_number("blocks", blocks, 0, 1000),
            head_per_colour=whole_number("head_per_colour", head_per_colour, 1, 8192),
        )
        self.levels = whole_number("levels", levels, 2, 256)
        self.colours = whole_number("colours", colours, 1, 16)
        self.classes = as_classes(classes)
        self.class_rows = int(np.sum(self.classes or 0))  # of all labels together
        self.embed = embed if embed is None else whole_number("embed", embed, 1, 1024)
        if embed and colours != 1:
            raise ValueError(
                f"embed needs colours=1: a pixel is then one name; got colours={colours}."
            )
        if classes and not blocks:
            raise ValueError(
                "classes need blocks=1 or more: the class is an input of the blocks; got 0 blocks."
            )
        self.new_head = lambda: new_head(head)
        self.groups = new_head(head).groups(self.colours)  # how many groups of colours
        self.h = self.sizes["filters_per_colour"] * self.colours
        self.grouped = {"colours": self.groups, "dtype": self.dtype_policy}  # for masked layers
        self.inputs = embed or self.colours  # how many features of a pixel the trunk reads
        if embed:
            self.embedding = keras.layers.Embedding(
                self.levels,
                embed,
                keras.initializers.RandomNormal(stddev=1.0),
                dtype=self.dtype_policy,
            )

    def add_top(self, width):
        """Add the top and the head to a trunk of `width` output features, and build the model."""
        features = self.sizes["head_per_colour"] * self.colours
        self.width = width
        self.top = [MaskedConv2D(features, 1, "B", **self.grouped) for _ in range(2)]
        self.head = self.new_head()
        check_config(self)
        self.head.setup(self.levels, self.colours, self.compute_dtype)
        self.build((None, None, None, self.colours))

    @classmethod
    def preset(cls, preset, /, **overrides):
        """Build a model of a named size.

        preset: str, a name from `presets`.
        overrides: arguments that replace the preset's.
        """
        preset = one_of("preset", preset, cls.presets)
        return cls(**{**cls.presets[preset], **overrides})

    @classmethod
    def pretrained(cls, name="small"):
        """Load a shipped model.

        name: str, from `shipped`. The model draws what its preset is for.
        Raises ValueError for another name, and if no model of this class is shipped.
        """
        if not cls.shipped:
            raise ValueError(
                f"No {cls.__name__} is shipped. Use PixelCNN.pretrained, or train your own."
            )
        preset, changes, _ = cls.shipped[one_of("name", name, cls.shipped)]
        model = cls.preset(preset, **changes)
        model.load_weights(WEIGHTS / f"{cls.prefix}{name}.weights.h5")
        return model

    def build(self, input_shape):
        if self.embed:
            self.embedding.build()
        self.build_trunk((*input_shape[:-1], self.inputs))
        width = self.width
        for layer in self.top:
            layer.build((*input_shape[:-1], width))
            width = layer.filters
        self.head.build((*input_shape[:-1], width + self.head.straight * self.width))

    def add_class_biases(self, count, width, name="class_bias"):
        """Add a bias for each class, (classes, width), to `count` layers; none without classes."""
        return [
            self.add_weight(shape=(self.class_rows, width), initializer="zeros", name=f"{name}_{i}")
            for i in range(count if self.classes else 0)
        ]

    def read(self, images):
        """Turn uint8 images (…, colours) into what the trunk reads, (…, inputs), compute dtype."""
        if self.embed:
            names = ops.minimum(ops.cast(images, "int32"), self.levels - 1)  # see compute_loss
            return self.embedding(names[..., 0])
        return ops.cast(self.scale(ops.cast(images, self.variable_dtype)), self.compute_dtype)

    def scale(self, images):
        """Scale levels, floating-point numbers (…), to [-1, 1]: same shape and dtype."""
        return images * (2 / (self.levels - 1)) - 1

    def __call__(self, images, labels=None, **options):
        """Check images and labels (N,) before Keras makes them tensors, and call the model."""
        if not isinstance(images, (tuple, list)):
            self.check_images(images)
            labels = self.as_labels(labels, images.shape[0])
        return super().__call__(images, labels, **options)

    def parameters(self, images, labels=None, training=None):
        """Run the network up to the parameters of each value's distribution, (N, H, W, colours, P).

        images: uint8 (N, H, W, colours).
        labels: int (N,), the images' classes, if the model has classes.
        training: bool, whether layers that differ in training, such as dropout, run as in training.
        """
        self.check_images(images)
        labels = self.as_labels(labels, images.shape[0])
        run = Everywhere(self.groups, self, labels, training)
        seen = self.forward(run, self.read(images))  # (N, H, W, width)
        parameters = self.head(self.features(run, seen))  # (N, H, W, groups, P of a group)
        return self.head.by_colour(parameters, images)  # (N, H, W, colours, P)

    def features(self, run, seen):
        """Run the top on the trunk's output. Returns what the head reads, (N, H, W, F)."""
        y = seen  # (N, H, W, width)
        for layer in self.top:
            y = run(layer, run.relu(y))  # (N, H, W, head_per_colour * colours)
        y = run.relu(y)
        return run.concatenate([y, seen]) if self.head.straight else y

    def of_class(self, bias, labels, dtype):
        """Select each image's row of a bias: (classes, F), labels (N,) -> (N, 1, 1, F).

        With several labels (N, L), the classes of all labels stand one below the other in the bias,
        and each image gets the sum of its rows.
        """
        counts = np.reshape(self.classes, -1)  # (L,)
        labels = ops.reshape(ops.cast(labels, "int32"), (-1, len(counts)))
        labels = ops.clip(labels, 0, counts - 1)  # see compute_loss
        rows = ops.take(bias, labels + (counts.cumsum() - counts), axis=0)  # (N, L, F)
        return ops.cast(ops.sum(rows, axis=1)[:, None, None], dtype)  # (N, 1, 1, F)

    def call(self, images, labels=None, training=None):
        images, labels = unpacked(images, labels)
        parameters = self.parameters(images, labels, training)  # (N, H, W, colours, P)
        return self.head.log_probs(parameters)  # (N, H, W, colours, levels)

    def log_prob(self, images, labels=None):
        """Return the natural log-probability of each value, (N, H, W, colours).

        images, labels: as in `parameters`.
        It needs less memory than the logits of all levels. Memory grows with the size of the
        images; scoring.score takes large images in parts.
        """
        return self.head.log_prob(self.parameters(images, labels), images)

    def score(self, images, labels=None, batch_size=16):
        """Score images that the model was not trained on; see scoring.score.

        images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours) of any sizes.
        labels: int (N,), the class of each image, for a model with classes.
        batch_size: int, the largest number of images that go through the model together.
        Returns a scoring.Score: bits per dimension, standard error, and the bits of each image.
        """
        return score(self, images, batch_size, labels)

    def sample(self, n, size, **options):
        """Draw n images; see sampling.generate_images.

        n: int, how many images.
        size: int, the side of each image in pixels, or (height, width).
        options: arguments of sampling.generate_images, such as seed, labels and temperature.
        Returns uint8 (n, height, width, colours).
        """
        return generate_images(self, n, size, **options)

    def compile(self, *args, jit_compile="auto", **options):
        """Compile as Keras does, but without XLA for TensorFlow on a CPU, where XLA is slower."""
        super().compile(*args, jit_compile=jit_compile, **options)
        if jit_compile == "auto" and keras.backend.backend() == "tensorflow" and not gpus():
            self.jit_compile = False

    def fit(self, x=None, y=None, *args, **options):
        """Train as Keras does. Images are their own targets.

        x: uint8 (N, H, W, colours), or anything else that Keras's fit takes.
        y: labels, int (N,), for a model with classes; otherwise the images again, or None.
        validation_data: a tuple (x, y), or anything else that Keras's fit takes.
        A dataset gives pairs (images, images), or ((images, labels), images) for a model with
        classes; in a dataset, values and labels that do not fit give an infinite loss.
        Raises ValueError for arrays with values at or above `levels`, for labels outside
        0 … classes - 1, and under a strategy of tf.distribute with several devices.
        """
        strategy = getattr(self, "distribute_strategy", None)  # only with TensorFlow
        if strategy and strategy.num_replicas_in_sync > 1:
            raise ValueError(
                "The model cannot train under a strategy of tf.distribute. For several GPUs, use "
                "keras.distribution.DataParallel with KERAS_BACKEND=jax: see chapter 10."
            )
        if isinstance(options.get("validation_data"), (tuple, list)):
            options["validation_data"] = self.as_data(*options["validation_data"])
        x, y = self.as_data(x, y)
        return super().fit(x, y, *args, **options)

    def evaluate(self, x=None, y=None, *args, **options):
        """Evaluate as Keras does, on what `fit` takes."""
        x, y = self.as_data(x, y)
        return super().evaluate(x, y, *args, **options)

    def predict(self, x, *args, **options):
        """Predict as Keras does. x: images, or a pair (images, labels), or what Keras takes."""
        x, _ = self.as_data(x)
        return super().predict(x, *args, **options)

    def as_data(self, x, y=None, *weights):
        """Check the arrays that `fit` was given, and return them as Keras's fit takes them."""
        images, labels = unpacked(x)
        if isinstance(images, np.ndarray):
            if labels is None and (self.classes or np.ndim(y) == 1):
                labels, y = y, images
            labels = self.as_labels(labels, images.shape[0])
            x = images if labels is None else (images, labels)
        self.check_arrays(images, y)
        return x, y, *weights

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Return the loss. For bits_per_dim, use log_prob: the same number without the logits.

        Keras's training step asks for the logits too, but the compiled step does not compute them.
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
            counts = np.reshape(self.classes, -1)  # (L,)
            labels = ops.reshape(ops.cast(labels, "int32"), (-1, 1, 1, len(counts)))
            wrong |= ops.any((labels < 0) | (labels >= counts), axis=-1, keepdims=True)
        bits = -ops.where(wrong, -np.inf, log_p) / LOG_2  # (N, H, W, colours)
        return Mean(dtype=bits.dtype)(y, bits) + sum(self.losses)  # losses of regularisers

    @property
    def masks(self):
        """The patterns of all masked convolutions, bool (kh, kw, groups, groups) each.

        Each colour is a group of its own, unless the head ties the colours: then they form one.
        """
        layers = sublayers(self)
        return [layer.pattern for layer in layers if isinstance(layer, MaskedConv2D)]

    def build_trunk(self, shape):
        """Build the trunk's layers for images of this shape, and add the trunk's own weights."""
        raise NotImplementedError

    def forward(self, run, x):
        """Run the trunk: read images (N, H, W, inputs) -> (N, H, W, width)."""
        raise NotImplementedError

    def field(self, shape):
        """Compute which values each value can see, in images (H, W, colours); see fields.field."""
        return fields.field(self, shape)

    @property
    def reach(self):
        """How many columns to the right a pixel waits for in the row above; None: all, see fields."""
        return fields.reach(self)

    @property
    def margin(self):
        """(rows, columns), how far a prediction sees; None if unlimited or unknown, see fields."""
        return fields.margin(self)

    def check_images(self, images):
        """Raise ValueError unless the images are uint8 (N, H, W, colours), below `levels`."""
        if not hasattr(images, "dtype"):
            raise self.another_dtype(type(images).__name__)
        dtype, shape = keras.backend.standardize_dtype(images.dtype), images.shape
        if dtype != "uint8":
            raise self.another_dtype(dtype)
        if len(shape) != 4 or shape[-1] != self.colours:
            raise ValueError(
                f"{type(self).__name__} takes images (N, H, W, {self.colours}), got shape {tuple(shape)}. "
                "A single image needs images[None]; grey images need colours=1."
            )
        self.check_arrays(images)

    def check_arrays(self, *arrays):
        """Raise ValueError if a NumPy array among these holds values that are not levels."""
        for array in arrays:
            if isinstance(array, np.ndarray) and array.size:
                if array.dtype.kind == "f" and (array % 1).any():
                    raise self.another_dtype(array.dtype)
                if array.min() < 0:
                    raise ValueError(f"Levels begin at 0; got {array.min()}. Give uint8 images.")
                if array.max() >= self.levels:
                    most = int(array.max())
                    build = f"Build it with levels={most + 1} or more" if most < 256 else "Scale"
                    raise ValueError(
                        f"This model knows the levels 0 to {self.levels - 1}, got {most}. "
                        f"{build}, or quantise the images."
                    )

    def as_labels(self, labels, count):
        """Return labels as an array or a tensor, (N,) or (N, L), or None if there are no classes.

        count: int, the number of images.
        Raises ValueError for labels that do not fit.
        """
        if self.classes is None:
            if labels is None:
                return None
            raise ValueError(
                "This model has no classes, so it takes no labels. Leave them out, or train a "
                "model with classes."
            )
        counts = np.reshape(self.classes, -1)  # (L,)
        each = np.shape(self.classes)  # () or (L,)
        most = " and ".join(str(last) for last in counts - 1)
        number = f"{len(counts)} whole numbers" if each else "one whole number"
        expected = f"{number} from 0 to {most} for each image"
        if labels is None:
            raise ValueError(f"This model has {self.classes} classes. Give labels: {expected}.")
        if not hasattr(labels, "dtype"):
            labels = np.asarray(labels)
        dtype = getattr(labels.dtype, "name", labels.dtype)
        sizes = {count, *labels.shape[:1]} - {None}  # the count is None while a step is traced
        if "int" not in dtype or labels.shape[1:] != each or not labels.shape or len(sizes) > 1:
            raise ValueError(
                f"labels must be {expected}, shape {(count, *each)}; got {dtype}, shape "
                f"{tuple(labels.shape)}."
            )
        if isinstance(labels, np.ndarray):
            wrong = labels[(labels < 0) | (labels >= (counts if each else counts[0]))]
            if wrong.size:
                raise ValueError(f"labels must be {expected}; got {wrong[0]}.")
        return labels

    def some_labels(self, count):
        """Return labels to draw with: all classes in turn; with several labels, 0 for each of them."""
        if np.ndim(self.classes):
            return np.zeros((count, len(self.classes)), int)
        return np.arange(count) % self.classes

    def another_dtype(self, dtype):
        """Return the error for images that are not uint8."""
        return ValueError(
            f"{type(self).__name__} takes uint8 images, whole levels 0 to {self.levels - 1}; got "
            f"{dtype}. It scales them itself: undo any division by 255, then images.astype('uint8')."
        )

    def get_config(self):
        return {
            **super().get_config(),
            "dtype": self.dtype_policy.name,
            **self.sizes,
            "levels": self.levels,
            "colours": self.colours,
            "classes": self.classes,
            "embed": self.embed,
            "head": [registered_name("head", type(self.head)), self.head.get_config()],
        }

    @classmethod
    def from_config(cls, config, **overrides):
        """Build the model that a configuration describes.

        config: dict, from `get_config`.
        overrides: arguments that replace the configuration's, such as `dtype`.
        Raises ValueError if Keras does not know a class that the configuration names, such as the
        head. This method imports no module, because a file must not choose what code runs.
        """
        head, head_config = config["head"]
        head = registered("head", head).from_config(head_config)
        return cls(**{**config, "head": head, **overrides})


def as_classes(classes):
    """Check the argument `classes`: return None, an int, or a tuple of ints."""
    if classes is None:
        return None
    if isinstance(classes, (tuple, list)) and len(classes):
        return tuple(whole_number("classes", one, 2, CLASSES) for one in classes)
    return whole_number("classes", classes, 2, CLASSES)


def unpacked(images, labels=None):
    """Separate images and labels: Keras's fit and predict pass them as one pair."""
    return images if isinstance(images, (tuple, list)) else (images, labels)
