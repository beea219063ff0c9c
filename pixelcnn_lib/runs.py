"""What a run keeps in its folder: its configuration, images, checkpoints and log.

All of it is read back without running any code that a file names.
"""

import contextlib
import csv
import io
import json
import platform
import re
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
from keras import ops

import pixelcnn_lib
from pixelcnn_lib.arguments import short, whole_number
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.folders import check_run, checksum, find_own
from pixelcnn_lib.model import AutoregressiveModel
from pixelcnn_lib.registry import registered, registered_name

MOST = 2**31 - 1  # steps: the optimiser counts them in 32 bits
POLICIES = ("float32", "float64", "mixed_bfloat16", "mixed_float16")
LOGGED = ("epoch", "epochs", "loss", "val_loss")
CHECKPOINT = re.compile(r"checkpoints/epoch_(\d{4,})-([0-9a-f]{16})\.npz")


def checked_settings(epochs, steps_per_epoch, batch_size, size, augment, learning_rate, seed):
    """Return a run's settings as a dict of plain numbers. Raises ValueError if one is wrong."""
    if not (isinstance(learning_rate, (float, int, np.number)) and 0 < learning_rate < np.inf):
        raise ValueError(f"learning_rate must be a number above 0; got {short(learning_rate)}.")
    settings = dict(
        epochs=whole_number("epochs", epochs, 1, MOST),
        steps_per_epoch=whole_number("steps_per_epoch", steps_per_epoch, 1, MOST),
        batch_size=whole_number("batch_size", batch_size, 1, MOST),
        size=size if size is None else whole_number("size", size, 1, MOST),
        augment=bool(augment),
        learning_rate=float(learning_rate),
        seed=whole_number("seed", seed, 0, 2**32 - 1),
    )
    if settings["epochs"] * settings["steps_per_epoch"] > MOST:
        raise ValueError(
            f"epochs times steps_per_epoch must be {MOST} or less; got {epochs} x {steps_per_epoch}."
        )
    return settings


def describe(model, shape, settings, devices, class_names=None):
    """Return a run's configuration, for config.json; see read_config.

    model: a model of the family.
    shape: (height, width, colours) of the images in a batch.
    settings: dict, as checked_settings returns it.
    devices: list of str, the names of the devices that it begins on.
    class_names: list of str, the name of each class, or None.
    Raises ValueError for a model that a run cannot train to its end, or a wrong number of names.
    """
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
    if class_names is not None and len(class_names) != (model.classes or 0):
        raise ValueError(
            f"class_names must name each of the model's {model.classes or 0} classes; got "
            f"{len(class_names)} names."
        )
    modules = (pixelcnn_lib, np, keras, sys.modules[keras.backend.backend()])
    return {
        "class": registered_name("model", type(model)),
        "class_module": type(model).__module__,
        "model": model.get_config(),
        "dtype": policy,
        "shape": [int(side) for side in shape],
        "settings": settings,
        "devices": list(devices),
        "class_names": [str(name) for name in class_names or ()],
        "versions": {"python": platform.python_version()}
        | {module.__name__: module.__version__ for module in modules},
    }


def read_config(run):
    """Return a run's configuration, the dict in its config.json.

    run: str or Path, the run's folder.
    Returns a dict: "class", the name by which Keras knows the model's class, and "class_module",
    where it is defined; "model", the model's get_config; "dtype", the policy's name; "shape",
    [height, width, colours] of the images in a batch; "settings", see checked_settings; "devices",
    the names of the devices that it began on; "class_names", [] if the run knows none; "versions",
    of Python and the packages at the start.
    Raises ValueError if the folder holds no run, or if its config.json was changed.
    """
    path = Path(run) / "config.json"
    check_run(Path(run))
    find_own(Path(run), "config.json")
    try:
        config = json.loads(path.read_bytes())
        config["settings"] = checked_settings(**config["settings"])
        height, width, colours = config["shape"]
        config["shape"] = [
            whole_number("shape", side, 1, MOST) for side in (height, width, colours)
        ]
        config["devices"] = [str(name) for name in config["devices"]]
        config["class_names"] = [str(name) for name in config.get("class_names", ())]
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"{path} does not describe a run: {told(error)}") from error
    return config


def described(run, dtype=None):
    """Build the model that a run's configuration describes, without reading its weights.

    run: str or Path, the run's folder.
    dtype: str, the model's dtype; None keeps the dtype of the run.
    Returns the model and the configuration, see read_config.
    Raises ValueError as read_config does.
    """
    config = read_config(run)
    try:
        return build(config, dtype), config
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"The model of {run} cannot be built: {told(error)}") from error


def build(config, dtype=None):
    """Build the model of a configuration; dtype: see described."""
    config["model"]["head"][1].pop("dtype", None)  # so that no file names a class to import
    dtype = dtype or POLICIES[POLICIES.index(config["dtype"])]
    member = PixelCNN  # runs from before there were other models name no class
    if "class" in config:
        member = registered("model", config["class"], config["class_module"])
    if not isinstance(member, type) or not issubclass(member, AutoregressiveModel):
        raise ValueError(f"{config['class']} is no model of the family.")
    return member.from_config(config["model"], dtype=dtype)


def told(error):
    """Return an error's message in one line, with the error's type unless it is a ValueError."""
    return str(error) if type(error) is ValueError else " ".join(repr(error).split())


def npz(*numbered, **named):
    """Return arrays as the bytes of an .npz file."""
    np.savez(file := io.BytesIO(), *numbered, **named)
    return file.getvalue()


def pack(sets):
    """Return a dict of arrays for one npz: an array is one entry, a list one entry per image."""
    return {
        f"{name}_{i}": array
        for name, images in sets.items()
        for i, array in enumerate([images] if isinstance(images, np.ndarray) else images)
    }


def unpack(arrays, name):
    """Read back one set that `pack` named: an array of images, or a list of arrays."""
    images = [arrays[key] for key in arrays.files if key.startswith(name)]
    return images[0] if len(images) == 1 and images[0].ndim == 4 else images


def pack_labels(labels, valid=None):
    """Return a dict for one npz of the training and the validation labels that are not None."""
    named = {"labels_train": labels, "labels_valid": valid}
    return {name: one for name, one in named.items() if one is not None}


def unpack_labels(arrays):
    """Read back both labels that `pack_labels` named; None for those that were None."""
    names = ("labels_train", "labels_valid")
    return tuple(arrays[name] if name in arrays.files else None for name in names)


@contextlib.contextmanager
def opened_images(run):
    """Open a run's images.npz. Raises ValueError as read_images does."""
    path = find_own(Path(run), "images.npz")
    try:
        with np.load(path) as sets:
            yield sets
    except (EOFError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is broken: {error}. Start a new run.") from error


def read_images(run):
    """Return the images that a run's folder holds.

    run: str or Path, the run's folder.
    Returns the training images and the validation images, each uint8 (N, H, W, colours) or a list
    of arrays (H, W, colours); the second is [] if there are no validation images.
    Raises ValueError if they are not as the run wrote them.
    """
    with opened_images(run) as sets:
        return unpack(sets, "train"), unpack(sets, "valid")


def read_labels(run):
    """Return the labels of the images that `read_images` returns, int (N,), or None for each."""
    with opened_images(run) as sets:
        return unpack_labels(sets)


def read_weights(run, model):
    """Load the averaged weights of a run's best epoch into a model; see training.trained."""
    try:
        path = find_own(Path(run), "best.npz")
    except FileNotFoundError:
        fix = "has not finished an epoch. Resume it first."
        if (Path(run) / "log.csv").exists():
            fix = "has lost its best.npz. Restore that file from a copy, or start a new run."
        raise ValueError(f"{run} {fix}") from None
    try:
        with np.load(path) as weights:
            model.set_weights([weights[name] for name in weights.files])
    except (EOFError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"The best.npz of {run} does not fit its model: {error}") from error


def variables(learner):
    """List what training changes: a model's variables, and its optimiser's variables."""
    return [*learner.variables, *learner.optimizer.variables]


def pack_checkpoint(learner, log):
    """Pack weights, averages, optimiser, random state and log into a file, {name: bytes}.

    The name holds the epoch's number and a checksum.
    """
    content = npz(*map(ops.convert_to_numpy, variables(learner)), log=json.dumps(log))
    return {f"checkpoints/epoch_{len(log):04d}-{checksum(content)}.npz": content}


def checkpoints(folder):
    """List the names of a run's checkpoints, in the order of their epochs.

    folder: folders.Folder; its mark tells which files are checkpoints.
    """
    names = [name for name in folder.mark["files"] if CHECKPOINT.fullmatch(name)]
    names = [name for name in names if (folder.run / name).exists()]
    return sorted(names, key=lambda name: int(CHECKPOINT.fullmatch(name)[1]))


def read_checkpoint(folder, learner):
    """Load a run's last whole checkpoint into a model; damaged checkpoints are renamed.

    folder: folders.Folder.
    learner: model, whose variables are set, and its optimiser's variables.
    Returns the log.
    Raises ValueError if no checkpoint is whole, or if the checkpoint belongs to another model.
    """
    for name in reversed(checkpoints(folder)):
        if folder.own(name) is not None:
            break
        folder.set_aside(name)
    else:
        raise ValueError(f"{folder.run} has no whole checkpoint left. Start a new run.")
    with np.load(folder.run / name) as arrays:
        values = [arrays[key] for key in arrays.files if key != "log"]
        log = json.loads(str(arrays["log"]))
    if [v.shape for v in values] != [tuple(v.shape) for v in variables(learner)]:
        raise ValueError(
            f"{folder.run / name} holds weights of other shapes than the model in config.json: they "
            "belong to two runs. Start a new run."
        )
    for variable, value in zip(variables(learner), values):
        variable.assign(value)
    return log


def write_log(log):
    """Return a log as the bytes of log.csv; see read_log."""
    table = csv.DictWriter(text := io.StringIO(), LOGGED, lineterminator="\n")
    table.writeheader()
    table.writerows(log)
    return text.getvalue().encode()


def read_log(run):
    """Return a run's log, a list with a dict of numbers for each epoch; [] before the first ends.

    run: str or Path, the run's folder.
    Returns dicts: "epoch", counted from 0; "epochs", the run's total number at that time, which
    changes if the run is extended; "loss" and "val_loss", in bits per dimension.
    Raises ValueError if the folder holds no run, or if its log.csv was changed to hold no log.
    """
    check_run(Path(run))
    log = Path(run) / "log.csv"
    try:
        lines = csv.DictReader(log.read_text().splitlines() if log.exists() else [])
        return [{name: float(line[name]) for name in LOGGED} for line in lines]
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f"{log} is not as the run wrote it. Move it elsewhere, and resume the run, which writes it "
            "again."
        ) from None
