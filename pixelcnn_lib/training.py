"""Long runs: each in a folder that holds all that is needed to look at it, or to go on with it.

config.json, images.npz   what the run was started with, and by which versions
log.csv, tensorboard/     a line for each epoch
samples/                  drawn images, from the same noise each time
checkpoints/              the last two: weights, averages, optimiser and log, to resume from
best.npz                  the averaged weights of the best epoch
lock                      held by the operating system while the run goes on
"""

import csv
import io
import json
import platform
import shutil
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
from keras import ops
from tensorboard.summary import Writer

import pixelcnn_lib
from pixelcnn_lib.batches import draw_batch, stream_batches
from pixelcnn_lib.devices import repeatable, together
from pixelcnn_lib.heads import CategoricalHead
from pixelcnn_lib.losses import as_batch, bits_per_dim, score
from pixelcnn_lib.model import PixelCNN, gpus
from pixelcnn_lib.pictures import png, tile
from pixelcnn_lib.runs import at_work, checkpoints, load, npz, pack, read_images, replace, save
from pixelcnn_lib.sampling import generate_images

LOGGED = ("epoch", "loss", "val_loss")
SETTINGS = "epochs steps_per_epoch batch_size size augment learning_rate seed".split()


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
    devices=None,
    callbacks=(),
):
    """Train a model by Adam, along a rate that goes to zero, with an average of the weights.

    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours). run: a new folder.
    valid: images to choose the best epoch by, as `images`; None takes the last. size: the side of
    the square crops that are trained on; None takes images whole. augment: see `augmented`.
    devices, callbacks: see `resume`. A categorical head whose last bias is still zero begins at the
    images' histogram. Leaves the averaged weights in the model and returns the log, a list of dicts.
    Raises ValueError for what does not fit, a folder in use included, and OSError where the folder
    cannot be written.
    """
    run = Path(run)
    if not (isinstance(learning_rate, (float, int, np.number)) and 0 < learning_rate < np.inf):
        raise ValueError(f"learning_rate must be a number above 0; got {learning_rate!r}.")
    settings = dict(
        epochs=whole("epochs", epochs),
        steps_per_epoch=whole("steps_per_epoch", steps_per_epoch),
        batch_size=whole("batch_size", batch_size),
        size=size if size is None else whole("size", size),
        augment=bool(augment),
        learning_rate=float(learning_rate),
        seed=whole("seed", seed, least=0, below=2**32),
    )
    if model.non_trainable_weights:
        raise ValueError(
            "train changes every weight, and this model has some that are not trainable. Unfreeze its "
            "layers, or use a pixel layer without such weights."
        )
    check("images", model, images, size, augment)
    if valid is not None:
        check("valid", model, valid, size=1)
    sets = {"train": images, "valid": () if valid is None else valid}
    modules = (pixelcnn_lib, np, keras, sys.modules[keras.backend.backend()])
    config = {
        "model": model.get_config(),
        "dtype": model.dtype_policy.name,
        "settings": settings,
        "versions": {"python": platform.python_version()}
        | {module.__name__: module.__version__ for module in modules},
    }
    begun = {"lock", "images.npz", "checkpoints", "samples"}  # by a start that was killed
    there = {path.name for path in run.iterdir()} if run.exists() else set()
    if {name for name in there if not name.startswith("draft-")} - begun:
        raise ValueError(
            f"{run} is not empty. Choose a new folder, or go on with resume({str(run)!r})."
        )
    with at_work(run):
        for old in checkpoints(run):  # of a start that was killed
            old.unlink()
        replace(run / "images.npz", npz(**pack(sets)))
        if isinstance(model.head, CategoricalHead) and not np.any(model.head.conv.bias):
            model.head.start_at_histogram(images)
        return fit(model, run, config, verbose, devices, callbacks)


def resume(run, verbose="auto", devices=None, callbacks=()):
    """Go on with a run that was stopped, from its last whole checkpoint; returns its model.

    devices: names as keras.distribution.list_devices() gives them, to share each batch; None takes
    all GPUs. callbacks: Keras callbacks that look on. The model has the averaged weights of the
    last epoch, on a CPU the same to the bit as if nothing had stopped the run. Raises as `train`.
    """
    run = Path(run)
    model, config = described(run)
    with at_work(run):
        fit(model, run, config, verbose, devices, callbacks)
    return model


def trained(run, dtype=None):
    """Return a run's model with the averaged weights of its best epoch, also while it goes on.

    dtype: what it computes in, such as "float32"; None keeps what the run was trained in. Raises
    ValueError if the folder holds no run, or one that has not finished an epoch.
    """
    best = Path(run) / "best.npz"
    model, _ = described(run, dtype)
    if not best.exists():
        raise ValueError(f"{run} has not finished an epoch. Go on with resume({str(run)!r}).")
    try:
        with np.load(io.BytesIO(best.read_bytes())) as weights:
            model.set_weights([weights[name] for name in weights.files])
    except (EOFError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{best} is broken, or not of {run}'s model: {error}") from error
    return model


def described(run, dtype=None):
    """Build the model that a run's configuration describes; returns both. dtype: see `trained`."""
    path = Path(run) / "config.json"
    if not path.exists():
        raise ValueError(f"{run} holds no run: it has no config.json. Start it with train(…).")
    try:
        config = json.loads(path.read_text())
        config["settings"] = {name: config["settings"][name] for name in SETTINGS}
        config["model"]["head"][1].pop("dtype", None)  # so that no file names a class to import
        return PixelCNN.from_config(config["model"], dtype=dtype or str(config["dtype"])), config
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} does not describe a run: {error!r}. Start a new one.") from error


def fit(model, run, config, verbose, devices, callbacks):
    """Take up a run where it stands, and train it to its end: a twin learns, `model` averages."""
    settings = config["settings"]
    epochs, steps = settings["epochs"], settings["steps_per_epoch"]
    devices = devices or gpus() or ["cpu:0"]
    if settings["batch_size"] % len(devices):
        raise ValueError(
            f"batch_size must be a multiple of the {len(devices)} devices that share it; got "
            f"{settings['batch_size']}. Name fewer devices, or change batch_size."
        )
    images, valid = read_images(run)
    keras.utils.set_random_seed(settings["seed"])
    with repeatable(devices), together(devices):
        learner = PixelCNN.from_config(model.get_config(), dtype=model.dtype_policy.name)
        learner.compile(optimizer(settings, len(devices)), loss=bits_per_dim)
        learner.optimizer.build(learner.trainable_variables)
        if not (run / "config.json").exists():  # the beginning is a checkpoint too
            learner.set_weights(model.get_weights())
            save(learner, run, [])
            replace(run / "config.json", json.dumps(config, indent=2).encode())
        log = load(learner, run)
        if len(devices) > 1:  # or Keras builds the loss on the devices' mean batch, of floats
            batch = draw_batch(images, 0, settings)
            keras.Model.compute_loss(learner, batch, batch, learner(batch))
        keeper = Keeper(run, model, valid, settings, log)
        try:
            learner.fit(
                stream_batches(images, settings, first=len(log) * steps),
                initial_epoch=len(log),
                epochs=epochs,
                steps_per_epoch=steps,
                shuffle=False,
                callbacks=[keeper, *callbacks],
                verbose=verbose,
            )
        finally:
            keeper.close()
        average(learner, model)
    return log


def optimizer(settings, devices):
    """Adam along a cosine, with an average over about the last 5 % of the steps.

    TensorFlow clips each device's share of the gradient, so the bound is shared as well.
    """
    steps = settings["epochs"] * settings["steps_per_epoch"]
    rate = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], steps)
    momentum = max(0.0, min(0.9995, 1 - 20 / steps))
    return keras.optimizers.Adam(
        rate, use_ema=True, ema_momentum=momentum, global_clipnorm=1.0 / devices
    )


def average(learner, model):
    """Give a model the averages of its twin's weights, which Keras's own way cannot do on devices."""
    averages = [v for v in learner.optimizer.variables if v.name.endswith("_average")]
    for weight, value in zip(model.trainable_variables, averages, strict=True):
        weight.assign(ops.convert_to_numpy(value))


class Keeper(keras.callbacks.Callback):
    """At the end of each epoch: score and draw with the averaged weights, log and keep them."""

    def __init__(self, run, model, valid, settings, log):
        super().__init__()
        self.run, self.average, self.valid, self.log = run, model, valid, log
        self.settings = settings
        shutil.rmtree(run / "tensorboard", ignore_errors=True)  # written anew, up to the checkpoint
        self.boards = {
            name: Writer(str(run / "tensorboard" / name)) for name in ("loss", "val_loss")
        }
        self.record(log)

    def on_epoch_end(self, epoch, logs=None):
        average(self.model, self.average)
        bits = score(self.average, self.valid).bits if len(self.valid) else logs["loss"]
        if not np.isfinite(bits):
            raise ValueError(
                f"After epoch {epoch + 1} the loss is {bits}. Start a new run with a lower learning "
                "rate."
            )
        best = min((line["val_loss"] for line in self.log), default=np.inf)
        if bits < best or not len(self.valid):
            replace(self.run / "best.npz", npz(*self.average.get_weights()))
        side = min(self.settings["size"] or 16, 16)
        options = {"seed": self.settings["seed"], "progress": False}
        try:
            drawn = generate_images(self.average, 16, side, **options)
        except ValueError:  # a pixel layer that cannot be cached
            drawn = generate_images(self.average, 16, side, method="naive", **options)
        replace(
            self.run / f"samples/epoch_{epoch + 1:04d}.png", png(tile(drawn, self.average.levels))
        )
        logs["val_loss"] = bits
        self.log.append({"epoch": epoch, **logs})
        save(self.model, self.run, self.log)
        self.record(self.log[-1:])

    def record(self, lines):
        """Write all lines of the log to log.csv, and the new ones for TensorBoard."""
        table = csv.DictWriter(text := io.StringIO(), LOGGED, lineterminator="\n")
        table.writeheader()
        table.writerows(self.log)
        replace(self.run / "log.csv", text.getvalue().encode())
        for name, board in self.boards.items():
            for line in lines:
                step = (line["epoch"] + 1) * self.settings["steps_per_epoch"]
                board.add_scalar("bits_per_dim", line[name], step)
            board.flush()

    def close(self):
        for board in self.boards.values():
            board.close()


def read_log(run):
    """Return a run's log: for each epoch a dict of numbers (epoch, loss, val_loss); [] before one."""
    log = Path(run) / "log.csv"
    lines = csv.DictReader(log.read_text().splitlines() if log.exists() else [])
    return [{name: float(value) for name, value in line.items()} for line in lines]


def whole(name, value, least=1, below=np.inf):
    """Return a setting as an int, or say what it must be."""
    if isinstance(value, (int, np.integer)) and least <= value < below:
        return int(value)
    bound = "" if below == np.inf else f" and below {below}"
    raise ValueError(f"{name} must be a whole number, {least} or more{bound}; got {value!r}.")


def check(name, model, images, size, augment=False):
    """Raise ValueError unless the model can learn from crops of this size of these images."""
    if not len(images):
        raise ValueError(f"{name} must hold at least one image, got none.")
    for batch in [images] if isinstance(images, np.ndarray) else map(as_batch, images):
        model.check(batch)
    shapes = {np.shape(image) for image in images}
    smallest = min(min(shape[:2]) for shape in shapes)
    if size is None and len(shapes) > 1:
        raise ValueError(f"Images of {len(shapes)} shapes need a size, {smallest} or less.")
    if size is not None and not 1 <= size <= smallest:
        raise ValueError(f"size must be {smallest} or less, the smallest image's side; got {size}.")
    height, width, _ = min(shapes)
    if augment and model.levels != 256:
        raise ValueError(f"augment needs 256 levels, the model has {model.levels}. Leave it out.")
    if augment and size is None and height != width:
        raise ValueError(
            f"augment turns images, so they must be square; got {height} x {width}. Give a size."
        )
