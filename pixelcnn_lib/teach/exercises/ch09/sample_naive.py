"""9.2: draw a batch of pictures, by one run of the network for every value."""

import numpy as np
from keras import ops

from pixelcnn_lib import sampling
from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy
from pixelcnn_lib.teach.exercises.ch09.at_work import Oracle, repeats, sample_twice, show_picture


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


def noise_of(*shape):
    return np.random.default_rng(92).random(shape)


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


for name, says, hint, rule in [
    (
        "first value",
        "the first value of a picture is wrong",
        "the logits and the noise at row 0, column 0, colour 0 decide it, and no later step changes it.",
        lambda row, col, colour: (row == 0) & (col == 0) & (colour == 0),
    ),
    (
        "first pixel",
        "a later colour of the first pixel is wrong",
        "does the network see the colour just drawn before it is asked for the next one?",
        lambda row, col, colour: (row == 0) & (col == 0),
    ),
    (
        "first row",
        "the first pixel is right, a later one of its row is wrong",
        "which pixel comes after the first, and what is on the canvas by then?",
        lambda row, col, colour: row == 0,
    ),
    (
        "later rows",
        "the first row is right, a later one is wrong",
        "is all that is drawn, the present row too, on the canvas that the network sees?",
        lambda row, col, colour: row > 0,
    ),
]:
    exercise.agrees(
        name,
        f"{{call}}: {says}: at {{place}}, expected {{expected}}, got {{got}}.",
        hint,
        lambda model, noise, rule=rule: np.broadcast_to(
            rule(*np.indices(noise.shape[1:])), noise.shape
        ),
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


# Mistakes: the sampler as most write it, with one thing changed


def one_by_one(height, width, colours):
    return [[place] for place in np.ndindex(height, width, colours)]


def sampler(
    groups=one_by_one,
    level=sampling.draw,
    noise_at=lambda noise, here: noise[here],
    seen=lambda model, images: model(images),
    into=lambda row, col, colour: np.s_[:, row, col, [colour]],
):
    """Make a sampler that runs the network once for each group of places."""

    def sample(model, noise):
        images = np.zeros(noise.shape, "uint8")
        for group in groups(*noise.shape[1:]):
            logits = to_numpy(seen(model, images))
            for row, col, colour in group:
                here = slice(None), row, col, colour
                drawn = level(logits[here], noise_at(noise, here))
                images[into(row, col, colour)] = drawn[:, None]
        return images

    return sample


exercise.mistakes_about(
    "rows are the outermost loop, colours the innermost, and the network runs for every value.",
    {
        "It goes down each column first: a row must be finished before the next begins.": (
            sampler(lambda h, w, n: [[(r, c, k)] for c, r, k in np.ndindex(w, h, n)])
        ),
        "It draws all the reds, then all the greens: a pixel's colours come one after another.": (
            sampler(lambda h, w, n: [[(r, c, k)] for k, r, c in np.ndindex(n, h, w)])
        ),
        "Green is drawn before the network has seen the red of its pixel.": (
            sampler(lambda h, w, n: [[(*at, k) for k in range(n)] for at in np.ndindex(h, w)]),
            sampler(lambda h, w, n: [[(r, c, n - 1 - k)] for r, c, k in np.ndindex(h, w, n)]),
        ),
        "The network only ever sees an empty canvas.": sampler(lambda *size: [np.ndindex(size)]),
        "Only the first value is drawn.": sampler(lambda *size: [[(0, 0, 0)]]),
    },
)
exercise.mistakes_about(
    "noise.shape is (N, height, width, colours), and each value has its own noise.",
    {
        "The loops treat the picture as a square: one side is used for both.": (
            sampler(lambda h, w, n: one_by_one(h, h, n)),
            sampler(lambda h, w, n: one_by_one(w, w, n)),
        ),
        "Height and width are swapped where noise.shape is unpacked.": (
            sampler(lambda h, w, n: one_by_one(w, h, n))
        ),
        "Several values are decided by one number of the noise.": (
            sampler(noise_at=lambda noise, here: noise[(*here[:3], 0)]),
            sampler(noise_at=lambda noise, here: noise[:, 0, 0, 0]),
            sampler(noise_at=lambda noise, here: np.repeat(noise[here][:1], len(noise))),
        ),
    },
)
exercise.mistakes_about(
    "sampling.draw takes the logits and the noise: it does the softmax itself.",
    {
        "It takes the likeliest level each time; the noise decides nothing.": (
            sampler(level=lambda logits, noise: logits.argmax(-1))
        ),
        "sampling.draw is given probabilities, where it takes logits.": (
            sampler(level=lambda x, noise: sampling.draw(np.exp(x), noise)),
            sampler(level=lambda x, noise: sampling.draw(to_numpy(ops.softmax(x)), noise)),
        ),
    },
)
exercise.mistake(
    "Each level is written into all colours of its pixel, and replaces those drawn before.",
    "write it at its own row, column and colour: images[:, row, col, colour].",
    sampler(into=lambda row, col, colour: np.s_[:, row, col]),
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "when it was called again": sampler(noise_at=lambda noise, _: np.random.rand(len(noise))),
        "the first value of a picture": sampler(noise_at=lambda noise, here: 1 - noise[here]),
        "a later colour of the first pixel is wrong": sampler(
            seen=lambda model, images: np.repeat(model(images)[..., :1, :], 4, axis=3)
        ),
        "a later one of its row is wrong": sampler(
            seen=lambda model, images: model(images)[:, :, [0, *range(images.shape[2] - 1)]]
        ),
        "the first row is right": lambda model, noise: np.concatenate(
            [sampler()(model, noise[:, [row]]) for row in range(noise.shape[1])], axis=1
        ),
        "expected uint8, got int64": lambda *case: sampler()(*case).astype("int64"),
        "runs more than twice for each value": lambda model, noise: np.concatenate(
            [sampler()(model, one[None]) for one in noise]
        ),
        "takes one value's logits": lambda model, noise: sampling.draw(
            model(np.zeros(noise.shape, "uint8")), noise
        ),
    }
)
