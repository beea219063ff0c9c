"""Long training runs. A run's folder holds everything needed to inspect the run or to resume it:

pixelcnn_run.json         the mark: which files the run wrote, so that it changes no others
config.json, images.npz   model, settings and versions of packages; images and labels
log.csv, tensorboard/     the losses of each epoch
loss.png                  the losses as a curve
samples/                  drawn images, from the same noise each time
checkpoints/              the last two checkpoints: weights, averages, optimiser and log
best.npz                  the averaged weights of the best epoch
lock                      held by the operating system while the run goes on
"""

import io
import json
from pathlib import Path

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import cluster
from pixelcnn_lib.arguments import short, whole_number
from pixelcnn_lib.batches import draw_batch, stream_batches, with_target
from pixelcnn_lib.devices import chosen, clips, repeatable, seeded, together
from pixelcnn_lib.folders import add_event, at_work, check_free
from pixelcnn_lib.heads import CategoricalHead
from pixelcnn_lib.losses import bits_per_dim
from pixelcnn_lib.pictures import loss_curve, png, tile
from pixelcnn_lib.runs import (
    MOST,
    build,
    checked_settings,
    checkpoints,
    describe,
    described,
    npz,
    pack,
    pack_checkpoint,
    pack_labels,
    read_checkpoint,
    read_images,
    read_labels,
    read_log,
    read_weights,
    unpack,
    unpack_labels,
    variables,
    write_log,
)
from pixelcnn_lib.sampling import generate_images
from pixelcnn_lib.scoring import as_batch, score

__all__ = ["assist", "read_log", "resume", "train", "trained"]


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
    labels=None,
    valid_labels=None,
    class_names=None,
):
    """Train a model with Adam, a learning rate that falls to zero, and averaged weights.

    If the bias of a categorical head is still zero, it is first set to the images' histogram.

    model: a model of the family; at the end it has the averaged weights.
    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours), to learn from.
    run: str or Path, the run's folder: new, or empty.
    valid: images, of the form of `images`, that choose the best epoch; None takes the last epoch.
    epochs: int, how many epochs; each ends with a checkpoint.
    steps_per_epoch: int, how many steps an epoch has; each step uses one batch.
    batch_size: int, how many images a batch has.
    size: int, the side in pixels of the square crops that are trained on; None takes whole images.
    augment: bool, whether to vary the crops, see batches.augmented.
    learning_rate: float, the rate of the first step; it falls to zero along a cosine.
    seed: int from 0 to 2**32 - 1, for the batches and the samples.
    verbose: as in keras.Model.fit.
    devices: list of str, the devices that share each batch, see devices.chosen.
    callbacks: Keras callbacks that observe the training: one, several, or None.
    labels: int (N,), the class of each of `images`, for a model with classes.
    valid_labels: int (N,), the class of each of `valid`.
    class_names: list of str, the name of each class, for config.json; None for no names.
    Returns the log, see runs.read_log.
    Raises ValueError for arguments that do not fit, before it writes any file; OSError if a file
    cannot be written.
    """
    cluster.only_first()
    run, callbacks = Path(run), listed(callbacks)
    settings = checked_settings(
        epochs, steps_per_epoch, batch_size, size, augment, learning_rate, seed
    )
    if valid is None and valid_labels is not None:
        raise ValueError("valid_labels need images: give valid too, or leave them out.")
    labels = check_data("images", model, images, labels, size, augment)
    valid_labels = (
        None if valid is None else check_data("valid", model, valid, valid_labels, size=1)
    )
    sides = np.shape(images[0])[:2] if size is None else (size, size)
    outputs = sides[0] * sides[1] * model.head.conv.filters  # of an image; counted in 32 bits
    whole_number("batch_size", batch_size, 1, max((2**31 - 1) // outputs, 1))
    devices = chosen(devices, settings["batch_size"])
    config = describe(model, (*sides, model.colours), settings, devices, class_names)
    check_free(run)
    sets = {"train": images, "valid": () if valid is None else valid}
    with at_work(run, new=True) as folder:
        folder.refuse_others(["images.npz", "config.json", *to_write(folder, 0, epochs)])
        for name in checkpoints(folder):  # left by a run that was killed at its start
            folder.remove(name)
        folder.write({"images.npz": npz(**pack(sets), **pack_labels(labels, valid_labels))})
        if isinstance(model.head, CategoricalHead) and not np.any(model.head.conv.bias):
            model.head.start_at_histogram(images)
        return train_to_end(folder, model, config, verbose, devices, callbacks)


def resume(run, epochs=None, verbose="auto", devices=None, callbacks=()):
    """Resume a run that was stopped, from its last whole checkpoint; or train it for longer.

    On a CPU the result is the same, bit for bit, as if the run had never been stopped.

    run: str or Path, the run's folder.
    epochs: int, the run's new total number of epochs; None keeps the number in its settings.
        If there are more, the learning rate follows the cosine of the longer run from here on, and
        training starts from the averaged weights. The log's column "epochs" shows where this was.
    verbose, devices, callbacks: as in train.
    Returns the model, with the averaged weights of the last epoch.
    Raises ValueError and OSError as train does.
    """
    cluster.only_first()
    callbacks = listed(callbacks)
    with at_work(Path(run)) as folder:
        model, config = described(run)
        settings = config["settings"]
        devices = chosen(devices, settings["batch_size"], config["devices"])
        if epochs is not None:
            epochs = whole_number("epochs", epochs, settings["epochs"], MOST)
        if epochs not in (None, settings["epochs"]):
            config["settings"] = checked_settings(**{**settings, "epochs": epochs})
            folder.write({"config.json": encode_config(config)})
        train_to_end(folder, model, config, verbose, devices, callbacks)
    return model


def trained(run, dtype=None):
    """Return a run's model with the averaged weights of its best epoch, even while the run goes on.

    run: str or Path, the run's folder.
    dtype: str, the model's dtype, such as "float32"; None keeps the dtype of the run.
    Returns a model of the family.
    Raises ValueError if the folder holds no run, if the run has not finished an epoch, or if its
    best.npz is not as the run wrote it.
    """
    model, _ = described(run, dtype)
    read_weights(run, model)
    return model


def train_to_end(folder, model, config, verbose, devices, callbacks):
    """Train a run from its last checkpoint to its end; `model` gets the averaged weights."""
    settings = config["settings"]
    epochs = settings["epochs"]
    (images, valid), (labels, valid_labels) = read_images(folder.run), read_labels(folder.run)
    with seeded(settings["seed"]), repeatable(devices):
        learner = new_learner(model, settings, devices)
        if not (folder.run / "config.json").exists():  # the beginning is a checkpoint too
            learner.set_weights(model.get_weights())
            folder.write(pack_checkpoint(learner, []))
            folder.write({"config.json": encode_config(config)})
        log = read_checkpoint(folder, learner)
        folder.refuse_others(to_write(folder, len(log), epochs))
        if log and log[-1]["epochs"] != epochs:
            copy_averages(learner, learner)
            if verbose:
                print(f"Epochs {len(log) + 1} to {epochs} begin at the averaged weights.")
        keeper = Keeper(folder, model, valid, valid_labels, config, log)
        with cluster.partners(cluster.LOST):
            if cluster.processes()[1] > 1:
                cluster.share(pack_start(learner, images, labels, config, done=len(log)))
            watch = [keeper, *callbacks]
            learn(learner, model, images, labels, settings, len(log), devices, verbose, watch)
    return log


def assist(verbose=0, callbacks=()):
    """Take part in the run that process 0 of a cluster trains or resumes.

    Every other process calls this after cluster.join(). It receives settings, images and weights
    from process 0, and writes no file.

    verbose, callbacks: as in train.
    Returns the model, with the averaged weights of the last epoch.
    Raises OSError if another process is lost.
    """
    callbacks = listed(callbacks)
    with cluster.partners(cluster.AGAIN):
        values, images, labels, config, done = unpack_start(cluster.share())
        settings, model = config["settings"], build(config)
        devices = chosen(None, settings["batch_size"])
        with seeded(settings["seed"]), repeatable(devices):
            learner = new_learner(model, settings, devices)
            for variable, value in zip(variables(learner), values, strict=True):
                variable.assign(value)
            learn(learner, model, images, labels, settings, done, devices, verbose, callbacks)
    return model


def pack_start(learner, images, labels, config, done):
    """Pack, as bytes, what another process needs to take part. done: int, epochs trained so far."""
    values = map(ops.convert_to_numpy, variables(learner))
    sets = pack({"train": images}) | pack_labels(labels)
    return npz(*values, config=json.dumps(config), done=done, **sets)


def unpack_start(content):
    """Unpack the bytes of pack_start: the variables' values, images, labels, config and done."""
    with np.load(io.BytesIO(content)) as sent:
        values = [sent[name] for name in sent.files if name.startswith("arr_")]
        images, (labels, _) = unpack(sent, "train"), unpack_labels(sent)
        return values, images, labels, json.loads(str(sent["config"])), int(sent["done"])


def new_learner(model, settings, devices):
    """Return the copy of a model that is trained, with its optimiser, on together()'s devices."""
    learner = type(model).from_config(model.get_config(), dtype=model.dtype_policy.name)
    learner.compile(optimizer(settings, clips(devices)), loss=bits_per_dim)
    learner.optimizer.build(learner.trainable_variables)
    return learner


def learn(learner, model, images, labels, settings, done, devices, verbose, callbacks):
    """Train from epoch `done` to the end on all devices; then copy the averages into `model`."""
    steps = settings["steps_per_epoch"]
    with together(devices):
        if len(devices) > 1:
            values = [ops.convert_to_numpy(variable) for variable in variables(learner)]
            with seeded(settings["seed"]):  # JAX wants the same values from all processes
                learner = new_learner(model, settings, devices)
            for variable, value in zip(variables(learner), values, strict=True):
                variable.assign(value)
            if keras.backend.backend() == "tensorflow":
                # otherwise Keras builds the loss on the mean of the devices' batches, in floats
                batch, target = with_target(draw_batch(images, 0, settings, labels))
                keras.Model.compute_loss(learner, batch, target, learner(batch))
        learner.fit(
            stream_batches(images, settings, first=done * steps, labels=labels),
            initial_epoch=done,
            epochs=settings["epochs"],
            steps_per_epoch=steps,
            shuffle=False,
            callbacks=callbacks,
            verbose=verbose,
        )
        copy_averages(learner, model)


def to_write(folder, done, epochs):
    """List the files that a run writes after epoch `done`; of samples, only those that exist."""
    samples = (folder.run / "samples").glob("epoch_*.png")
    numbers = [path.stem.removeprefix("epoch_") for path in samples]
    numbers = [n for n in numbers if n.isdecimal() and n == f"{int(n):04d}"]
    later = [n for n in numbers if done < int(n) <= epochs]
    return ["log.csv", "loss.png", "best.npz", *(f"samples/epoch_{n}.png" for n in later)]


def encode_config(config):
    """Return a configuration as the bytes of config.json."""
    return json.dumps(config, indent=2).encode()


def optimizer(settings, parts):
    """Return Adam with a cosine schedule; it averages weights over about the last 5 % of the steps.

    settings: dict, see runs.checked_settings.
    parts: int, in how many parts the gradient is clipped, see devices.clips.
    """
    steps = settings["epochs"] * settings["steps_per_epoch"]
    rate = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], steps)
    momentum = max(0.0, min(0.9995, 1 - 20 / steps))
    return keras.optimizers.Adam(
        rate, use_ema=True, ema_momentum=momentum, global_clipnorm=1.0 / parts
    )


def copy_averages(learner, model):
    """Copy the optimiser's averaged weights into a model; Keras's own copy fails on many devices."""
    averages = [v for v in learner.optimizer.variables if v.name.endswith("_average")]
    for weight, value in zip(model.trainable_variables, averages, strict=True):
        weight.assign(ops.convert_to_numpy(value))


class Keeper(keras.callbacks.Callback):
    """After each epoch, score and draw with the averaged weights, write the log and a checkpoint.

    folder: folders.Folder, the run's folder.
    model: the model that gets the averaged weights.
    valid: images that choose the best epoch, or [].
    labels: int (N,), the class of each of `valid`, or None.
    config: dict, see runs.read_config.
    log: list of dicts, see runs.read_log; each epoch adds one.
    """

    def __init__(self, folder, model, valid, labels, config, log):
        super().__init__()
        self.folder, self.average, self.log = folder, model, log
        self.valid, self.labels = valid, labels
        self.settings, self.shape = config["settings"], config["shape"]
        self.boards = folder.new_events(["loss", "val_loss"])  # written anew, up to the checkpoint
        if log:
            folder.write(self.records())
        self.show(log)

    def on_epoch_end(self, epoch, logs=None):
        copy_averages(self.model, self.average)
        bits = logs["loss"]
        if len(self.valid):
            bits = score(self.average, self.valid, labels=self.labels).bits
        if not np.isfinite(bits):
            raise ValueError(
                f"After epoch {epoch + 1} the loss is {bits}. Start a new run with a lower learning "
                "rate."
            )
        files = {}
        best = min((line["val_loss"] for line in self.log), default=np.inf)
        if bits < best or not len(self.valid):
            files["best.npz"] = npz(*self.average.get_weights())
        files[f"samples/epoch_{epoch + 1:04d}.png"] = png(tile(self.draw(), self.average.levels))
        logs["val_loss"] = bits
        self.log.append({"epoch": epoch, "epochs": self.settings["epochs"], **logs})
        files |= pack_checkpoint(self.model, self.log)
        self.folder.write(files | self.records())
        for name in checkpoints(self.folder)[:-2]:
            self.folder.remove(name)
        self.show(self.log[-1:])

    def draw(self):
        """Draw 16 images, as large as those in a batch, of all classes, from the same noise."""
        options = {"seed": self.settings["seed"], "progress": False}
        if self.average.classes:
            options["labels"] = np.arange(16) % self.average.classes
        try:
            return generate_images(self.average, 16, self.shape[:2], **options)
        except ValueError:  # a pixel layer that cannot be cached
            return generate_images(self.average, 16, self.shape[:2], method="naive", **options)

    def records(self):
        """Return the files that show the log, {name: bytes}."""
        return {"log.csv": write_log(self.log), "loss.png": loss_curve(self.log)}

    def show(self, lines):
        """Write lines of the log for TensorBoard."""
        from tensorboard.plugins.scalar.summary_v2 import scalar_pb

        for name, board in self.boards.items():
            for line in lines:
                step = (line["epoch"] + 1) * self.settings["steps_per_epoch"]
                add_event(board, step=step, summary=scalar_pb("bits_per_dim", line[name]))


def listed(callbacks):
    """Return callbacks, which keras.Model.fit takes in many forms, as a list of Keras callbacks."""
    found = [] if callbacks is None else keras.tree.flatten(callbacks)
    for one in found:
        if not isinstance(one, keras.callbacks.Callback):
            raise ValueError(f"callbacks must be Keras callbacks; got {short(one)}.")
    return found


def check_data(name, model, images, labels, size, augment=False):
    """Raise ValueError unless the model can learn from crops of this size of these images.

    name: str, what the message calls the images. The other arguments: as in train.
    Returns the labels as int32 (N,), or None.
    """
    if isinstance(images, str) or not hasattr(images, "__len__"):
        raise ValueError(
            f"{name} must be an array (N, H, W, colours), or a list of arrays; got {short(images)}."
        )
    if not len(images):
        raise ValueError(f"{name} must hold at least one image, got none.")
    for batch in [images] if isinstance(images, np.ndarray) else map(as_batch, images):
        model.check_images(batch)
    shapes = {np.shape(image) for image in images}
    smallest = min(min(shape[:2]) for shape in shapes)
    if not smallest:
        raise ValueError(f"{name} must have at least one pixel each; got shape {min(shapes)}.")
    if size is None and len(shapes) > 1:
        raise ValueError(f"Images of {len(shapes)} shapes need a size, {smallest} or less.")
    if size is not None and not 1 <= size <= smallest:
        raise ValueError(f"size must be {smallest} or less, the smallest image's side; got {size}.")
    height, width, _ = min(shapes)
    if augment and size is None and height != width:
        raise ValueError(
            f"augment turns images, so they must be square; got {height} x {width}. Give a size."
        )
    labels = model.as_labels(labels, len(images))
    return labels if labels is None else labels.astype("int32")
