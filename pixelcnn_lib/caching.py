"""Cached sampling: run each layer at one pixel at a time, so that nothing is computed twice.

A schedule says which pixels are drawn together. The predictor runs the network at those pixels,
colour by colour; each layer keeps its inputs in a ring buffer. If the head ties the colours, the
network runs once for all colours of a pixel, because they form one group.
"""

from functools import partial

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.arguments import short, whole_number
from pixelcnn_lib.layers import is_convolution
from pixelcnn_lib.operations import written_over
from pixelcnn_lib.steering import UNSTEERED


def search(cumulative, levels, noise):
    """Draw the same levels as `sampling.draw`, by binary search: eight steps for 256 levels.

    cumulative: function, the CDF of each value: levels (N,) -> probabilities (N,); see heads.
    levels: int, how many levels a value has.
    noise: (N,) in [0, 1).
    Returns int32 (N,).
    """
    level = np.zeros(noise.shape, "int32")  # (N,)
    for half in 2 ** np.arange((levels - 1).bit_length(), dtype="int32")[::-1]:  # 128, 64, …, 1
        tried = level + half  # (N,)
        below = cumulative(np.minimum(tried, levels) - 1)  # (N,)
        level = np.where((tried < levels) & (below <= noise), tried, level)  # (N,)
    return level


def delay(model, width):
    """Return how many steps a row must start after the row above.

    It is the model's reach plus one, see fields, or the whole width where that is less.
    """
    return width if model.reach is None else min(width, model.reach + 1)


class Schedule:
    """When each pixel is drawn: pixel (row, col) at time col + delay * row.

    If the delay is the width, pixels are drawn one at a time. If it is smaller, several rows are
    drawn at the same time, each in a lane: lane k draws the rows k, k + lanes, k + 2 * lanes, … one
    after the other.

    height, width: int, of the images, in pixels.
    delay: int, 1 to width, how many steps each row starts after the row above it.
    """

    def __init__(self, height, width, delay):
        self.height, self.width, self.delay = height, width, delay
        self.lanes = -(-width // delay)
        self.steps = width + delay * (height - 1)
        lane = np.arange(self.lanes, dtype="int32")
        late = np.arange(self.steps, dtype="int32")[:, None] - delay * lane  # (steps, lanes)
        turn, self.col = np.divmod(late, delay * self.lanes)  # (steps, lanes)
        self.row = lane + self.lanes * turn  # (steps, lanes); some lie outside the picture
        self.found = {}  # taps by offsets: most layers have the same, and they take much memory

    def spread(self, images):
        """Sort pixels by time: (N, H, W, colours) -> (steps, colours, lanes, N)."""
        row, col = self.row.clip(0, self.height - 1), self.col.clip(0, self.width - 1)
        return np.ascontiguousarray(images[:, row, col].transpose(1, 3, 2, 0))

    def gather(self, images):
        """Undo spread: (steps, colours, lanes, N) -> (N, H, W, colours)."""
        row, col = np.indices((self.height, self.width))
        images = images[col + self.delay * row, :, row % self.lanes]  # (H, W, colours, N)
        return images.transpose(3, 0, 1, 2)

    def taps(self, offsets):
        """Compute where a ring buffer holds the pixels at given offsets from the present pixel.

        An offset always points the same number of steps back. So the buffer needs as many steps
        as the farthest offset, and each new step overwrites the oldest.

        offsets: whole numbers (taps, 2), rows and columns from the present pixel.
        Returns the number of steps to keep, and the places in the buffer (steps, taps, lanes), for
        every time and lane. The last place stands for all pixels outside the picture.
        """
        offsets = np.reshape(offsets, (-1, 2)).astype("int32")
        if (key := offsets.tobytes()) in self.found:
            return self.found[key]
        after = offsets @ [self.delay, 1]  # (taps,), how many steps later each is drawn
        span = max(-1, *after) + 1 - min(after) if len(after) else 0
        places = np.empty((self.steps, len(offsets), self.lanes), "int32")
        for tap, (down, right) in enumerate(offsets):  # one at a time takes less memory
            row, col = self.row + down, self.col + right  # (steps, lanes)
            time = col + self.delay * row  # (steps, lanes)
            outside = (row < 0) | (col < 0) | (col >= self.width)
            place = time % max(span, 1) * self.lanes + row % self.lanes
            places[:, tap] = np.where(outside, span * self.lanes, place)
        return self.found.setdefault(key, (span, places))


class Memory:
    """A ring buffer with features of earlier pixels, which are read by their offsets.

    Each time is the time of a pixel, see Schedule.

    cache: Cache.
    features: int, how many features a pixel has.
    offsets: whole numbers (taps, 2), rows and columns from the present pixel.
    """

    def __init__(self, cache, features, offsets):
        self.count = cache.count
        self.lanes = cache.schedule.lanes
        self.span, self.places = cache.schedule.taps(offsets)
        shape = features, self.span * self.lanes + 1, self.count
        self.kept = np.zeros(shape, cache.dtype)  # the last place stays zero

    def look(self, time):
        """Return the features at all offsets from a time's pixels, (features * taps, lanes * N)."""
        seen = np.take(self.kept, self.places[time], axis=1)  # (features, taps, lanes, N)
        return np.reshape(seen, (-1, self.lanes * self.count))

    def keep(self, time, x):
        """Store the features of the pixels of one time, (features, lanes * N)."""
        x = np.reshape(x, (-1, self.lanes, self.count))
        start = time % self.span * self.lanes
        self.kept[:, start : start + self.lanes] = x


class NoCachedStep(ValueError):
    """Part of a model cannot be cached, so only the naive sampler can draw from the model."""


class Cache:
    """Runs layers with NumPy, for one group of colours after the other, at the pixels of one time.

    It supplies the operations listed in `operations`; features are (F / groups, lanes * N). The
    features are the first axis and the images the last, so that a group's features lie together in
    memory.

    A block runs by its own `forward`. A layer that looks at other pixels has a *twin*, which keeps
    what later pixels need: MaskedConv2D's is CachedConvolution, another layer makes its own in its
    method cached(cache). A member that has such a method runs by it, too. A twin is called with the
    features of the next group. It has the methods `start(time)`, called before the first group of a
    time, and `keep(time)`, called after the last group.

    A member is called with x=None, because a group's values are known only after its features. Then
    `take` receives them.

    A member with whole features sets `rows`, the streams.Rows that compute them.

    model: AutoregressiveModel. schedule: Schedule, whose delay is what the model needs, or more.
    count: int, how many images are drawn.
    labels: int (N,), the images' classes, if the model has classes.
    Raises ValueError for another delay.
    """

    exp, tanh = staticmethod(np.exp), staticmethod(np.tanh)
    concatenate = staticmethod(np.concatenate)

    def __init__(self, model, schedule, count, labels=None):
        width = schedule.width
        whole_number("the schedule's delay", schedule.delay, delay(model, width), width)
        self.model, self.schedule, self.count, self.labels = model, schedule, count, labels
        self.dtype = model.variable_dtype
        self.steps, self.twins, self.readers, self.shares = {}, [], [], {}
        self.rows = None
        self.of_row = {}  # whole features of the present row, by the function that computes them
        self.time = None

    def __call__(self, layer, *x):
        """Run a layer for the next group: (in / groups, lanes * N) -> (out / groups, lanes * N)."""
        try:
            if layer not in self.steps:
                self.steps[layer] = self.step(layer)
            return self.steps[layer](*x)
        except (NoCachedStep, MemoryError):
            raise
        except Exception as error:  # such as those of the backend
            raise NoCachedStep(
                f"{type(layer).__name__} cannot be drawn pixel by pixel: {short(error)}. What a block "
                'may use is said in operations.py; method="naive" draws all.'
            ) from error

    def step(self, layer):
        """Return the function that runs a layer for the next group."""
        for form in ("cached", "forward") if layer is not self.model else ():
            changed = written_over(layer, form) if hasattr(layer, form) else set()
            if "call" in changed or (changed and form == "cached"):
                raise NoCachedStep(
                    f"{type(layer).__name__} has a `{min(changed)}` of its own, and the sampler would "
                    f'run another class\'s `{form}`. Write `{form}` too, or use method="naive".'
                )
        if hasattr(layer, "cached"):
            return layer.cached(self)
        if hasattr(layer, "forward"):
            return partial(layer.forward, self)
        if type(layer) is keras.layers.Dropout:
            return lambda x: x  # it drops in training only
        if is_convolution(layer):
            return self.convolution(layer)
        raise NoCachedStep(
            f"{type(layer).__name__} has no cached step, so the cached sampler cannot run it. "
            "Convolutions need a bias, no activation, no kept tap on later pixels, and the operations of "
            'this library. Give another layer a method forward(run, x), see operations.py, or use method="naive".'
        )

    def convolution(self, layer):
        """Return the function that runs a convolution for the next group."""
        return self.add(CachedConvolution(layer, self))

    def whole(self, function, *x):
        """Compute whole features when a row begins, (F, W, N), and return them until it ends."""
        begins = self.time % self.schedule.width == 0 and self.group == 0
        if not self.rows or begins == (function in self.of_row):
            raise NoCachedStep(
                "run.whole and run.link need a member derived from TwoStreams, and in it a function "
                "of its own for each call: a method, not a lambda that is new at each pixel."
            )
        if begins:
            self.of_row[function] = function(self.rows, *x)
        return self.of_row[function]

    def link(self, function, x):
        """Return the next group's part of whole features at the pixel, (F / groups, N)."""
        seen = self.whole(function, x)  # (F, W, N)
        return self.split(seen[:, self.time % self.schedule.width])[self.group]

    def add(self, twin):
        """Add a twin, and return it."""
        self.twins.append(twin)
        if self.time is not None:
            twin.start(self.time)
        return twin

    def start(self, time):
        """Begin the pixels of a time."""
        self.time, self.group, self.values = time, 0, []
        if time % self.schedule.width == 0:
            self.of_row = {}
        for twin in self.twins:
            twin.start(time)

    def take(self, x):
        """Receive the values of this group, as the model reads them: (inputs / groups, lanes * N)."""
        self.values.append(x)
        self.group += 1
        for reader in self.readers:
            reader.take(x)

    def keep(self):
        """Store what later pixels need."""
        for twin in self.twins:
            twin.keep(self.time)

    # the operations

    def relu(self, x):
        return np.maximum(x, 0)

    def elu(self, x):
        return np.maximum(x, 0) + self.exp(np.minimum(x, 0)) - 1

    def sigmoid(self, x):
        return (1 + self.tanh(x / 2)) / 2  # this form never overflows

    def concat_elu(self, x):
        below = self.exp(-np.abs(x)) - 1  # of x and -x, only one is negative
        return np.concatenate([np.where(x > 0, x, below), np.where(x > 0, below, -x)])

    def gate(self, x, linear=False):
        half = len(x) // 2
        a, b = x[:half], x[half:]
        return (a if linear else self.tanh(a)) * self.sigmoid(b)

    def norm(self, x):
        mean = np.sum(np.square(x), axis=0, keepdims=True) / len(x)
        return x / np.sqrt(mean + 1e-5)

    def weight(self, weight):
        return self.share(weight, lambda: self.array(weight)[:, None])

    def of_class(self, bias):
        return self.share(bias, lambda: self.whole_of_class(bias))

    def rounded(self, x):
        return x

    def share(self, weight, compute):
        """Return the present group's part of what is computed from a weight only once."""
        variable = isinstance(weight, keras.Variable)
        if not variable or not len(weight.shape) or weight.shape[-1] % self.model.groups:
            got = f"the shape {tuple(weight.shape)}" if variable else type(weight).__name__
            raise NoCachedStep(
                "run.weight and run.of_class take a variable with a weight for each feature; got "
                f'{got}. Compute with what they return, or use method="naive".'
            )
        if id(weight) not in self.shares:
            self.shares[id(weight)] = self.split(compute())
        return self.shares[id(weight)][self.group]

    def array(self, tensor):
        """Convert a tensor of the backend to a NumPy array."""
        return ops.convert_to_numpy(tensor)

    def split(self, x):
        """Split features (F, …) into the features of each group."""
        size = x.shape[0] // self.model.groups
        return [x[i : i + size] for i in range(0, x.shape[0], size)]

    def whole_of_class(self, bias):
        """Pick each picture's row of a bias: (classes, F) -> (F, lanes * N)."""
        rows = self.model.of_class(self.array(bias), self.labels, self.dtype)[:, 0, 0]  # (N, F)
        columns = ops.transpose(rows)  # (F, N)
        return self.array(ops.tile(columns, (1, self.schedule.lanes)))


class CachedPredictor:
    """Runs the model at the pixels of one time, group by group, in the model's variable dtype.

    steering: Steering, how a level is drawn.
    model, count, schedule, labels: as in Cache.
    """

    new_cache = Cache

    def __init__(self, model, count, schedule, steering=UNSTEERED, labels=None):
        self.model, self.steering = model, steering
        self.cache = self.new_cache(model, schedule, count, labels)
        self.distribution = model.head  # what the parameters mean
        if model.embed:
            self.names = self.cache.array(model.embedding.embeddings)  # (levels, embed)

    def step(self, time, images, known, noise):
        """Draw the unknown values of the pixels of one time, and return all their values.

        images, known, noise, and the result: (colours, lanes, N).
        """

        def choose(colour, cumulative):
            flat = np.reshape(noise[colour], (-1,))  # (lanes * N,)
            drawn = search(cumulative, self.model.levels, flat)  # (lanes * N,)
            drawn = np.reshape(drawn, images[colour].shape)  # (lanes, N)
            return np.where(known[colour], images[colour], drawn)

        return self.run(time, choose)

    def run(self, time, choose):
        """Run the model at the pixels of one time, and return their values, (colours, lanes, N).

        choose: function that is called for each colour with its number and with what `to_choose_by`
            returns. It returns the values, (lanes, N).
        """
        self.cache.start(time)
        head, values = self.distribution, []
        share = self.model.colours // self.model.groups
        for _ in range(self.model.groups):
            parameters = np.transpose(self.parameters())  # (lanes * N, P of a group)
            for left in range(share, 0, -1):
                value = head.next_colour(parameters, left, np)  # (lanes * N, P of a value)
                values.append(choose(len(values), self.to_choose_by(value)))
                if left > 1:
                    parameters = head.given(parameters, np.reshape(values[-1], (-1,)), left, np)
            self.put(values[-share:])
        self.cache.keep()
        return np.stack(values)

    def to_choose_by(self, parameters):
        """Return the CDF of a colour's values, (lanes * N, P): see Head.cumulative."""
        return self.steering.cumulative(self.distribution, parameters)

    def parameters(self):
        """Return the head's parameters for the next group, (P of a group, lanes * N).

        Each colour is a group, unless the head ties the colours: then all colours are one group.
        """
        seen = self.cache(self.model, None)  # (width / groups, lanes * N)
        return self.cache(self.model.head.conv, self.model.features(self.cache, seen))

    def put(self, values):
        """Pass the values of this group to the cache: a list with (lanes, N) for each colour."""
        x = np.reshape(np.stack(values), (len(values), -1))  # (colours, lanes * N)
        if self.model.embed:
            names = np.array(x[0], "int32")  # (lanes * N,)
            x = np.transpose(np.take(self.names, names, axis=0))  # (embed, lanes * N)
        else:
            x = self.model.scale(np.array(x, self.cache.dtype))
        self.cache.take(x)


class CachedParameters(CachedPredictor):
    """Runs the model over finished images, to compare it with what the model computes everywhere."""

    def to_choose_by(self, parameters):
        return parameters

    def of(self, images):
        """Return the parameters of all values: (N, H, W, colours) -> (N, H, W, colours, P)."""
        schedule = self.cache.schedule
        spread = enumerate(schedule.spread(images))
        steps = [self.at(time, values) for time, values in spread]  # (colours * P, lanes, N) each
        return schedule.gather(np.stack(steps)).reshape(*images.shape, -1)

    def at(self, time, values):
        """Return those of one time's values: (colours, lanes, N) -> (colours * P, lanes, N)."""
        found = []

        def choose(colour, parameters):
            found.append(np.transpose(parameters))  # (P, lanes * N)
            return values[colour]

        self.run(time, choose)
        return np.concatenate(found).reshape(-1, *values.shape[1:])


class CachedConvolution:
    """The twin of a MaskedConv2D. It keeps the inputs that later pixels need.

    The convolution is a sum of two parts. The taps on earlier pixels are added once for each pixel.
    The tap on the present pixel is added group by group, to the outputs that may see the group.
    """

    def __init__(self, layer, cache):
        self.rounded = cache.rounded
        height, width, features, filters = layer.kernel.shape
        self.step_out = filters // layer.colours
        kernel = ops.reshape(layer.masked(layer.kernel), (-1, features, filters))
        kernel = ops.transpose(kernel, (2, 1, 0))  # (out, in, taps)
        *earlier, last = layer.offsets
        if last != (0, 0):
            raise NoCachedStep(
                "A centred convolution sees pixels to the right, so only run.whole may run it."
            )
        taps = len(earlier)
        before, present = kernel[..., :taps], kernel[..., taps]
        self.before = cache.array(ops.reshape(before, (filters, features * taps)))
        own = 1 if layer.mask_type == "A" else 0  # type A: a group does not see itself
        self.present = [
            cache.array(weights[(group + own) * self.step_out :])  # (out - …, in / groups)
            for group, weights in enumerate(ops.split(present, layer.colours, 1))
        ]
        self.bias = cache.array(layer.bias)[:, None]  # (out, 1)
        self.memory = Memory(cache, features, earlier) if earlier else None
        self.waits = layer.mask_type == "A"  # for the image's values
        if self.waits:
            if features != cache.model.inputs:
                raise NoCachedStep(
                    f"{type(layer).__name__} has mask A, so it can read only the image, "
                    f"{cache.model.inputs} features; it reads {features}. Use mask B."
                )
            cache.readers.append(self)

    def start(self, time):
        """Begin the sums of all groups with the bias and the taps on earlier pixels."""
        self.inputs, self.sums = [], self.bias
        if self.memory:
            seen = self.memory.look(time)  # (in * taps, lanes * N)
            self.sums = self.bias + np.matmul(self.before, seen)  # (out, lanes * N)

    def take(self, x):
        """Receive the next group's input, (in / groups, lanes * N), and add it to the sums."""
        if x is None or len(self.inputs) == len(self.present):
            fault = "of the image needs mask A" if x is None else "may run once at a pixel"
            raise NoCachedStep(f'A convolution {fault}; method="naive" draws all.')
        x = self.rounded(x)
        self.sums = self.sums + np.matmul(self.present[len(self.inputs)], x)
        self.inputs.append(x)

    def __call__(self, x):
        """Return the next group's output, (out / groups, lanes * N).

        x: the next group's input, (in / groups, lanes * N). A layer with mask A takes it later,
            because its output does not depend on it: it can read only the image.
        """
        if not self.waits:
            self.take(x)
        output, self.sums = self.sums[: self.step_out], self.sums[self.step_out :]
        return output

    def keep(self, time):
        """Store the input of this pixel for later pixels."""
        if self.memory:
            self.memory.keep(time, np.concatenate(self.inputs))  # (in, lanes * N)
