"""9.2: draw a batch of pictures, by one run of the network for every value."""

from unittest import mock

import numpy as np
from keras import ops

from pixelcnn_lib import sampling
from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy
from pixelcnn_lib.teach.exercises.ch09.repeats import repeats


def sample_naive(model, noise):
    """Draw images value by value, running the whole network for each.

    model: uint8 images (N, H, W, colours) -> logits (N, H, W, colours, levels). noise: float
    (N, H, W, colours) in [0, 1). Returns uint8 (N, H, W, colours).
    """
    images = np.zeros(noise.shape, "uint8")
    for row, col, colour in np.ndindex(noise.shape[1:]):
        logits = ops.convert_to_numpy(model(images))[:, row, col, colour]  # (N, levels)
        images[:, row, col, colour] = sampling.draw(logits, noise[:, row, col, colour])
    return images


class Oracle:
    """A quick model, in place of a trained one, in which each value depends on all of its past."""

    def __init__(self, colours, levels=256):
        self.colours, self.levels, self.runs = colours, levels, 0
        self.table = np.random.default_rng(colours).normal(0, 2, (97, levels))

    def __call__(self, images, **options):
        images, self.runs = to_numpy(images), self.runs + 1
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

    def check_images(self, images):
        raise ValueError("that is the library's own sampler: write the loop over the values")


def noise_of(*shape):
    return np.random.default_rng(92).random(shape)


def draw_checked(logits, noise, draw=sampling.draw):
    if np.ndim(logits) != 2 or np.shape(noise) != np.shape(logits)[:1]:
        raise ValueError(
            "sampling.draw takes one value's logits (N, levels) and its noise (N,), "
            f"got {np.shape(logits)} and {np.shape(noise)}"
        )
    return draw(logits, noise)


def sample_twice(sample, model, noise):
    """The levels, drawn twice, and whether the pictures of the batch share the runs."""
    with mock.patch.object(sampling, "draw", draw_checked):
        model.runs = 0
        levels = sample(model, noise)
        shared = model.runs <= 2 * noise[0].size + 2
        if levels is None or levels is ...:
            return levels
        again = sample(model, noise.copy())
        return {"levels": to_numpy(levels), "again": to_numpy(again), "shared": np.array(shared)}


def near_the_neighbours(images, levels=64):
    """A model made by hand: a value lies near those left and above, and colours go together."""
    x = np.pad(to_numpy(images).astype(float), ((0, 0), (1, 0), (1, 0), (0, 0)))  # (N, H+1, W+1, 3)
    x[:, 0, 1:], x[:, 1:, 0] = x[:, 0, :-1], x[:, :-1, 0]
    left, above, here = x[:, 1:, :-1], x[:, :-1, 1:], x[:, 1:, 1:]
    row, col = np.indices(here.shape[1:3])[..., None]
    middle = np.where(row == 0, left, np.where(col == 0, above, (left + above) / 2))
    middle = np.where(row + col == 0, levels / 2, middle)  # (N, H, W, 3)
    middle[..., 1:] += (here - middle)[..., :-1]
    width = np.where(row + col == 0, 20, 1.5)[..., None]
    return -abs(np.arange(levels) - middle[..., None]) / width  # (N, H, W, 3, levels)


def show_picture(sample_naive):
    from pixelcnn_lib.teach import figures

    noise = np.random.default_rng(0).random((4, 12, 12, 3))
    drawn = np.asarray(sample_naive(near_the_neighbours, noise))
    return figures.show_images((4 * drawn).astype("uint8"))


exercise = Exercise(
    id="9.2",
    title="The naive sampler",
    minutes=15,
    difficulty=2,
    solution=sample_naive,
    hints=(
        "What has to be on the canvas before a value may be drawn?",
        "Go through rows, columns and colours in this order; in the innermost loop, run the network "
        "on the canvas as it is.",
        "`sampling.draw` takes the logits [:, row, col, colour] and the noise of the same place.",
    ),
    cases=lambda: {
        "three colours, wide": (Oracle(3), noise_of(3, 3, 5, 3)),
        "one colour, high": (Oracle(1), noise_of(3, 4, 2, 1)),
        "one row": (Oracle(3), noise_of(1, 1, 5, 3)),
        "one column": (Oracle(3), noise_of(1, 5, 1, 3)),
        "four colours": (Oracle(4), noise_of(2, 2, 2, 4)),
        "few levels": (Oracle(2, levels=3), noise_of(2, 2, 3, 2)),
    },
    probe=sample_twice,
    shown=lambda model, noise: f"sample_naive(model, noise) with noise {noise.shape}",
    axes=("image", "row", "column", "colour"),
    after=show_picture,
    seen="Four pictures that your own sampler drew, from a model made by hand.",
)
exercise.condition(repeats)


def at(rule):
    """The places of a picture for which a rule holds, for `where`."""
    return lambda model, noise: np.broadcast_to(rule(*np.indices(noise.shape[1:])), noise.shape)


exercise.agrees(
    "first value",
    "{call}: the first value of a picture is wrong: at {place}, expected {expected}, got {got}.",
    hint="it too has logits and noise, at row 0, column 0, colour 0 of each picture.",
    where=at(lambda row, col, colour: (row == 0) & (col == 0) & (colour == 0)),
    part="levels",
)
exercise.agrees(
    "first pixel",
    "{call}: a later colour of the first pixel is wrong: at {place}, expected {expected}, got {got}.",
    hint="does the network see the colour just drawn before it is asked for the next one?",
    where=at(lambda row, col, colour: (row == 0) & (col == 0)),
    part="levels",
)
exercise.agrees(
    "first row",
    "{call}: the first pixel is right, a later one of its row is wrong: at {place}, expected "
    "{expected}, got {got}.",
    hint="which pixel comes after the first, and what is on the canvas by then?",
    where=at(lambda row, col, colour: row == 0),
    part="levels",
)
exercise.agrees(
    "later rows",
    "{call}: the first row is right, a later one is wrong: at {place}, expected {expected}, got "
    "{got}.",
    hint="is all that is drawn, the present row too, on the canvas that the network sees?",
    part="levels",
)


exercise.agrees(
    "shared runs",
    "{call}: the values are right, but the network runs more than twice for each value of a picture.",
    hint="all pictures of the batch share each run: give it all of them.",
    part="shared",
)


@exercise.condition
def dtype(answer):
    for case in answer.exercise.inputs:
        got = answer(*case)["levels"].dtype
        if got != np.uint8:
            message = f"{answer.exercise.call(case)}: expected uint8, got {got}."
            return Wrong(message, "the values are right; their type is not that of an image.")


def looped(places, level=sampling.draw, noise_at=lambda noise, place: noise[place]):
    """Make a sampler that goes through the places given, with one run at each."""

    def sample(model, noise):
        images = np.zeros(noise.shape, "uint8")
        for row, col, colours in places(*noise.shape[1:]):
            logits = to_numpy(model(images))[:, row, col]
            for colour in np.atleast_1d(colours):
                place = slice(None), row, col, colour
                images[place] = level(logits[:, colour], noise_at(noise, place))
        return images

    return sample


def in_order(height, width, colours):
    return list(np.ndindex(height, width, colours))


def all_pixels(height, width, colours):
    return [(row, col, list(range(colours))) for row, col in np.ndindex(height, width)]


exercise.mistake(
    "It goes down each column first: a row must be finished before the next begins.",
    hint="which loop is the outermost?",
)(
    looped(
        lambda height, width, n: [(r, c, k) for c in range(width) for r, k in np.ndindex(height, n)]
    )
)

exercise.mistake(
    "It draws all the reds, then all the greens: a pixel's colours come one after another.",
    hint="which loop is the innermost?",
)(
    looped(
        lambda height, width, n: [(r, c, k) for k in range(n) for r, c in np.ndindex(height, width)]
    )
)

unseen_red = exercise.mistake(
    "Green is drawn before the network has seen the red of its pixel.",
    hint="red comes first, blue last, and the network runs again after each colour.",
)
unseen_red(looped(all_pixels))
unseen_red(
    looped(lambda height, width, n: [(r, c, n - 1 - k) for r, c, k in np.ndindex(height, width, n)])
)

exercise.mistake(
    "It takes the likeliest level each time; the noise decides nothing.",
    hint="which function of the library draws a level?",
)(looped(in_order, level=lambda logits, noise: logits.argmax(-1)))

for side, name in enumerate(("height", "width")):
    exercise.mistake(
        f"The loops treat the picture as a square: its {name} is used for both sides.",
        hint="noise.shape is (N, height, width, colours).",
    )(looped(lambda *shape, side=side: in_order(shape[side], shape[side], shape[2])))

exercise.mistake("Only the first value is drawn.", hint="is the return inside the loop?")(
    looped(lambda *shape: in_order(*shape)[:1])
)

exercise.mistake(
    "The first value stays 0: red of the first pixel is drawn too.",
    hint="the loop starts at the first value, not at the second.",
)(looped(lambda *shape: in_order(*shape)[1:]))

probabilities = exercise.mistake(
    "sampling.draw is given probabilities, where it takes logits.",
    hint="it does the softmax itself.",
)
probabilities(looped(in_order, lambda logits, noise: sampling.draw(np.exp(logits), noise)))
probabilities(
    looped(
        in_order,
        lambda logits, noise: sampling.draw(
            np.exp(logits) / np.exp(logits).sum(-1, keepdims=True), noise
        ),
    )
)

one_number = exercise.mistake(
    "Several values are decided by one number of the noise.",
    hint="each value has noise at its own row, column and colour.",
)
one_number(looped(in_order, noise_at=lambda noise, place: noise[(*place[:3], 0)]))
one_number(looped(in_order, noise_at=lambda noise, place: noise[:, 0, 0, 0]))
one_number(looped(in_order, noise_at=lambda noise, place: noise[:, place[1], 0, 0]))

exercise.mistake(
    "All pictures of the batch are drawn with the first one's noise.",
    hint="keep the first axis: noise[:, row, col, colour].",
)(looped(in_order, noise_at=lambda noise, place: np.repeat(noise[place][:1], len(noise))))


@exercise.mistake(
    "The network only ever sees an empty canvas.",
    hint="each value has to be on the canvas before the next is asked for.",
)
def one_pass(model, noise):
    logits, images = model(np.zeros(noise.shape, "uint8")), np.zeros(noise.shape, "uint8")
    for place in np.ndindex(noise.shape[1:]):
        images[:, *place] = sampling.draw(logits[:, *place], noise[:, *place])
    return images


@exercise.mistake(
    "Each value is drawn from the distribution of another colour.",
    hint="logits and noise are taken at the same row, column and colour.",
)
def one_colour_off(model, noise):
    return looped(in_order)(lambda images: np.roll(model(images), 1, axis=3), noise)


@exercise.mistake(
    "The values are right, but divided by 255.", hint="a picture's values are whole levels."
)
def scaled(model, noise):
    return looped(in_order)(model, noise) / 255


@exercise.mistake(
    "The network runs once for each row.", hint="it must run again after every single value."
)
def a_run_per_row(model, noise):
    images = np.zeros(noise.shape, "uint8")
    for row in range(noise.shape[1]):
        logits = model(images)
        for col, colour in np.ndindex(noise.shape[2:]):
            place = slice(None), row, col, colour
            images[place] = sampling.draw(logits[place], noise[place])
    return images


@exercise.caught("when it was called again")
def own_luck(model, noise):
    return looped(in_order, lambda logits, u: sampling.draw(logits, np.random.rand(len(u))))(
        model, noise
    )


@exercise.caught("the first value of a picture is wrong")
def first_uniform(model, noise):
    images = looped(lambda *shape: in_order(*shape)[1:])(model, noise)
    images[:, 0, 0, 0] = 256 * noise[:, 0, 0, 0]
    return images


@exercise.caught("a later colour of the first pixel is wrong")
def reds_distribution(model, noise):
    return looped(in_order)(lambda images: np.repeat(model(images)[..., :1, :], 4, axis=3), noise)


@exercise.caught("a later one of its row is wrong")
def the_pixel_before(model, noise):
    before = lambda images: np.concatenate([model(images)[:, :, :1], model(images)[:, :, :-1]], 2)
    return looped(in_order)(before, noise)


@exercise.caught("the first row is right")
def afresh_each_row(model, noise):
    images = np.zeros(noise.shape, "uint8")
    for row, col, colour in np.ndindex(noise.shape[1:]):
        logits = model(images[:, row : row + 1])[:, 0, col, colour]
        images[:, row, col, colour] = sampling.draw(logits, noise[:, row, col, colour])
    return images


@exercise.caught("expected uint8, got int64")
def in_64_bits(model, noise):
    return looped(in_order)(model, noise).astype("int64")


@exercise.caught("runs more than twice for each value")
def picture_by_picture(model, noise):
    return np.concatenate([looped(in_order)(model, one[None]) for one in noise])


@exercise.caught("takes uint8 images")
def scaled_canvas(model, noise):
    images = np.zeros(noise.shape)
    for place in np.ndindex(noise.shape[1:]):
        images[:, *place] = sampling.draw(model(images)[:, *place], noise[:, *place]) / 255
    return images


@exercise.caught("expected shape")
def one_picture(model, noise):
    return looped(in_order)(model, noise[:1])[0]


@exercise.caught("takes one value's logits")
def all_to_draw(model, noise):
    return sampling.draw(model(np.zeros(noise.shape, "uint8")), noise)


@exercise.caught("raised IndexError")
def always_three_colours(model, noise):
    return looped(lambda height, width, colours: in_order(height, width, 3))(model, noise)


@exercise.caught("the library's own sampler")
def with_the_librarys(model, noise):
    size = noise.shape[1:3]
    return sampling.generate_images(model, len(noise), size, noise=noise, method="naive")
