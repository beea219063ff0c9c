"""What the numbers of the last layer mean: two ways to say how likely each level is.

A head ends the network with one masked 1x1 convolution and reads its output, the parameters, as a
distribution over the levels 0 … levels - 1 of each value. It computes in float32 or wider. What a
sampler needs of it runs on tensors, and on NumPy arrays with `xp=numpy`.
"""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.masks import whole_number


class Head(keras.layers.Layer):
    """What both heads share. A head says how its parameters start, and what they mean."""

    def setup(self, levels, colours, dtype):
        """Take what the model has; the model calls this once.

        levels: int, 2 or more, how many levels a value has.
        colours: int, how many values a pixel has.
        dtype: str, what the model computes in; the head computes in float32 at the least.
        """
        self.levels, self.colours = levels, colours
        wide = dtype if dtype in ("float32", "float64") else "float32"
        self.dtype_policy = wide  # Keras casts a layer's input to the layer's own dtype
        filters = colours * len(self.start())
        self.conv = MaskedConv2D(
            filters,
            1,
            colours=colours,
            dtype=wide,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.01),
            bias_initializer=lambda shape, dtype=None: ops.cast(
                np.tile(self.start(), colours), dtype
            ),
        )

    def start(self):
        """The parameters of a value in an untrained network: its bias, all else being small."""
        raise NotImplementedError

    def build(self, input_shape):
        self.conv.build(input_shape)

    def call(self, features):
        """Turn features (N, H, W, F) into parameters (N, H, W, colours, parameters per value)."""
        parameters = self.conv(ops.cast(features, self.conv.compute_dtype))
        return ops.reshape(parameters, (*ops.shape(parameters)[:-1], self.colours, -1))

    def cumulative(self, parameters, temperature=1.0, xp=ops):
        """Tell how likely a value is to be at most a level, for a sampler to search.

        parameters (N, P) -> a function: levels, whole numbers (N,) -> probabilities (N,).
        """
        log_p = self.log_probs(parameters, xp)  # (N, levels)
        log_p = log_p - xp.max(log_p, axis=-1, keepdims=True)  # (N, levels), the likeliest 0
        temperature = min(max(temperature, 1e-30), 1e30)  # what float32 can divide by
        p = xp.exp(log_p / temperature)  # (N, levels)
        sums = xp.cumsum(p, axis=-1)  # (N, levels)
        return lambda levels: xp.take_along_axis(sums, levels[:, None], -1)[:, 0] / sums[:, -1]


@keras.saving.register_keras_serializable("pixelcnn")
class CategoricalHead(Head):
    """One logit for each level, as in the paper: it assumes nothing, not even that 7 is near 8."""

    def start(self):
        return np.zeros(self.levels)

    def start_at_histogram(self, images):
        """Set the bias to the log histogram of each colour in `images`, one more of each level.

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
        return logits - log_sum_exp(parameters, ops)  # (…): the other levels are only summed


@keras.saving.register_keras_serializable("pixelcnn")
class LogisticMixtureHead(Head):
    """A mixture of logistic curves, cut into levels: neighbours get alike probabilities.

    The curves live on [-1, 1]. Level k gets the area between its two edges; the first and the last
    level get the tails, so that the levels sum to one exactly. Source: Salimans et al., PixelCNN++
    (2017), section 2.1; here only the masks tie the colours.

    components: int, 1 to 1000, how many curves each value's distribution is mixed of.
    """

    def __init__(self, components=10, **layer):
        super().__init__(**layer)
        self.components = whole_number("components", components, 1, 1000)

    def start(self):
        """Begin with the curves spread evenly over [-1, 1]."""
        means = np.linspace(-1, 1, self.components + 2)[1:-1]
        return np.concatenate([0 * means, means, 0 * means - 1.5])

    def log_probs(self, parameters, xp=ops):
        """(…, 3 * components) -> natural log-probabilities of all levels (…, levels)."""
        levels = np.arange(self.levels).astype(keras.backend.standardize_dtype(parameters.dtype))
        return self._log_prob(parameters[..., None, :], levels, xp)

    def log_prob(self, parameters, values):
        """(…, 3 * components), values (…) -> natural log-probability of each value (…)."""
        return self._log_prob(parameters, ops.cast(values, parameters.dtype), ops)

    def cumulative(self, parameters, temperature=1.0, xp=ops):
        """As in Head; but at temperature 1 no level is listed. Below an edge lie the curves' areas.

        The sigmoid is (1 + tanh(x / 2)) / 2, which is safe for any x.
        """
        if temperature != 1:
            return super().cumulative(parameters, temperature, xp)
        weights, means, log_scales = xp.split(parameters, 3, axis=-1)  # (N, components) each
        weights = xp.exp(weights - log_sum_exp(weights, xp)[:, None])  # (N, components)
        steepness = xp.exp(-xp.clip(log_scales, -7, 7))  # (N, components)

        def at_most(levels):
            edge = xp.array(2 * levels + 1, parameters.dtype) / (self.levels - 1) - 1  # (N,)
            sigmoid = (1 + xp.tanh((edge[:, None] - means) * steepness / 2)) / 2
            return xp.sum(weights * sigmoid, axis=-1)  # (N,)

        return at_most

    def _log_prob(self, parameters, values, xp):
        """Weigh the curves' areas between each level's two edges, in logarithms.

        With the edges a > b in units of the scale, s(a) - s(b) = s(a) s(-b) (1 - e^(b-a)), s the
        sigmoid: each factor's logarithm is safe, however far away the curve.
        """
        weights, means, log_scales = xp.split(parameters, 3, axis=-1)  # (…, components) each
        values = values[..., None]  # (…, 1)
        half = 1 / (self.levels - 1)
        steepness = xp.exp(-xp.clip(log_scales, -7, 7))
        middle = (values * (2 * half) - 1 - means) * steepness  # (…, components)
        first, last = values == 0, values == self.levels - 1
        log_p = xp.where(last, 0, log_sigmoid(middle + half * steepness, xp))
        log_p += xp.where(first, 0, log_sigmoid(half * steepness - middle, xp))
        log_p += xp.where(first | last, 0, xp.log(-xp.expm1(-2 * half * steepness)))
        log_weights = weights - log_sum_exp(weights, xp)[..., None]
        return log_sum_exp(log_p + log_weights, xp)

    def get_config(self):
        return {**super().get_config(), "components": self.components}


def log_sigmoid(x, xp):
    """log(1 / (1 + e^-x)), safe for any x; xp is keras.ops or numpy."""
    return xp.minimum(x, 0) - xp.log1p(xp.exp(-xp.abs(x)))


def log_sum_exp(x, xp):
    """log(sum(e^x)) over the last axis, safe for any x; xp is keras.ops or numpy."""
    largest = xp.max(x, axis=-1, keepdims=True)
    return largest[..., 0] + xp.log(xp.sum(xp.exp(x - largest), axis=-1))
