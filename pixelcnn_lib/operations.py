"""The operations of which members and their blocks are written, and how Keras does them.

A member is written in its method `forward(run, x)`, and so is each layers.Block. `run` supplies
the operations; all else is +, -, * and /:

    run(layer, x, …)     the output of a layer or a block; a convolution may run once
    run.relu(x)          and elu, sigmoid, tanh
    run.gate(x)          and norm, concat_elu, concatenate: within each group of colours
    run.weight(w)        a variable with a weight for each feature, (F,)
    run.of_class(bias)   for each image, the row of its class in a variable (classes, F)
    run.rounded(x)       x, rounded where the arithmetic is exact

More of them serve Gated PixelCNN and PixelCNN++, which are derived from streams.TwoStreams and have
whole features (see `model`), too:

    run.whole(function, x, …)   function(run, x, …), which computes whole features
    run.link(function, x)       the same, where grouped features read the result
    run.shift_down(x)           within such a function: each row moved down by one

The `run` of such a function knows no groups, and runs only convolutions with colours=1. While images
are drawn, it computes a row once, before the row's first pixel. So grouped features read whole
features only through a link, and on this way each value of the image is shifted down once: before
the whole features, so that they know only rows above (PixelCNN++), or in the link. Then they know
their own row (Gated PixelCNN), and the member says so with `late`.

Three classes supply them. Everywhere computes all pixels and all groups of colours at once, with
Keras: so a network is trained and scored. caching.Cache computes one group at the pixels of one time,
with NumPy, and computes nothing twice: so images are drawn. exact.ExactCache does the same in exact
arithmetic: so files are written and read, by the members that coding.check lets through. For whole
rows, Cache has a twin, streams.Rows.

A fourth class, fields.Fields, follows which values each feature can depend on: so a member's field
and margin are computed.

What looks at other pixels in its own way is written once for each: convolutions
(caching.CachedConvolution; for whole rows, streams.RowConvolution; fields.Seen.through), attention,
the layers of LSTMs, and Half of PixelCNN++. The last three have a `call` for Everywhere, the method
`cached` that returns the form for Cache, such as CachedAttention, and `sees` for Fields.
"""

from types import FunctionType

from keras import ops

METHOD = FunctionType, property


def tanh(x):
    """tanh in the dtype of x: on JAX, ops.tanh of Keras 3.15 computes float64 as float32."""
    return 2 * ops.sigmoid(2 * x) - 1


def gate(x, groups=1, linear=False):
    """Let a share of each feature pass: (N, H, W, 2h) -> (N, H, W, h).

    It is tanh(a) * sigmoid(b), where a and b are the halves of each group's features.

    groups: int, how many groups the features form.
    linear: bool, whether it is a * sigmoid(b), the gate of PixelCNN++.
    """
    *place, features = ops.shape(x)
    halves = ops.reshape(x, (*place, groups, 2, features // groups // 2))
    a, b = ops.unstack(halves, axis=-2)  # (N, H, W, groups, h / groups) each
    return ops.reshape((a if linear else tanh(a)) * ops.sigmoid(b), (*place, features // 2))


def concat_elu(x, groups=1):
    """The ELU of x and of -x, within each group: (N, H, W, h) -> (N, H, W, 2h)."""
    return ops.elu(concatenate([x, -x], groups))


def norm(x, groups=1):
    """Divide the features of each group by their root mean square: (N, H, W, F), unchanged shape.

    On JAX, ops.mean of Keras 3.15 computes float64 less exactly than ops.sum.
    """
    *place, features = ops.shape(x)
    x = ops.reshape(x, (*place, groups, features // groups))
    mean = ops.sum(ops.square(x), axis=-1, keepdims=True) / (features // groups)
    x = x / ops.sqrt(mean + 1e-5)
    return ops.reshape(x, (*place, features))


def concatenate(features, groups=1):
    """Join features (N, H, W, F) within each group; F may differ. Returns (N, H, W, all F)."""
    *place, _ = ops.shape(features[0])
    each = [ops.reshape(x, (*place, groups, ops.shape(x)[-1] // groups)) for x in features]
    return ops.reshape(ops.concatenate(each, axis=-1), (*place, sum(x.shape[-1] for x in features)))


def shift_down(x, axis=1):
    """Move each row down by one; the first row becomes zeros. (N, H, W, F), unchanged shape.

    axis: int, the axis of the rows. The gradient of ops.slice takes a tenth of the time of x[:,
        :-1]'s.
    """
    shape = ops.shape(x)
    moved = ops.pad(x, [(int(i == axis), 0) for i in range(len(shape))])
    return ops.slice(moved, len(shape) * [0], shape)


def written_over(layer, form):
    """List the methods that subclasses wrote over, below the class that wrote a layer's `form`.

    form: str, a method that the layer has. What it calls may be among them.
    """
    classes = type(layer).__mro__
    writer = next(one for one in classes if form in vars(one))
    later = {name for one in classes[: classes.index(writer)] for name in vars(one)}
    methods = {name for name in later if isinstance(getattr(writer, name, None), METHOD)}
    return {name for name in methods if name[:2] != "__"}


class Everywhere:
    """Runs layers with Keras, at all pixels and for all groups: features are (N, H, W, F).

    groups: int, how many groups the features form, one behind the other.
    model, labels, training: of the member that runs, as in AutoregressiveModel.parameters; `model`
        may be a block without classes that runs alone.
    """

    relu, elu, sigmoid, tanh = map(staticmethod, (ops.relu, ops.elu, ops.sigmoid, tanh))
    shift_down = staticmethod(shift_down)

    def __init__(self, groups, model=None, labels=None, training=None):
        self.groups, self.model, self.labels, self.training = groups, model, labels, training

    def __call__(self, layer, *x):
        if hasattr(layer, "forward"):
            return layer.forward(self, *x)
        return layer(*x, training=self.training)

    def whole(self, function, *x):
        return function(Everywhere(1, self.model, self.labels, self.training), *x)

    link = whole

    def gate(self, x, linear=False):
        return gate(x, self.groups, linear)

    def concat_elu(self, x):
        return concat_elu(x, self.groups)

    def norm(self, x):
        return norm(x, self.groups)

    def concatenate(self, features):
        return concatenate(features, self.groups)

    def weight(self, weight):
        return ops.cast(weight, self.model.compute_dtype)

    def of_class(self, bias):
        return self.model.of_class(bias, self.labels, self.model.compute_dtype)  # (N, 1, 1, F)

    def rounded(self, x):
        return x
