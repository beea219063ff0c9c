"""Train, score and ship the two small models: about three hours on one core.

python book/tools/train_small.py RUNS PHOTOS

RUNS: a folder for the runs; interrupted ones are resumed. PHOTOS: the photographs of gb82.py.

First it trains `small` on these photographs and the library's, and `pixelcnn-pp` in the same way,
to compare the two networks. Then it trains small's body with each head, with three seeds and fewer
steps, only on the library's photographs, to compare the heads. The best epoch is chosen by
photographs and strips of photographs that are not trained on; chelsea and flower are scored once,
at the end. Writes weights, the logs of the two long runs and measured.json into the package.
"""

import csv
import json
import sys
from pathlib import Path

import checksums
import gb82
import keras
import numpy as np

from pixelcnn_lib import data, scoring, training
from pixelcnn_lib.command.output import CODECS, other_sizes
from pixelcnn_lib.family import PixelCNN, PixelCNNPP
from pixelcnn_lib.heads import HEADS, TiedMixtureHead
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.runs import read_config

SETTINGS = {"steps_per_epoch": 1000, "batch_size": 4, "size": 32, "augment": True}
LONG, SHORT, SEEDS = 44, 2, 3  # epochs of a long and of a short run, and runs of each
LONG_RUNS = {"small": PixelCNN, "pixelcnn-pp": PixelCNNPP}  # by preset


def resumed(run, settings):
    """Resume a run to its end, and return True; return False if the folder holds no run.

    settings: dict, those that the run must have. With others, the program ends.
    """
    if not (run / "config.json").exists():
        return False
    has = read_config(run)["settings"]
    if any(has[name] != value for name, value in settings.items()):
        sys.exit(f"{run} holds a run with other settings. Name a new folder for the runs.")
    training.resume(run, verbose=2)
    return True


def best(run, epochs, seed=0, more=((), ()), preset="small", head=TiedMixtureHead):
    """Train a model into a folder, or resume there; return it with its best epoch's weights.

    more: photographs to train on and to choose the best epoch by, besides the library's.
    preset: a name from LONG_RUNS.
    """
    settings = {**SETTINGS, "epochs": epochs, "seed": seed}
    if not resumed(run, settings):
        keras.utils.set_random_seed(seed)
        model = LONG_RUNS[preset].preset(preset, head=head)
        train, valid = (
            [*(photo.image for photo in data.photographs(part)), *others]
            for part, others in zip(("train", "valid"), more)
        )
        training.train(model, train, run, valid=valid, verbose=2, **settings)
    return training.trained(run)


def bits(model, photographs):
    """Return the bits per dimension of photographs: {name: image} -> {name: bits}."""
    scored = scoring.score(model, list(photographs.values())).per_image
    return {name: round(float(one), 3) for name, one in zip(photographs, scored)}


def codecs(photographs):
    """Return the bits per dimension of two lossless codecs, headers included: {codec: {name: bits}}."""
    bits = {codec: {} for codec in CODECS}
    for name, image in photographs.items():
        sizes = other_sizes(image)
        for codec in CODECS:
            bits[codec][name] = round(8 * sizes[codec] / image.size, 3)
    return bits


def write_log(log, name):
    """Write a run's curve for the chapters: steps, training bits, validation bits."""
    with open(WEIGHTS / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["step", "loss", "val_loss"])
        for line in log:
            step = int(line["epoch"] + 1) * SETTINGS["steps_per_epoch"]
            writer.writerow([step, f"{line['loss']:.4f}", f"{line['val_loss']:.4f}"])


def write_down(measured):
    """Add what was measured to measured.json, and write the checksums of the package's weights."""
    path = WEIGHTS / "measured.json"
    whole = {**json.loads(path.read_text()), **measured}
    path.write_text(json.dumps(whole, indent=2) + "\n")
    checksums.write(WEIGHTS)


def main(runs, folder):
    train, chosen = gb82.read(folder)
    more = [list(train.values()), list(chosen.values())]
    test = {photograph.name: photograph.image for photograph in data.photographs("test")}
    steps = SETTINGS["steps_per_epoch"]
    scores, kept_back, by_seed = codecs(test), codecs(chosen), {}
    for name in LONG_RUNS:
        model = best(runs / name, LONG, more=more, preset=name)
        write_log(training.read_log(runs / name), name)
        scores[f"{name}, {LONG * steps} steps"] = bits(model, test)
        kept_back[name] = bits(model, chosen)
        if name == "small":
            model.save_weights(WEIGHTS / "small.weights.h5")
    for name, head in HEADS.items():
        models = [
            best(runs / f"short-{name}-{seed}", SHORT, seed, head=head) for seed in range(SEEDS)
        ]
        if name == "categorical":
            models[0].save_weights(WEIGHTS / "small-categorical.weights.h5")
        title, each = f"{name} head, {SHORT * steps} steps", [bits(one, test) for one in models]
        by_seed[title] = {photograph: [one[photograph] for one in each] for photograph in test}
        scores[title] = {one: round(float(np.mean(b)), 3) for one, b in by_seed[title].items()}
    measured = {
        "held_out_bits_per_dim": scores,
        "kept_back_bits_per_dim": kept_back,
        "by_seed": by_seed,
    }
    write_down(measured)
    print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"Give the folder of photographs: {gb82.HOW}")
    main(*map(Path, sys.argv[1:]))
