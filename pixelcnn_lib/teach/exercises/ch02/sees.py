"""2.3: the leak detective: change one value after another, and see which predictions change."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise


def sees(model, image):
    """Find which predictions of a model change when one value of an image is changed.

    model: uint8 images (N, H, W, colours) -> logits (N, H, W, colours, levels).
    image: uint8 (H, W, colours).
    Returns bool (targets, sources), the values numbered in their order.
    """
    before = np.asarray(model(image[None]))  # (1, H, W, colours, levels)
    seen = np.zeros((image.size, image.size), bool)
    for source in range(image.size):
        changed = image.copy()
        changed.flat[source] ^= 128  # 128 levels up or down
        after = np.asarray(model(changed[None]))  # (1, H, W, colours, levels)
        seen[:, source] = (np.abs(after - before) > 1e-4).any(-1).ravel()
    return seen


def picture(*shape):
    """An image with levels at both ends of the range, and in its middle."""
    return np.resize([0, 255, 7, 128, 200, 1, 100, 127, 0, 254, 10, 64], shape).astype("uint8")


def toy(shape, seen, moves):
    """A model whose targets see the sources that they are told to, and an image for it.

    seen: bool (targets, sources).
    moves: by how much each logit of a target moves if a source rises by 128 levels.
    """
    seen = np.broadcast_to(seen, (np.prod(shape), np.prod(shape)))
    strength = np.random.default_rng(0).uniform(0.5, 1, seen.shape)
    weights = (seen * strength)[:, :, None] * moves / 128  # (targets, sources, levels)

    def model(images):
        images = np.asarray(images)
        if images.shape[1:] != shape:
            raise ValueError(f"the model takes images {('N', *shape)}, got {images.shape}")
        x = images.reshape(len(images), -1).astype(float)  # (N, sources)
        rounding = 3e-5 * np.sin(x.sum(axis=1))[:, None, None]  # differences below 1e-4
        logits = np.einsum("ns,tsl->ntl", x, weights) + rounding + np.arange(len(moves))
        return ops.convert_to_tensor(logits.reshape(*images.shape, -1), "float32")

    return model, picture(*shape)


def past(count):
    return np.tri(count, k=-1, dtype=bool)


def some(count):
    """Some of all pairs: past, future and the values themselves."""
    return np.random.default_rng(1).random((count, count)) < 0.4


def show_leaks(sees):
    """Draw how many leaks a detective finds in two layers, A and B, with each mask of `bugs`."""
    from pixelcnn_lib.layers import MaskedConv2D
    from pixelcnn_lib.teach import bugs, figures

    found, image = {}, picture(3, 4, 3)
    for number, bug in enumerate(bugs.BUGS, 1):
        keras.utils.set_random_seed(0)
        pair = [MaskedConv2D(12, 3, "A"), MaskedConv2D(12, 3, "B")]
        for layer, features in zip(pair, (3, 12)):
            layer.build((None, 3, 4, features))
            bugs.spoil(layer, bug)

        def model(images, pair=pair):
            y = ops.convert_to_tensor(images, "float32") / 255  # (N, 3, 4, 3)
            for layer in pair:
                y = layer(y)  # (N, 3, 4, 12)
            return ops.reshape(y, (*images.shape, 4))

        found[f"mask {number}"] = int(np.triu(np.asarray(sees(model, image))).sum())
    leaky = [name for name, leaks in found.items() if leaks]
    return figures.show_bars(found, leaky, "leaks found by your detective", digits=0)


exercise = Exercise(
    id="2.3",
    title="The leak detective",
    minutes=15,
    difficulty=2,
    solution=sees,
    shown=lambda model, image: f"sees on an image {image.shape}",
    hints=(
        "You have the predictions for the image itself. For which other images do you need them?",
        "For each source you need one image: a copy in which only this value is different. Compare "
        "its predictions with those for the image itself. They fill one column of the result.",
        "changed.flat[source] is the value with that number. np.abs(after - before) > 1e-4 still has "
        "an axis of levels: .any(-1) reduces it. .ravel() puts the targets in their order.",
    ),
    cases={
        "no leaks": toy((2, 2, 3), past(12), moves=(0.5, 0, 0)),
        "leaks": toy((1, 4, 3), some(12), moves=(0, -0.5, 0)),
        "one column": toy((3, 1, 2), some(6), moves=(0, 0, 0.5)),
        "two logits move in opposite directions": toy((2, 1, 4), some(8), moves=(0.5, -0.5)),
        "all logits move alike": toy((3, 2, 1), some(6), moves=(0.5, 0.5)),
        "small changes": toy((2, 3, 2), some(12), moves=(6e-4, 0, 0)),
        "blind": toy((2, 3, 1), False, moves=(0.5, 0)),
    },
    axes=("target", "source"),
    after=show_leaks,
    seen="The leaks that your detective finds in two layers, with each of nine wrong masks.",
)
exercise.agrees(
    hint="for this source, which value do you change, and to which level? For this target, which "
    "logits do you compare?",
)
exercise.mistaken(
    "for each source, change this one value (v ^ 128) in a new copy, and pass the copy to the model.",
    {
        "The changes add up.": [
            ("        changed = image.copy()\n", ""),
            ("    for source", "    changed = image.copy()\n    for source"),
        ],
        "A value is changed to 0, so a value that is 0 already does not change.": ("^= 128", "= 0"),
        "A value is changed to 255, so a value that is 255 already does not change.": (
            "^= 128",
            "= 255",
        ),
        "Only source 0 is tested: is the return inside the loop?": (
            "    return seen",
            "        return seen",
        ),
    },
)
exercise.mistaken(
    "a prediction changes if at least one of its logits rises or falls by more than 0.0001.",
    {
        "Only logits that rise count.": ("np.abs(after - before)", "(after - before)"),
        "All logits have to change.": (".any(-1)", ".all(-1)"),
        "Differences that rounding makes count too.": ("> 1e-4", "> 0"),
    },
)
exercise.mistaken(
    "a row of the result belongs to a target, a column to a source.",
    {"Targets and sources are swapped.": ("seen[:, source]", "seen[source]")},
)
