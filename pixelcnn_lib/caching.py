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

    With delay = width, one pixel at a time. With less, rows overlap, and the pixels of one time are
    drawn together, each in a lane. A lane that has come to the end of its row goes on with the next
    row that no other lane has: lane k draws the rows k, k + lanes, k + 2 * lanes, …
    """

    def __init__(self, height, width, delay):
        self.height, self.width, self.delay = height, width, min(delay, width)
        self.lanes = -(-width // self.delay)
        self.steps = width + self.delay * (height - 1)
        lane = np.arange(self.lanes, dtype="int32")
        late = np.arange(self.steps, dtype="int32")[:, None] - self.delay * lane  # (steps, lanes)
        turn, self.col = np.divmod(late, self.delay * self.lanes)  # (steps, lanes)
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

    def taps(self, height, width):
        """Where a kernel's taps before the centre meet what its layer has kept.

        A tap always looks equally far back in time, so a layer keeps as many steps as the farthest
        tap needs, and each step overwrites the oldest. Returns that number of steps, and for every
        time and lane the places (steps, taps, lanes); what lies outside is at the last place.
        """
        tap = np.arange(height * width // 2, dtype="int32")[:, None]  # (taps, 1)
        row = self.row[:, None] + tap // width - height // 2  # (steps, taps, lanes)
        col = self.col[:, None] + tap % width - width // 2  # (steps, taps, lanes)
        kept = self.delay * (height // 2) + width // 2 if len(tap) else 0
        time = col + self.delay * row  # (steps, taps, lanes)
        places = time % max(kept, 1) * self.lanes + row % self.lanes
        outside = (row < 0) | (col < 0) | (col >= self.width)
        return kept, np.where(outside, kept * self.lanes, places)


class CachedPredictor:
    """Runs each layer at one time's pixels and one group of colours, from inputs that it has kept.

    It is the model's own forward pass with every masked convolution replaced by its cached twin, in
    the model's variable dtype. Features come first and pictures last, (features, lanes * N): a
    group's features lie together, and all sums run along the pictures. On NumPy arrays, or on
    tensors with `xp=keras.ops`.
    """

    def __init__(self, model, count, schedule, temperature=1.0, xp=np, labels=None):
        self.model, self.temperature, self.xp = model, temperature, xp
        self.convolutions = []

        def cache(layer):
            twin = CachedConvolution(layer, count, schedule, xp)
            self.convolutions.append(twin)
            return twin

        for layer in model.body:
            if not hasattr(layer, "cached"):
                raise ValueError(
                    f"{type(layer).__name__} has no cached step, so the cached sampler cannot run "
                    'it. Use method="naive", or give the layer a method cached(cache, xp).'
                )
        self.first = cache(model.first)
        self.body = [layer.cached(cache, xp) for layer in model.body]
        self.top = [cache(layer) for layer in model.top]
        self.head = cache(model.head.conv)
        skips = [as_array(skip, xp)[:, None] for skip in model.skips]  # (2h, 1) each
        self.skips = [xp.split(skip, model.groups) for skip in skips]  # by layer, then group
        self.biases = []  # the same of each picture's class
        for bias in model.class_biases:
            rows = model.of_class(bias, labels, bias.dtype)[:, 0, 0]  # (N, 2h)
            columns = as_array(ops.tile(ops.transpose(rows), (1, schedule.lanes)), xp)
            self.biases.append(xp.split(columns, model.groups))  # (2h / groups, lanes * N) each

    def step(self, time, images, known, noise):
        """Draw what is not known of one time's pixels: all (colours, lanes, N), as the result."""
        for convolution in self.convolutions:
            convolution.start(time)
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
        for convolution in self.convolutions:
            convolution.keep(time)
        return xp.stack(values)

    def parameters(self, group):
        """Give what the head reads for the next group, (P of a group, lanes * N).

        Each colour is a group, unless the head ties them: then all colours are one.
        """
        x = self.first.output()  # (2h / groups, lanes * N)
        skipped = 0
        for i, (layer, skip) in enumerate(zip(self.body, self.skips)):
            if self.biases:
                x = x + self.biases[i][group]
            skipped = skipped + x * skip[group]
            x = layer(x)  # (2h / groups, lanes * N)
        y = seen = x + skipped
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
        self.first.take(x * (2 / (self.model.levels - 1)) - 1)  # scaled as the model does


class CachedConvolution:
    """A masked convolution at one time's pixels, group by group, with the input it still needs.

    Its sum has two parts: the taps on earlier pixels, done once a pixel; and the tap on this pixel,
    of which each group of colours adds its share to the sums of those that see it.
    """

    def __init__(self, layer, count, schedule, xp):
        if layer.bias is None or layer.activation is not keras.activations.linear:
            raise ValueError(
                f"{layer.name} has an activation, or no bias; its cached twin can do neither. Apply "
                'the activation in `call` and `cached`, keep the bias, or use method="naive".'
            )
        self.xp, self.count, self.lanes = xp, count, schedule.lanes
        height, width, features, filters = layer.kernel.shape
        self.step_out = filters // layer.colours
        kernel = ops.reshape(layer.masked(layer.kernel), (-1, features, filters))
        kernel = ops.transpose(kernel, (2, 1, 0))  # (out, in, taps)
        centre = height * width // 2
        self.before = as_array(ops.reshape(kernel[..., :centre], (filters, features * centre)), xp)
        present = ops.split(kernel[..., centre], layer.colours, axis=1)  # (out, in / groups) each
        own = 1 if layer.mask_type == "A" else 0  # type A: a group does not see itself
        self.present = [
            as_array(weights[(group + own) * self.step_out :], xp)
            for group, weights in enumerate(present)
        ]
        self.bias = as_array(layer.bias, xp)[:, None]  # (out, 1)
        self.steps, places = schedule.taps(height, width)
        self.places = as_array(places, xp)
        shape = features, self.steps * self.lanes + 1, count
        self.kept = xp.zeros(shape, layer.variable_dtype)  # the last place stays zero

    def start(self, time):
        """Begin the sums of a pixel, for all groups, with what earlier pixels give."""
        self.inputs, self.sums = [], self.bias
        if self.steps:
            seen = self.xp.take(self.kept, self.places[time], axis=1)  # (in, centre, lanes, N)
            seen = self.xp.reshape(seen, (-1, self.lanes * self.count))
            self.sums = self.bias + self.xp.matmul(self.before, seen)  # (out, lanes * N)

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
        """Keep the pixel's input, in the place of the oldest."""
        if self.steps:
            x = self.xp.concatenate(self.inputs)  # (in, lanes * N)
            x = self.xp.reshape(x, (-1, self.lanes, self.count))
            start = time % self.steps * self.lanes
            if self.xp is np:
                self.kept[:, start : start + self.lanes] = x
            else:
                self.kept = ops.slice_update(self.kept, (0, start, 0), x)


def as_array(tensor, xp):
    """What xp computes with: NumPy's arrays, or the backend's tensors."""
    return ops.convert_to_numpy(tensor) if xp is np else ops.convert_to_tensor(tensor)
