"""Train networks of the family under the same conditions, and store what came out.

python book/tools/train_contest.py RUNS PHOTOS      runs the contest, or resumes it
python book/tools/train_contest.py RUNS             copies what is whole so far into the package

RUNS: a folder for the runs. PHOTOS: the photographs of gb82.py.

There are two fields. Faces have an exact entropy. The photographs, 24 of them, are tested in three
folds: a network is tested on eight photographs, and learns from the others only. In each field, the
networks have nearly the same number of living weights, and train for the same CPU time. How many
steps that makes is measured once for each network, so a busy machine does not change the result.

For each network several learning rates are tried, and the best is chosen by validation pictures.
Then it is trained with more seeds, at the best rate. There is a second rule, the same number of
steps, and on faces a second size.

RUNS/contest.json stores each result as soon as it is known, so an interrupted contest goes on. Into
the package goes what is whole: a network counts under a rule once all its seeds are trained.
"""

import base64
import json
import multiprocessing
import platform
import shutil
import sys
import time
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import gb82
import keras
import numpy as np

from pixelcnn_lib import data, faces, scoring, training
from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.heads import TiedMixtureHead
from pixelcnn_lib.teach import contest as shown
from pixelcnn_lib.teach.contest import EPOCHS, NETWORKS, SECONDS, STEPS, TRAININGS
from pixelcnn_lib.teach.cost import living_weights

RATES = (2e-3, 4e-3, 8e-3, 1.6e-2)  # and further, while the best is the lowest or the highest
DRAWN = 200  # faces, to count how many are right


@dataclass(frozen=True)
class Field:
    """The conditions of one field and one size.

    weights: int, the living weights that a network may have at most.
    seconds: int, CPU seconds of a training by the rule "time".
    settings, sizes: dict, for training.train and for the model.
    """

    weights: int
    seconds: int
    settings: dict
    sizes: dict


OF_FACES = {"settings": {"batch_size": 16}, "sizes": {"head_per_colour": 64, **faces.SIZES}}
FIELDS = {
    "faces": Field(100_000, SECONDS, **OF_FACES),
    "photographs": Field(
        weights=100_000,
        seconds=SECONDS,
        settings={"batch_size": 16, "size": 16, "augment": True},
        sizes={"head_per_colour": 24, "head": TiedMixtureHead},
    ),
    "faces, large": Field(400_000, 2 * SECONDS, **OF_FACES),
}
RULES = [  # in this order
    ("faces", "time"),
    ("faces", "steps"),
    ("photographs", "time"),
    ("photographs", "steps"),
    ("faces, large", "time"),
    ("faces, large", "steps"),
]


def sized(network, field):
    """Return the options of a network's largest model with at most the field's living weights."""
    member, options = NETWORKS[network]
    step = 4 if member in ("transformer", "pixelsnail") else 1  # for heads of equal size
    few, many = 1, 129  # in steps; `many` is too many
    while many - few > 1:
        middle = (few + many) // 2
        chosen = {**field.sizes, **options, "filters_per_colour": step * middle}
        if living_weights(MEMBERS[member](**chosen)) > field.weights:
            many = middle
        else:
            few, found = middle, chosen
    return found


def new_model(network, options, seed=0):
    keras.utils.set_random_seed(seed)
    return MEMBERS[NETWORKS[network][0]](**options)


class Clock(keras.callbacks.Callback):
    """Measures the CPU time of an epoch's steps, without the time between two epochs."""

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.process_time()

    def on_train_batch_end(self, batch, logs=None):
        self.seconds = (time.process_time() - self.start) / (batch + 1)


def cost(network, name, photos):
    """Measure a network's weights and the CPU seconds of a step, the least of four epochs' means."""
    field = FIELDS[name]
    options = sized(network, field)
    model, seconds = new_model(network, options), []

    class Least(Clock):
        def on_epoch_end(self, epoch, logs=None):
            if epoch:  # the first one compiles
                seconds.append(self.seconds)

    with TemporaryDirectory() as folder:
        settings = {**field.settings, "steps_per_epoch": 8, "epochs": 5, "verbose": 0}
        images, _, _ = pictures(name, 0, photos)
        training.train(model, images, Path(folder) / "run", callbacks=[Least()], **settings)
    return {
        "filters_per_colour": options["filters_per_colour"],
        "weights": model.count_params(),
        "living": living_weights(model),
        "seconds_per_step": round(min(seconds), 4),
    }


@cache
def photographs(photos):
    """The photographs of all folds, {name: uint8 (H, W, 3)}: the set's twenty, and four of ours."""
    theirs = [photo for some in gb82.read(photos) for photo in some.items()]
    ours = [(photo.name, photo.image) for photo in data.photographs("train")]
    return dict(sorted(theirs + ours))


@cache
def pictures(name, fold, photos):
    """Return images to train on, to choose by, and to test: {picture's name: images}."""
    if name != "photographs":
        new = faces.faces(500, 2)
        return faces.faces(50_000, 1), faces.faces(300, 5), {"faces": new}
    everything, rng = photographs(photos), np.random.default_rng(0)
    order = rng.permutation(list(everything))
    tested = order[fold::3]
    known = [everything[one] for one in order if one not in tested]
    valid = rng.permutation(data.cut([image[-32:] for image in known], 16))[:256]
    cut = {one: rng.permutation(data.cut([everything[one]], 16))[:32] for one in tested}
    return [image[:-32] for image in known], valid, cut


def compete(network, name, fold, steps, rate, seed, run, photos):
    """Train a network, or resume its run, and test it."""
    field = FIELDS[name]
    images, valid, test = pictures(name, fold, photos)
    if (run / "config.json").exists():
        training.resume(run, verbose=0)
    else:
        settings = {"epochs": EPOCHS, "steps_per_epoch": steps // EPOCHS, "seed": seed}
        settings |= {**field.settings, "learning_rate": rate, "valid": valid, "verbose": 0}
        fresh = new_model(network, sized(network, field), seed)
        training.train(fresh, images, run, **settings)
    model, log = training.trained(run), training.read_log(run)
    result = {"valid": round(min(line["val_loss"] for line in log), 4)}
    if name == "photographs":
        bits = {one: scoring.score(model, cut).bits for one, cut in test.items()}
        result["bits"] = {one: round(each, 3) for one, each in bits.items()}
    else:
        bits = 256 * scoring.score(model, test["faces"]).per_image
        drawn = model.sample(DRAWN, 16, seed=seed)
        result["bits"] = [round(float(each), 2) for each in bits]
        result["right"] = sum(not wrong for wrong in faces.read_face(drawn)[1])
        if name == "faces" and seed == 0:  # the chapter shows them
            result["drawn"] = base64.b64encode(zlib.compress(drawn[:16].tobytes(), 9)).decode()
    shutil.rmtree(run)  # a run takes tens of megabytes, its result is known now
    return result


class Results:
    """The results so far, in RUNS/contest.json. With results of other conditions the program ends.

    runs, photos: Path, RUNS and PHOTOS.
    """

    def __init__(self, runs, photos=None):
        runs.mkdir(parents=True, exist_ok=True)
        self.runs, self.photos, self.file = runs, photos, runs / "contest.json"
        if self.read().get("conditions") != conditions():
            sys.exit(f"{self.file} has results under other conditions. Name a new folder for RUNS.")

    def read(self):
        empty = {"machine": machine(), "conditions": conditions(), "costs": {}, "runs": {}}
        return json.loads(self.file.read_text()) if self.file.exists() else empty

    def once(self, kind, name, function, *args):
        """Return a result, computing and storing it first if it is missing."""
        known = self.read()
        if name not in known[kind]:
            known[kind][name] = result = function(*args)
            whole = self.file.with_suffix(".new")  # if we are killed here, nothing is lost
            whole.write_text(json.dumps(known) + "\n")
            whole.replace(self.file)
            print(name, {key: one for key, one in result.items() if np.isscalar(one)}, flush=True)
        return known[kind][name]


def tried(results, name, network, known, *, fold=0, rate, seed=0, rule="time"):
    """Return the result of one training."""
    steps = STEPS
    if rule == "time":
        steps = shown.steps_in(FIELDS[name].seconds, known["seconds_per_step"])
    key = f"{name}; {network}; {rule}; rate {rate:g}; fold {fold}; seed {seed}"
    args = (
        network,
        name,
        fold,
        steps,
        rate,
        seed,
        results.runs / key.replace("; ", "-"),
        results.photos,
    )
    return results.once("runs", key, alone, compete, *args)


def best_rate(results, name, network, known):
    """Try rates until the best lies between two others."""
    rates = list(RATES)
    while True:
        found = [tried(results, name, network, known, rate=rate) for rate in rates]
        best = int(np.argmin([one["valid"] for one in found]))
        if 0 < best < len(rates) - 1 or len(rates) == 7:
            return rates[best]
        rates = [rates[0] / 2, *rates] if best == 0 else [*rates, rates[-1] * 2]


def alone(function, *args):
    """Call a function in its own process, which gives its memory back.

    A process of a fork server does not start with its parent's memory.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver")) as process:
        return process.submit(function, *args).result()


def go_on(results):
    """Compute what is missing."""
    for name, rule in RULES:
        for network in NETWORKS:
            args = network, name, results.photos
            known = results.once("costs", f"{name}; {network}", alone, cost, *args)
            rate = best_rate(results, name, network, known)
            folds, seeds = TRAININGS[name]
            for seed, fold in product(range(seeds), range(folds)):
                options = {"rate": rate, "rule": rule, "seed": seed, "fold": fold}
                tried(results, name, network, known, **options)


def machine():
    """Return the machine and the versions, in words."""
    versions = f"Python {platform.python_version()}, Keras {keras.version()}"
    return f"one core, {platform.machine()}, {platform.system()}; {versions}"


def conditions():
    """Return what the results depend on, in words."""
    return repr((FIELDS, NETWORKS, STEPS, EPOCHS, DRAWN))


def finished(known):
    """Return the part of the results that is whole: networks with all their seeds, by rule.

    Of a network that is whole by one rule, all rates are kept that were tried with seed 0. The costs
    of a field are kept for all networks, once it has a whole one.
    """
    kept, fields = {}, set()
    for name, network in product(FIELDS, NETWORKS):
        start, needed = f"{name}; {network}; ", np.prod(TRAININGS[name])
        runs = {key: run for key, run in known["runs"].items() if key.startswith(start)}
        counts = Counter(tuple(key.split("; ")[2:4]) for key in runs)  # by rule and rate
        whole = {rule for (rule, _), count in counts.items() if count == needed}
        for key, run in runs.items():
            if key.split("; ")[2] in whole or whole and key.endswith("fold 0; seed 0"):
                kept[key] = run
                fields.add(name)
    costs = {key: one for key, one in known["costs"].items() if key.split("; ")[0] in fields}
    return {"machine": known["machine"], "costs": costs, "runs": kept}


def main(runs, photos=None):
    results = Results(runs, photos)
    if photos:
        go_on(results)
    record = finished(results.read())
    if not record["runs"]:
        sys.exit(f"{runs} has no network that is whole. Nothing was copied.")
    shown.FILE.write_text(json.dumps(record, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(f"Give a folder for the runs, and the folder of photographs: {gb82.HOW}")
    main(*map(Path, sys.argv[1:]))
