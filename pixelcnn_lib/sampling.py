"""Draw images, one value at a time, by three methods that give the same image up to rounding.

Each value has its own noise, a random number between 0 and 1. The value is the first level at which
the CDF exceeds the noise. So the noise determines the image, whichever method computes it.

The three methods add the same numbers in different orders, so their probabilities differ in the last
digits. If a value's noise is that close to the CDF of a level, one method can draw this level and
another method the next level, and all later values then differ too. In float32 this is rare but
real; in float64 it is so unlikely that you will not meet it.
"""

import keras
import numpy as np
from keras import ops
from tqdm import tqdm

from pixelcnn_lib.arguments import one_of, short, whole_number
from pixelcnn_lib.caching import (
    CachedParameters,
    CachedPredictor,
    NoCachedStep,
    Schedule,
    delay,
    search,
)
from pixelcnn_lib.layers import sublayers
from pixelcnn_lib.scoring import SIDE
from pixelcnn_lib.steering import Steering

PIXELS = 2**20  # at most so many are drawn together: the buffers take about 200 bytes a pixel


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
    **steering,
):
    """Draw images from a model.

    model: a model of the family.
    n: int, how many images.
    size: int, or (height, width), in pixels.
    seed: int, the seed of the noise; None takes new noise each time.
    noise: float (n, height, width, colours) in [0, 1), used instead of a seed.
    method: str, how the values are computed; the images are the same up to rounding, see above.
        "naive" runs the whole network for every value;
        "cached" computes nothing twice, pixel by pixel;
        "wavefront" computes nothing twice, several pixels at a time.
    temperature: float from 1e-6 to 1e6; below 1 favours likely values, above 1 unlikely ones.
    progress: bool, whether to show a progress bar; None shows it only on a terminal.
    labels: int (n,), the class of each image, for a model with classes.
    steering: guidance, top_p and top_k; see steering.Steering.
    Returns uint8 (n, height, width, colours). Raises ValueError for arguments that do not fit.
    """
    check_model(model)
    shape = (n, size, size) if np.ndim(size) == 0 else (n, *size)
    whole = [isinstance(one, (int, np.integer)) and not isinstance(one, bool) for one in shape]
    if len(shape) != 3 or not all(whole) or min(shape) < 1:
        raise ValueError(
            f"n must be a whole number above 0, and size such a number or a pair (height, width); "
            f"got n={n!r}, size={size!r}."
        )
    canvas = np.zeros((*shape, model.colours), "uint8")
    known = np.zeros(canvas.shape, bool)
    draws = seed, noise, method, temperature, progress, labels
    return complete(model, canvas, known, *draws, **steering)


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
    **steering,
):
    """Keep the values of `images` where `known` is True, and draw the others in order.

    A known value influences only the values after it. `images` is not changed.

    model: a model of the family.
    images: uint8 (N, H, W, colours), values below the model's levels.
    known: bool, which values to keep; its shape broadcasts to the shape of the images.
    noise: float (N, H, W, colours) in [0, 1), used instead of a seed.
    seed, method, temperature, progress, labels, steering: as in generate_images.
    Returns uint8 (N, H, W, colours). Raises ValueError for arguments that do not fit.
    """
    check_model(model)
    images = np.array(images)  # a copy, on which the values are drawn
    model.check_images(images)
    labels = model.as_labels(labels, len(images))
    if not images.size:
        raise ValueError(f"There is nothing to draw: the images' shape is {images.shape}.")
    if np.asarray(known).dtype.kind not in "bui":
        raise ValueError(f"known must be True or False for each value; got {short(known)}.")
    try:
        known = np.broadcast_to(known, images.shape)
    except ValueError:
        raise ValueError(
            f"known must broadcast to {images.shape}, got {np.shape(known)}. For whole pixels use "
            "known[..., None]."
        ) from None
    if noise is None:
        seed = None if seed is None else whole_number("seed", seed, 0, 2**64 - 1)
        noise = np.random.default_rng(seed).random(images.shape)
    noise = np.asarray(noise)
    if noise.shape != images.shape or not ((noise >= 0) & (noise < 1)).all():
        raise ValueError(
            f"noise must be of shape {images.shape}, one number in [0, 1) for each value; got shape "
            f"{noise.shape}. Use numpy.random.default_rng(seed).random({images.shape})."
        )
    steering = Steering(temperature, **steering)
    steering.check(model)
    methods = {
        "naive": draw_naively,
        "cached": draw_cached,
        "wavefront": draw_wavefront,
    }
    one_of("method", method, methods)
    at_once = SIDE**2 if method == "naive" else PIXELS
    parts = min(-(-images[..., 0].size // at_once), len(images))
    for number, some in enumerate(np.array_split(np.arange(len(images)), parts), 1):
        title = f"drawing {number}/{parts}" if parts > 1 else "drawing"
        quiet = None if progress is None else not progress
        bar = lambda steps, title=title, quiet=quiet: tqdm(steps, title, disable=quiet)
        if steering.guidance:
            some = np.repeat(some, 2)  # each image told, then untold: both get the same values
        theirs = None if labels is None else labels[some]
        if steering.guidance:
            theirs[1::2] = 0
        draws = model, images[some], known[some], noise[some], steering, bar, theirs
        images[some] = methods[method](*draws)
    drawn = images[~known]
    if drawn.size and not drawn.any():  # a model with nan draws nothing but zeros
        check_weights(model)
    return images


def check_model(model):
    """Raise ValueError unless this is a model of the family."""
    if not hasattr(model, "check_images"):
        raise ValueError(
            f"model must be a model of the family, such as PixelCNN.pretrained(); got {short(model)}."
        )


def check_weights(model):
    """Raise ValueError unless all weights are finite. It takes milliseconds."""
    if not all(np.isfinite(weight).all() for weight in model.get_weights()):
        raise ValueError(
            "The model has weights that are nan or infinite, so it cannot draw. Train it again with "
            "a lower learning rate."
        )


def draw(logits, noise):
    """Draw one level from each distribution by its inverse cumulative distribution.

    logits: (N, levels), need not be normalised. noise: (N,) in [0, 1). Both may be tensors.
    Returns int (N,): the first level whose cumulative probability exceeds the noise.
    """
    logits, noise = ops.convert_to_numpy(logits), ops.convert_to_numpy(noise)
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    cumulative = p.cumsum(axis=-1)
    # multiply the noise by the last sum instead of dividing by it: the product is below this sum,
    # so the last level needs no special case
    ended = cumulative <= noise[:, None] * cumulative[:, -1:]  # (N, levels)
    return ended.sum(axis=-1)


def draw_naively(model, images, known, noise, steering, bar, labels):
    """Run the whole network for every value; without own layers, on the rows down to the value's."""
    for row in bar(range(images.shape[1])):
        rows = None if has_own(model) else row + 1
        for col, colour in np.ndindex(images.shape[2:]):
            place = slice(None), row, col, colour
            parameters = model.parameters(images[:, :rows], labels)[place]  # (N, P)
            parameters = ops.convert_to_numpy(parameters)
            cumulative = steering.cumulative(model.head, parameters)
            drawn = search(cumulative, model.levels, noise[place])  # (N,)
            images[place] = np.where(known[place], images[place], drawn)  # (N,)
    return images


def draw_cached(model, images, *draws):
    """Compute nothing twice, pixel by pixel: a row starts when the row above it is finished."""
    height, width = images.shape[1:3]
    schedule = Schedule(height, width, width)
    return draw_scheduled(schedule, model, images, *draws)


def draw_wavefront(model, images, *draws):
    """Compute nothing twice, several pixels at a time: a row starts as soon as it can."""
    height, width = images.shape[1:3]
    schedule = Schedule(height, width, delay(model, width))
    return draw_scheduled(schedule, model, images, *draws)


def has_own(model):
    """Tell whether a model, or a layer in it, is of a class that is not of this library or of Keras."""
    modules = {type(layer).__module__.split(".")[0] for layer in (model, *sublayers(model))}
    return not modules <= {__package__, keras.__name__}


def check_cached(model):
    """Try a model with layers of the reader's own on two small pictures, before it draws.

    Raises NoCachedStep unless the cached predictor computes the parameters that the model does.
    """
    if model.compute_dtype != model.variable_dtype:  # half precision would hide a difference
        weights, dtype = model.get_weights(), model.variable_dtype
        model = type(model).from_config(model.get_config(), dtype=dtype)
        model.set_weights(weights)
    height, width = 3, 2 * (model.reach or 3) + 3
    schedule = Schedule(height, width, delay(model, width))
    rng = np.random.default_rng(0)
    images = rng.integers(model.levels, size=(2, height, width, model.colours), dtype="uint8")
    labels = np.multiply.outer([0, 1], np.subtract(model.classes, 1)) if model.classes else None
    expected = ops.convert_to_numpy(ops.cast(model.parameters(images, labels), "float64"))
    found = CachedParameters(model, 2, schedule, labels=labels).of(images)
    tolerance = 1e-8 if model.compute_dtype == "float64" else 1e-3
    wrong = ~(np.abs(found - expected) <= tolerance * (1 + np.abs(expected)))  # nan is wrong, too
    if wrong.any():
        _, row, col, colour, _ = np.argwhere(wrong)[0]
        raise NoCachedStep(
            f"{type(model).__name__} has layers of your own, and drawn pixel by pixel it would compute "
            f"something else than everywhere, first at row {row}, column {col}, colour {colour}. What "
            'a block may use is said in operations.py; method="naive" draws all.'
        )


def draw_scheduled(schedule, model, images, known, noise, steering, bar, labels):
    """Draw the pixels in the order of a schedule, with the cached predictor."""
    if has_own(model):
        check_cached(model)
    predictor = CachedPredictor(model, len(images), schedule, steering, labels=labels)
    images, known, noise = (schedule.spread(one) for one in (images, known, noise))
    for time in bar(range(schedule.steps)):
        images[time] = predictor.step(time, images[time], known[time], noise[time])
    return schedule.gather(images)
