"""Prepare a command: import Keras, find devices, load the model."""

from pathlib import Path

from pixelcnn_lib import native
from pixelcnn_lib.command.arguments import SHIPPED
from pixelcnn_lib.command.sources import warn_of_namesake

BACKENDS = ("tensorflow", "jax")


def wake_keras():
    """Import Keras and find the devices; what their C++ code prints meanwhile is dropped.

    Raises ValueError if Keras's settings cannot be used.
    """
    usable = f"Install {' or '.join(BACKENDS)} with pip, and set KERAS_BACKEND to its name."
    with native.silent():
        try:
            import keras
        except (ImportError, ValueError) as error:
            raise ValueError(f"Keras cannot load its backend: {error}. {usable}") from error
        if keras.backend.backend() not in BACKENDS:
            raise ValueError(f"The backend {keras.backend.backend()} cannot train here. {usable}")
        keras.distribution.list_devices()


def load_model(name):
    """Load the best model of a run, or a shipped model, in float32.

    name: str, the run's folder, or the shipped model's name.
    Returns the model, and the run's folder or None.
    """
    if name not in SHIPPED and not Path(name).is_dir():
        shipped = ", ".join(SHIPPED)
        raise ValueError(f"{name} is no run's folder, and no shipped model: {shipped}.")
    wake_keras()
    from pixelcnn_lib import training
    from pixelcnn_lib.family import MEMBERS

    if name in SHIPPED:
        warn_of_namesake(name)
        owner = next(member for member in MEMBERS.values() if name in member.shipped)
        return owner.pretrained(name), None
    return training.trained(name, dtype="float32"), Path(name)
