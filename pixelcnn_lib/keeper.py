"""What a run does after each epoch: it scores, draws, and writes the log and a checkpoint."""

import time

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import runs
from pixelcnn_lib.caching import NoCachedStep
from pixelcnn_lib.folders import save
from pixelcnn_lib.pictures import png, sheet
from pixelcnn_lib.sampling import generate_images
from pixelcnn_lib.scoring import score


class Keeper(keras.callbacks.Callback):
    """After each epoch, score and draw with the averaged weights, write the log and a checkpoint.

    run: Path, the run's folder.
    model: the model that gets the averaged weights.
    valid: images that choose the best epoch, or [].
    labels: int (N,), the class of each of `valid`, or None.
    config: dict, see runs.read_config.
    log: list of dicts, see runs.read_log; each epoch adds one.
    verbose: as in training.train.
    """

    def __init__(self, run, model, valid, labels, config, log, verbose):
        super().__init__()
        self.run, self.average, self.log = run, model, log
        self.valid, self.labels, self.verbose = valid, labels, verbose
        self.settings, self.shape = config["settings"], config["shape"]
        self.begin, self.begun = time.monotonic(), len(log)
        if log:
            runs.save_log(run, log)

    def on_epoch_end(self, epoch, logs=None):
        copy_averages(self.model, self.average)
        bits = logs["loss"]
        if len(self.valid):
            options = {"labels": self.labels, "progress": bool(self.verbose)}
            bits = score(self.average, self.valid, **options).bits
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
        runs.save_checkpoint(self.run, self.model, self.log)
        runs.save_log(self.run, self.log)
        if left := self.settings["epochs"] - epoch - 1:
            each = (time.monotonic() - self.begin) / (epoch + 1 - self.begun)
            logs["minutes_left"] = left * each / 60  # of the whole run

    def draw(self):
        """Draw 16 images, as large as those in a batch, of all classes, from the same noise."""
        options = {"seed": self.settings["seed"], "progress": False}
        if self.average.classes:
            options["labels"] = self.average.some_labels(16)
        try:
            return generate_images(self.average, 16, self.shape[:2], **options)
        except NoCachedStep:
            return generate_images(self.average, 16, self.shape[:2], method="naive", **options)


def copy_averages(learner, model):
    """Copy the optimiser's averaged weights into a model, as new arrays.

    Keras's own copy shares the arrays, and on JAX a training gives their memory away.
    """
    averages = [v for v in learner.optimizer.variables if v.name.endswith("_average")]
    for weight, value in zip(model.trainable_variables, averages, strict=True):
        weight.assign(ops.convert_to_numpy(value))
