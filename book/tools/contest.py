"""Train all members of the family under the same conditions, and store what came out.

python book/tools/contest.py RUNS PHOTOS      about a day on two cores; resumes what was interrupted

RUNS: a folder for the runs. PHOTOS: the photographs of gb82.py.

Each member has about 130,000 weights, and learns from the same crops with three seeds: once for the
same number of steps, and once for the same CPU time. How many steps fit into that time is measured
once, and kept in RUNS. The best epoch is chosen by pictures that are not trained on; chelsea and
flower are scored at the end. Writes contest.json into the package.
"""

import json
import os
import platform
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import gb82
import keras

from pixelcnn_lib import data, losses, training
from pixelcnn_lib.command.arguments import MODELS
from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.heads import LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.sampling import generate_images

SETTINGS = {"steps_per_epoch": 100, "batch_size": 16, "size": 16, "augment": True}
EPOCHS, SECONDS, SEEDS = 30, 600, 3  # for equal steps; of CPU time, for equal time; runs of each
HEADS = {"mixture": LogisticMixtureHead, "tied": TiedMixtureHead}
FILE = WEIGHTS / "contest.json"


class Clock(keras.callbacks.Callback):
    """Measures the CPU time of an epoch's steps, without what comes between two epochs."""

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.process_time()

    def on_train_batch_end(self, batch, logs=None):
        self.seconds = (time.process_time() - self.start) / (batch + 1)


def model(member, head, seed=0):
    """A new model of a member at the size for pages, always with the same weights for a seed."""
    keras.utils.set_random_seed(seed)
    return MEMBERS[member].preset(MODELS[member][0], head=HEADS[head])


def speed(member, head, images, settings):
    """Seconds of CPU time for a training step."""
    with TemporaryDirectory() as folder:
        run, clock = Path(folder) / "run", Clock()
        settings = {**settings, "steps_per_epoch": 20, "epochs": 2}  # the second one is measured
        training.train(model(member, head), images, run, verbose=0, callbacks=[clock], **settings)
    return clock.seconds


def speeds(runs, contestants, images, settings):
    """Seconds for a step of each contestant, {name: seconds}: measured once, then read."""
    file = runs / "speeds.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    for member, head in contestants:
        name = f"{member}-{head}"
        if name not in known:
            known[name] = speed(member, head, images, settings)
            print(f"{name}: {known[name]:.4f} seconds a step", flush=True)
            file.write_text(json.dumps(known, indent=2))
    return known


def trained(run, member, head, sets, settings):
    """The model of a run at its best epoch; the run is begun, resumed or only read."""
    if (run / "config.json").exists():
        training.resume(run, verbose=0)
    else:
        images, valid = sets
        fresh = model(member, head, settings["seed"])
        training.train(fresh, images, run, valid=valid, verbose=0, **settings)
    return training.trained(run)


def drawing(contestant, size):
    """Seconds of CPU time to draw 16 pictures, compiled; the first drawing compiles."""
    for _ in range(2):
        start = time.process_time()
        generate_images(contestant, 16, size, seed=0, method="compiled", progress=False)
    return time.process_time() - start


def scores(contestant, run, test):
    """What a contestant scored: the last epoch's crops, the best epoch's pictures, the test set."""
    log = training.read_log(run)
    bits = losses.score(contestant, list(test.values())).per_image
    return {
        "epochs": len(log),
        "train": round(log[-1]["loss"], 3),
        "valid": round(min(line["val_loss"] for line in log), 3),
        **{name: round(float(one), 3) for name, one in zip(test, bits)},
    }


def contest(runs, contestants, sets, test, settings, epochs, seconds, seeds):
    """Run the whole contest.

    contestants: list of (member, head). sets: images to learn from, and to choose the best epoch by.
    test: {name: image}, scored at the end. settings: of each run. epochs: for the rule "steps".
    seconds: of CPU time, for the rule "time". seeds: int, how many runs of each.
    Returns {contestant: its weights, its seconds, and the scores of each rule, by seed}.
    """
    runs.mkdir(parents=True, exist_ok=True)
    step, results = speeds(runs, contestants, sets[0], settings), {}
    for member, head in contestants:
        name = f"{member}-{head}"
        fit = max(round(seconds / step[name] / settings["steps_per_epoch"]), 1)
        results[name] = {"seconds_per_step": round(step[name], 4), "steps": [], "time": []}
        for rule, length in {"steps": epochs, "time": fit}.items():
            for seed in range(seeds):
                run = runs / f"{name}-{rule}-{seed}"
                chosen = {**settings, "epochs": length, "seed": seed}
                contestant = trained(run, member, head, sets, chosen)
                results[name][rule].append(scores(contestant, run, test))
                print(f"{run.name}: {results[name][rule][-1]}", flush=True)
        results[name]["weights"] = contestant.count_params()
        results[name]["seconds_to_draw_16"] = round(drawing(contestant, settings["size"]), 3)
    return results


def machine():
    """The machine and the versions, in words."""
    versions = f"Python {platform.python_version()}, Keras {keras.version()}"
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}; {versions}"


def main(runs, folder):
    more = [list(some.values()) for some in gb82.read(folder)]
    sets = [[*ours, *others] for ours, others in zip(data.split("photos"), more)]
    test = {photograph.name: photograph.image for photograph in data.photographs("test")}
    contestants = [(member, head) for member in MEMBERS for head in HEADS]
    results = contest(runs, contestants, sets, test, SETTINGS, EPOCHS, SECONDS, SEEDS)
    record = {"settings": SETTINGS, "machine": machine(), "results": results}
    FILE.write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"The folder of photographs is not named: {gb82.HOW}")
    main(*map(Path, sys.argv[1:]))
