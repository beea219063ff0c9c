"""A run's folder: it belongs to one process at a time, and no kill leaves half a file in it."""

import contextlib
import hashlib
import io
import json
import os
import warnings
import zipfile
from pathlib import Path

import filelock
import numpy as np
from keras import ops

CHECKPOINTS = "checkpoints/epoch_*.npz"


@contextlib.contextmanager
def at_work(run):
    """Hold a run's folder for this process alone, and clear away what a killed one half wrote."""
    try:
        for folder in ("checkpoints", "samples"):
            (run / folder).mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(run / "lock", blocking=False):
            for draft in run.rglob("draft-*"):
                draft.unlink()
            yield
    except filelock.Timeout:
        raise ValueError(
            f"{run} is in use by another process. Wait for it, or stop it. If there is none, its "
            f"file system cannot lock: remove {run / 'lock'}."
        ) from None
    except OSError as error:
        again = "start it again"
        if (run / "config.json").exists():
            again = f"go on with resume({str(run)!r}): what it wrote before is whole"
        message = f"The run in {run} stopped: {error}. Once this is mended, {again}."
        raise OSError(error.errno, message) from error


def replace(path, content):
    """Write a file beside its place and move it there: no reader, and no kill, meets half a file."""
    draft = path.with_name("draft-" + path.name)
    try:
        draft.write_bytes(content)
        with open(draft, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def npz(*numbered, **named):
    """Return arrays as the bytes of an .npz file."""
    np.savez(file := io.BytesIO(), *numbered, **named)
    return file.getvalue()


def checksum(content):
    """Return a checksum of bytes, 16 characters."""
    return hashlib.sha256(content).hexdigest()[:16]


def save(learner, run, log):
    """Write weights, averages, optimiser and log, under a name with a checksum; keep two."""
    variables = [*learner.variables, *learner.optimizer.variables]
    content = npz(*map(ops.convert_to_numpy, variables), log=json.dumps(log))
    replace(run / f"checkpoints/epoch_{len(log):04d}-{checksum(content)}.npz", content)
    for old in checkpoints(run)[:-2]:
        old.unlink()


def checkpoints(run):
    """List the checkpoints in a run's folder, the last epoch's last."""
    return sorted(run.glob(CHECKPOINTS), key=lambda path: int(path.stem[6:].partition("-")[0]))


def load(learner, run):
    """Read the last whole checkpoint into the model and its optimiser; returns the log."""
    for path in reversed(checkpoints(run)):
        content = path.read_bytes()
        if checksum(content) == path.stem.split("-")[-1]:
            break
        warnings.warn(f"{path} is broken and was removed; taking the one before.", stacklevel=2)
        path.unlink()
    else:
        raise ValueError(f"{run} has no whole checkpoint left. Start a new run with train(…).")
    variables = [*learner.variables, *learner.optimizer.variables]
    with np.load(io.BytesIO(content)) as arrays:
        values = [arrays[name] for name in arrays.files if name != "log"]
        log = json.loads(str(arrays["log"]))
    if [v.shape for v in values] != [tuple(v.shape) for v in variables]:
        raise ValueError(
            f"{path} holds weights of other shapes than the model in {run / 'config.json'}: they "
            "are of two runs. Start a new run with train(…)."
        )
    for variable, value in zip(variables, values):
        variable.assign(value)
    return log


def pack(sets):
    """Name each array of the sets for one npz: an array stays whole, a list becomes many."""
    return {
        f"{name}_{i}": array
        for name, images in sets.items()
        for i, array in enumerate([images] if isinstance(images, np.ndarray) else images)
    }


def read_images(run):
    """Return the images that a run's folder holds: those it learns from, and those held out."""
    path = Path(run) / "images.npz"
    try:
        with np.load(path) as sets:
            return unpack(sets, "train"), unpack(sets, "valid")
    except (EOFError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is broken: {error}. Start a new run.") from error


def unpack(arrays, name):
    """Read one set back from what `pack` named: an array of images, or a list of arrays (H, W, colours)."""
    images = [arrays[key] for key in arrays.files if key.startswith(name)]
    return images[0] if len(images) == 1 and images[0].ndim == 4 else images
