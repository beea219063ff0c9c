"""Long training runs. A run's folder holds everything needed to inspect the run or to resume it:

config.json, images.npz   model, settings and versions of packages; images and labels
log.csv                   the losses of each epoch
samples/                  drawn images, from the same noise each time
checkpoints/              the last checkpoint: weights, averages, optimiser and log
best.npz                  the averaged weights of the best epoch
lock                      held by the operating system while the run goes on

A run begins only in a new or empty folder. Each file is replaced as a whole, so after a kill the
run can be resumed from its last checkpoint. On a CPU it then ends with the same bits as if it had
never been stopped, if the number of threads is the same.
"""

import random
import time
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np

from pixelcnn_lib import runs
from pixelcnn_lib.arguments import whole_number
from pixelcnn_lib.batches import stream_batches
from pixelcnn_lib.folders import check_free, locked, reading
from pixelcnn_lib.heads import CategoricalHead
from pixelcnn_lib.keeper import Keeper, copy_averages
from pixelcnn_lib.losses import bits_per_dim
from pixelcnn_lib.model import gpus
from pixelcnn_lib.runs import read_log
from pixelcnn_lib.scoring import as_batch, score

PROBE = 10  # steps that are measured to plan a run

__all__ = ["read_log", "resume", "train", "trained"]


def train(
    model,
    images,
    run,
    valid=None,
    epochs=10,
    steps_per_epoch=100,
    batch_size=16,
    size=None,
    augment=False,
    learning_rate=2e-3,
    seed=0,
    verbose="auto",
    callbacks=(),
    labels=None,
    valid_labels=None,
    minutes=None,
):
    """Train a model with Adam, a learning rate that falls to zero, and averaged weights.

    If the bias of a categorical head is still zero, it is first set to the images' histogram.

    model: a model of the family; at the end it has the averaged weights.
    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours), to learn from.
    run: str or Path, the run's folder: new, or empty.
    valid: images, of the form of `images`, that choose the best epoch; None takes the last epoch.
        All of them are scored after each epoch.
    epochs: int, how many epochs; each ends with a checkpoint.
    steps_per_epoch: int, how many steps an epoch has; each step uses one batch.
    batch_size: int, how many images a batch has.
    size: int, the side in pixels of the square crops that are trained on; None takes whole images.
    augment: bool, whether to vary the crops, see batches.augmented.
    learning_rate: float, the rate of the first step; it falls to zero along a cosine.
    seed: int from 0 to 2**32 - 1, for the batches and the samples.
    verbose: as in keras.Model.fit.
    callbacks: list of Keras callbacks that observe the training.
    labels: int (N,), the class of each of `images`, for a model with classes.
    valid_labels: int (N,), the class of each of `valid`.
    minutes: float, how long the run may take; it replaces steps_per_epoch, see steps_within.
    Returns the log, see runs.read_log.
    Raises ValueError for arguments that do not fit, before it writes any file; OSError if a file
    cannot be written.
    """
    run = Path(run)
    settings = runs.checked_settings(
        epochs, steps_per_epoch, batch_size, size, augment, learning_rate, seed
    )
    if valid is None and valid_labels is not None:
        raise ValueError("valid_labels need images: give valid too, or leave them out.")
    labels = check_data("images", model, images, labels, size, augment)
    valid_labels = (
        None if valid is None else check_data("valid", model, valid, valid_labels, size=1)
    )
    valid = () if valid is None else valid
    config = runs.describe(model, batch_shape(images, size), settings)
    if minutes is not None:
        check_free(run)
        steps = steps_within(minutes, model, images, valid, labels, valid_labels, config)
        settings["steps_per_epoch"] = steps
        if verbose:
            print(f"{minutes:g} min: {epochs} epochs of {steps} steps each.")
    with locked(run, new=True):
        runs.save_images(run, images, valid, labels, valid_labels)
        if isinstance(model.head, CategoricalHead) and not np.any(model.head.conv.bias):
            model.head.start_at_histogram(images)
        return train_to_end(run, model, config, verbose, callbacks)


def resume(run, epochs=None, verbose="auto", callbacks=()):
    """Resume a run that was stopped, from its last checkpoint; or train it for longer.

    On a CPU the result is the same, bit for bit, as if the run had never been stopped, if the
    number of threads is the same.

    run: str or Path, the run's folder.
    epochs: int, the run's new total number of epochs; None keeps the number in its settings.
        If there are more, the learning rate follows the cosine of the longer run from here on, and
        training starts from the averaged weights. The log's column "epochs" shows where this was.
    verbose, callbacks: as in train.
    Returns the model, with the averaged weights of the last epoch.
    Raises ValueError and OSError as train does.
    """
    run = Path(run)
    with locked(run):
        model, config = runs.described(run)
        settings = config["settings"]
        if epochs is not None:
            epochs = whole_number("epochs", epochs, settings["epochs"], runs.MOST)
        if epochs not in (None, settings["epochs"]):
            config["settings"] = runs.checked_settings(**{**settings, "epochs": epochs})
            runs.save_config(run, config)
        train_to_end(run, model, config, verbose, callbacks)
    return model


def trained(run, dtype=None):
    """Return a run's model with the averaged weights of its best epoch, even while the run goes on.

    run: str or Path, the run's folder.
    dtype: str, the model's dtype, such as "float32"; None keeps the dtype of the run.
    Returns a model of the family.
    Raises ValueError if the folder holds no run, if the run has not finished an epoch, or if its
    best.npz cannot be used.
    """
    model, _ = runs.described(run, dtype)
    runs.read_weights(run, model)
    return model


def train_to_end(run, model, config, verbose, callbacks):
    """Train a run from its last checkpoint to its end; `model` gets the averaged weights."""
    settings = config["settings"]
    epochs, steps = settings["epochs"], settings["steps_per_epoch"]
    images, valid, labels, valid_labels = runs.read_images(run)
    with reading(run / "images.npz"):
        check_data("images", model, images, labels, settings["size"], settings["augment"])
        if (shape := batch_shape(images, settings["size"])) != config["shape"]:
            raise ValueError(f"config.json says images of {config['shape']}, these are of {shape}.")
        if len(valid):
            check_data("valid", model, valid, valid_labels, size=1)
    with seeded(settings["seed"]), repeatable():
        learner = compiled(model, settings)
        if not (run / "config.json").exists():  # the beginning is a checkpoint too
            learner.set_weights(model.get_weights())
            runs.save_checkpoint(run, learner, [])
            runs.save_config(run, config)
        log = runs.read_checkpoint(run, learner)
        if log and log[-1]["epochs"] != epochs:
            copy_averages(learner, learner)
            if verbose:
                print(f"Epochs {len(log) + 1} to {epochs} begin at the averaged weights.")
        keeper = Keeper(run, model, valid, valid_labels, config, log, verbose)
        learner.fit(
            stream_batches(images, settings, first=len(log) * steps, labels=labels),
            initial_epoch=len(log),
            epochs=epochs,
            steps_per_epoch=steps,
            shuffle=False,
            callbacks=[keeper, *callbacks],
            verbose=verbose,
        )
        copy_averages(learner, model)
    return log


def compiled(model, settings):
    """Return a model of the same configuration, with other weights, that is ready to be trained."""
    learner = type(model).from_config(model.get_config(), dtype=model.dtype_policy.name)
    learner.compile(optimizer(settings), loss=bits_per_dim)
    learner.optimizer.build(learner.trainable_variables)
    return learner


def steps_within(minutes, model, images, valid, labels, valid_labels, config):
    """Measure the first steps of a training, and how long the end of an epoch takes.

    minutes: float, how long all may take, with this measurement.
    model, images, labels, valid_labels: as in train.
    valid: images that choose the best epoch, or ().
    config: dict, see runs.read_config.
    Returns int, how many steps each epoch can have. Raises ValueError if there is no time for one.
    """
    settings, clock = config["settings"], [time.monotonic()]
    keeper = Keeper(None, model, valid, valid_labels, config, [], False)
    with seeded(settings["seed"]), repeatable():
        learner = compiled(model, settings)
        batches = stream_batches(images, settings, first=0, labels=labels)
        for steps in (1, PROBE):  # the first one is compiled
            learner.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0)
            clock.append(time.monotonic())
        for _ in range(2):  # the first score is compiled
            if len(valid):
                score(model, valid, labels=valid_labels)
            keeper.draw()
            clock.append(time.monotonic())
    first, probe, cold, end = np.diff(clock)
    once = clock[-1] - clock[0] + first + cold - end  # the run itself compiles again
    steps = int(((60 * minutes - once) / settings["epochs"] - end) / (probe / PROBE))
    if steps < 1:
        raise ValueError(
            f"{minutes:g} minutes are too few: to prepare takes {once:.0f} seconds here, and the end of "
            f"each of the {settings['epochs']} epochs {end:.1f}. Give more minutes, or fewer epochs."
        )
    return steps


@contextmanager
def seeded(seed):
    """Set all seeds within this block. After it, Python's and NumPy's generators are as before.

    seed: int from 0 to 2**32 - 1.
    """
    before, numpys = random.getstate(), np.random.get_state()
    keras.utils.set_random_seed(seed)
    try:
        yield
    finally:
        random.setstate(before)
        np.random.set_state(numpys)


@contextmanager
def repeatable():
    """Within this block, make TensorFlow's operations on a CPU repeatable to the last bit.

    On a GPU this would cost time, so there a run is repeatable only up to rounding. Outside it must
    be off: TensorFlow refuses to compile a model while it is on.
    """
    if keras.backend.backend() != "tensorflow" or gpus():
        yield
        return
    # tf.config.experimental can only turn it on; a public function to turn it off would replace this
    from tensorflow.python.framework import config

    before = config.is_op_determinism_enabled()
    config.enable_op_determinism()
    try:
        yield
    finally:
        if not before:
            config.disable_op_determinism()


def optimizer(settings):
    """Return Adam with a cosine schedule; it averages weights over about the last 5 % of the steps.

    settings: dict, see runs.checked_settings.
    """
    steps = settings["epochs"] * settings["steps_per_epoch"]
    rate = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], steps)
    momentum = max(0.0, min(0.9995, 1 - 20 / steps))
    return keras.optimizers.Adam(rate, use_ema=True, ema_momentum=momentum, global_clipnorm=1.0)


def batch_shape(images, size):
    """Return [height, width, colours] of the images in a batch; the arguments: as in train."""
    height, width, colours = np.shape(images[0])
    return [height, width, colours] if size is None else [size, size, colours]


def check_data(name, model, images, labels, size, augment=False):
    """Raise ValueError unless the model can learn from crops of this size of these images.

    name: str, what the message calls the images. The other arguments: as in train.
    Returns the labels as int32 (N,), or None.
    """
    if not len(images):
        raise ValueError(f"{name} must hold at least one image, got none.")
    for batch in [images] if isinstance(images, np.ndarray) else map(as_batch, images):
        model.check_images(batch)
    shapes = {np.shape(image) for image in images}
    smallest = min(min(shape[:2]) for shape in shapes)
    if size is None and len(shapes) > 1:
        raise ValueError(f"Images of {len(shapes)} shapes need a size, {smallest} or less.")
    if size is not None and not 1 <= size <= smallest:
        raise ValueError(f"size must be {smallest} or less, the smallest image's side; got {size}.")
    height, width, _ = min(shapes)
    if augment and size is None and height != width:
        raise ValueError(
            f"augment turns images, so they must be square; got {height} x {width}. Give the size of "
            "square crops."
        )
    labels = model.as_labels(labels, len(images))
    return labels if labels is None else labels.astype("int32")
