"""2.2: the leak detective: change one pixel after another, and see which predictions change."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise


def sees(model, image):
    """Find which predictions of a model change when one pixel of an image is changed."""
    before = np.asarray(model(image[None])).reshape(image.size, -1)  # (targets, logits)
    seen = np.zeros((image.size, image.size), bool)
    for source in range(image.size):
        changed = image.copy()
        changed.flat[source] ^= 32  # another number
        after = np.asarray(model(changed[None])).reshape(image.size, -1)  # (targets, logits)
        seen[:, source] = (np.abs(after - before) > 1e-4).any(axis=1)
    return seen


def picture(*shape):
    """An image with numbers at both ends of the range, and in its middle."""
    return np.resize([0, 63, 7, 32, 50, 1, 25, 31, 0, 62, 10, 16], shape).astype("uint8")


def toy(size, seen, moves, start=0, dark=0):
    """A model whose targets see the sources that they are told to, and an image for it.

    size: (H, W) of the image.
    seen: bool (targets, sources).
    moves: by how much logits of a target move if the number of a source rises by 32.
    start: int, the first of the 64 logits that move; the others stay.
    dark: int, the largest number that counts as 0, so that the image decides which sources matter.
    """
    shape = (*size, 1)
    strength = np.random.default_rng(0).uniform(0.5, 1, seen.shape)
    places = (0,) * start, moves, (0,) * (64 - start - len(moves))
    weights = (seen * strength)[:, :, None] * np.concatenate(places) / 32  # (targets, sources, 64)

    def model(images):
        images = np.asarray(images)
        if images.shape[1:] != shape:
            raise ValueError(f"the model takes images {('N', *shape)}, got {images.shape}")
        if images.min() < 0 or images.max() > 63:
            found = images.max() if images.max() > 63 else images.min()
            raise ValueError(f"the model takes numbers from 0 to 63, got {found}")
        x = np.maximum(images.reshape(len(images), -1).astype(float) - dark, 0)  # (N, sources)
        rounding = 3e-5 * np.sin(x.sum(axis=1))[:, None, None]  # differences below 1e-4
        logits = np.einsum("ns,tsl->ntl", x, weights) + rounding + np.arange(64)
        return ops.convert_to_tensor(logits.reshape(*images.shape[:3], -1), "float32")

    return model, picture(*shape)


def some(count):
    """Some of all pairs: past, future and the pixels themselves."""
    return np.random.default_rng(1).random((count, count)) < 0.4


def show_leaks(sees):
    """Draw how many leaks a detective finds in two layers, with and without masks."""
    from pixelcnn_lib.layers import MaskedConv2D
    from pixelcnn_lib.teach import figures

    found = {}
    for name, types in {"A, then B": "AB", "B, then B": "BB", "no masks": ".."}.items():
        keras.utils.set_random_seed(0)
        masked = [MaskedConv2D(64, 3, type, colours=1) for type in types if type in "AB"]
        pair = masked or [keras.layers.Conv2D(64, 3, padding="same") for _ in types]

        def model(images, pair=pair):
            y = ops.convert_to_tensor(images, "float32")  # (N, 4, 5, 1)
            for layer in pair:
                y = layer(y)  # (N, 4, 5, 64)
            return y

        seen = np.asarray(sees(model, picture(4, 5, 1)))
        found[name] = int(np.triu(seen).sum())
    leaky = [name for name, leaks in found.items() if leaks]
    return figures.show_bars(found, leaky, "leaks found by your detective", digits=0)


exercise = Exercise(
    id="2.2",
    title="The leak detective",
    minutes=12,
    difficulty=2,
    solution=sees,
    shown=lambda model, image: f"sees on an image {image.shape}",
    hints=(
        "You have the predictions for the image itself. For which other images do you need them?",
        "For each source you need one image: a copy in which only this pixel is different. Compare "
        "its predictions with those for the image itself. They fill one column of the result.",
        "changed.flat[source] is the pixel with that number. .reshape(image.size, -1) gives one row "
        "of logits for each target. np.abs(after - before) > 1e-4 still has an axis of logits: "
        ".any(axis=1) reduces it.",
    ),
    cases={
        "leaks": toy((2, 6), some(12), moves=(-0.5,), start=30),
        "one column": toy((6, 1), some(6), moves=(0.5,), start=63),
        "two logits move in opposite directions": toy((2, 4), some(8), moves=(0.5, -0.5), start=20),
        "small change of a logit near 0": toy((4, 3), some(12), moves=(6e-4,)),
        "small change of a logit near 60": toy((4, 3), some(12), moves=(6e-4,), start=60),
        "small changes of all logits": toy((3, 3), some(9), moves=(6e-4,) * 64),
        "dark numbers count as 0": toy((3, 4), some(12), moves=(0.5,), dark=40),
    },
    axes=("target", "source"),
    after=show_leaks,
    seen="The leaks that your detective finds in two layers, with and without masks.",
)
exercise.agrees(
    hint="for this source, which pixel do you change, and to which number? For this target, which "
    "logits do you compare?"
)
exercise.mistaken = {
    "for each source, change this one pixel (v ^ 32) in a new copy, and pass the copy to the model.": {
        "The changes add up.": [
            ("        changed = image.copy()\n", ""),
            ("    for source", "    changed = image.copy()\n    for source"),
        ],
        "A pixel is changed to 0, so a pixel that is 0 already does not change.": ("^= 32", "= 0"),
        "A pixel of 32 or more becomes larger than 63, which is no number of a colour.": (
            "^= 32",
            "+= 32",
        ),
    },
    "a prediction changes if at least one of its logits rises or falls by more than 0.0001.": {
        "Only logits that rise count.": ("np.abs(after - before)", "(after - before)"),
        "All logits have to change.": (".any(axis=1)", ".all(axis=1)"),
        "Only the first logit is compared.": (".any(axis=1)", "[:, 0]"),
        "No prediction counts as changed, although logits have changed.": (
            "(np.abs(after - before) > 1e-4).any(axis=1)",
            "after.argmax(axis=1) != before.argmax(axis=1)",
        ),
        "Differences that rounding makes count too.": ("> 1e-4", "> 0"),
        "The tolerance grows with the logit, so small changes of large logits are lost.": (
            "(np.abs(after - before) > 1e-4).any(axis=1)",
            "~np.isclose(after, before, atol=1e-4).all(axis=1)",
        ),
    },
    "a row of the result belongs to a target, a column to a source.": {
        "Targets and sources are swapped.": ("seen[:, source]", "seen[source]"),
        "Every target is marked as soon as one of them changes.": (".any(axis=1)", ".any()"),
    },
}
