"""Each layer at one pixel: what a sampler needs so that it computes nothing twice.

A schedule says which pixels are drawn together. The predictor runs the network at those pixels,
colour by colour, from inputs that its layers have kept. If the head ties the colours, the network
runs once for all colours of a pixel: they are one group.
"""

import keras
import numpy as np
from keras import ops


def search(cumulative, levels, noise, xp=np):
    """Draw the levels that `draw` would, by halving: eight looks for 256 levels.

    cumulative: whole numbers (N,) -> the probability of a level at most that (N,); see heads.
    noise: (N,) in [0, 1). Returns int32 (N,).
    """
    level = xp.zeros(noise.shape, "int32")  # (N,)
    half = 2 ** ((levels - 1).bit_length() - 1)
    while half:
        tried = level + half  # (N,)
        below = cumulative(xp.minimum(tried, levels) - 1)  # (N,)
        passed = (tried < levels) & xp.less_equal(below, noise)  # (N,)
        level = xp.where(passed, tried, level)  # (N,)
        half //= 2
    return level


class Schedule:
    """When each pixel is drawn: pixel (row, col) at time col + delay * row.

    With delay = width or more, one pixel at a time. With less, rows overlap, and the pixels of one
    time are drawn together, each in a lane. A lane that has come to the end of its row continues
    with the next row that no other lane has: lane k draws the rows k, k + lanes, k + 2 * lanes, …
    """

    def __init__(self, height, width, delay):
        self.height, self.width, self.delay = height, width, delay
        self.lanes = -(-width // delay)
        self.steps = width + delay * (height - 1)
        lane = np.arange(self.lanes, dtype="int32")
        late = np.arange(self.steps, dtype="int32")[:, None] - delay * lane  # (steps, lanes)
        turn, self.col = np.divmod(late, delay * self.lanes)  # (steps, lanes)
        self.row = lane + self.lanes * turn  # (steps, lanes); some lie outside the picture

    def spread(self, images):
        """Sort by time: (N, H, W, colours) -> (steps, colours, lanes, N)."""
        row, col = self.row.clip(0, self.height - 1), self.col.clip(0, self.width - 1)
        return np.ascontiguousarray(images[:, row, col].transpose(1, 3, 2, 0))

    def gather(self, images):
        """Undo spread: (steps, colours, lanes, N) -> (N, H, W, colours)."""
        row, col = np.indices((self.height, self.width))
        images = images[col + self.delay * row, :, row % self.lanes]  # (H, W, colours, N)
        return images.transpose(3, 0, 1, 2)

    def taps(self, offsets):
        """Where a memory finds the pixels at some offsets from the present one.

        An offset always looks equally far back in time, so a memory keeps as many steps as the
        farthest needs, and each step overwrites the oldest.

        offsets: whole numbers (taps, 2), rows and columns from the present pixel.
        Returns that number of steps, and for every time and lane the places (steps, taps, lanes);
        what lies outside the picture is at the last place.
        """
        offsets = np.reshape(offsets, (-1, 2)).astype("int32")
        row = self.row[:, None] + offsets[:, :1]  # (steps, taps, lanes)
        col = self.col[:, None] + offsets[:, 1:]  # (steps, taps, lanes)
        after = offsets @ [self.delay, 1]  # (taps,), how many steps later each is drawn
        span = max(-1, *after) + 1 - min(after) if len(after) else 0
        time = col + self.delay * row  # (steps, taps, lanes)
        places = time % max(span, 1) * self.lanes + row % self.lanes
        outside = (row < 0) | (col < 0) | (col >= self.width)
        return span, np.where(outside, span * self.lanes, places)


class Memory:
    """Features of earlier pixels, looked at by offsets: a ring, in which a step replaces the oldest.

    A time is that of a pixel, see Schedule. What a layer computes some steps after its pixel was
    drawn, because it needs pixels to the right, it keeps at that earlier time: `keep(time - late)`.

    cache: Cache, which the memory joins.
    features: int, how many a pixel has.
    offsets: whole numbers (taps, 2), rows and columns from the present pixel.
    """

    def __init__(self, cache, features, offsets):
        self.xp, self.count = cache.xp, cache.count
        self.lanes = cache.schedule.lanes
        self.span, places = cache.schedule.taps(offsets)
        self.places = cache.array(places)
        shape = features, self.span * self.lanes + 1, self.count
        self.kept = self.xp.zeros(shape, cache.dtype)  # the last place stays zero
        cache.memories.append(self)

    def look(self, time):
        """Give what lies at the offsets from one time's pixels, (features * taps, lanes * N)."""
        seen = self.xp.take(self.kept, self.places[time], axis=1)  # (features, taps, lanes, N)
        return self.xp.reshape(seen, (-1, self.lanes * self.count))

    def keep(self, time, x, seen=None):
        """Keep the features of one time's pixels, (features, lanes * N).

        seen: what `look` gave in the same step. XLA overwrites a memory in place only if it knows
        that the step has read it before; otherwise it copies the whole memory.
        """
        if seen is not None and self.xp is not np:
            x = x + 0 * seen[: x.shape[0]]  # changes nothing: first read, then overwritten
        x = self.xp.reshape(x, (-1, self.lanes, self.count))
        start = time % self.span * self.lanes
        if self.xp is np:
            self.kept[:, start : start + self.lanes] = x
        else:
            self.kept = ops.slice_update(self.kept, (0, start, 0), x)


class Cache:
    """Gives the layers of a model their twins, for pictures that are drawn in a schedule's order.

    A model's `cached(cache)` returns its trunk at the pixels of one time: an object that is called
    with the number of the next group and gives the group's features (width / groups, lanes * N),
    and whose `take(x)` then receives the group's values, scaled, (colours / groups, lanes * N).

    A twin is any object with `start(time)`, called before a time's first group, and `keep(time)`,
    called after its last, in the order in which the twins were added. What a twin remembers from one
    time to another is in a Memory, or in another object in `memories` with the attribute `kept`, a
    tensor: the compiled loop carries these tensors from step to step.

    model: AutoregressiveModel. schedule: Schedule. count: int, how many pictures.
    xp: numpy, or keras.ops for tensors. labels: int (N,), their classes, if the model has any.
    """

    def __init__(self, model, schedule, count, xp=np, labels=None):
        self.model, self.schedule, self.count = model, schedule, count
        self.xp, self.labels, self.dtype = xp, labels, model.variable_dtype
        self.twins, self.memories = [], []

    def __call__(self, layer):
        """Give the twin of a MaskedConv2D."""
        return self.add(CachedConvolution(layer, self))

    def add(self, twin):
        """Add a twin, and return it."""
        self.twins.append(twin)
        return twin

    def array(self, tensor):
        """Turn a tensor into what xp computes with: NumPy's arrays, or the backend's tensors."""
        convert = ops.convert_to_numpy if self.xp is np else ops.convert_to_tensor
        return convert(tensor)

    def split(self, x):
        """Split features (F, …) into those of each group."""
        size = x.shape[0] // self.model.groups
        return [x[i : i + size] for i in range(0, x.shape[0], size)]

    def of_class(self, bias):
        """Pick each picture's row of a bias: (classes, F) -> (F, lanes * N)."""
        rows = self.model.of_class(bias, self.labels, bias.dtype)[:, 0, 0]  # (N, F)
        columns = ops.transpose(rows)  # (F, N)
        return self.array(ops.tile(columns, (1, self.schedule.lanes)))


class CachedPredictor:
    """Runs each layer at one time's pixels and one group of colours, from inputs that it has kept.

    It is the model's own forward pass with every layer replaced by its cached twin, in the model's
    variable dtype. Features come first and pictures last, (features, lanes * N): a group's features
    lie together, and all sums run along the pictures. On NumPy arrays, or on tensors with
    `xp=keras.ops`.
    """

    def __init__(self, model, count, schedule, temperature=1.0, xp=np, labels=None):
        self.model, self.temperature, self.xp = model, temperature, xp
        self.cache = Cache(model, schedule, count, xp, labels)
        self.trunk = model.cached(self.cache)
        self.top = [self.cache(layer) for layer in model.top]
        self.head = self.cache(model.head.conv)

    def step(self, time, images, known, noise):
        """Draw what is not known of one time's pixels: all (colours, lanes, N), as the result."""
        for twin in self.cache.twins:
            twin.start(time)
        head, xp, values = self.model.head, self.xp, []
        share = self.model.colours // self.model.groups
        for group in range(self.model.groups):
            parameters = xp.transpose(self.parameters(group))  # (lanes * N, P of a group)
            for left in range(share, 0, -1):
                colour = len(values)
                value = head.next_colour(parameters, left, xp)  # (lanes * N, P of a value)
                cumulative = head.cumulative(value, self.temperature, xp)
                flat = xp.reshape(noise[colour], (-1,))  # (lanes * N,)
                drawn = search(cumulative, self.model.levels, flat, xp)  # (lanes * N,)
                drawn = xp.reshape(drawn, images[colour].shape)  # (lanes, N)
                values.append(xp.where(known[colour], images[colour], drawn))
                if left > 1:
                    parameters = head.given(parameters, xp.reshape(values[-1], (-1,)), left, xp)
            self.put(values[-share:])
        for twin in self.cache.twins:
            twin.keep(time)
        return xp.stack(values)

    def parameters(self, group):
        """Give what the head reads for the next group, (P of a group, lanes * N).

        Each colour is a group, unless the head ties them: then all colours are one.
        """
        y = seen = self.trunk(group)  # (width / groups, lanes * N)
        for layer in self.top:
            y = layer(self.xp.maximum(y, 0))  # (head_per_colour * colours / groups, lanes * N)
        features = self.xp.maximum(y, 0)
        if self.model.head.straight:
            features = self.xp.concatenate([features, seen])
        return self.head(features)

    def put(self, values):
        """Receive the values of that group, (lanes, N) of each colour."""
        x = self.xp.reshape(self.xp.stack(values), (len(values), -1))  # (colours, lanes * N)
        x = self.xp.array(x, self.model.variable_dtype)
        self.trunk.take(x * (2 / (self.model.levels - 1)) - 1)  # scaled as the model does


class CachedConvolution:
    """A masked convolution at one time's pixels, group by group, with the input it still needs.

    Its sum has two parts: the taps on earlier pixels, done once a pixel; and the tap on this pixel,
    of which each group of colours adds its share to the sums of those that see it.
    """

    def __init__(self, layer, cache):
        if layer.bias is None or layer.activation is not keras.activations.linear:
            raise ValueError(
                f"{layer.name} has an activation, or no bias; its cached twin can do neither. Apply "
                'the activation in `call` and `cached`, keep the bias, or use method="naive".'
            )
        self.xp = cache.xp
        height, width, features, filters = layer.kernel.shape
        self.step_out = filters // layer.colours
        kernel = ops.reshape(layer.masked(layer.kernel), (-1, features, filters))
        kernel = ops.transpose(kernel, (2, 1, 0))  # (out, in, taps)
        *earlier, _ = layer.offsets  # the last is the present pixel
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

    def start(self, time):
        """Begin the sums of a pixel, for all groups, with what earlier pixels give."""
        self.inputs, self.sums = [], self.bias
        if self.memory:
            self.seen = self.memory.look(time)  # (in * taps, lanes * N)
            self.sums = self.bias + self.xp.matmul(self.before, self.seen)  # (out, lanes * N)

    def take(self, x):
        """Receive the next group's input, (in / groups, lanes * N), and add its share."""
        self.sums = self.sums + self.xp.matmul(self.present[len(self.inputs)], x)
        self.inputs.append(x)

    def output(self):
        """Give the next group's output, (out / groups, lanes * N): its sum is complete."""
        output, self.sums = self.sums[: self.step_out], self.sums[self.step_out :]
        return output

    def __call__(self, x):
        """Take the next group's input and give its output, as a layer of type B does."""
        self.take(x)
        return self.output()

    def keep(self, time):
        """Keep the pixel's input, for later pixels."""
        if self.memory:
            x = self.xp.concatenate(self.inputs)  # (in, lanes * N)
            self.memory.keep(time, x, self.seen)
