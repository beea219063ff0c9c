"""9.2: draw a batch of pictures, by one run of the network for every value."""

import numpy as np
from keras import ops

from pixelcnn_lib import sampling
from pixelcnn_lib.teach.exercises import Exercise, to_numpy
from pixelcnn_lib.teach.exercises.ch09 import at_work


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
        "three colours, wide": (at_work.Oracle(3), noise_of(3, 3, 5, 3)),
        "one colour, high": (at_work.Oracle(1), noise_of(3, 4, 2, 1)),
        "one row": (at_work.Oracle(3), noise_of(1, 1, 5, 3)),
        "one column": (at_work.Oracle(3), noise_of(1, 5, 1, 3)),
        "four colours": (at_work.Oracle(4), noise_of(2, 2, 2, 4)),
        "few levels": (at_work.Oracle(2, levels=3), noise_of(2, 2, 3, 2)),
    },
    probe=at_work.sample_twice,
    shown=lambda model, noise: f"sample_naive(model, noise) with noise {noise.shape}",
    axes=("image", "row", "column", "colour"),
    after=at_work.show_picture,
    seen="Four pictures that your own sampler drew, from a model made by hand.",
)
exercise.condition(at_work.repeats)

PARTS = {  # what is said if a part of the picture is wrong, and a hint
    "the first value of a picture is wrong": "is it drawn from its own logits and noise, and kept?",
    "a later colour of the first pixel is wrong": "does the network see each colour before the next?",
    "the first pixel is right, a later one of its row is wrong": "what is on the canvas by then?",
    "the first row is right, a later one is wrong": "is all that is drawn on the canvas by then?",
}
for n, (says, hint) in enumerate(
    PARTS.items()
):  # row, column and colour are 0, then two, one, none
    exercise.agrees(
        says,
        f"{{call}}: {says}: at {{place}}, expected {{expected}}, got {{got}}.",
        hint,
        lambda model, noise, n=n: ~np.indices(noise.shape)[1 : 4 - n].any(axis=0),
        part="levels",
    )
exercise.agrees(
    "shared runs",
    "{call}: the values are right, but the network runs more than twice for each value of a picture.",
    hint="all pictures of the batch share each run: give it all of them.",
    part="shared",
)
exercise.condition(at_work.is_uint8)

# Mistakes: the sampler as most write it, with one thing changed


def by(*axes):
    """The places one by one, in the order of these axes of theirs."""
    key = lambda place: [place[axis] for axis in axes]
    return lambda *size: [[place] for place in sorted(np.ndindex(size), key=key)]


one_by_one = by(0, 1, 2)


def sampler(groups=one_by_one, level=sampling.draw, change=np.positive):
    """Make a sampler that runs the network once for each group of places, with changed noise."""

    def sample(model, noise):
        images, changed = np.zeros(noise.shape, "uint8"), change(noise) + np.zeros(noise.shape)
        for group in groups(*noise.shape[1:]):
            logits = to_numpy(model(images))
            for row, col, colour in group:
                here = np.s_[:, row, col, colour]
                images[here] = level(logits[here], changed[here])
        return images

    return sample


exercise.mistakes_about(
    "rows are the outermost loop, colours the innermost, and the network runs for every value.",
    {
        "It goes down each column first, not along each row.": sampler(by(1, 0, 2)),
        "It draws all the reds, and only then the greens.": sampler(by(2, 0, 1)),
        "Green is drawn before the network has seen the red of its pixel.": (
            sampler(lambda h, w, n: [[(*at, k) for k in range(n)] for at in np.ndindex(h, w)])
        ),
        "The network runs only once for each row.": (
            sampler(lambda h, w, n: [[(row, *at) for at in np.ndindex(w, n)] for row in range(h)])
        ),
        "The network only ever sees an empty canvas.": sampler(lambda *size: [np.ndindex(size)]),
        "Only the first value is drawn.": sampler(lambda *size: [[(0, 0, 0)]]),
        "The last row and the last column are not drawn.": sampler(
            lambda h, w, n: [[at] for at in np.ndindex(h - 1, w - 1, n)]
        ),
    },
)
exercise.mistakes_about(
    "noise is (N, height, width, colours), a number for each value; sampling.draw takes it with the logits.",
    {
        "The loops treat the picture as a square: one side is used for both.": (
            sampler(lambda h, w, n: one_by_one(h, h, n)),
            sampler(lambda h, w, n: one_by_one(w, w, n)),
        ),
        "Several values are decided by one number of the noise.": (
            sampler(change=lambda noise: noise[..., :1]),
            sampler(change=lambda noise: noise[:1]),
        ),
        "It takes the likeliest level each time.": sampler(level=lambda x, noise: x.argmax(-1)),
        "sampling.draw is given probabilities, where it takes logits.": (
            sampler(level=lambda x, noise: sampling.draw(to_numpy(ops.softmax(x)), noise))
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "called again": sampler(change=lambda noise: np.random.rand(*noise.shape)),
        "first value": sampler(change=lambda noise: 1 - noise),
        "first pixel is wrong": sampler(change=lambda x: x / np.arange(1, x.shape[3] + 1)),
        "of its row is wrong": sampler(change=lambda x: x / np.arange(1, x.shape[2] + 1)[:, None]),
        "first row is right": sampler(change=lambda x: x / np.c_[1 : x.shape[1] + 1][..., None]),
        "expected uint8, got int64": lambda *case: sampler()(*case).astype("int64"),
        "runs more than twice for each value": lambda model, noise: np.concatenate(
            [sampler()(model, one[None]) for one in noise]
        ),
        "takes one value's logits": sampler(level=lambda x, noise: sampling.draw(x[0], noise[0])),
    }
)
