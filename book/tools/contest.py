"""Train all members of the family under the same conditions, and store what came out.

python book/tools/contest.py RUNS PHOTOS      about five hours of one core

RUNS: a folder for the runs. PHOTOS: the photographs of gb82.py.

Each member has about 130,000 weights, and learns from the same crops with three seeds: once for the
same number of steps, and once for the same CPU time. `make contest` lets each compute on one core.
The best epoch is chosen by patches of photographs that are not trained on; patches of chelsea and
flower are scored at the end. contest.json in the package stores each result as soon as it is known.
So an interrupted contest can be resumed, on another machine too, and several processes can share
the work.
"""

import json
import multiprocessing
import platform
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import filelock
import gb82
import keras
import numpy as np

from pixelcnn_lib import data, heads, scoring, training
from pixelcnn_lib.command.arguments import PRESETS
from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.sampling import generate_images

SETTINGS = {"steps_per_epoch": 250, "batch_size": 16, "size": 16, "augment": True}
HEADS = ("tied", "mixture")
EPOCHS, SECONDS, SEEDS = 8, 180, 3  # for "steps"; CPU seconds for "time"; runs of each
PATCHES = 256  # to choose the best epoch by
FILE = WEIGHTS / "contest.json"


class Clock(keras.callbacks.Callback):
    """Measures the CPU time of an epoch's steps, without the time between two epochs."""

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.process_time()

    def on_train_batch_end(self, batch, logs=None):
        self.seconds = (time.process_time() - self.start) / (batch + 1)


def new_model(member, head, seed=0):
    """Return a new model of a member, at the size for pages; a seed gives the same weights."""
    keras.utils.set_random_seed(seed)
    return MEMBERS[member].preset(PRESETS[member][0], head=heads.HEADS[head])


def cost(member, head, images, settings):
    """Measure a member's weights, CPU seconds of a step and of 16 drawings, and megabytes."""
    model, clock = new_model(member, head), Clock()
    with TemporaryDirectory() as folder:
        settings = {**settings, "steps_per_epoch": 20, "epochs": 2}  # the second one is measured
        training.train(
            model, images, Path(folder) / "run", verbose=0, callbacks=[clock], **settings
        )
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = []
    for _ in range(6):  # the first drawing compiles, and the least of the others counts
        start = time.process_time()
        generate_images(model, 16, settings["size"], seed=0, method="compiled", progress=False)
        took.append(time.process_time() - start)
    return {
        "weights": model.count_params(),
        "seconds_per_step": round(clock.seconds, 4),
        "seconds_to_draw_16": round(min(took), 4),
        "megabytes_to_train": round(megabytes),
    }


def alone(function, *args):
    """Call a function in its own process, so that only its own memory is measured.

    A spawned process would start with its parent's peak; a process of a fork server does not.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver")) as process:
        return process.submit(function, *args).result()


def score(run, member, head, sets, test, settings):
    """Begin a run or resume it, and score its best epoch."""
    if (run / "config.json").exists():
        training.resume(run, verbose=0)
    else:
        images, valid = sets
        fresh = new_model(member, head, settings["seed"])
        training.train(fresh, images, run, valid=valid, verbose=0, **settings)
    model, log = training.trained(run), training.read_log(run)
    return {
        "epochs": len(log),
        "train": round(log[-1]["loss"], 3),
        "valid": round(min(line["val_loss"] for line in log), 3),
        **{name: round(scoring.score(model, patches).bits, 3) for name, patches in test.items()},
    }


class Results:
    """The results so far, in a file. Several processes can compute the missing results.

    file: Path. record: dict, what else the file stores; it must not have changed.
    """

    def __init__(self, file, **record):
        self.file, self.record = file, record
        known = self.read()
        if any(known[key] != record[key] for key in ("settings", "machine")):
            raise SystemExit(
                f"{file} was written with other settings or versions. Remove it first."
            )

    def read(self):
        known = json.loads(self.file.read_text()) if self.file.exists() else {}
        return {**self.record, "costs": {}, "runs": {}, **known}

    def once(self, kind, name, locks, function, *args):
        """Compute and store a result, unless it is known or another process computes it now."""
        try:
            with filelock.FileLock(locks / f"{kind}-{name}.lock", blocking=False):
                if name in self.read()[kind]:
                    return
                result = function(*args)
        except filelock.Timeout:
            return
        print(f"{name}: {result}", flush=True)
        with filelock.FileLock(locks / "results.lock"):
            known = self.read()
            known[kind][name] = result
            whole = self.file.with_suffix(".new")  # if the process is killed here, nothing is lost
            whole.write_text(json.dumps(known, indent=2) + "\n")
            whole.replace(self.file)


def contest(results, runs, contestants, sets, test, settings, epochs, seconds, seeds):
    """Run the whole contest.

    results: Results. runs: Path, a folder. contestants: list of (member, head). sets: images to
    train on, and to choose the best epoch by. test: {name: images}, scored at the end. settings:
    dict, of each run. epochs: int, for the rule "steps". seconds: CPU time, for the rule "time".
    seeds: int, the number of runs of each.
    """
    runs.mkdir(parents=True, exist_ok=True)
    for member, head in contestants:
        costs = alone, cost, member, head, sets[0], settings
        results.once("costs", f"{member}-{head}", runs, *costs)
    for seed in range(seeds):
        for member, head in contestants:
            known = results.read()["costs"].get(f"{member}-{head}")
            if known is None:
                continue  # another process measures it now
            each = known["seconds_per_step"] * settings["steps_per_epoch"]
            for rule, length in {"time": max(round(seconds / each), 1), "steps": epochs}.items():
                name = f"{member}-{head}-{rule}-{seed}"
                chosen = {**settings, "epochs": length, "seed": seed}
                run = runs / name, member, head, sets, test, chosen
                results.once("runs", name, runs, score, *run)


def machine():
    """Return the machine and the versions, in words."""
    versions = f"Python {platform.python_version()}, Keras {keras.version()}"
    return f"one core, {platform.machine()}, {platform.system()}; {versions}"


def main(runs, folder):
    more = [list(some.values()) for some in gb82.read(folder)]
    images, valid = ([*ours, *others] for ours, others in zip(data.split("photos"), more))
    patches = np.random.default_rng(0).permutation(data.cut(valid, SETTINGS["size"]))[:PATCHES]
    test = {p.name: data.cut([p.image], SETTINGS["size"]) for p in data.photographs("test")}
    results = Results(FILE, settings=SETTINGS, machine=machine())
    rules = {"epochs": EPOCHS, "seconds": SECONDS, "seeds": SEEDS}
    for head in HEADS:
        contestants = [(member, head) for member in MEMBERS]
        contest(results, runs, contestants, (images, patches), test, SETTINGS, **rules)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"Give the folder of photographs: {gb82.HOW}")
    main(*map(Path, sys.argv[1:]))
