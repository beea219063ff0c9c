"""Exercises of chapter 9: drawing a picture, slowly and then fast."""

from collections import deque
from unittest import mock

import numpy as np

from pixelcnn_lib import sampling
from pixelcnn_lib.teach import answers
from pixelcnn_lib.teach.exercises import Exercise, Mistake, Prediction, Wrong, agrees, to_numpy


# 9.1: draw
def draw_cases():
    rng = np.random.default_rng(91)
    few = rng.normal(0, 2, (40, 7)).astype("float32")
    large = rng.normal(1000, 2, (50, 256)).round(1)
    certain = np.where(np.arange(4) < 2, -np.inf, np.zeros((3, 4)))  # two levels never come
    wide = rng.normal(0, 1, (64, 256)).astype("float32")
    wide[:, -1] = 1
    almost_one = np.full(64, np.float64(np.nextafter(np.float32(1), np.float32(0))))
    return [
        (few, rng.random(40)),
        (large, rng.random(50)),
        (certain, np.array([0, 0.25, 0.75])),
        (wide, almost_one),
    ]


def draw_four_times(draw, logits, noise):
    """The levels, called again, with other noise, and the first rows drawn one by one."""
    levels = draw(logits, noise)
    if levels is None:
        return None
    rows = [draw(logits[k : k + 1].copy(), noise[k : k + 1].copy()) for k in range(3)]
    return {
        "levels": to_numpy(levels),
        "again": to_numpy(draw(logits.copy(), noise.copy())),
        "other": to_numpy(draw(logits.copy(), (noise + 0.5) % 1)),
        "alone": np.concatenate([np.atleast_1d(to_numpy(row)) for row in rows]),
    }


def repeats(answer):
    for case in answer.exercise.inputs:
        got = answer(*case)
        moved = got["levels"] != got["again"]
        if moved.any():
            hint = "the noise that is given is the only chance: call no random function."
            message = f"{answer.exercise.call(case)} gave other levels when it was called again."
            return Wrong(message, hint, got["levels"], moved)


def listens(answer):
    results = [answer(*case) for case in answer.exercise.inputs]
    if all(np.array_equal(got["levels"], got["other"]) for got in results):
        hint = "where on the stick does the noise fall?"
        return Wrong("The noise decides nothing: other noise gave the same levels.", hint)


def counts_from_zero(answer):
    case = answer.exercise.inputs[0]
    off = answer(*case)["levels"].astype(int) - answer.exercise.expected(*case)["levels"]
    for step, word in ((1, "high"), (-1, "low")):
        if np.mean(off == step) > 0.6:
            hint = "the first level has the number 0: no piece ends before it."
            return Wrong(f"The level is one too {word}.", hint)


def keeps_rows_apart(answer):
    got = answer(*answer.exercise.inputs[0])
    if (got["alone"] != got["levels"][:3]).any():
        message = "The rows are mixed: a row drawn by itself gets another level."
        return Wrong(message, "each sum runs along the last axis: axis=-1.")


def on_case(number):
    """Look at one of the cases only."""
    return lambda logits, noise: logits is DRAW.inputs[number][0]


def softmax(logits):
    p = np.exp(logits - logits.max(-1, keepdims=True))
    return p / p.sum(-1, keepdims=True)


def ends_passed(p, noise):
    """How many pieces, the last left out, end at or before the noise."""
    return (p.cumsum(-1)[:, :-1] <= noise[:, None]).sum(-1)


def show_draws(draw):
    from pixelcnn_lib.teach import figures

    level = np.arange(48)
    log_p = np.logaddexp(-(((level - 14) / 5) ** 2), -(((level - 33) / 8) ** 2) - 0.4)
    log_p -= np.logaddexp.reduce(log_p)
    noise = np.random.default_rng(0).random(20000)
    drawn = np.asarray(draw(np.tile(log_p, (len(noise), 1)), noise)).astype(int)
    share = np.bincount(drawn, minlength=48) / len(noise)
    titles = ["the distribution", "20000 of your draws"]
    return figures.show_distribution([log_p, np.log(np.maximum(share, 1e-9))], titles=titles)


DRAW = Exercise(
    id="9.1",
    title="Draw one value",
    minutes=10,
    difficulty=2,
    twin=sampling.draw,
    hints=(
        "First turn logits into probabilities, then lay them end to end on a stick.",
        "The level is the number of pieces that end at or before the noise.",
        "Subtract each row's maximum before exp. Compare cumsum along the last axis with "
        "noise[:, None], scaled by the whole length, and count.",
    ),
    cases=draw_cases,
    probe=draw_four_times,
    axes=("row",),
    conditions=[
        repeats,
        listens,
        counts_from_zero,
        keeps_rows_apart,
        agrees(
            "small logits",
            "{call}: in {place}, expected level {expected}, got {got}.",
            "lay that row's stick by hand: probabilities, cumulative sum, where the noise falls.",
            on_case(0),
            "levels",
        ),
        agrees(
            "large logits",
            "exp overflows for large logits: in {place} of {call}, expected {expected}, got {got}.",
            "subtract each row's maximum first: the probabilities stay the same.",
            on_case(1),
            "levels",
        ),
        agrees(
            "noise 0",
            "{call}: where the noise is 0, in {place}, expected {expected}, got {got}.",
            "the level is the first whose sum exceeds the noise; equal is not enough.",
            on_case(2),
            "levels",
        ),
        agrees(
            "noise near 1",
            "{call}: where the noise is close to 1, in {place}, expected {expected}, got {got}.",
            "a sum of floats may end below 1, so that none exceeds the noise; leave the last sum out.",
            part="levels",
        ),
    ],
    mistakes=[
        Mistake(
            lambda logits, noise: logits.argmax(-1),
            "It takes the likeliest level, whatever the noise.",
            "where on the stick does the noise fall?",
        ),
        *(
            Mistake(
                wrong,
                "The logits are laid end to end as if they were probabilities.",
                "logits are logarithms, up to a constant.",
            )
            for wrong in (
                lambda logits, noise: (logits.cumsum(-1) <= noise[:, None]).sum(-1),
                lambda logits, noise: (logits.cumsum(-1) > noise[:, None]).argmax(-1),
            )
        ),
        Mistake(
            lambda logits, noise: (softmax(logits) > noise[:, None]).argmax(-1),
            "The noise is compared with the lengths of the pieces, not with where they end.",
            "where does the second piece begin, and where does it end?",
        ),
        Mistake(
            lambda logits, noise: (softmax(logits).cumsum(-1) > noise[:, None]).sum(-1),
            "It counts the pieces that end beyond the noise.",
            "the level is the number of the first of them.",
        ),
        Mistake(
            lambda logits, noise: abs(softmax(logits).cumsum(-1) - noise[:, None]).argmin(-1),
            "It takes the piece whose end is nearest to the noise, even where it ends before it.",
            "on which piece does the noise lie?",
        ),
        Mistake(
            lambda logits, noise: ends_passed(
                np.exp(logits - logits.max(-1, keepdims=True)), noise
            ),
            "The pieces do not add up to 1: the noise meets a stick that is too long.",
            "divide by the sum, or scale the noise by it.",
        ),
        Mistake(
            lambda logits, noise: ends_passed(softmax(logits), np.full_like(noise, noise[0])),
            "Every row is decided by the first row's noise.",
            "noise[:, None] gives each row its own.",
        ),
    ],
    after=show_draws,
    seen="A distribution, and how often your draws took each level.",
)


# 9.2: sample_naive
class Oracle:
    """A stand-in for a trained model, quick, in which each value depends on all of its past."""

    def __init__(self, colours, levels=256):
        self.colours, self.levels = colours, levels
        self.table = np.random.default_rng(colours).normal(0, 2, (97, levels))

    def __call__(self, images, training=False):
        images = to_numpy(images)
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[-1] != self.colours:
            raise ValueError(
                f"the model takes uint8 images (N, H, W, {self.colours}), "
                f"got {images.dtype} {images.shape}"
            )
        values = images.reshape(len(images), -1).astype(int)  # (N, values)
        place = np.arange(values.shape[1])
        told = (values + 1) * (place % 31 + 1)
        past = told.cumsum(1) - told + 7 * place  # (N, values)
        return self.table[past % 97].reshape(*images.shape, self.levels)

    predict = predict_on_batch = __call__

    def check(self, images):
        raise ValueError("that is the library's own sampler: write the loop over the values")


def noise_of(*shape):
    return np.random.default_rng(92).random(shape)


def first_value(model, noise):
    return at(noise.shape, lambda row, col, colour: (row == 0) & (col == 0) & (colour == 0))


def first_pixel(model, noise):
    return at(noise.shape, lambda row, col, colour: (row == 0) & (col == 0))


def first_row(model, noise):
    return at(noise.shape, lambda row, col, colour: row == 0)


def at(shape, rule):
    return np.broadcast_to(rule(*np.indices(shape[1:])), shape)


def looped(places, level=sampling.draw):
    """A sampler that goes through the places given, each a tuple or list of colours."""

    def sample(model, noise):
        images = np.zeros(noise.shape, "uint8")
        for row, col, colour in places(*noise.shape[1:]):
            logits = np.array(model(images))[:, row, col]
            for c in np.atleast_1d(colour):
                images[:, row, col, c] = level(logits[:, c], noise[:, row, col, c])
        return images

    return sample


def by_columns(height, width, colours):
    return [(row, col, c) for col in range(width) for row in range(height) for c in range(colours)]


def by_planes(height, width, colours):
    return [(row, col, c) for c in range(colours) for row in range(height) for col in range(width)]


def by_pixels(height, width, colours):
    return [(row, col, list(range(colours))) for row, col in np.ndindex(height, width)]


def in_order(height, width, colours):
    return list(np.ndindex(height, width, colours))


def at_once(model, noise):
    logits = np.array(model(np.zeros(noise.shape, "uint8")))
    return sampling.draw(logits.reshape(-1, logits.shape[-1]), noise.ravel()).reshape(noise.shape)


def draw_checked(logits, noise, draw=sampling.draw):
    if np.ndim(logits) != 2 or np.shape(noise) != np.shape(logits)[:1]:
        raise ValueError(
            "sampling.draw takes one value's logits (N, levels) and its noise (N,), "
            f"got {np.shape(logits)} and {np.shape(noise)}"
        )
    return draw(logits, noise)


def sample_twice(sample, model, noise):
    with mock.patch.object(sampling, "draw", draw_checked):
        levels = sample(model, noise)
        if levels is None:
            return None
        return {"levels": to_numpy(levels), "again": to_numpy(sample(model, noise.copy()))}


def near_the_neighbours(images, levels=64):
    """A model made by hand: a value lies near its left and upper neighbours', and colours go together."""
    x = np.pad(to_numpy(images).astype(float), ((0, 0), (1, 0), (1, 0), (0, 0)))  # (N, H+1, W+1, 3)
    x[:, 0, 1:], x[:, 1:, 0] = x[:, 0, :-1], x[:, :-1, 0]
    left, above, here = x[:, 1:, :-1], x[:, :-1, 1:], x[:, 1:, 1:]
    row, col = np.indices(here.shape[1:3])[..., None]
    middle = np.where(row == 0, left, np.where(col == 0, above, (left + above) / 2))
    middle = np.where(row + col == 0, levels / 2, middle)  # (N, H, W, 3)
    middle[..., 1:] += (here - middle)[..., :-1]
    return (
        -abs(np.arange(levels) - middle[..., None]) / np.where(row + col == 0, 20, 1.5)[..., None]
    )


def show_picture(sample_naive):
    from pixelcnn_lib.teach import figures

    noise = np.random.default_rng(0).random((4, 12, 12, 3))
    drawn = np.asarray(sample_naive(near_the_neighbours, noise))
    return figures.show_images((4 * drawn).astype("uint8"))


NAIVE = Exercise(
    id="9.2",
    title="The naive sampler",
    minutes=15,
    difficulty=2,
    twin=answers.sample_naive,
    hints=(
        "A value may be drawn once everything before it is on the canvas.",
        "Three loops, one in the other: rows, columns, colours. In the innermost, run the network "
        "on the canvas as it is.",
        "From the logits take [:, row, col, colour], from the noise the same place; what "
        "sampling.draw gives goes to that place of the canvas.",
    ),
    cases=lambda: [
        (Oracle(3), noise_of(2, 3, 5, 3)),
        (Oracle(1), noise_of(3, 4, 2, 1)),
        (Oracle(3), noise_of(1, 5, 1, 3)),
    ],
    probe=sample_twice,
    shown=lambda model, noise: f"sample_naive(model, noise) with noise {noise.shape}",
    axes=("image", "row", "column", "colour"),
    conditions=[
        repeats,
        agrees(
            "first value",
            "{call}: the first value of a picture is wrong: at {place}, expected {expected}, got {got}.",
            "it too has logits and noise, at row 0, column 0, colour 0 of each picture.",
            first_value,
            "levels",
        ),
        agrees(
            "first pixel",
            "{call}: a later colour of the first pixel is wrong: at {place}, expected {expected}, got {got}.",
            "does the network see the colour just drawn before it is asked for the next?",
            first_pixel,
            "levels",
        ),
        agrees(
            "first row",
            "{call}: the first pixel is right, the rest of its row is not: at {place}, expected {expected}, got {got}.",
            "which pixel comes after the first?",
            first_row,
            "levels",
        ),
        agrees(
            "later rows",
            "{call}: the first row is right, a later one is not: at {place}, expected {expected}, got {got}.",
            "is all that is drawn, the present row too, on the canvas that the network sees?",
            part="levels",
        ),
    ],
    mistakes=[
        Mistake(
            looped(by_columns),
            "It goes down each column first: a row must be finished before the next begins.",
            "which loop is the outermost?",
        ),
        Mistake(
            looped(by_planes),
            "It draws all the reds, then all the greens: a pixel's colours come one after another.",
            "which loop is the innermost?",
        ),
        Mistake(
            looped(by_pixels),
            "Green is drawn without a look at the red of its pixel.",
            "red comes first, blue last, and the network must run again after each colour.",
        ),
        Mistake(
            looped(in_order, level=lambda logits, noise: logits.argmax(-1)),
            "It takes the likeliest level each time; the noise decides nothing.",
            "which function of the library draws a level?",
        ),
        Mistake(
            at_once,
            "The network only ever sees an empty canvas.",
            "each value has to be on the canvas before the next is asked for.",
        ),
        Mistake(
            looped(lambda *shape: in_order(*shape)[:1]),
            "Only the first value is drawn.",
            "is the return inside the loop?",
        ),
        *(
            Mistake(
                looped(
                    in_order,
                    level=lambda logits, noise, wrap=wrap: sampling.draw(wrap(logits), noise),
                ),
                "sampling.draw is given probabilities, where it takes logits.",
                "it does the softmax itself.",
            )
            for wrap in (np.exp, softmax)
        ),
        Mistake(
            lambda model, noise: looped(in_order)(lambda x: np.roll(model(x), 1, axis=3), noise),
            "Each value is drawn from the distribution of another colour.",
            "logits and noise are taken at the same row, column and colour.",
        ),
        *(
            Mistake(
                lambda model, noise, few=few: looped(in_order)(
                    model, np.broadcast_to(noise[few], noise.shape)
                ),
                "Several values are decided by one number of the noise.",
                "each value has noise at its own row, column and colour.",
            )
            for few in (np.s_[..., :1], np.s_[:, :1, :1, :1])
        ),
        Mistake(
            looped(lambda *shape: in_order(*shape)[1:]),
            "It leaves the first value as it was: red of the first pixel is drawn too.",
            "the loop starts at the first value, not the second.",
        ),
        Mistake(
            lambda model, noise: looped(in_order)(model, noise) / 255,
            "The values are right, but divided by 255.",
            "a picture's values are whole numbers from 0 to 255.",
        ),
        Mistake(
            lambda model, noise: looped(in_order)(model, np.repeat(noise[:1], len(noise), 0)),
            "All pictures of the batch are drawn with the first one's noise.",
            "keep the first axis: logits[:, row, col, colour].",
        ),
    ],
    after=show_picture,
    seen="Four pictures that your own sampler drew, from a model made by hand.",
)


# 9.3: CachedRow
def walk(cached_row, kernel, inputs):
    """Run a layer along a row, inputs (W, N, in), after two others have taken the first step."""
    first, again = (step(cached_row(kernel.copy()), inputs[0].copy(), kernel) for _ in range(2))
    layer, outputs, kept = cached_row(kernel.copy()), [], []
    for x in inputs:
        outputs.append(step(layer, x.copy(), kernel))
        kept.append(count_kept(list(vars(layer).values())))
    return {
        "shares": np.array(not np.allclose(first, again)),
        "outputs": np.stack(outputs, axis=1),
        "grows": np.array(kept[-1] > kept[1]),
    }


def step(layer, x, kernel):
    """Take one step, to (N, out); where shapes do not fit, say which would."""
    try:
        y = layer.step(x)
    except ValueError as error:
        if not any(word in str(error) for word in ("matmul", "broadcast")):
            raise
        message = (
            f"shapes do not fit; x is {x.shape}: start with zeros (1, {x.shape[1]}), "
            "keep x itself, not the output, and multiply with @"
        )
        raise ValueError(message).with_traceback(error.__traceback__) from None
    if isinstance(y, tuple):
        raise ValueError("step returned several things, where one is expected: the output")
    y = to_numpy(y)
    if y.dtype == object:
        raise ValueError(
            "step returned no array of numbers, as it does where no return stands at its end"
        )
    if y.shape != (expected := (len(x), kernel.shape[2])):
        raise ValueError(f"step returned shape {y.shape} for x {x.shape}, expected {expected}")
    return y


def count_kept(value):
    """Count the numbers that an object holds on to."""
    if isinstance(value, (list, tuple, deque)):
        return sum(map(count_kept, value))
    if isinstance(value, dict):
        return count_kept(list(value.values()))
    return int(np.prod(value.shape)) if hasattr(value, "shape") else 0


def row_cases():
    rng = np.random.default_rng(93)
    sizes = [(3, 4, 5, 9), (1, 2, 2, 6), (4, 1, 3, 12)]  # N, in, out, W
    return [
        (rng.normal(size=(3, inputs, outputs)), rng.normal(size=(width, count, inputs)))
        for count, inputs, outputs, width in sizes
    ]


def first_step(kernel, inputs):
    """The output's values (N, W, out) at the first pixel."""
    marks = np.zeros((inputs.shape[1], len(inputs), kernel.shape[2]), bool)
    marks[:, 0] = True
    return marks


def layer(output, remember=lambda x, y, left: x):
    """A class of layers: output(kernel, x, left) is given, remember(x, y, left) is kept."""

    class Layer:
        left = None

        def __init__(self, kernel):
            self.kernel = kernel

        def step(self, x):
            left = np.zeros_like(x) if self.left is None else self.left
            y = output(self.kernel, x, left)
            self.left = remember(x, y, left)
            return y

    return Layer


def living(kernel, x, left):
    return left @ kernel[0] + x @ kernel[1]


def show_edges(cached_row):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    grey = data.photographs("test")[0].image[40:104, 60:156].mean(2)  # (64, 96)
    edges = cached_row(np.array([-1.0, 1.0, 0.0])[:, None, None])
    found = np.stack([np.asarray(edges.step(x[:, None]))[:, 0] for x in grey.T], axis=1)
    found[:, 0] = 0  # zeros lie left of the first pixel
    pair = np.stack([grey, np.clip(128 + 3 * found, 0, 255)])[..., None]
    return figures.show_images(pair.astype("uint8"), scale=4)


ROW = Exercise(
    id="9.3",
    title="A layer that remembers",
    minutes=10,
    difficulty=2,
    twin=answers.CachedRow,
    hints=(
        "Write the formula down for two neighbouring pixels. What do they share?",
        "The next step needs this step's input once more, and nothing older.",
        "Start with zeros of shape (1, in) as the left neighbour. In step, add two matrix "
        "products, then keep x.",
    ),
    cases=row_cases,
    probe=walk,
    shown=lambda kernel, inputs: f"CachedRow, kernel {kernel.shape}, along {len(inputs)} pixels",
    axes=("image", "pixel", "feature"),
    tolerance=1e-4,
    conditions=[
        agrees(
            "own memory",
            "Two layers share one memory: the second begins where the first one was.",
            "keep what is remembered on self, and start it in __init__.",
            part="shares",
        ),
        agrees(
            "first pixel",
            "{call}: at the first pixel, {place}, expected {expected}, got {got}.",
            "what lies left of it?",
            first_step,
            "outputs",
        ),
        agrees(
            "later pixels",
            "{call}: the first pixel is right, a later one is not: at {place}, expected {expected}, got {got}.",
            "which input belongs to which tap?",
            part="outputs",
        ),
        agrees(
            "what is kept",
            "{call}: the outputs are right, but what it keeps grows with the row.",
            "which of the inputs that it keeps will it use again?",
            part="grows",
        ),
    ],
    mistakes=[
        Mistake(
            layer(living, lambda x, y, left: np.resize(y, x.shape)),
            "It remembers its output, where the next pixel needs its input.",
            "in the formula, which of the two is multiplied by the left tap?",
        ),
        Mistake(
            layer(lambda kernel, x, left: left @ kernel[1] + x @ kernel[2]),
            "The taps are one too far right: kernel[1] is the present one, kernel[2] is dead.",
            "count from 0: left, present, right.",
        ),
        Mistake(
            layer(lambda kernel, x, left: x @ kernel[0] + x @ kernel[1]),
            "x is kept too soon: the left tap meets the present pixel.",
            "what is kept is replaced only after it has been used.",
        ),
        Mistake(
            layer(lambda kernel, x, left: x @ kernel[0] + left @ kernel[1]),
            "The two taps are swapped.",
            "kernel[0] is the left tap: a convolution in a network does not flip its kernel.",
        ),
        Mistake(
            layer(lambda kernel, x, left: left @ kernel[2] + x @ kernel[1]),
            "The left neighbour meets the right tap: the kernel is flipped.",
            "a convolution in a network does not flip its kernel.",
        ),
        Mistake(
            layer(lambda kernel, x, left: x @ kernel[1]),
            "The left neighbour is left out.",
            "what has step to remember for the next call?",
        ),
        *(
            Mistake(
                layer(
                    lambda kernel, x, left, extra=extra: (
                        living(kernel, x, left) + extra(x, left) @ kernel[2]
                    )
                ),
                "The right tap is used, though it is dead.",
                "two taps live: the left one and the present one.",
            )
            for extra in (lambda x, left: x, lambda x, left: left)
        ),
        Mistake(
            layer(living, lambda x, y, left: left + x),
            "It adds up all the inputs so far, where the formula has the left neighbour alone.",
            "what was kept is replaced at each step.",
        ),
        Mistake(
            layer(living, lambda x, y, left: left if left.any() else x),
            "The first input stays the left neighbour of all that follow.",
            "what was kept is replaced at each step.",
        ),
        Mistake(
            layer(lambda kernel, x, left: living(kernel, x, np.pad(x, ((1, 0), (0, 0)))[:-1])),
            "The N inputs of one step are taken for neighbours: they belong to N pictures.",
            "one call of step is one pixel; its neighbour comes with the next call.",
        ),
    ],
    after=show_edges,
    seen="Your layer along the rows of a photograph: how each pixel differs from its left neighbour.",
)


EXERCISES = [
    DRAW,
    NAIVE,
    Prediction(
        id="9.q1",
        right="black",
        why="The network takes the canvas for the past, and what follows on black is black. Each "
        "value has to be on the canvas before the next is asked for.",
        replies={
            "a picture": "No value can fit its neighbours if all are drawn in the same pass.",
            "noise": "So it would be if the network did not look at the canvas. But it does.",
        },
    ),
    Prediction(
        id="9.q2",
        right="fewer",
        why="Each step takes the level that costs the fewest bits. The picture is cheap, and looks "
        "like no photograph: likely is not the same as typical.",
        replies={"more": "What costs few bits at each step?"},
    ),
    Prediction(
        id="9.q3",
        right="same",
        why="A prediction sees finished values alone. What the canvas held before is drawn over "
        "before anything looks at it.",
        replies={"other": "Which prediction would see a value that has not been drawn yet?"},
    ),
    Prediction(
        id="9.q4",
        right="later",
        why="A changed value moves those that see it, and these move others. Nothing before it "
        "sees it, not even by way of others.",
        replies={
            "one": "Later predictions see the changed value, so their distributions change.",
            "near": "That is where it begins. But values that moved are seen by others in turn.",
            "all": "The values before it were decided without it, by the same noise.",
        },
    ),
    Prediction(
        id="9.q5",
        right=32 * 32 * 3,
        why="One run for each value: 32 x 32 pixels of three colours. A pixel's colours cannot share "
        "a run, as green must see the red drawn. One run is enough only to score a picture.",
    ),
    ROW,
]
