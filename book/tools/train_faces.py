"""Train, score and ship the models that draw faces: an hour on two cores.

python book/tools/train_faces.py RUNS [faces | faces-all]
    RUNS: a folder for the runs; an interrupted one is resumed

A face's labels are its attributes. For half of the faces nothing is said; of the others, each
attribute is said or not by chance, so that the models can be asked for any of them. One in twenty
of all combinations of attributes is held out of training, to see whether the models invent it.
Writes the weights into the package, and the measured results into measured.json.
"""

import sys
from pathlib import Path

import numpy as np
from train_small import resumed

from pixelcnn_lib import faces, training
from pixelcnn_lib.family import PixelSNAIL
from pixelcnn_lib.model import WEIGHTS

SETS = {"faces": "plain", "faces-all": "all"}
SETTINGS = {
    "faces": {"epochs": 20, "steps_per_epoch": 500, "batch_size": 32, "learning_rate": 4e-3},
    "faces-all": {"epochs": 24, "steps_per_epoch": 500, "batch_size": 32, "learning_rate": 3e-3},
}
COUNT = 120_000  # of training faces, before some are held out
HELD_OUT = 0.05


def labels_of(choices):
    """Return all attributes of faces as labels, int (N, attributes), with nothing left unsaid."""
    return np.stack(list(faces.attributes(choices).values()), axis=1)


def held_out(labels):
    """Tell which faces have a combination of attributes that is held out: bool (N,)."""
    out = np.random.default_rng(0).random(np.prod(faces.LABELS)) < HELD_OUT
    return out[np.ravel_multi_index(labels.T, faces.LABELS)]


def unsaid(labels, seed):
    """Leave attributes unsaid by chance: all of them in half of the faces, half in the others."""
    rng = np.random.default_rng(seed)
    said = (rng.random(labels.shape) < 0.5) & (rng.random((len(labels), 1)) < 0.5)
    return labels * said


def learn(run, name):
    """Train a model into a folder, or resume there."""
    if resumed(run, SETTINGS[name]):
        return
    choices = faces.face_choices(COUNT, 1, SETS[name])
    labels = labels_of(choices)
    seen = ~held_out(labels)
    choices, labels = choices[seen], unsaid(labels[seen], 2)
    images = faces.face_pictures(choices)
    preset, changes = PixelSNAIL.shipped[name]
    training.train(
        PixelSNAIL.preset(preset, **changes),
        images[1000:],
        run,
        valid=images[:1000],
        labels=labels[1000:],
        valid_labels=labels[:1000],
        verbose=2,
        **SETTINGS[name],
    )


def main(runs, names):
    for name in names:
        learn(runs / name, name)
        model = training.trained(runs / name)
        model.save_weights(WEIGHTS / f"{name}.weights.h5")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or list(SETS))
