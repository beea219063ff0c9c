"""What a run keeps: read back whole or refused in one line, and without running any code."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from long_runs import assert_same_run, small_model, start

from pixelcnn_lib import devices, runs, training


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
    assert str(error.value).isprintable()
    return str(error.value)


def arrays(path):
    with np.load(path) as content:
        return dict(content)


def rewrite(path, **changes):
    """Change arrays of an .npz file; None removes one."""
    changed = {**arrays(path), **changes}
    np.savez(path, **{name: array for name, array in changed.items() if array is not None})


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def learner():
    """A model that is trained, with its optimiser, as that of the run."""
    settings = dict(epochs=1, steps_per_epoch=1, learning_rate=1)
    return training.new_learner(small_model(), settings, ["cpu:0"])


NEWEST, BEFORE = "checkpoints/epoch_0002.npz", "checkpoints/epoch_0001.npz"
USERS = {  # the functions that read each file
    "config.json": (training.resume, training.trained, runs.read_config),
    "images.npz": (training.resume, runs.read_images),
    "best.npz": (training.trained,),
    "log.csv": (training.read_log,),
}
DAMAGE = {  # what any file may suffer
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_bytes(b"hello\n"),
    "not UTF-8": lambda path: path.write_bytes(b"\xff\xfe\0"),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-60]),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
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
        ("best.npz", {"arr_1": "nan"}, "holds weights that are nan or infinite"),
        ("images.npz", {"train_0": np.zeros((2, 8, 8, 3))}, "takes uint8 images"),
        ("images.npz", {"train_0": None}, "images must hold at least one image"),
        ("images.npz", {"labels_train": np.zeros(4, int)}, "This model has no classes"),
    ],
)
def test_arrays_that_do_not_fit_are_told(copy, name, changes, message):
    path = copy / name
    if "arr_1" in changes:
        changes = {"arr_1": np.full_like(arrays(path)["arr_1"], np.nan)}
    rewrite(path, **changes)
    function = training.trained if name == "best.npz" else training.resume
    with pytest.raises(ValueError, match=f"{name} cannot be used: .*{message}"):
        function(copy)


@pytest.mark.parametrize(
    "damage",
    [
        flip,
        *DAMAGE.values(),
        lambda path: rewrite(path, log=None),
        lambda path: rewrite(path, log="[1, 2]"),
        lambda path: rewrite(path, arr_0=np.zeros(3)),
    ],
)
def test_a_checkpoint_that_cannot_be_read_gives_way_to_the_one_before(copy, damage):
    damage(copy / NEWEST)
    with pytest.warns(UserWarning, match="0002.npz cannot be used: .* is resumed after epoch 1"):
        log = runs.read_checkpoint(copy, learner())
    assert log == training.read_log(copy)[:1]


def test_a_run_ends_the_same_if_its_newest_checkpoint_is_broken(run, copy):
    flip(copy / NEWEST)
    with pytest.warns(UserWarning, match="is resumed after epoch 1"):
        training.resume(copy, verbose=0)
    assert_same_run(copy, run)


def test_a_run_without_a_checkpoint_that_can_be_read(copy):
    for name in (NEWEST, BEFORE):
        (copy / name).write_bytes(b"PK")
    assert told(training.resume, copy).endswith("Start a new run.")
    for name in (NEWEST, BEFORE):
        (copy / name).unlink()
    assert told(training.resume, copy) == f"{copy} has no checkpoint. Start a new run."


EVIL = {  # what would call Path.touch if Keras deserialised it
    "module": "pathlib",
    "class_name": "Path.touch",
    "config": {"self": "mark"},
    "registered_name": None,
}
CONFIGS = [  # where something in config.json is changed, to what, and the message
    (["settings", "epochs"], "3", "epochs must be a whole number from 1 to 2147483647; got '3'"),
    (["settings", "more"], 1, "unexpected keyword argument 'more'"),
    (["devices"], ["\x1b[2Jcpu:0"], "devices must be names like cpu:0"),
    (["dtype"], EVIL, "dtype must be one of float32"),
    (["model", "blocks"], EVIL, "blocks must be a whole number"),
    (["model", "head"], ["pathlib>Path", {}], "does not know the head pathlib>Path"),
    (["class"], "pixelcnn>bits_per_dim", "is no model of the family"),
    (["class"], "mine>Own", "mine>Own .* All names in this message come from that file"),
]


@pytest.mark.parametrize("keys, value, message", CONFIGS)
def test_a_forged_configuration_is_refused_in_one_line(copy, monkeypatch, keys, value, message):
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
        told(function, copy)
    assert not (copy / "mark").exists()


def test_text_of_a_file_neither_reaches_the_terminal_nor_words_the_advice(copy):
    config = json.loads((copy / "config.json").read_text())
    config |= {"class": "own>Own", "class_module": "a\x1b]0;b\x07\u202e\n" + 1000 * "c"}
    (copy / "config.json").write_text(json.dumps(config))
    line = told(training.trained, copy)
    assert len(line) < len(str(copy)) + 450
    assert line.endswith(
        "All names in this message come from that file: import only modules that you know."
    )


@pytest.mark.parametrize("name", ["images.npz", "best.npz", NEWEST])
def test_no_pickle_is_read(copy, tmp_path, name):
    class Evil:
        def __reduce__(self):
            return Path.touch, (tmp_path / "mark",)

    entry = "train_0" if name == "images.npz" else "arr_0"
    rewrite(copy / name, **{entry: np.array([Evil()])})
    if name == NEWEST:
        with pytest.warns(UserWarning, match="cannot be used"):
            runs.read_checkpoint(copy, learner())
    else:
        told(training.trained if name == "best.npz" else training.resume, copy)
    assert not (tmp_path / "mark").exists()


def test_another_number_of_threads_is_told(copy, monkeypatch):
    monkeypatch.setattr(training, "threads", lambda: 99)
    count = devices.threads()
    with pytest.warns(
        UserWarning, match=f"began with {count} threads and is resumed with 99: the "
    ):
        training.resume(copy, verbose=0)
