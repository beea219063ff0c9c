"""Long runs: each in a folder that holds all that is needed to look at it, or to go on with it.

config.json, images.npz   what the run was started with
log.csv, tensorboard/     a line for each epoch
samples/                  drawn images, from the same noise each time
last.npz                  weights and optimiser, to resume from
best.weights.h5           the averaged weights of the best epoch
"""

import itertools
import json
import os
from pathlib import Path

import keras
import numpy as np
from keras import ops
from PIL import Image

from pixelcnn_lib.heads import CategoricalHead
from pixelcnn_lib.losses import bits_per_dim, score
from pixelcnn_lib.model import PixelCNN
from pixelcnn_lib.sampling import generate_images


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
):
    """Train a model by Adam, along a rate that goes to zero, with an average of the weights.

    images: uint8 (N, H, W, colours), or a list of photographs (H, W, colours). run: a new folder.
    valid: images to choose the best epoch by, as `images`; None takes the last. size: the side of
    the square crops that are trained on; None takes images whole. augment: see `augmented`.
    Leaves the averaged weights in the model and returns the log, a list of dicts.
    """
    run = Path(run)
    smallest = min(min(np.shape(image)[:2]) for image in images)
    if size is not None and size > smallest:
        raise ValueError(f"size must be {smallest} or less, the smallest image's side; got {size}.")
    if run.exists() and any(run.iterdir()):
        raise ValueError(
            f"{run} is not empty. Choose a new folder, or go on with resume({str(run)!r})."
        )
    (run / "samples").mkdir(parents=True, exist_ok=True)
    settings = dict(
        epochs=epochs, steps_per_epoch=steps_per_epoch, batch_size=batch_size, size=size
    )
    settings.update(augment=augment, learning_rate=learning_rate, seed=seed)
    config = {"model": model.get_config(), "dtype": model.dtype_policy.name, "settings": settings}
    (run / "config.json").write_text(json.dumps(config, indent=2))
    sets = {"train": images, "valid": () if valid is None else valid}
    np.savez(run / "images.npz", **pack(sets))
    if isinstance(model.head, CategoricalHead):
        start_at_histogram(model, images)
    return fit(model, run, settings, verbose)


def resume(run, verbose="auto"):
    """Go on with a run that was stopped, from its last epoch; returns its model.

    Raises ValueError if the folder holds no run, or one that has not finished an epoch.
    """
    run = Path(run)
    if not (run / "last.npz").exists():
        raise ValueError(f"{run} has no finished epoch to resume from. Start it with train(…).")
    config = json.loads((run / "config.json").read_text())
    model = PixelCNN.from_config(config["model"], dtype=config["dtype"])
    fit(model, run, config["settings"], verbose)
    return model


def fit(model, run, settings, verbose):
    """Compile the model, take up the run where it stands, and train it to its end."""
    epochs, steps = settings["epochs"], settings["steps_per_epoch"]
    rate = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], epochs * steps)
    momentum = max(0.0, min(0.9995, 1 - 20 / (epochs * steps)))  # over about the last 5 %
    adam = keras.optimizers.Adam(rate, use_ema=True, ema_momentum=momentum, global_clipnorm=1.0)
    model.compile(adam, loss=bits_per_dim)
    adam.build(model.trainable_variables)
    done = load(model, run / "last.npz") if (run / "last.npz").exists() else 0
    cut_log(run / "log.csv", done)

    with np.load(run / "images.npz") as sets:
        images, valid = unpack(sets, "train"), unpack(sets, "valid")
    callbacks = [
        Keeper(run, valid, settings),
        keras.callbacks.CSVLogger(run / "log.csv", append=done > 0),
        keras.callbacks.LambdaCallback(  # after the log, which is cut back to it on resuming
            on_epoch_end=lambda epoch, logs: replace(
                run / "last.npz", lambda path: save(model, path, epoch + 1)
            )
        ),
        keras.callbacks.TensorBoard(run / "tensorboard", write_graph=False),
    ]
    batches = (draw_batch(images, step, settings) for step in itertools.count(done * steps))
    model.fit(
        ((batch, batch) for batch in batches),
        initial_epoch=done,
        epochs=epochs,
        steps_per_epoch=steps,
        shuffle=False,  # the batches come drawn by chance
        callbacks=callbacks,
        verbose=verbose,
    )
    return read_log(run)


class Keeper(keras.callbacks.Callback):
    """At the end of each epoch: score and draw with the averaged weights, and keep the best."""

    def __init__(self, run, valid, settings):
        super().__init__()
        self.run, self.valid, self.settings = run, valid, settings
        self.best = min((line["val_loss"] for line in read_log(run)), default=np.inf)

    def on_epoch_end(self, epoch, logs=None):
        model, optimizer = self.model, self.model.optimizer
        average = PixelCNN.from_config(model.get_config(), dtype=model.dtype_policy)
        optimizer.finalize_variable_values(average.trainable_variables)
        bits = score(average, self.valid).bits if self.valid else logs["loss"]
        if bits < self.best or not self.valid:
            self.best = bits
            replace(self.run / "best.weights.h5", average.save_weights)
        side = min(self.settings["size"] or 16, 16)
        drawn = generate_images(average, 16, side, seed=self.settings["seed"], progress=False)
        picture = self.run / "samples" / f"epoch_{epoch + 1:04d}.png"
        replace(picture, Image.fromarray(tile(drawn)).save)
        logs["val_loss"] = bits


def pack(sets):
    """Name each array of the sets for one npz: an array stays whole, a list becomes many."""
    return {
        f"{name}_{i}": array
        for name, images in sets.items()
        for i, array in enumerate([images] if isinstance(images, np.ndarray) else images)
    }


def unpack(arrays, name):
    """Read one set back from what `pack` named, as a list of images (H, W, colours)."""
    images = []
    for array in (arrays[key] for key in arrays.files if key.startswith(name)):
        images.extend(array if array.ndim == 4 else [array])
    return images


def save(model, path, epoch):
    """Write the weights and the optimiser's state, both as plain arrays."""
    variables = [*model.variables, *model.optimizer.variables]
    arrays = {f"v{i}": ops.convert_to_numpy(v) for i, v in enumerate(variables)}
    np.savez(path, epoch=epoch, **arrays)


def load(model, path):
    """Read what `save` wrote into the model and its optimiser; returns the epoch."""
    with np.load(path) as arrays:
        for i, variable in enumerate([*model.variables, *model.optimizer.variables]):
            variable.assign(arrays[f"v{i}"])
        return int(arrays["epoch"])


def replace(path, write):
    """Write a file beside `path`, then move it there: no reader ever meets half a file."""
    draft = path.with_name("draft-" + path.name)
    write(draft)
    os.replace(draft, path)


def read_log(run):
    """Return a run's log: for each epoch a dict of numbers (epoch, loss, val_loss, …)."""
    log = Path(run) / "log.csv"
    head, *lines = (log.read_text() if log.exists() else "").splitlines() or [""]
    return [dict(zip(head.split(","), map(float, line.split(",")))) for line in lines]


def cut_log(log, epochs):
    """Keep the lines of the first epochs: those after the checkpoint will be written again."""
    if log.exists():
        log.write_text("".join(log.read_text().splitlines(keepends=True)[: epochs + 1]))


def draw_batch(images, step, settings):
    """Draw the batch of one step, a function of (seed, step) alone; uint8 (B, size, size, colours).

    An image is chosen by its area, then a crop of it by chance.
    """
    rng = np.random.default_rng((settings["seed"], step))
    areas = np.array([image.size for image in images])
    batch = []
    for i in rng.choice(len(images), settings["batch_size"], p=areas / areas.sum()):
        height, width, _ = images[i].shape
        side_h, side_w = (settings["size"] or height), (settings["size"] or width)
        row, col = rng.integers(height - side_h + 1), rng.integers(width - side_w + 1)
        crop = images[i][row : row + side_h, col : col + side_w]
        batch.append(augmented(crop, rng) if settings["augment"] else crop)
    return np.stack(batch)


def augmented(image, rng):
    """Vary a crop of a photograph: flips, transpose, colours permuted, gain and offset per colour.

    uint8 (S, S, colours) -> the same. Gain and offset keep the levels inside 0 … 255, and a little
    noise before rounding fills the gaps that a gain above 1 would leave.
    """
    image = image[:: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
    if rng.random() < 0.5:
        image = image.transpose(1, 0, 2)
    if rng.random() < 0.5:
        image = image[:, :, rng.permutation(image.shape[2])]
    if rng.random() < 0.5:
        return image
    low, high = image.min((0, 1)).astype(float), image.max((0, 1)).astype(float)
    gain = np.minimum(np.exp(rng.normal(0, 0.2, low.shape)), 255 / np.maximum(high - low, 1))
    start = np.clip(low + rng.normal(0, 20, low.shape), 0, 255 - (high - low) * gain)
    jitter = rng.uniform(-0.5, 0.5, image.shape) * np.maximum(gain, 1)
    return np.clip(np.round((image - low) * gain + start + jitter), 0, 255).astype("uint8")


def start_at_histogram(model, images):
    """Set the last bias of a categorical head to the log histogram of each colour in `images`."""
    values = np.concatenate([np.reshape(image, (-1, model.colours)) for image in images])
    counts = [np.bincount(colour, minlength=model.levels) + 1.0 for colour in values.T]
    model.head.conv.bias.assign(np.concatenate([np.log(c / c.sum()) for c in counts]))


def tile(images):
    """Lay images (N, H, W, colours) out in a square: uint8 (rows * H, cols * W, 3)."""
    side = int(np.ceil(np.sqrt(len(images))))
    _, height, width, _ = images.shape
    sheet = np.zeros((side * side, *images.shape[1:]), "uint8")
    sheet[: len(images)] = images
    sheet = sheet.reshape(side, side, height, width, -1).swapaxes(1, 2)
    return np.broadcast_to(
        sheet.reshape(side * height, side * width, -1), (side * height, side * width, 3)
    )
