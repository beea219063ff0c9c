"""What a run does after each epoch: it scores, draws, and writes the log and a checkpoint."""

import time

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import runs
from pixelcnn_lib.folders import inside, save
from pixelcnn_lib.model import NoCachedStep
from pixelcnn_lib.pictures import png, sheet
from pixelcnn_lib.sampling import generate_images
from pixelcnn_lib.scoring import score

PATCHES = 1000  # at most so many are scored after an epoch
GROUP = 16  # images that are scored together
SILENCE = 20  # seconds after which a long validation says how far it is


class Keeper(keras.callbacks.Callback):
    """After each epoch, score and draw with the averaged weights, write the log and a checkpoint.

    run: Path, the run's folder.
    model: the model that gets the averaged weights.
    valid: images that choose the best epoch, or []; see choose_patches.
    labels: int (N,), the class of each of `valid`, or None.
    config: dict, see runs.read_config.
    log: list of dicts, see runs.read_log; each epoch adds one.
    verbose: as in train.
    """

    def __init__(self, run, model, valid, labels, config, log, verbose=0):
        super().__init__()
        self.run, self.average, self.log = run, model, log
        self.valid, self.labels = choose_patches(valid, labels, config)
        self.settings, self.shape = config["settings"], config["shape"]
        self.verbose = verbose
        self.board = f"events.out.tfevents.{time.time():.0f}.{len(log)}"
        if log:
            runs.save_log(run, log)

    def on_epoch_end(self, epoch, logs=None):
        copy_averages(self.model, self.average)
        bits = self.validate() if len(self.valid) else logs["loss"]
        if not np.isfinite(bits):
            raise ValueError(
                f"After epoch {epoch + 1} the loss is {bits}. Start a new run with a lower learning "
                "rate."
            )
        best = min((line["val_loss"] for line in self.log), default=np.inf)
        logs["val_loss"] = bits
        line = {"epoch": epoch, "epochs": self.settings["epochs"], **logs}
        self.log.append(line)
        if bits < best or not len(self.valid):
            runs.save_weights(self.run, self.average)
        picture = sheet(self.draw(), self.average)
        save(self.run, f"samples/epoch_{epoch + 1:04d}.png", png(picture))
        for name in ("loss", "val_loss"):
            step = (epoch + 1) * self.settings["steps_per_epoch"]
            board = inside(self.run, f"tensorboard/{name}/{self.board}")
            runs.add_to_tensorboard(board, step, line[name])
        runs.save_checkpoint(self.run, self.model, self.log)
        runs.save_log(self.run, self.log)

    def validate(self):
        """Return the bits per dimension of the validation images, scored in groups."""
        total, count, told = 0.0, len(self.valid), time.monotonic()
        for start in range(0, count, GROUP):
            part = slice(start, start + GROUP)
            labels = None if self.labels is None else self.labels[part]
            bits = score(self.average, self.valid[part], labels=labels).bits
            total += bits * sum(image.size for image in self.valid[part])
            if self.verbose and time.monotonic() > told + SILENCE:
                done = min(start + GROUP, count)
                print(f"validation: {done} of {count} images", flush=True)
                told = time.monotonic()
        return total / sum(image.size for image in self.valid)

    def draw(self):
        """Draw 16 images, as large as those in a batch, of all classes, from the same noise."""
        options = {"seed": self.settings["seed"], "progress": False}
        if self.average.classes:
            options["labels"] = self.average.some_labels(16)
        try:
            return generate_images(self.average, 16, self.shape[:2], **options)
        except NoCachedStep:
            return generate_images(self.average, 16, self.shape[:2], method="naive", **options)


def choose_patches(images, labels, config):
    """Bound the work of a validation: choose patches if the images are more than PATCHES patches.

    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours).
    labels: int (N,), the class of each image, or None.
    config: dict, see runs.read_config. A patch is as large as an image in a batch.
    Returns the images and the labels if they hold no more values than PATCHES patches do. Otherwise
    the images are cut into patches side by side, and the run's seed chooses PATCHES of them.
    """
    height, width, colours = config["shape"]
    if sum(image.size for image in images) <= PATCHES * height * width * colours:
        return images, labels
    places = [
        (number, row, col)
        for number, image in enumerate(images)
        for row in range(0, max(image.shape[0] - height, 0) + 1, height)
        for col in range(0, max(image.shape[1] - width, 0) + 1, width)
    ]
    rng = np.random.default_rng(config["settings"]["seed"])
    chosen = rng.permutation(len(places))[:PATCHES]
    chosen = [places[place] for place in sorted(chosen)]
    patches = [images[n][row : row + height, col : col + width] for n, row, col in chosen]
    if len({patch.shape for patch in patches}) == 1:
        patches = np.stack(patches)
    return patches, None if labels is None else labels[[n for n, _, _ in chosen]]


def copy_averages(learner, model):
    """Copy the optimiser's averaged weights into a model; Keras's own copy fails on many devices."""
    averages = [v for v in learner.optimizer.variables if v.name.endswith("_average")]
    for weight, value in zip(model.trainable_variables, averages, strict=True):
        weight.assign(ops.convert_to_numpy(value))
