"""Drawing images, one value at a time, in two ways that give the same picture.

Each value has one number of its own between 0 and 1, its noise. The value is where the cumulative
distribution passes that number. So the noise decides the picture, whichever way it is computed.
"""

import numpy as np
from keras import ops
from tqdm import tqdm


def generate_images(
    model,
    n,
    size,
    seed=None,
    noise=None,
    method="cached",
    temperature=1.0,
    progress=None,
):
    """Draw images from a model.

    n: how many. size: an int, or (height, width). noise: float (n, height, width, colours) in
    [0, 1), instead of a seed. method: "cached" computes nothing twice; "naive" runs the whole
    network for every value. temperature: below 1 favours the likely. progress: a bar of rows;
    None shows it on a terminal. Returns uint8 (n, height, width, colours).
    """
    height, width = np.broadcast_to(size, 2)
    canvas = np.zeros((n, height, width, model.colours), "uint8")
    known = np.zeros(canvas.shape, bool)
    return complete(model, canvas, known, seed, noise, method, temperature, progress)


def complete(
    model,
    images,
    known,
    seed=None,
    noise=None,
    method="cached",
    temperature=1.0,
    progress=None,
):
    """Keep the values of `images` where `known` is True, and draw the others in order.

    images: uint8 (N, H, W, colours). known: bool, of a shape that broadcasts to images'. A known
    value steers the values after it, never those before. The rest as in generate_images; `images`
    is left as it is. Raises ValueError for shapes, noise or a temperature that do not fit.
    """
    images = np.array(images)  # a copy: the drawing goes on it
    model.check(images)
    known = np.broadcast_to(known, images.shape)
    if noise is None:
        noise = np.random.default_rng(seed).random(images.shape)
    noise = np.asarray(noise)
    if noise.shape != images.shape or not ((noise >= 0) & (noise < 1)).all():
        raise ValueError(
            f"noise must be of shape {images.shape}, one number in [0, 1) for each value; got shape "
            f"{noise.shape}. Use numpy.random.default_rng(seed).random({images.shape})."
        )
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0, got {temperature}. 1e-6 is nearly argmax.")
    predictors = {"cached": CachedPredictor, "naive": NaivePredictor}
    if method not in predictors:
        raise ValueError(f"method must be one of {', '.join(predictors)}; got {method!r}.")

    predictor = predictors[method](model, images)
    for row in tqdm(
        range(images.shape[1]), "drawing", disable=None if progress is None else not progress
    ):
        predictor.start_row(row)
        for col in range(images.shape[2]):
            predictor.start_pixel(col)
            for colour in range(images.shape[3]):
                log_p = predictor.log_probs(colour)  # (N, levels)
                drawn = draw(log_p / temperature, noise[:, row, col, colour])  # (N,)
                keep = known[:, row, col, colour]
                values = np.where(keep, images[:, row, col, colour], drawn)  # (N,)
                images[:, row, col, colour] = values
                predictor.put(colour, values)
    return images


def draw(logits, noise):
    """Draw one level from each distribution by its inverse cumulative distribution.

    logits: (N, levels), need not be normalised. noise: (N,) in [0, 1). Returns int (N,): the first
    level whose cumulative probability exceeds the noise.
    """
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    cumulative = p.cumsum(axis=-1)
    reached = cumulative <= noise[:, None] * cumulative[:, -1:]  # the last is never reached
    return reached.sum(axis=-1)


class NaivePredictor:
    """Runs the whole network, over the rows so far, for every value."""

    def __init__(self, model, images):
        self.model, self.images = model, images

    def start_row(self, row):
        self.row = row

    def start_pixel(self, col):
        self.col = col

    def log_probs(self, colour):
        logits = self.model(self.images[:, : self.row + 1])
        return ops.convert_to_numpy(logits)[:, self.row, self.col, colour]

    def put(self, colour, values):
        pass  # the image holds all that it needs


class CachedPredictor:
    """Runs each layer at one pixel and colour, from inputs that it has kept: nothing is done twice.

    It is the model's own forward pass with every masked convolution replaced by its cached twin.
    NumPy, in the model's variable dtype.
    """

    def __init__(self, model, images):
        count, _, width, _ = images.shape
        self.convolutions = []

        def cache(layer):
            twin = CachedConvolution(layer, count, width)
            self.convolutions.append(twin)
            return twin

        for layer in model.body:
            if not hasattr(layer, "cached"):
                raise ValueError(
                    f"{type(layer).__name__} has no cached step, so the cached sampler cannot run "
                    'it. Use method="naive", or give the layer a method cached(cache).'
                )
        self.model = model
        self.first = cache(model.first)
        self.body = [layer.cached(cache) for layer in model.body]
        self.top = [cache(layer) for layer in model.top]
        self.head = cache(model.head.conv)
        skips = [ops.convert_to_numpy(skip) for skip in model.skips]
        self.skips = [np.split(skip, model.colours) for skip in skips]  # by layer, then colour

    def start_row(self, row):
        for convolution in self.convolutions:
            convolution.start_row()

    def start_pixel(self, col):
        for convolution in self.convolutions:
            convolution.start_pixel(col)

    def log_probs(self, colour):
        x = self.first.output(colour)  # (N, 2h / colours)
        skipped = 0
        for layer, skip in zip(self.body, self.skips):
            skipped = skipped + x * skip[colour]
            x = layer(x)  # (N, 2h / colours)
        y = x + skipped
        for layer in self.top:
            y = layer(np.maximum(y, 0))  # (N, head_per_colour)
        parameters = self.head(np.maximum(y, 0))  # (N, P)
        return self.model.head.log_probs(parameters, np)  # (N, levels)

    def put(self, colour, values):
        dtype = self.first.rows.dtype
        self.first.take(colour, (values[:, None] * (2 / (self.model.levels - 1)) - 1).astype(dtype))


class CachedConvolution:
    """A masked convolution at one pixel and colour, with the rows of input that it still needs.

    Its sum has three parts: the rows above, done for a whole row at once; the pixels to the left,
    done once a pixel; and this pixel's earlier colours, done once a colour.
    """

    def __init__(self, layer, count, width):
        kernel = ops.convert_to_numpy(layer.masked(layer.kernel))  # (kh, kw, in, out)
        self.bias = ops.convert_to_numpy(layer.bias)  # (out,)
        self.up, self.left = kernel.shape[0] // 2, kernel.shape[1] // 2
        self.above = kernel[: self.up]  # (up, kw, in, out)
        self.before = kernel[self.up, : self.left]  # (left, in, out)
        self.present = kernel[self.up, self.left]  # (in, out)
        self.step_in = kernel.shape[2] // layer.colours
        self.step_out = kernel.shape[3] // layer.colours
        self.known = 0 if layer.mask_type == "A" else self.step_in  # of the output's own colour
        padded = width + 2 * self.left
        self.rows = np.zeros((self.up + 1, count, padded, kernel.shape[2]), kernel.dtype)
        self.width, self.colour = width, 0

    def start_row(self):
        """Move one row down, and add up what the finished rows give to every pixel of it."""
        self.rows = np.roll(self.rows, -1, axis=0)
        self.rows[-1] = 0
        self.from_above = self.bias
        for row, taps in zip(self.rows, self.above):
            for col, tap in enumerate(taps):
                self.from_above = self.from_above + row[:, col : col + self.width] @ tap
        self.from_above = np.broadcast_to(
            self.from_above, (len(self.rows[0]), self.width, len(self.bias))
        )

    def start_pixel(self, col):
        """Add what the finished pixels of this row give."""
        self.centre = self.rows[-1][:, col + self.left]  # (N, in), filled colour by colour
        self.past = self.from_above[:, col].copy()  # (N, out)
        for offset, tap in enumerate(self.before):
            self.past += self.rows[-1][:, col + offset] @ tap
        self.colour = 0

    def take(self, colour, x):
        """Receive the input of one colour at this pixel: (N, in / colours)."""
        self.centre[:, colour * self.step_in : (colour + 1) * self.step_in] = x

    def output(self, colour):
        """Give the output of one colour at this pixel: (N, out / colours)."""
        block = slice(colour * self.step_out, (colour + 1) * self.step_out)
        known = colour * self.step_in + self.known
        return self.past[:, block] + self.centre[:, :known] @ self.present[:known, block]

    def __call__(self, x):
        """Take the next colour's input and give its output, as a layer of type B does."""
        self.take(self.colour, x)
        self.colour += 1
        return self.output(self.colour - 1)
