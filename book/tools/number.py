"""Train a network of the paper's table on binarised MNIST: hours of one core.

python book/tools/number.py FOLDER NAME
python book/tools/number.py FOLDER ship

FOLDER: a folder for the runs; interrupted runs are resumed. NAME: pixelcnn, row-lstm or
diagonal-bilstm.

A network is trained in the runs that `NETWORKS` lists, in FOLDER/NAME/1 and so on. Each begins at
the averaged weights of the best epoch of the run before it. Validation digits choose this epoch:
best.npz has only the last epoch's averaged weights, chosen.npz those of the best. After the last
run the test digits are scored once, and FOLDER/NAME/result.json gets the result. nats.csv, in each
run, has the nats per digit and the seconds of CPU time so far.

The second form copies the networks of FOLDER into the package, even while their training goes on:
the weights of the last run's best epoch, all but the head's rounded to float16, and number.json,
which says what the networks score and how long they were trained. It scores no test digits.
"""

import csv
import io
import json
import platform
import re
import sys
import time
from pathlib import Path
from typing import NamedTuple

import checksums
import keras
import numpy as np
from keras import ops

from pixelcnn_lib import data, folders, runs, training
from pixelcnn_lib.arguments import one_of
from pixelcnn_lib.family import DiagonalBiLSTM, PixelCNN, RowLSTM
from pixelcnn_lib.family.diagonal_bilstm import DiagonalBiLSTMLayer
from pixelcnn_lib.family.lstm import lstm
from pixelcnn_lib.keeper import copy_averages
from pixelcnn_lib.losses import LOG_2
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.operations import Everywhere, shift_down

BATCH = 16  # as in the paper
FEW = 2000  # validation digits that choose the best epoch; all of them are scored at the end
AT_ONCE = 50  # digits that are scored together
FIRST = 100  # validation digits whose nats a test computes anew
WARM = 500  # steps in which the rate rises at the beginning of each run


@keras.saving.register_keras_serializable("number")
class ByDiagonals(DiagonalBiLSTMLayer):
    """The same layer, with the same weights, whose training step takes 0.57 of the time.

    Half of a skewed map is empty. Here a step computes only the pixels of its diagonal. Diagonals
    differ in length, so there is no loop in the compiled step, and it takes minutes to compile.
    """

    cached = DiagonalBiLSTMLayer.cached

    def call(self, x):
        count, height, width, _ = ops.shape(x)
        rows, cols = np.indices((height, width)).reshape(2, -1)
        order = np.lexsort((rows, rows + cols))  # diagonal by diagonal, from the top row down
        lengths = np.bincount(rows + cols)  # of each diagonal
        left, right = (layer(x) for layer in self.input_to_state)  # (N, H, W, 4h) each
        maps = ops.stack([left, ops.flip(right, axis=2)])  # (2, N, H, W, 4h)
        maps = ops.reshape(maps, (2, count, height * width, 4 * self.h))
        maps = ops.take(ops.transpose(maps, (2, 0, 1, 3)), order, axis=0)  # (H * W, 2, N, 4h)
        shares = ops.split(maps, lengths.cumsum()[:-1].tolist(), axis=0)  # (length, 2, N, 4h) each
        kernel = ops.reshape(self.kernel, (2, 2 * self.h, 4 * self.h))
        hidden = cell = ops.zeros_like(shares[0][..., : self.h])
        states, top = [], 0
        for step, gates in enumerate(shares):
            above = max(step - width + 1, 0) - top  # places in the padded diagonal before this one
            beside, top = above + 1, above + top
            hidden, cell = (ops.pad(s, ((1, 1), (0, 0), (0, 0), (0, 0))) for s in (hidden, cell))
            if step:
                seen = [hidden[at : at + lengths[step]] for at in (above, beside)]
                seen = ops.concatenate(seen, axis=-1)  # (length, 2, N, 2h)
                gates += ops.einsum("ldnf,dfg->ldng", seen, kernel)
            gates = ops.split(gates, 4, axis=-1)  # (length, 2, N, h) each
            hidden, cell = lstm(gates, cell[beside : beside + lengths[step]], Everywhere)
            states.append(hidden)  # (length, 2, N, h)
        hidden = ops.take(ops.concatenate(states), order.argsort(), axis=0)  # (H * W, 2, N, h)
        hidden = ops.transpose(hidden, (1, 2, 0, 3))  # (2, N, H * W, h)
        left, right = ops.unstack(ops.reshape(hidden, (2, count, height, width, self.h)))
        return x + self.widen(left + shift_down(ops.flip(right, axis=2)))  # (N, H, W, 2h)


class Run(NamedTuple):
    """One part of a training.

    rate: float, the highest learning rate.
    falls: bool, whether the rate falls to zero, or stays.
    steps: int, the steps of an epoch, which ends with a checkpoint: a few minutes.
    epochs: int, after how many the run ends.
    planned: int, how many the run was planned for: by its steps the rate falls, and the weights are
        averaged over a share of them.
    """

    rate: float
    falls: bool
    steps: int
    epochs: int
    planned: int


class Network(NamedTuple):
    """How a network is trained, and what the paper reports of it.

    title: str, its name on pages.
    paper: float, the nats for a test digit that the paper reports, in table 4.
    member: class of the family; its preset "mnist" gives the sizes.
    runs: tuple of Run, in order.
    options: dict, the preset's other arguments while the network is trained.
    """

    title: str
    paper: float
    member: type
    runs: tuple
    options: dict = {}


NETWORKS = {
    "pixelcnn": Network(
        "PixelCNN",
        81.30,
        PixelCNN,
        (
            Run(3e-3, False, 2500, 10, 100),
            Run(3e-3, True, 2500, 6, 6),
            Run(1.5e-3, True, 2500, 13, 13),
        ),
    ),
    "row-lstm": Network(
        "Row LSTM",
        80.54,
        RowLSTM,
        (
            Run(3e-3, False, 1000, 6, 40),
            Run(3e-3, True, 1000, 4, 4),
            Run(2.5e-3, True, 1000, 8, 12),
            Run(2e-3, True, 1000, 13, 13),
        ),
    ),
    "diagonal-bilstm": Network(
        "Diagonal BiLSTM",
        79.20,
        DiagonalBiLSTM,
        (
            Run(4e-3, False, 1500, 13, 110),
            Run(4e-3, True, 1500, 7, 7),
            Run(2.5e-3, True, 1000, 12, 12),
        ),
        {"pixel_layer": ByDiagonals},
    ),
}


class Rate(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that rises in the first steps, stays, and may fall to zero along a line.

    highest: float, the rate that it rises to.
    falls: int, in how many steps it falls to zero after it has risen; 0 if it stays.
    """

    def __init__(self, highest, falls=0):
        self.highest, self.falls = highest, falls

    def __call__(self, step):
        step = ops.cast(step, "float32")
        share = ops.minimum((step + 1) / WARM, 1.0)
        if self.falls:
            share = ops.minimum(share, ops.maximum(1 - (step - WARM) / self.falls, 0.0))
        return self.highest * share

    def get_config(self):
        return {"highest": self.highest, "falls": self.falls}


class Nats(keras.Model):
    """The nats of each digit: images (N, 28, 28, 1) -> (N,).

    Keras compiles `predict`, which makes the recurrent networks ten times as fast as
    scoring.score, whose operations run one by one.

    model: a model of the family.
    """

    def __init__(self, model):
        super().__init__(autocast=False)
        self.model = model
        self.compile(jit_compile=False)

    def call(self, images):
        return -ops.sum(self.model.log_prob(images), axis=(1, 2, 3))  # (N,)

    def of(self, digits):
        """Return the nats of digits, float64 (N,)."""
        return self.predict(digits, batch_size=AT_ONCE, verbose=0).astype("float64")


class Watch(keras.callbacks.Callback):
    """Set the learning rate of a run; after each epoch, choose weights and add to nats.csv.

    folder: Path, the run's folder.
    run: Run.
    """

    def __init__(self, folder, run):
        super().__init__()
        self.folder, self.run = folder, run
        self.valid = data.binarised_mnist("valid")[:FEW]

    def on_train_begin(self, logs=None):
        falls = max(self.run.planned * self.run.steps - WARM, 1) if self.run.falls else 0
        self.model.optimizer.learning_rate = Rate(self.run.rate, falls)
        self.average = type(self.model).from_config(self.model.get_config())
        self.nats = Nats(self.average)
        self.lines = curve(self.folder)
        self.before = self.lines[-1]["cpu_seconds"] if self.lines else 0
        self.start = time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        copy_averages(self.model, self.average)
        valid = float(self.nats.of(self.valid).mean())
        if valid < min((line["valid"] for line in self.lines), default=np.inf):
            folders.save(self.folder, "chosen.npz", runs.npz(*self.average.get_weights()))
        line = {
            "step": (epoch + 1) * self.run.steps,
            "train": round(nats(logs["loss"]), 3),
            "valid": round(valid, 3),
            "cpu_seconds": round(self.before + time.process_time() - self.start),
        }
        self.lines.append(line)
        table = csv.DictWriter(text := io.StringIO(), line, lineterminator="\n")
        table.writeheader()
        table.writerows(self.lines)
        folders.save(self.folder, "nats.csv", text.getvalue().encode())
        print(*line.values(), flush=True)
        self.model.stop_training = epoch + 1 >= self.run.epochs


def nats(bits):
    """Turn bits per dimension into nats per digit."""
    return 784 * LOG_2 * bits


def curve(folder):
    """Return the lines of a run's nats.csv, dicts of numbers; [] before the first epoch ends."""
    path = folder / "nats.csv"
    lines = csv.DictReader(path.read_text().splitlines()) if path.exists() else ()
    return [{name: float(value) for name, value in line.items()} for line in lines]


def chosen(folder, network):
    """Return a model with the averaged weights of a run's best epoch, even while it goes on.

    folder: Path, the run's folder.
    network: Network.
    """
    model = network.member.preset("mnist", **network.options)
    path = folder / "chosen.npz"
    with folders.reading(path, "Resume the run until an epoch has ended."):
        model.set_weights(runs.read_arrays(path, model.weights))
    return model


def learn(folder, begin, network, run):
    """Train into a folder, or resume there; return the model with the weights of its best epoch.

    folder: Path, the run's folder.
    begin: function, returns the model that a new run begins with.
    network: Network.
    run: Run.
    """
    options = {"verbose": 0, "callbacks": [Watch(folder, run)]}
    if len(curve(folder)) == run.epochs:
        return chosen(folder, network)
    if (folder / "config.json").exists():
        training.resume(folder, **options)
    else:
        training.train(
            begin(),
            data.binarised_mnist("train"),
            folder,
            epochs=run.planned,
            steps_per_epoch=run.steps,
            batch_size=BATCH,
            learning_rate=run.rate,
            **options,
        )
    return chosen(folder, network)


def schedule(network):
    """Return what schedule.json says of a network: a dict of plain values."""
    return {"runs": [run._asdict() for run in network.runs], "batch": BATCH, "warm": WARM}


def make_folder(folder, network):
    """Make a network's folder, with schedule.json; leave a folder that exists as it is."""
    if not folder.exists():
        folder.mkdir(parents=True)
        text = json.dumps(schedule(network), indent=2) + "\n"
        folders.save(folder, "schedule.json", text.encode())


def check_schedule(folder, network):
    """End the program if a network's folder was not begun with the present schedule."""
    path = folder / "schedule.json"
    if not path.exists() or json.loads(path.read_text()) != schedule(network):
        sys.exit(f"{folder} was not begun with the schedule of number.py. Name another folder.")


def train(folder, network):
    """Train a network in its runs, or resume them; return the trained model.

    folder: Path, the folder of the network.
    network: Network.
    """
    keras.utils.set_random_seed(0)
    model = network.member.preset("mnist", **network.options)
    for number, run in enumerate(network.runs, 1):
        model = learn(folder / str(number), lambda model=model: model, network, run)
    return model


def measure(model, digits):
    """Return the mean of the nats per digit, its standard error, and the number of digits."""
    each = Nats(model).of(digits)
    error = each.std(ddof=1) / len(each) ** 0.5
    return {
        "nats": round(each.mean(), 3),
        "standard_error": round(error, 3),
        "digits": len(each),
    }


def main(folder, name):
    """Train a network of `NETWORKS` into a folder and score it; print the result.

    folder: str or Path, the folder of all networks.
    name: str, the network.
    Raises ValueError for another name.
    """
    network = NETWORKS[one_of("NAME", name, NETWORKS)]
    folder = Path(folder) / name
    path = folder / "result.json"
    make_folder(folder, network)
    check_schedule(folder, network)
    if not path.exists():  # the test digits are scored only once
        model = train(folder, network)
        result = {part: measure(model, data.binarised_mnist(part)) for part in ("valid", "test")}
        result["weights"] = model.count_params()
        folders.save(folder, path.name, (json.dumps(result, indent=2) + "\n").encode())
    print(path.read_text())


def ship(folder):
    """Copy the weights of a folder's networks into the package, and write number.json.

    folder: str or Path, the folder of all networks. Of a network that has no shipped model, only
        the paper's number is written.
    """
    networks = {network.title: {"paper": network.paper} for network in NETWORKS.values()}
    ready = {name: one for name, one in NETWORKS.items() if "mnist" in one.member.shipped}
    for name, network in ready.items():  # before anything is written
        check_schedule(Path(folder) / name, network)
    for name, network in ready.items():
        parts = [Path(folder) / name / str(n + 1) for n in range(len(network.runs))]
        parts = [part for part in parts if (part / "chosen.npz").exists()] or parts[:1]
        half = network.member.preset("mnist", dtype="float16")
        half.set_weights(chosen(parts[-1], network).get_weights())
        half.save_weights(WEIGHTS / f"{network.member.prefix}mnist.weights.h5")
        networks[network.title] |= describe(network.member.pretrained("mnist"), parts)
    record = {"processor": processor(), "networks": networks}
    folders.save(WEIGHTS, "number.json", (json.dumps(record) + "\n").encode())
    checksums.write(WEIGHTS)
    print(json.dumps(record))


def describe(model, parts):
    """Return what is known of a shipped network, a dict for number.json.

    The validation digits are scored with the shipped weights. "test" is the score in result.json,
    of the weights before they were rounded, or None while the training goes on.

    model: the shipped model.
    parts: list of Path, the runs that have trained it, in order.
    """
    curves = [curve(run) for run in parts]
    hours, nats, before = [], [], 0.0
    for lines in curves:
        hours += [before + line["cpu_seconds"] / 3600 for line in lines]
        nats += [line["valid"] for line in lines]
        before = hours[-1]
    valid, result = data.binarised_mnist("valid"), parts[0].parent / "result.json"
    return {
        "weights": model.count_params(),
        "steps": int(sum(lines[-1]["step"] for lines in curves)),
        "core_hours": [round(one, 3) for one in hours],
        "nats": nats,
        "valid": measure(model, valid),
        "first": measure(model, valid[:FIRST]),
        "test": json.loads(result.read_text())["test"] if result.exists() else None,
    }


def processor():
    """Return the processor's name, as Linux or, elsewhere, Python gives it."""
    path = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*: (.+)", path.read_text() if path.exists() else "")
    return named[1] if named else platform.processor()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Give a folder, and a network's name or ship.")
    try:
        if sys.argv[2:] == ["ship"]:
            ship(sys.argv[1])
        else:
            main(*sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error))
