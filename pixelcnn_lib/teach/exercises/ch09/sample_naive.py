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
):
    """Make a sampler that runs the network once for each group of places."""

    def sample(model, noise):
        images = np.zeros(noise.shape, "uint8")
        for group in groups(*noise.shape[1:]):
            logits = to_numpy(seen(model, images))
            for row, col, colour in group:
                here = slice(None), row, col, colour
                images[here] = level(logits[here], noise_at(noise, here))
        return images

    return sample


exercise.mistake(
    "It goes down each column first: a row must be finished before the next begins.",
    "which loop is the outermost?",
    sampler(lambda height, width, n: [[(r, c, k)] for c, r, k in np.ndindex(width, height, n)]),
)
exercise.mistake(
    "It draws all the reds, then all the greens: a pixel's colours come one after another.",
    "which loop is the innermost?",
    sampler(lambda height, width, n: [[(r, c, k)] for k, r, c in np.ndindex(n, height, width)]),
)
exercise.mistake(
    "Green is drawn before the network has seen the red of its pixel.",
    "red comes first, blue last, and the network runs again after each colour.",
    sampler(lambda *size: [[(*at, k) for k in range(size[2])] for at in np.ndindex(size[:2])]),
    sampler(lambda *size: [[(r, c, size[2] - 1 - k)] for r, c, k in np.ndindex(size)]),
)
exercise.mistake(
    "It takes the likeliest level each time; the noise decides nothing.",
    "which function of the library draws a level?",
    sampler(level=lambda logits, noise: logits.argmax(-1)),
)
for side, name in enumerate(("height", "width")):
    exercise.mistake(
        f"The loops treat the picture as a square: its {name} is used for both sides.",
        "noise.shape is (N, height, width, colours).",
        sampler(lambda *size, side=side: one_by_one(size[side], size[side], size[2])),
    )
exercise.mistake(
    "Height and width are swapped where noise.shape is unpacked.",
    "noise.shape is (N, height, width, colours).",
    sampler(lambda height, width, n: one_by_one(width, height, n)),
)
exercise.mistake(
    "Only the first value is drawn.",
    "is the return inside the loop?",
    sampler(lambda *size: one_by_one(*size)[:1]),
)
exercise.mistake(
    "The first value stays 0: red of the first pixel is drawn too.",
    "the loop starts at the first value, not at the second.",
    sampler(lambda *size: one_by_one(*size)[1:]),
)
exercise.mistake(
    "sampling.draw is given probabilities, where it takes logits.",
    "it does the softmax itself.",
    sampler(level=lambda logits, noise: sampling.draw(np.exp(logits), noise)),
    sampler(level=lambda logits, noise: sampling.draw(to_numpy(ops.softmax(logits)), noise)),
)
exercise.mistake(
    "Several values are decided by one number of the noise.",
    "each value has noise at its own row, column and colour.",
    sampler(noise_at=lambda noise, here: noise[(*here[:3], 0)]),
    sampler(noise_at=lambda noise, here: noise[:, 0, 0, 0]),
    sampler(noise_at=lambda noise, here: noise[:, here[1], 0, 0]),
)


@exercise.mistake(
    "Each level is written into all colours of its pixel, and replaces those drawn before.",
    "write it at its own row, column and colour: images[:, row, col, colour].",
)
def into_all_colours(model, noise):
    images = np.zeros(noise.shape, "uint8")
    for row, col, colour in np.ndindex(noise.shape[1:]):
        logits = to_numpy(model(images))[:, row, col, colour]
        images[:, row, col] = sampling.draw(logits, noise[:, row, col, colour])[:, None]
    return images


exercise.mistake(
    "All pictures of the batch are drawn with the first one's noise.",
    "keep the first axis: noise[:, row, col, colour].",
    sampler(noise_at=lambda noise, here: np.repeat(noise[here][:1], len(noise))),
)
exercise.mistake(
    "The network only ever sees an empty canvas.",
    "each value has to be on the canvas before the next is asked for.",
    sampler(lambda *size: [np.ndindex(size)]),
)
exercise.mistake(
    "Each value is drawn from the distribution of another colour.",
    "logits and noise are taken at the same row, column and colour.",
    sampler(seen=lambda model, images: np.roll(model(images), 1, axis=3)),
)
exercise.mistake(
    "The network runs once for each row.",
    "it must run again after every single value.",
    sampler(lambda height, *row: [[(r, *at) for at in np.ndindex(row)] for r in range(height)]),
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "when it was called again": sampler(
            level=lambda logits, u: sampling.draw(logits, np.random.rand(len(u)))
        ),
        "the first value of a picture is wrong": sampler(
            noise_at=lambda noise, here: 1 - noise[here]
        ),
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
        "takes uint8 images": sampler(seen=lambda model, images: model(images / 255)),
        "takes one value's logits": lambda model, noise: sampling.draw(
            model(np.zeros(noise.shape, "uint8")), noise
        ),
        "the library's own sampler": lambda model, noise: sampling.generate_images(
            model, len(noise), noise.shape[1:3], noise=noise, method="naive"
        ),
    }
)
