"""What the checks of 8.1 and 8.2 let an answer train and score."""

import functools

import keras
import numpy as np

from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead
from pixelcnn_lib.teach.exercises import Wrong, apart, briefly, to_numpy
from pixelcnn_lib.teach.exercises.ch07.prices import log_softmax, pick


@functools.cache
def small_runs():
    """Small models, each with a function that makes its optimiser, and the images of two steps."""
    sgd, adam = keras.optimizers.SGD, keras.optimizers.Adam
    cases, rng = {}, np.random.default_rng(8)
    for name, optimizer, colours, head in [
        ("plain steps", lambda: sgd(0.5), 3, LogisticMixtureHead(2)),
        ("steps with a memory", lambda: adam(0.02, epsilon=1e-3), 1, LogisticMixtureHead(3)),
        ("a frozen layer", lambda: sgd(0.2, momentum=0.9), 2, CategoricalHead),
    ]:
        keras.utils.set_random_seed(colours)
        model = PixelCNN(2, 1, 2, levels=8, colours=colours, head=head)
        model.first.trainable = name != "a frozen layer"
        model.start = model.get_weights()
        images = rng.integers(8, size=(2, 3, 2, 5, colours)).astype("uint8")
        cases[name] = model, optimizer, images
    return cases


def two_steps(train_step, model, optimizer, images):
    """What two steps return, and how far each weight is from its start after either, in percent."""
    model.set_weights(model.start)
    optimizer, returned, moved = optimizer(), [], []
    optimizer.build(model.trainable_variables)  # under tf.function nothing may be built later
    for batch in images[0], images[1, :2]:
        loss = train_step(model, optimizer, batch)
        if loss is None or loss is ...:
            return loss
        several = isinstance(loss, (tuple, list, dict))
        found = np.empty(2) if several else to_numpy(loss)
        if found.shape or found.dtype.kind not in "biuf":
            hint = "the loss is a mean over all values: one number."
            raise Wrong(f"train_step returned {briefly(loss)}; expected one number.", hint)
        returned.append(found)
        pairs = zip(model.get_weights(), model.start)
        moved.append(np.concatenate([np.ravel(after - before) for after, before in pairs]))
    steps = np.array(int(optimizer.iterations))
    return {"steps": steps, "loss": np.array(returned, "float64"), "weights": 100 * np.array(moved)}


def weights(answer):
    """Fail an answer whose steps do not move each weight as far as the solution's do."""
    for case in answer.exercise.inputs:
        pair = [one["weights"] for one in (answer.exercise.expected(*case), answer(*case))]
        wrong = answer.exercise.differ(*pair).any(axis=1)
        if wrong.any():
            step = int(wrong.argmax())
            expected, got = pair[0][step], pair[1][step]
            lengths = [np.linalg.norm(one) / 100 for one in (expected, got)]
            right, mine = apart(*lengths)
            should = np.abs(expected) > answer.exercise.tolerance
            still = int((should & (got == 0)).sum())
            hint = "the direction differs, too: which gradient and which optimiser move them?"
            if still:
                hint = f"{still} of the {int(should.sum())} weights that should move do not."
            elif expected @ got > 0.999e4 * np.prod(lengths):
                hint = "the direction is right. How long is a step, and how many are there?"
            return Wrong(
                f"{answer.exercise.call(case)}: after the {('first', 'second')[step]} the weights "
                f"have moved by {mine} in all; expected {right}.",
                hint,
            )


def described_run(model, optimizer, images):
    made = optimizer()
    rate = float(made.learning_rate)
    return f"Two steps of {type(made).__name__}({rate:.3g}), {images.shape[-1]} colour{(images.shape[-1] > 1) * 's'}"


class Array(np.ndarray):
    """An array with the method `numpy` of a tensor."""

    def numpy(self):
        return np.asarray(self)


class Histogram:
    """A model that knows only a histogram, and takes no more than so many images at a time."""

    levels = 256

    def __init__(self, colours, at_once):
        rng = np.random.default_rng(colours)
        logits = rng.normal(0, 2, (colours, 256)).cumsum(1) / 8
        self.log_p = log_softmax(logits).astype("float32")  # (colours, 256)
        self.colours, self.at_once = colours, at_once

    def __call__(self, images, training=False):
        images = np.asarray(images)
        if len(images) > self.at_once:
            says = f"The model got {len(images)} images at once, but batch_size is {self.at_once}."
            raise Wrong(says, "take slices of the array: images[0:4], images[4:8], and so on.")
        if images.dtype != np.uint8 or images.ndim != 4:
            got = f"{images.dtype} {images.shape}"
            raise ValueError(f"the model takes uint8 images (N, H, W, colours), got {got}")
        return np.broadcast_to(self.log_p, (*images.shape, 256)).view(Array)

    def check_images(self, images):
        says = "This calls the library's scoring.score."
        raise Wrong(says, "write it yourself, with model.log_prob.")

    def log_prob(self, images):
        return pick(np.asarray(images), self(images)).view(Array)

    def predict(self, images, batch_size=32, verbose=0):
        return np.concatenate([self(batch) for batch in batches(images, batch_size)])


def growing(n, height, width, colours):
    """Images that grow brighter, so that the last batch is unlike the first."""
    rng = np.random.default_rng(n)
    bright = np.linspace(0, 200, n)[:, None, None, None]
    return (bright + rng.integers(50, size=(n, height, width, colours))).astype("uint8")


def batches(images, batch_size):
    return [images[i : i + batch_size] for i in range(0, len(images), batch_size)]
