"""Prepare a command: import Keras and the user's modules, find devices, load the model."""

import importlib
import os
import sys
from pathlib import Path

from pixelcnn_lib import native
from pixelcnn_lib.command.arguments import SHIPPED
from pixelcnn_lib.command.sources import warn_of_namesake

BACKENDS = ("tensorflow", "jax")


def wake_keras(imports=()):
    """Import Keras, find the devices, and import the user's modules, which register layers.

    imports: names of modules, or None.
    What Keras prints meanwhile is dropped: C++ writes it to file descriptor 2, not to sys.stderr.
    """
    with native.silent():
        import_keras()
    for name in imports or ():
        import_own(name)


def import_keras():
    """Import Keras and find the devices. Raises ValueError if Keras's settings cannot be used."""
    usable = f"Install {' or '.join(BACKENDS)} with pip, and set KERAS_BACKEND to its name."
    try:
        import keras
    except (ImportError, ValueError) as error:
        raise ValueError(f"Keras cannot load its backend: {error}. {usable}") from error
    if keras.backend.backend() not in BACKENDS:
        raise ValueError(f"The backend {keras.backend.backend()} cannot train here. {usable}")
    keras.distribution.list_devices()


def import_own(name):
    """Import a module of the user by its name, from this folder or from installed packages."""
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        importlib.import_module(name)
    except (Exception, SystemExit) as error:  # the module can raise anything
        raise ValueError(f"--import {name} failed: {type(error).__name__}: {error}.") from error


def load_model(name, imports):
    """Load the best model of a run, or a shipped model, in float32.

    name: str, the run's folder, or the shipped model's name.
    imports: as in wake_keras.
    Returns the model, and the run's folder or None.
    """
    if name not in SHIPPED and not Path(name).is_dir():
        shipped = ", ".join(SHIPPED)
        raise ValueError(f"{name} is no run's folder, and no shipped model: {shipped}.")
    wake_keras(imports)
    from pixelcnn_lib import training
    from pixelcnn_lib.family import MEMBERS

    if name in SHIPPED:
        warn_of_namesake(name)
        owner = next(member for member in MEMBERS.values() if name in member.shipped)
        return owner.pretrained(name), None
    return training.trained(name, dtype="float32"), Path(name)
