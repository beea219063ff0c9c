"""What a run keeps: read back whole or refused in one line, and without running any code."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from long_runs import start

from pixelcnn_lib import runs, training


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a run of two epochs."""
    run = tmp_path_factory.mktemp("two") / "run"
    start(run, epochs=2)
    return run


@pytest.fixture
def copy(run, tmp_path):
    """The same, to spoil."""
    return shutil.copytree(run, tmp_path / "copy")


def told(function, run):
    """Call a function that refuses a run, and return its one line."""
    with pytest.raises(ValueError) as error:
        function(run)
    assert "\n" not in str(error.value)
    return str(error.value)


def rewrite(path, **changes):
    """Change arrays of an .npz file; None removes one."""
    with np.load(path) as content:
        changed = {**content, **changes}
    np.savez(path, **{name: array for name, array in changed.items() if array is not None})


LAST = "checkpoints/epoch_0002.npz"
USERS = {  # the functions that read each file
    "config.json": (training.resume, training.trained, runs.read_config),
    "images.npz": (training.resume, runs.read_images),
    "best.npz": (training.trained,),
    "log.csv": (training.read_log,),
    LAST: (training.resume,),
}
DAMAGE = {  # what any file may suffer
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_bytes(b"hello\n"),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-60]),
}


@pytest.mark.parametrize("name", USERS)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_file_that_cannot_be_read_is_told_in_one_line(copy, name, damage):
    DAMAGE[damage](copy / name)
    for function in USERS[name]:
        line = told(function, copy)
        assert line.startswith(f"{copy / name} cannot be used: ")
        assert line.endswith(" again." if name == "log.csv" else "a copy, or start a new run.")


@pytest.mark.parametrize(
    "name, changes, message",
    [
        ("best.npz", {"arr_0": np.zeros((1, 2))}, "do not fit the model in config.json"),
        ("best.npz", {"arr_1": np.nan}, "holds weights that are nan or infinite"),
        ("images.npz", {"train_0": np.zeros((2, 8, 8, 3))}, "takes uint8 images"),
        ("images.npz", {"train_0": None}, "images must hold at least one image"),
        (LAST, {"log": None}, "log"),
    ],
)
def test_arrays_that_do_not_fit_are_told(copy, name, changes, message):
    if "arr_1" in changes:
        with np.load(copy / name) as arrays:
            changes = {"arr_1": np.full_like(arrays["arr_1"], np.nan)}
    rewrite(copy / name, **changes)
    function = training.trained if name == "best.npz" else training.resume
    with pytest.raises(ValueError, match=f"{name} cannot be used: .*{message}"):
        function(copy)


def test_a_run_without_a_checkpoint(copy):
    (copy / LAST).unlink()
    assert told(training.resume, copy) == f"{copy} has no checkpoint. Start a new run."


EVIL = {  # what would call Path.touch if Keras deserialised it
    "module": "pathlib",
    "class_name": "Path.touch",
    "config": {"self": "mark"},
    "registered_name": None,
}
CONFIGS = [  # where something in config.json is changed, to what, and the message
    (["settings", "epochs"], "3", "epochs must be a whole number from 1 to 2147483647; got '3'"),
    (["dtype"], EVIL, "dtype must be one of float32"),
    (["model", "blocks"], EVIL, "blocks must be a whole number"),
    (["model", "head"], ["pathlib>Path", {}], "does not know the head pathlib>Path"),
    (["class"], "pixelcnn>bits_per_dim", "is no model of the family"),
]


@pytest.mark.parametrize("keys, value, message", CONFIGS)
def test_a_configuration_names_no_code_to_run(copy, monkeypatch, keys, value, message):
    monkeypatch.chdir(copy)
    config = json.loads((copy / "config.json").read_text())
    *parents, last = keys
    part = config
    for key in parents:
        part = part[key]
    part[last] = value
    (copy / "config.json").write_text(json.dumps(config))
    for function in (training.resume, training.trained):
        with pytest.raises(ValueError, match=f"config.json cannot be used: .*{message}"):
            function(copy)
    assert not (copy / "mark").exists()


@pytest.mark.parametrize("name", ["images.npz", "best.npz", LAST])
def test_no_pickle_is_read(copy, tmp_path, name):
    class Evil:
        def __reduce__(self):
            return Path.touch, (tmp_path / "mark",)

    entry = "train_0" if name == "images.npz" else "arr_0"
    rewrite(copy / name, **{entry: np.array([Evil()])})
    told(training.trained if name == "best.npz" else training.resume, copy)
    assert not (tmp_path / "mark").exists()
