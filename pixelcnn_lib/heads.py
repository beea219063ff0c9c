"""Output heads: three ways to turn the last layer's output into a distribution over the levels.

A head is the last part of the network: one masked 1x1 convolution. Its output, the parameters,
describes a distribution over the levels 0 … levels - 1 of each value. A head computes in float32 or
float64. The methods with an argument xp take tensors, or NumPy arrays with `xp=numpy`.
"""

from itertools import accumulate

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.arguments import check_config, short, whole_number
from pixelcnn_lib.layers import MaskedConv2D

FLAT = 7  # the log scales of a mixture are cut to -7 … 7


class Head(keras.layers.Layer):
    """The base class of all heads. A subclass says how its parameters start, and what they mean.

    It writes `start`, log_probs(parameters, xp) and log_prob(parameters, values), as CategoricalHead
    does, and get_config if it has arguments. Images are drawn by `cumulative`, from log_probs.

    The colours of a pixel form groups, and the masks let a group see only the groups before it.
    Each colour is a group of its own, unless the head ties the colours of a group; such a head
    also has a method `given`, as TiedMixtureHead has.

    straight: bool, whether the head reads the trunk's output directly, besides the features of the
        top; only for a head whose colours form one group.
    """

    straight = False

    def groups(self, colours):
        """Return how many groups the colours form; this number divides the number of colours."""
        return colours

    def setup(self, levels, colours, dtype):
        """Set the sizes and make the convolution; the model calls this once.

        levels: int, 2 or more, how many levels a value has.
        colours: int, how many values a pixel has.
        dtype: str, the model's compute dtype; the head uses at least float32.
        """
        self.levels, self.colours = levels, colours
        wide = dtype if dtype in ("float32", "float64") else "float32"
        self.dtype_policy = wide  # Keras casts a layer's input to the layer's own dtype
        groups = self.groups(colours)
        filters = groups * len(self.start())
        self.conv = MaskedConv2D(
            filters,
            1,
            colours=groups,
            dtype=wide,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.01),
            bias_initializer=lambda shape, dtype=None: ops.cast(
                np.tile(self.start(), groups), dtype
            ),
        )

    def start(self):
        """Return the initial bias of one group. It sets what an untrained network predicts."""
        raise NotImplementedError

    def build(self, input_shape):
        self.conv.build(input_shape)

    def call(self, features):
        """Turn features (N, H, W, F) into parameters (N, H, W, groups, parameters of a group)."""
        parameters = self.conv(ops.cast(features, self.conv.compute_dtype))
        groups = self.groups(self.colours)
        shape = *ops.shape(parameters)[:-1], groups, self.conv.filters // groups
        return ops.reshape(parameters, shape)

    def by_colour(self, parameters, images):
        """Turn the parameters of each group into parameters of each value, (N, H, W, colours, P).

        parameters: (N, H, W, groups, parameters of a group), as `call` returns them.
        images: whole numbers (N, H, W, colours); a value depends on the colours before it.
        """
        return parameters

    def next_colour(self, parameters, left, xp=ops):
        """Return the parameters of the next colour of a group, (…, P).

        parameters: (…, parameters of the group's colours that are left).
        left: int, how many colours of the group are left, the next one included.
        xp: keras.ops or numpy.
        """
        return parameters

    def cumulative(self, parameters, temperature=1.0):
        """Return the CDF of N values, a function that the sampler searches. Only for NumPy arrays.

        parameters: (N, P), as `next_colour` returns them.
        temperature: float above 0, by which the log-probabilities are divided.
        Returns a function: levels, whole numbers (N,) -> P(value <= level), (N,).
        """
        log_p = self.log_probs(parameters, np)  # (N, levels)
        log_p = log_p - log_p.max(axis=-1, keepdims=True)  # (N, levels), the largest is 0
        sums = np.exp(log_p / temperature).cumsum(axis=-1)  # (N, levels)
        return lambda levels: np.take_along_axis(sums, levels[:, None], -1)[:, 0] / sums[:, -1]


@keras.saving.register_keras_serializable("pixelcnn")
class CategoricalHead(Head):
    """One logit for each level, as in the paper: neighbouring levels need not be similar."""

    def start(self):
        return np.zeros(self.levels)

    def start_at_histogram(self, images):
        """Set the bias to the logarithm of each colour's histogram.

        Every level is counted once more than it occurs, so that no probability is zero.

        images: whole numbers below levels, (N, H, W, colours) or a list of (H, W, colours).
        """
        values = np.concatenate([np.reshape(image, (-1, self.colours)) for image in images])
        counts = [np.bincount(colour, minlength=self.levels) + 1.0 for colour in values.T]
        self.conv.bias.assign(np.concatenate([np.log(c / c.sum()) for c in counts]))

    def log_probs(self, parameters, xp=ops):
        """(…, levels) -> natural log-probabilities of all levels (…, levels)."""
        return parameters - log_sum_exp(parameters, xp)[..., None]

    def log_prob(self, parameters, values):
        """(…, levels), integer values (…) -> natural log-probability of each value (…)."""
        values = ops.expand_dims(ops.cast(values, "int32"), -1)
        logits = ops.take_along_axis(parameters, values, axis=-1)[..., 0]  # (…)
        return logits - log_sum_exp(parameters, ops)  # (…)


@keras.saving.register_keras_serializable("pixelcnn")
class LogisticMixtureHead(Head):
    """A discretised mixture of logistics: neighbouring levels get similar probabilities.

    The levels are spread over [-1, 1]. A level's probability is the area below the density between
    the level's two edges. The first and the last level also get the tails, so that the sum is one.
    A colour depends on the earlier colours only through the masked network.
    Source: Salimans et al., PixelCNN++ (2017), section 2.1.

    components: int, 1 to 1000, how many logistic distributions are mixed for each value.
    """

    def __init__(self, components=10, **layer):
        super().__init__(**layer)
        self.components = whole_number("components", components, 1, 1000)

    def start(self):
        """Return a bias that spreads the means evenly over [-1, 1]."""
        means = np.linspace(-1, 1, self.components + 2)[1:-1]
        return np.concatenate([0 * means, means, 0 * means - 1.5])

    def log_probs(self, parameters, xp=ops):
        """(…, 3 * components) -> natural log-probabilities of all levels (…, levels)."""
        levels = np.arange(self.levels).astype(keras.backend.standardize_dtype(parameters.dtype))
        return self._log_prob(parameters[..., None, :], levels, xp)

    def log_prob(self, parameters, values):
        """(…, 3 * components), values (…) -> natural log-probability of each value (…)."""
        return self._log_prob(parameters, ops.cast(values, parameters.dtype), ops)

    def cumulative(self, parameters, temperature=1.0):
        """As in Head. At temperature 1 it uses the closed-form CDF instead of summing over levels.

        A subclass with probabilities of its own needs the sum. The sigmoid is computed as
        (1 + tanh(x / 2)) / 2, which cannot overflow.
        """
        names = "log_probs", "_log_prob", "_log_areas"
        own = any(
            getattr(type(self), one) is not getattr(LogisticMixtureHead, one) for one in names
        )
        if temperature != 1 or own:
            return super().cumulative(parameters, temperature)
        weights, means, log_scales = split_features(parameters, 3 * [self.components], np)
        weights = np.exp(weights - log_sum_exp(weights, np)[:, None])  # (N, components)
        half = np.exp(-np.clip(log_scales, -FLAT, FLAT)) / 2  # (N, components), half of 1 / scale
        weights, half, middle = (np.transpose(one) for one in (weights, half, means * half))
        gap = 2 / (self.levels - 1)  # between two levels; the edge between them is in the middle

        def at_most(levels):
            edge = np.array(levels, parameters.dtype) * gap + (gap / 2 - 1)  # (N,)
            tanh = np.tanh(edge * half - middle)  # (components, N), so that sums run along N
            return (1 + np.sum(weights * tanh, axis=0)) / 2  # (N,); the weights sum to one

        return at_most

    def _log_prob(self, parameters, values, xp):
        """Return the log-probability of levels `values`: a weighted sum over the components."""
        weights, means, log_scales = split_features(parameters, 3 * [self.components], xp)
        log_p = self._log_areas(means, log_scales, values, xp)  # (…, components)
        log_weights = weights - log_sum_exp(weights, xp)[..., None]
        return log_sum_exp(log_p + log_weights, xp)

    def _log_areas(self, means, log_scales, values, xp):
        """Return the log of each component's area over a level, (…, components).

        means, log_scales: (…, components). values: levels (…). With the sigmoid s, and a > b the
        values of (edge - mean) / scale at the level's edges, the area is s(a) - s(b) =
        (1 - e^(b-a)) / ((1 + e^-a) (1 + e^b)). The last level's a and the first level's b are
        infinite. Where e^-a or e^b may overflow, it is divided out and its exponent is added.
        """
        values = values[..., None]  # (…, 1)
        half = 1 / (self.levels - 1)
        steepness = xp.exp(-xp.clip(log_scales, -FLAT, FLAT))
        middle = (values * (2 * half) - 1 - means) * steepness  # (…, components)
        first, last = values == 0, values == self.levels - 1
        a = xp.where(last, np.inf, middle + half * steepness)
        b = xp.where(first, -np.inf, middle - half * steepness)
        part = -xp.expm1(xp.where(first | last, -np.inf, -2 * half * steepness))  # 1 - e^(b-a)
        part = part / ((1 + xp.exp(-xp.abs(a))) * (1 + xp.exp(-xp.abs(b))))
        return xp.log(part) + xp.minimum(a, 0) - xp.maximum(b, 0)

    def get_config(self):
        return {**super().get_config(), "components": self.components}


@keras.saving.register_keras_serializable("pixelcnn")
class TiedMixtureHead(LogisticMixtureHead):
    """One mixture of logistics for each pixel: its colours share the mixture weights.

    A component k has one logistic distribution for each colour, and p(r, g, b) = sum_k w_k p_k(r)
    p_k(g | r) p_k(b | r, g). Each earlier colour shifts the mean of a later colour in proportion to
    its value. Once red is known, the weights of green and blue are proportional to w_k p_k(r). So
    each value has a mixture as in LogisticMixtureHead. The network needs no colour masks, because
    its features depend only on earlier pixels: the colours of a pixel form one group.

    The head also reads the trunk's output directly (`straight`): a mean is nearly a weighted sum of
    the neighbouring pixels, and this sum should not have to pass through a ReLU.

    The parameters of C colours are, each for all components: the logits of the weights, C means, C
    log scales, then the shifts, before tanh, by the first colour of the C - 1 colours after it, by
    the second colour of the C - 2 colours after it, and so on.
    Source: Salimans et al., PixelCNN++ (2017), section 2.2.

    components: int, 1 to 1000, how many components each pixel's mixture has.
    """

    straight = True

    def groups(self, colours):
        return 1

    def start(self):
        """Return a bias that spreads each colour's means over [-1, 1]; the shifts are zero."""
        weights, means, log_scales = np.split(super().start(), 3)  # (components,) each
        shifts = np.zeros(self.colours * (self.colours - 1) // 2 * self.components)
        ends = [np.tile(each, self.colours) for each in (means, log_scales)]
        return np.concatenate([weights, *ends, shifts])

    def by_colour(self, parameters, images):
        """As in Head; each colour's value changes the parameters of the colours after it."""
        parameters, values = parameters[..., 0, :], []  # (N, H, W, parameters of a pixel)
        for colour, left in enumerate(range(self.colours, 0, -1)):
            values.append(self.next_colour(parameters, left))  # (N, H, W, 3 * components)
            if left > 1:
                parameters = self.given(parameters, images[..., colour], left)
        return ops.stack(values, axis=-2)  # (N, H, W, colours, 3 * components)

    def next_colour(self, parameters, left, xp=ops):
        weights, mean, _, log_scale, *_ = self.parts(parameters, left, xp)
        return xp.concatenate([weights, mean, log_scale], axis=-1)  # (…, 3 * components)

    def given(self, parameters, values, left, xp=ops):
        """Return the parameters of the colours after the next colour, whose value is now known.

        parameters: (…, parameters of the colours that are left), 2 colours or more.
        values: whole numbers (…), the values of the next colour.
        left: int, how many colours are left, the next one included.
        xp: keras.ops or numpy.
        """
        weights, mean, means, log_scale, log_scales, shifts, rest = self.parts(parameters, left, xp)
        values = xp.array(values, parameters.dtype)  # (…)
        weights = weights + self._log_areas(mean, log_scale, values, xp)  # (…, components)
        scaled = values[..., None] * (2 / (self.levels - 1)) - 1  # (…, 1)
        means = means + xp.tanh(shifts) * scaled  # (…, (left - 1) * components)
        return xp.concatenate([weights, means, log_scales, rest], axis=-1)

    def parts(self, parameters, left, xp):
        """Split parameters into those of the next colour, and those of the colours after it.

        parameters, left: as in `given`.
        Returns the weights' logits, the next colour's means, the later colours' means, the next
        colour's log scales, the later colours', the shifts by the next colour, and all that is left.
        """
        sizes = [self.components * count for count in (1, 1, left - 1, 1, left - 1, left - 1)]
        return split_features(parameters, [*sizes, parameters.shape[-1] - sum(sizes)], xp)


HEADS = {"categorical": CategoricalHead, "mixture": LogisticMixtureHead, "tied": TiedMixtureHead}


def new_head(head):
    """Make a new head for one model, from a class or with the settings of an instance."""
    if isinstance(head, type) and issubclass(head, Head):
        return head()
    if isinstance(head, Head):
        check_config(head)
        return head.from_config(head.get_config())
    raise ValueError(
        "head must be CategoricalHead, LogisticMixtureHead, TiedMixtureHead, or an instance of "
        f"one of them; got {short(head)}."
    )


def split_features(x, sizes, xp):
    """Cut the last axis into parts of these sizes. NumPy's own split takes ten times as long."""
    ends = list(accumulate(sizes))
    if xp is np:
        return [x[..., end - size : end] for size, end in zip(sizes, ends)]
    return xp.split(x, ends[:-1], axis=-1)


def log_sum_exp(x, xp):
    """log(sum(e^x)) over the last axis, safe for any x; xp is keras.ops or numpy."""
    largest = xp.max(x, axis=-1, keepdims=True)
    return largest[..., 0] + xp.log(xp.sum(xp.exp(x - largest), axis=-1))
