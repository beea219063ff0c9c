"""What a run keeps in its folder: its configuration, images, checkpoints and log.

All of it is read back without running any code that a file names. What cannot be read raises one
ValueError of one line, see folders.reading.
"""

import csv
import io
import json
import platform
import sys
from pathlib import Path

import keras
import numpy as np
from keras import ops

import pixelcnn_lib.family  # registers the members, so that a file can name them
from pixelcnn_lib.arguments import one_of, short, whole_number
from pixelcnn_lib.disk import open_npz, read_whole
from pixelcnn_lib.folders import check_run, reading, save
from pixelcnn_lib.model import AutoregressiveModel
from pixelcnn_lib.registry import registered, registered_name

MOST = 2**31 - 1  # steps: the optimiser counts them in 32 bits
BATCH = 2**26  # values of the images in a batch
TEXT = 2**28  # bytes of a configuration or a log
POLICIES = ("float32", "float64", "mixed_bfloat16", "mixed_float16")
LOGGED = {"epoch": int, "epochs": int, "loss": float, "val_loss": float}


# The configuration


def checked_settings(epochs, steps_per_epoch, batch_size, size, augment, learning_rate, seed):
    """Return a run's settings as a dict of plain numbers. Raises ValueError if one is wrong."""
    if not (isinstance(learning_rate, (float, int, np.number)) and 0 < learning_rate < np.inf):
        raise ValueError(f"learning_rate must be a number above 0; got {short(learning_rate)}.")
    return dict(
        epochs=whole_number("epochs", epochs, 1, MOST),
        steps_per_epoch=whole_number("steps_per_epoch", steps_per_epoch, 1, MOST),
        batch_size=whole_number("batch_size", batch_size, 1, MOST),
        size=size if size is None else whole_number("size", size, 1, MOST),
        augment=bool(augment),
        learning_rate=float(learning_rate),
        seed=whole_number("seed", seed, 0, 2**32 - 1),
    )


def check_batch(settings, shape):
    """Raise ValueError if a batch would be larger than any computer can train on.

    settings: dict, as checked_settings returns it.
    shape: (height, width, colours) of the images in a batch.
    """
    height, width, colours = shape
    most = max(BATCH // (height * width * colours), 1)
    if settings["batch_size"] > most:
        raise ValueError(
            f"A batch of images of {width} x {height} can have at most {most:,}; got a batch size of "
            f"{settings['batch_size']:,}. Give a smaller one, 16 for example."
        )


def describe(model, shape, settings):
    """Return a run's configuration, for config.json; see read_config.

    model: a model of the family.
    shape: (height, width, colours) of the images in a batch.
    settings: dict, as checked_settings returns it.
    Raises ValueError for a model that a run cannot train to its end.
    """
    check_batch(settings, shape)
    policy = model.dtype_policy.name
    if policy not in POLICIES:
        raise ValueError(
            f"train keeps weights in 32 or 64 bits: the model's dtype must be one of "
            f"{', '.join(POLICIES)}; got {policy}."
        )
    if model.non_trainable_weights:
        raise ValueError(
            "train changes every weight, and this model has some that are not trainable. Unfreeze its "
            "layers, or use a pixel layer without such weights."
        )
    modules = (pixelcnn_lib, np, keras, sys.modules[keras.backend.backend()])
    return {
        "class": registered_name("model", type(model)),
        "model": model.get_config(),
        "dtype": policy,
        "shape": [int(side) for side in shape],
        "settings": settings,
        "versions": {"python": platform.python_version()}
        | {module.__name__: module.__version__ for module in modules},
    }


def read_config(run):
    """Return a run's configuration, the dict in its config.json.

    run: str or Path, the run's folder.
    Returns a dict: "class", the name by which Keras knows the model's class; "model", the model's
    get_config; "dtype", the policy's name; "shape", [height, width, colours] of the images in a
    batch; "settings", see checked_settings; "versions", of Python and the packages at the start.
    Raises ValueError if the folder holds no run, or if its config.json cannot be used.
    """
    path = Path(run) / "config.json"
    check_run(Path(run))
    with reading(path):
        config = json.loads(read_whole(path, TEXT))
        config["settings"] = checked_settings(**config["settings"])
        config["shape"] = [
            whole_number("a shape's side", side, 1, MOST) for side in config["shape"]
        ]
        check_batch(config["settings"], config["shape"])
        one_of("dtype", config["dtype"], POLICIES)  # Keras could import what another dtype names
    return config


def described(run, dtype=None):
    """Build the model that a run's configuration describes, without reading its weights.

    run: str or Path, the run's folder.
    dtype: str, the model's dtype; None keeps the dtype of the run.
    Returns the model and the configuration, see read_config.
    Raises ValueError as read_config does.
    """
    config = read_config(run)
    with reading(Path(run) / "config.json"):
        config["model"]["head"][1].pop("dtype", None)  # which could name a class to import, too
        member = registered("model", config["class"])
        if not isinstance(member, type) or not issubclass(member, AutoregressiveModel):
            raise ValueError(f"{config['class']} is no model of the family.")
        check_width(run, config["model"])
        return member.from_config(config["model"], dtype=dtype or config["dtype"]), config


def check_width(run, sizes):
    """Raise ValueError if a network would have more weights than any file of weights in the run.

    Each member has at least as many weights as are counted here, and no network is built for it.

    run: str or Path, the run's folder.
    sizes: dict, the model's configuration.
    """
    kept = [*Path(run).glob("checkpoints/epoch_*.npz"), *Path(run).glob("best.npz")]
    width, blocks, head = (
        sizes[name] if isinstance(sizes[name], int) else 0
        for name in ("filters_per_colour", "blocks", "head_per_colour")
    )
    most = (
        max((path.stat().st_size for path in kept), default=0) // 4
    )  # bytes of a weight, at least
    if kept and width * (width * blocks + head) > most:
        raise ValueError(
            f"such a network has more weights than the {most:,} that the run can hold."
        )


def save_config(run, config):
    """Write a run's configuration, as describe returns it."""
    save(run, "config.json", json.dumps(config, indent=2).encode())


# Images and weights


def npz(*numbered, **named):
    """Return arrays as the bytes of an .npz file."""
    np.savez(file := io.BytesIO(), *numbered, **named)
    return file.getvalue()


def save_images(run, images, valid, labels=None, valid_labels=None):
    """Write what a run learns from; the arguments are those of training.train, valid may be ()."""
    arrays = {}
    for name, some, classes in (("train", images, labels), ("valid", valid, valid_labels)):
        entries = [some] if isinstance(some, np.ndarray) else some
        arrays |= {f"{name}_{number}": entry for number, entry in enumerate(entries)}
        if classes is not None:
            arrays[f"labels_{name}"] = classes
    save(run, "images.npz", npz(**arrays))


def read_images(run):
    """Return the images that a run's folder holds, and their labels.

    run: str or Path, the run's folder.
    Returns the training images and the validation images, each uint8 (N, H, W, colours) or a list
    of arrays (H, W, colours), [] if there are no validation images; then the labels of both, int
    (N,), or None for each.
    Raises ValueError if they cannot be read.
    """
    path, sets, labels = Path(run) / "images.npz", [], []
    with reading(path), open_npz(path) as arrays:
        for name in ("train", "valid"):
            images = [arrays[key] for key in arrays.files if key.startswith(name)]
            one_array = len(images) == 1 and images[0].ndim == 4
            sets.append(images[0] if one_array else images)
            labels.append(arrays.get(f"labels_{name}"))
    return *sets, *labels


def read_arrays(path, like):
    """Read the numbered arrays of an .npz file.

    path: Path, the file.
    like: list of variables, which have the shapes and kinds that the arrays must have.
    Returns a list of arrays. Raises an exception of any type if they do not fit.
    """
    with open_npz(path) as arrays:
        values = [arrays[name] for name in arrays.files if name.startswith("arr_")]
    form = lambda one: (tuple(one.shape), np.dtype(one.dtype).kind)  # the kind: no complex weights
    if list(map(form, values)) != list(map(form, like)):
        raise ValueError("its arrays do not fit the model in config.json.")
    return values


def save_weights(run, model):
    """Write the averaged weights of a run's best epoch."""
    save(run, "best.npz", npz(*model.get_weights()))


def read_weights(run, model):
    """Load the averaged weights of a run's best epoch into a model; see training.trained."""
    path = Path(run) / "best.npz"
    if not path.exists() and not read_log(run):
        raise ValueError(f"{run} has not finished an epoch. Resume it first.")
    with reading(path):
        weights = read_arrays(path, model.weights)
        if not all(np.isfinite(weight).all() for weight in weights):
            raise ValueError("it holds weights that are nan or infinite.")
    model.set_weights(weights)


# Checkpoints


def variables(learner):
    """List what training changes: a model's variables, and its optimiser's variables."""
    return [*learner.variables, *learner.optimizer.variables]


def checkpoint(epoch):
    """Return the name of the checkpoint after so many epochs, in the run's folder."""
    return f"checkpoints/epoch_{epoch:04d}.npz"


def checkpoints(run):
    """Return the epochs of the checkpoints that a run's folder holds, in their order."""
    names = (run / "checkpoints").glob("epoch_*.npz")
    epochs = [name.stem.removeprefix("epoch_") for name in names]
    return sorted(int(e) for e in epochs if e.isdecimal() and e == f"{int(e):04d}")


def save_checkpoint(run, learner, log):
    """Write weights, averages, optimiser, random state and log; then remove the checkpoint before."""
    content = npz(*map(ops.convert_to_numpy, variables(learner)), log=json.dumps(log))
    save(run, checkpoint(len(log)), content)
    for old in checkpoints(run)[:-1]:
        (run / checkpoint(old)).unlink()


def read_checkpoint(run, learner):
    """Load a run's last checkpoint into a model.

    run: Path, the run's folder.
    learner: model, whose variables are set, and its optimiser's variables.
    Returns the log.
    Raises ValueError if there is no checkpoint, or if it cannot be read.
    """
    epochs = checkpoints(run)
    if not epochs:
        raise ValueError(f"{run} has no checkpoint. Start a new run.")
    path = run / checkpoint(epochs[-1])
    with reading(path):
        with open_npz(path) as arrays:
            log = checked_log(json.loads(str(arrays["log"])))
        values = read_arrays(path, variables(learner))
    for variable, value in zip(variables(learner), values, strict=True):
        variable.assign(value)
    return log


# The log


def checked_log(lines):
    """Return the lines of a log, mappings of names to numbers, as dicts of plain numbers."""
    return [{name: kind(line[name]) for name, kind in LOGGED.items()} for line in lines]


def save_log(run, log):
    """Write a log as log.csv; see read_log."""
    table = csv.DictWriter(text := io.StringIO(), LOGGED, lineterminator="\n")
    table.writeheader()
    table.writerows(log)
    save(run, "log.csv", text.getvalue().encode())


def read_log(run):
    """Return a run's log, a list with a dict of numbers for each epoch; [] before the first ends.

    run: str or Path, the run's folder.
    Returns dicts: "epoch", counted from 0; "epochs", the run's total number at that time, which
    changes if the run is extended; "loss" and "val_loss", in bits per dimension.
    Raises ValueError if the folder holds no run, or if its log.csv cannot be read.
    """
    check_run(Path(run))
    path = Path(run) / "log.csv"
    if not path.exists():
        return []
    with reading(path, "Remove it, and resume the run, which writes it again."):
        table = csv.DictReader(read_whole(path, TEXT).decode().splitlines())
        if table.fieldnames != list(LOGGED):
            raise ValueError(f"its first line must be {','.join(LOGGED)}.")
        return checked_log(table)
