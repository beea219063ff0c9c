"""7.2: draw a batch of pictures, by one run of the network for every value."""

import numpy as np
from keras import ops

from pixelcnn_lib import sampling
from pixelcnn_lib.teach.exercises import Exercise, to_numpy
from pixelcnn_lib.teach.exercises.ch07 import repeats
from pixelcnn_lib.teach.exercises.oracle import Oracle


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


def near_the_neighbours(images, levels=64):
    """A model whose pictures look like something: a value lies near those left and above."""
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


def observed(sample_naive, model, noise):
    """Draw twice: the levels, those of the second time, and whether too many runs were needed."""
    model.runs = 0
    found = repeats.twice(sample_naive, model, noise)
    return {**found, "wasteful": np.array(model.runs >= 4 * noise[0].size)}


def noise_of(*shape):
    return np.random.default_rng(92).random(shape)


exercise = Exercise(
    id="7.2",
    title="The naive sampler",
    minutes=10,
    difficulty=2,
    solution=sample_naive,
    hints=(
        "What has to be on the canvas before a value may be drawn?",
        "Go through rows, columns and colours in this order; in the innermost loop, run the network "
        "on the canvas as it is.",
        "`draw` takes the logits [:, row, col, colour], as an array, and the noise of the same place.",
    ),
    cases=lambda: {
        "three colours, wide": (Oracle(3), noise_of(3, 3, 5, 3)),
        "one colour, high": (Oracle(1), noise_of(3, 4, 2, 1)),
        "few levels": (Oracle(2, levels=3), noise_of(2, 2, 3, 2)),
    },
    probe=observed,
    shown=lambda model, noise: f"sample_naive(model, noise) with noise {noise.shape}",
    axes=("image", "row", "column", "colour"),
    after=show_picture,
    seen="Four pictures that your own sampler drew, from a model made by hand.",
)
exercise.condition(repeats.same_again)
exercise.agrees(
    "{call}: at {place}, expected {expected}, got {got}.",
    hint="what is on the canvas when this value is drawn? Is it drawn from its own logits and noise?",
    part="levels",
)
ONE_RUN = "one run gives the logits of all N pictures: draw the same value of all of them."
exercise.agrees("{call}: the network runs more than once for each value.", ONE_RUN, part="wasteful")
exercise.mistaken = {
    ONE_RUN: {
        "Each picture has its own runs, so the network runs N times as often as it must.": (
            lambda model, noise: np.concatenate([sample_naive(model, one[None]) for one in noise])
        )
    },
    repeats.ONLY_THE_NOISE: {
        repeats.NOT_REPEATED: ("noise[:, row, col, colour])", "np.random.rand(len(noise)))")
    },
    "rows are the outermost loop, colours the innermost, and the network runs for every value.": {
        "It goes down each column first, not along each row.": (
            "for row, col, colour in np.ndindex(noise.shape[1:])",
            "for col, row, colour in np.ndindex(noise.swapaxes(1, 2).shape[1:])",
        ),
        "It draws all the reds, and only then the greens.": (
            "for row, col, colour in np.ndindex(noise.shape[1:])",
            "for colour, row, col in np.ndindex(noise.shape[3], *noise.shape[1:3])",
        ),
        "Green is drawn before the network has seen the red of its pixel.": [
            ("ops.convert_to_numpy(model(images))[", "all_logits["),
            (
                "        logits =",
                "        if colour == 0:\n"
                "            all_logits = ops.convert_to_numpy(model(images))\n"
                "        logits =",
            ),
        ],
        "The network only ever sees an empty canvas.": ("model(images)", "model(0 * images)"),
    },
    "the canvas starts with zeros, as uint8: level 0 is a level of every model.": {
        "The canvas is made of floats, and the network takes uint8.": (', "uint8")', ")")
    },
    "noise is (N, height, width, colours), a number for each value; draw takes it with the logits.": {
        "All colours of a pixel are decided by one number of the noise.": (
            "noise[:, row, col, colour])",
            "noise[:, row, col, 0])",
        ),
        "It takes the likeliest level each time.": (
            "sampling.draw(logits, noise[:, row, col, colour])",
            "logits.argmax(axis=-1)",
        ),
        "draw is given probabilities, but it takes logits.": (
            "sampling.draw(logits,",
            "sampling.draw(ops.convert_to_numpy(ops.softmax(logits)),",
        ),
    },
}
