"""Drawing images, one value at a time, in four ways that give the same picture up to rounding.

Each value has one number of its own between 0 and 1, its noise. The value is where the cumulative
distribution passes that number. So the noise decides the picture, whichever way it is computed.

The four ways add up the same numbers in different orders, so their probabilities differ in the last
digits. If a value's noise lies that close to the border between two levels, one way takes the level
below and another the level above, and all later values follow the one that was taken. In float32
that is rare but real: "wavefront" and "compiled" gave different pictures in 14 of 288 drawings of
32x32 pixels. In float64 a value lies so close to a border with a chance that is too small to meet.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import keras
import numpy as np
from keras import ops
from tqdm import tqdm

from pixelcnn_lib.caching import CachedPredictor, Schedule, search
from pixelcnn_lib.losses import SIDE
from pixelcnn_lib.model import gpus

PIXELS = 2**20  # up to so many are drawn together: what is kept takes about 200 bytes a pixel


def generate_images(
    model,
    n,
    size,
    seed=None,
    noise=None,
    method="wavefront",
    temperature=1.0,
    progress=None,
    labels=None,
):
    """Draw images from a model.

    model: a model of the family.
    n: int, how many images.
    size: int, or (height, width), in pixels.
    seed: int, where the noise comes from; None takes new noise each time.
    noise: float (n, height, width, colours) in [0, 1), used instead of a seed.
    method: how the values are computed; the pictures are the same up to rounding, see above.
        "naive" runs the whole network for every value;
        "cached" computes nothing twice, pixel by pixel;
        "wavefront" computes nothing twice, several pixels at a time;
        "compiled" is the wavefront for those who draw often: it takes seconds to compile for each
        model, number and size.
    temperature: float above 0; below 1 favours likely values, above 1 unlikely ones.
    progress: bool, whether to show a bar; None shows it on a terminal.
    labels: int (n,), the class of each image, for a model with classes.
    Returns uint8 (n, height, width, colours). Raises ValueError for arguments that do not fit.
    """
    shape = (n, size, size) if np.ndim(size) == 0 else (n, *size)
    if len(shape) != 3 or not all(isinstance(one, (int, np.integer)) and one > 0 for one in shape):
        raise ValueError(
            f"n must be a whole number above 0, and size one, or a pair (height, width) of them; got "
            f"n={n!r}, size={size!r}."
        )
    canvas = np.zeros((*shape, model.colours), "uint8")
    known = np.zeros(canvas.shape, bool)
    return complete(model, canvas, known, seed, noise, method, temperature, progress, labels)


def complete(
    model,
    images,
    known,
    seed=None,
    noise=None,
    method="wavefront",
    temperature=1.0,
    progress=None,
    labels=None,
):
    """Keep the values of `images` where `known` is True, and draw the others in order.

    A known value steers the values after it, never those before. `images` is left as it is.

    model: a model of the family.
    images: uint8 (N, H, W, colours), values below the model's levels.
    known: bool, of a shape that broadcasts to that of the images: which values to keep.
    noise: float (N, H, W, colours) in [0, 1), used instead of a seed.
    seed, method, temperature, progress, labels: as in generate_images.
    Returns uint8 (N, H, W, colours). Raises ValueError for arguments that do not fit.
    """
    images = np.array(images)  # a copy: the drawing goes on it
    model.check_images(images)
    labels = model.as_labels(labels, len(images))
    if not images.size:
        raise ValueError(f"There is nothing to draw: the images' shape is {images.shape}.")
    try:
        known = np.broadcast_to(known, images.shape)
    except ValueError:
        raise ValueError(
            f"known must broadcast to {images.shape}, got {np.shape(known)}. For whole pixels use "
            "known[..., None]."
        ) from None
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
    methods = {
        "naive": draw_naively,
        "cached": draw_cached,
        "wavefront": draw_wavefront,
        "compiled": draw_compiled,
    }
    if method not in methods:
        raise ValueError(f"method must be one of {', '.join(methods)}; got {method!r}.")
    at_once = SIDE**2 if method == "naive" else PIXELS
    parts = min(-(-images[..., 0].size // at_once), len(images))
    for number, some in enumerate(np.array_split(np.arange(len(images)), parts), 1):
        title = f"drawing {number}/{parts}" if parts > 1 else "drawing"
        quiet = None if progress is None else not progress
        bar = lambda steps, title=title, quiet=quiet: tqdm(steps, title, disable=quiet)
        theirs = None if labels is None else labels[some]
        draws = model, images[some], known[some], noise[some], temperature, bar, theirs
        images[some] = methods[method](*draws)
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


def draw_naively(model, images, known, noise, temperature, bar, labels):
    """Run the whole network, over the rows so far, for every value."""
    for row in bar(range(images.shape[1])):
        for col, colour in np.ndindex(images.shape[2:]):
            place = slice(None), row, col, colour
            parameters = model.parameters(images[:, : row + 1], labels)[place]  # (N, P)
            parameters = ops.convert_to_numpy(parameters)
            cumulative = model.head.cumulative(parameters, temperature, np)
            drawn = search(cumulative, model.levels, noise[place])  # (N,)
            images[place] = np.where(known[place], images[place], drawn)  # (N,)
    return images


def draw_cached(model, images, *draws):
    """Compute nothing twice, pixel by pixel: a row starts when the row above it is finished."""
    height, width = images.shape[1:3]
    schedule = Schedule(height, width, max(width, delay(model, width)))
    return draw_scheduled(schedule, model, images, *draws)


def draw_wavefront(model, images, *draws):
    """Compute nothing twice, several pixels at a time: a row starts as soon as it may."""
    height, width = images.shape[1:3]
    schedule = Schedule(height, width, delay(model, width))
    return draw_scheduled(schedule, model, images, *draws)


def draw_scheduled(schedule, model, images, known, noise, temperature, bar, labels):
    """Draw in the order of a schedule."""
    predictor = CachedPredictor(model, len(images), schedule, temperature, labels=labels)
    images, known, noise = (schedule.spread(one) for one in (images, known, noise))
    for time in bar(range(schedule.steps)):
        images[time] = predictor.step(time, images[time], known[time], noise[time])
    return schedule.gather(images)


def draw_compiled(model, images, known, noise, temperature, bar, labels):
    """Compute nothing twice, in a compiled loop.

    On TensorFlow's CPU each core draws its share of the images; JAX's calls hand their memory on,
    so that two cannot share a model.
    """
    cores = os.cpu_count() if keras.backend.backend() == "tensorflow" and not gpus() else 1
    shares = max(number for number in range(1, cores + 1) if len(images) % number == 0)
    drawing = compiled(model, (len(images) // shares, *images.shape[1:]), temperature)
    labels = np.zeros(len(images), int) if labels is None else labels  # no class, no use of them
    parts = [np.split(one, shares) for one in (images, known, noise, labels)]
    with ThreadPoolExecutor(shares) as pool:
        return np.concatenate(list(pool.map(drawing.draw, *parts)))


def delay(model, width):
    """How many steps each row must stay behind the one above: the model's reach, and one more."""
    return width if model.reach is None else model.reach + 1


class Drawing(keras.Model):
    """The loop over a schedule as a Keras model, so that `predict_on_batch` compiles it."""

    def __init__(self, model, shape, temperature):
        super().__init__(autocast=False)
        self.model, self.shape, self.temperature = model, shape, temperature
        self.schedule = Schedule(*shape[1:3], delay(model, shape[2]))
        self.compile(jit_compile=True)

    def build(self, shapes):
        pass  # the weights are the model's

    def draw(self, images, known, noise, labels):
        """Draw what is not known of images (N, H, W, colours), of classes (N,)."""
        inputs = [self.schedule.spread(one) for one in (images, known, noise)]
        return self.schedule.gather(self.predict_on_batch([*inputs, labels]))

    def call(self, inputs):
        """Images, known and noise, each (steps, colours, lanes, N), and labels (N,) -> images."""
        *inputs, labels = inputs
        predictor = CachedPredictor(
            self.model, self.shape[0], self.schedule, self.temperature, ops, labels
        )
        memories = predictor.cache.memories

        def step(time, state):
            drawn, kept = state
            for memory, one in zip(memories, kept):
                memory.kept = one
            values = predictor.step(time, *(one[time] for one in inputs))  # (colours, lanes, N)
            values = ops.cast(values, "uint8")[None]
            drawn = ops.slice_update(drawn, (time, 0, 0, 0), values)
            return drawn, [memory.kept for memory in memories]

        state = ops.zeros_like(inputs[0]), [memory.kept for memory in memories]
        return ops.fori_loop(0, self.schedule.steps, step, state)[0]


@lru_cache(maxsize=4)
def compiled(model, shape, temperature):
    """Give the compiled drawing of images of a shape; the last four are remembered."""
    return Drawing(model, shape, temperature)
