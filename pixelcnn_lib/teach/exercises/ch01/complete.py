"""1.2: keep the upper rows of pictures, and let a network draw the rest."""

import keras
import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, to_numpy
from pixelcnn_lib.teach.exercises.oracle import Oracle


def complete(model, given, rows, seed=0):
    """Keep the first rows of pictures, and draw the other rows, pixel by pixel."""
    dice = keras.random.SeedGenerator(seed)
    images = given.copy()
    for row in range(rows, 16):
        for col in range(16):
            logits = model(images)[:, row, col]  # (n, 64)
            images[:, row, col] = keras.random.categorical(logits, 1, seed=dice)
    return images


class Network(Oracle):
    """It gives one colour of 64 the probability `sure`. All earlier pixels decide which colour."""

    def __init__(self, sure):
        super().__init__(colours=1, levels=64)
        best = self.table == self.table.max(axis=1, keepdims=True)  # (97, 64)
        self.sure, self.table = sure, np.where(best, np.log(sure), np.log((1 - sure) / 63))

    def predict(self, images, **options):
        return super().predict(images)[..., 0, :].astype("float32")  # (n, 16, 16, 64)


def observed(complete, model, given, rows):
    """The completed pictures. Of a network that is not sure, the share of the likeliest colour.

    This share is rounded so that it is the same for all random draws from the right distribution.
    If all pixels of a picture get the same random number, the share in some pictures is 0.
    repeated: whether the same seed gives the same pictures; varied: whether another gives others.
    Of a sure network, all seeds give the same.
    """
    images = to_numpy(complete(model, given, rows))
    if model.sure > 0.9:
        return {"drawn": images, "repeated": True, "varied": True}
    one, again, other = (to_numpy(complete(model, given[:1], 15, seed)) for seed in (1, 1, 2))
    found = {"repeated": np.array_equal(one, again), "varied": not np.array_equal(one, other)}
    likeliest = model.predict(images).argmax(axis=-1)[..., None]  # (n, 16, 16, 1)
    share = (likeliest == images)[:, rows:].mean(axis=(1, 2, 3))  # (n,)
    return {"drawn": np.round(share.mean() if share.min() > 0.3 else share.min(), 1), **found}


def shown(model, given, rows):
    call = f"complete(model, given, {rows})"
    return call if model.sure > 0.9 else f"The share of the likeliest colours in {call}"


def noise_of(n):
    return np.random.default_rng(n).integers(0, 64, (n, 16, 16, 1), "uint8")


NOT_REPEATED = "Called again with the same seed, it draws other pictures."
NOT_VARIED = "With another seed, it draws the same pictures."
BY_THE_SEED = (
    "make the dice once, with `seed`, before the loops. Draw every colour with these dice."
)
SURE, UNSURE = Network(1 - 1e-9), Network(0.8)

exercise = Exercise(
    id="1.2",
    title="The rest of a face",
    minutes=8,
    difficulty=1,
    solution=complete,
    hints=(
        "`draw_faces` begins with pictures of zeros, at row 0. What is different here?",
        "Begin with a copy of the given pictures, and draw only in the rows below the given ones.",
        "given.copy() is the copy, and range(rows, 16) are the rows to draw. All else is as in `draw_faces`.",
    ),
    cases={
        "three pictures": (SURE, noise_of(3), 12),
        "half a picture": (SURE, noise_of(1), 8),
        "more pictures than rows": (SURE, noise_of(16), 15),
        "an unsure network": (UNSURE, noise_of(40), 14),
    },
    probe=observed,
    shown=shown,
    axes=("picture", "row", "column", "channel"),
)
exercise.agrees(
    hint="are the given rows as they were? Is each other pixel drawn from its own logits, when all "
    "pixels before it are there?",
    part="drawn",
)
exercise.agrees(NOT_REPEATED, BY_THE_SEED, part="repeated")
exercise.agrees(NOT_VARIED, BY_THE_SEED, part="varied")
exercise.mistaken = {
    "the first `rows` rows are numbered from 0 to rows - 1.": {
        "The given rows are drawn anew.": ("range(rows, 16)", "range(16)"),
        "The first row below the given ones is not drawn.": (
            "range(rows, 16)",
            "range(rows + 1, 16)",
        ),
        "The given rows are lost: the pictures begin with zeros.": (
            "given.copy()",
            "np.zeros_like(given)",
        ),
        "The first axis counts pictures, and not rows: whole pictures are kept.": (
            "images = given.copy()",
            "images = np.zeros_like(given)\n    images[:rows] = given[:rows]",
        ),
    },
    "each prediction needs all pixels before it: first the given ones, then those that are drawn.": {
        "The network draws whole pictures, and the given rows are laid over them. So the lower rows do "
        "not belong to them.": [
            ("given.copy()", "np.zeros_like(given)"),
            ("range(rows, 16)", "range(16)"),
            ("return images", "images[:, :rows] = given[:, :rows]\n    return images"),
        ],
        "All pixels are drawn from one run of the network.": [
            ("    for row in", "    all_logits = model(images)\n    for row in"),
            ("model(images)[:, row", "all_logits[:, row"),
        ],
    },
    "`keras.random.categorical` draws a colour with the probabilities that the logits give.": {
        "It takes the likeliest colour each time.": (
            "keras.random.categorical(logits, 1, seed=dice)",
            "keras.ops.argmax(logits, axis=-1, keepdims=True)",
        ),
        "Each draw begins anew with the seed, so every pixel gets the same random number.": (
            "seed=dice",
            "seed=seed",
        ),
    },
    BY_THE_SEED: {
        NOT_REPEATED: (", seed=dice", ""),
        NOT_VARIED: ("SeedGenerator(seed)", "SeedGenerator(0)"),
    },
}
