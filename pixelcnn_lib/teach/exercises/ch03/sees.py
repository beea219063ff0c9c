"""3.2: the leak detective, which changes one value after another and sees which predictions change."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong


def sees(model, image):
    """Find which predictions of a model change when one value of an image is changed.

    model: uint8 images (N, H, W, colours) -> logits (N, H, W, colours, levels). image: uint8
    (H, W, colours). Returns bool (targets, sources), the values numbered in their order.
    """
    before = np.asarray(model(image[None]))  # (1, H, W, colours, levels)
    seen = np.zeros((image.size, image.size), bool)
    for source in range(image.size):
        changed = image.copy()
        changed.flat[source] = 255 - changed.flat[source]  # never the same level
        after = np.asarray(model(changed[None]))  # (1, H, W, colours, levels)
        seen[:, source] = (np.abs(after - before) > 1e-4).any(-1).ravel()
    return seen


class Toy:
    """A model whose targets see the sources that they are told to, and whose logits are rounded.

    sees: bool (targets, sources). A source moves one logit of a target, or two of them in opposite
    directions; the likeliest level changes now and then.
    """

    def __init__(self, shape, sees, opposite=False, levels=4):
        count = int(np.prod(shape))
        self.shape, self.sees, self.calls = shape, np.broadcast_to(sees, (count, count)), 0
        strength = self.sees * np.random.default_rng(0).uniform(0.5, 1, (count, count))
        moved = np.add.outer(np.arange(count), np.arange(count)) % levels
        self.weights = -strength[..., None] * (moved[..., None] == np.arange(levels))
        if opposite:
            self.weights -= np.roll(self.weights, 1, axis=-1)
        self.start = np.linspace(10, 11, levels)

    def __call__(self, images):
        images = np.asarray(images)
        if images.shape[1:] != self.shape:
            message = (
                f"The model takes images (N, {str(self.shape)[1:]}. It was given {images.shape}."
            )
            raise Wrong(message, "image[None] is a batch of one image.")
        if images.min() < 0 or images.max() > 255:
            message = f"The model was given levels from {images.min()} to {images.max()}."
            raise Wrong(
                message, "a level is at least 0 and at most 255: which other level is safe?"
            )
        self.calls += 1
        x = images.reshape(len(images), -1) / 60  # (N, sources)
        rounding = np.random.default_rng(self.calls).uniform(
            -5e-6, 5e-6, (len(x), *self.start.shape)
        )
        logits = self.start + np.einsum("ns,tsl->ntl", x, self.weights) + rounding[:, None]
        return logits.reshape(*images.shape, -1)  # (N, H, W, colours, levels)


def past(count):
    return np.tri(count, k=-1, dtype=bool)


def some(count):
    """Some of all pairs: past, future and the values themselves."""
    return np.random.default_rng(1).random((count, count)) < 0.4


def picture(*shape):
    """An image with levels at both ends of the range."""
    image = np.random.default_rng(2).integers(0, 256, shape)
    image.flat[:6] = [0, 255, 0, 128, 200, 1]
    return image.astype("uint8")


def show_leaks(sees):
    """How many leaks are found in two layers, A and B, with each of the nine masks of `bugs`."""
    import keras
    from keras import ops

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
    return figures.show_bars(found, leaky, "leaks that your detective has found", digits=0)


exercise = Exercise(
    id="3.2",
    title="The leak detective",
    minutes=15,
    difficulty=2,
    solution=sees,
    shown=lambda model, image: f"sees on an image {image.shape}",
    hints=(
        "You know the predictions for the image. For which other images do you need them?",
        "For each source one image, a copy in which only this value has another level. The "
        "predictions that differ from those of the image fill one column.",
        "changed.flat[source] counts the values of an array in their order. np.abs(after - before) "
        "> 1e-4 still has an axis of levels: .any(-1) reduces it.",
    ),
    cases={
        "honest": (Toy((2, 2, 3), past(12)), picture(2, 2, 3)),
        "leaks, moves in opposite directions": (Toy((1, 4, 3), some(12), True), picture(1, 4, 3)),
        "grey": (Toy((3, 2, 1), some(6), levels=3), picture(3, 2, 1)),
        "four colours": (Toy((2, 1, 4), some(8), True, levels=5), picture(2, 1, 4)),
        "blind": (Toy((2, 3, 1), False), picture(2, 3, 1)),
    },
    axes=("target", "source"),
    after=show_leaks,
    seen="Two layers with each of nine wrong masks: the leaks that your detective has found.",
)
exercise.agrees(
    "seen",
    "{call}: {place} should be True, but it is {got}: this prediction changes with this value.",
    hint="is the value really changed, is every level compared, and is the limit 1e-4?",
    where=lambda model, image: model.sees,
)
exercise.agrees(
    "not seen",
    "{call}: {place} should be False, but it is {got}: this prediction does not depend on this value.",
    hint="is only one value changed at a time? And are differences below 1e-4 left out?",
    where=lambda model, image: ~model.sees,
)


# Mistakes, each as a reader writes it


def changed(image):
    """One copy of an image (H, W, colours) per value, with that value changed: (sources, H, W, …)."""
    copies = np.repeat(image[None], image.size, axis=0).reshape(image.size, -1)
    np.fill_diagonal(copies, 255 - image)
    return copies.reshape(-1, *image.shape)


def logits(model, images):
    """The model's logits, its values in one row: (N, targets, levels)."""
    return model(images).reshape(len(images), images[0].size, -1)


def moves(model, image, images):
    """By how much each image moves the logits: (N, targets, levels)."""
    return np.abs(logits(model, images) - logits(model, image[None]))


def right(model, image):
    """All is right: for mistakes that are made afterwards."""
    return (moves(model, image, changed(image)) > 1e-4).any(-1).T


exercise.mistake(
    "Targets and sources are swapped: each row holds what one source changes.",
    "the result is (targets, sources): one source fills one column.",
)(lambda model, image: (moves(model, image, changed(image)) > 1e-4).any(-1))


@exercise.mistake(
    "Earlier changes are kept: each image differs from the first in more than one value.",
    hint="begin with a fresh copy of the image for each source.",
)
def changes_kept(model, image):
    later = np.tril(np.ones((image.size, image.size), bool)).reshape(-1, *image.shape)
    return (moves(model, image, np.where(later, 255 - image, image)) > 1e-4).any(-1).T


exercise.mistake(
    "Every difference counts, however small: rounding is taken for a change.",
    "floats are rounded; from which size on does a difference count?",
)(lambda model, image: (moves(model, image, changed(image)) > 0).any(-1).T)


@exercise.mistake(
    "The value is set to 0. That changes nothing where it was 0 already.",
    hint="which level is certainly another one than x?",
)
def set_to_zero(model, image):
    nulled = np.where(changed(image) == image, image, 0)
    return (moves(model, image, nulled) > 1e-4).any(-1).T


@exercise.mistake(
    "Only the most likely level is compared.",
    hint="a prediction is a whole distribution: compare the logits of all levels.",
)
def likeliest(model, image):
    before, after = logits(model, image[None]), logits(model, changed(image))
    return (before.argmax(-1) != after.argmax(-1)).T


exercise.mistake(
    "Every entry is False: no change is found anywhere.",
    "is the model given the changed image? And what counts as a change: any level, above 1e-4.",
)(lambda model, image: np.zeros((image.size, image.size), bool))


@exercise.mistake(
    "The changes are added up over the levels, where they can cancel.",
    hint="it counts if any level changes.",
)
def summed(model, image):
    after = logits(model, changed(image)).sum(-1)
    return (np.abs(after - logits(model, image[None]).sum(-1)) > 1e-4).T


one_way = exercise.mistake(
    "Only increases count, or only decreases.", hint="take the absolute value of the difference."
)


@one_way
def only_increases(model, image):
    return ((logits(model, changed(image)) - logits(model, image[None])) > 1e-4).any(-1).T


@one_way
def only_decreases(model, image):
    return ((logits(model, image[None]) - logits(model, changed(image))) > 1e-4).any(-1).T


exercise.mistake(
    "Only the logit of level 0 is compared.", "a prediction has one logit for each level."
)(lambda model, image: (moves(model, image, changed(image))[..., 0] > 1e-4).T)
exercise.mistake(
    "The result is the wrong way round: True where a prediction stays the same.",
    "True marks a prediction that changes.",
)(lambda model, image: (moves(model, image, changed(image)) < 1e-4).all(-1).T)


@exercise.mistake(
    "The sources are numbered colour by colour, not pixel by pixel.",
    hint="row, column, colour: the colour changes fastest.",
)
def planes(model, image):
    order = np.arange(image.size).reshape(image.shape).transpose(2, 0, 1).ravel()
    return (moves(model, image, changed(image)[order]) > 1e-4).any(-1).T


@exercise.mistake(
    "All colours of a pixel are changed at once.",
    hint="a source is one value: one row, one column, one colour.",
)
def whole_pixels(model, image):
    pixels = np.arange(image.size).reshape(-1, 1) // image.shape[-1] == (
        np.arange(image.size) // image.shape[-1]
    )
    images = np.where(pixels.reshape(-1, *image.shape), 255 - image, image)
    return (moves(model, image, images) > 1e-4).any(-1).T


exercise.mistake(
    "Nothing is marked on the diagonal and above it, where leaks would be.",
    "mark what you find: a wrong model may see its future.",
)(lambda model, image: np.tril((moves(model, image, changed(image)) > 1e-4).any(-1).T, -1))


exercise.mistake(
    "The diagonal is always False.", "a model may be wrong, and let a value see itself: mark it."
)(lambda model, image: right(model, image) & ~np.eye(image.size, dtype=bool))
exercise.mistake(
    "The diagonal is always True.", "does each prediction change with its own value? Look."
)(lambda model, image: right(model, image) | np.eye(image.size, dtype=bool))


@exercise.mistake(
    "Probabilities are compared: where a level is unlikely, its change is below 1e-4.",
    hint="compare the logits, as they are.",
)
def after_a_softmax(model, image):
    before, after = np.exp(logits(model, image[None])), np.exp(logits(model, changed(image)))
    return (
        (
            np.abs(after / after.sum(-1, keepdims=True) - before / before.sum(-1, keepdims=True))
            > 1e-4
        )
        .any(-1)
        .T
    )


# Mistakes that a condition describes well enough


exercise.caught("is every level compared, and is the limit 1e-4?")(
    lambda model, image: (moves(model, image, changed(image))[..., :-1] > 1e-4).any(-1).T
)


@exercise.caught("was given levels from 0 to 256")
def above_255(model, image):
    image = image.astype("int64")
    return moves(model, image, np.where(changed(image) == image, image, image + 1))


exercise.caught("The model takes images (N, 2, 2, 3). It was given (2, 2, 3)")(
    lambda model, image: model(image)
)


@exercise.caught("changed its argument number 2")
def in_place(model, image):
    seen = (moves(model, image, changed(image)) > 1e-4).any(-1).T
    image[0, 0, 0] = 255 - image[0, 0, 0]
    return seen
