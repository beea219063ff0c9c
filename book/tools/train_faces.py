"""Train, score and ship the two models that draw faces: forty and eighty minutes on two cores.

python book/tools/train_faces.py RUNS      RUNS: a folder for the runs; interrupted ones are resumed

`faces` draws plain faces. A face's labels are its attributes. For half of the faces nothing is said;
of the others, each attribute is said or not by chance, so that the model can be asked for any of
them. One in twenty of all combinations of attributes is held out of training, to see whether the
model invents it. `faces-all` draws faces of the whole style; it is larger, and has no labels.
Writes the weights into the package, and the measured results into measured.json.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import keras
import numpy as np
from train_small import resumed, write_down

from pixelcnn_lib import faces, training
from pixelcnn_lib.command.arguments import COOL
from pixelcnn_lib.family import PixelSNAIL
from pixelcnn_lib.model import WEIGHTS

SETTINGS = {"steps_per_epoch": 500, "batch_size": 32, "learning_rate": 5e-3}
# the run of the shipped `faces` had 12 epochs at first, and was then resumed until epoch 22
EPOCHS = {"faces": 22, "faces-all": 24}
COUNTS = {"faces": 120_000, "faces-all": 200_000}  # of training faces; some plain ones are held out
HELD_OUT = 0.05
VALID = 1000  # of the training faces, those that choose the best epoch
NEW = 2000  # faces to measure on
DRAWN = 1000  # faces of the whole style to draw


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


def plain_faces():
    """Return the plain faces to learn from, uint8 (N, 16, 16, 1), and their labels."""
    choices = faces.face_choices(COUNTS["faces"], 1)
    labels = labels_of(choices)
    seen = ~held_out(labels)
    return faces.face_pictures(choices[seen]), unsaid(labels[seen], 2)


def learn(runs, name, images, labels=None):
    """Train a model into a folder of `runs`, or resume there; return it with its best weights."""
    run, settings = runs / name, {**SETTINGS, "epochs": EPOCHS[name]}
    if not resumed(run, settings):
        said = {} if labels is None else {"labels": labels[VALID:], "valid_labels": labels[:VALID]}
        keras.utils.set_random_seed(0)
        model = new_model(name)
        training.train(
            model, images[VALID:], run, valid=images[:VALID], verbose=2, **said, **settings
        )
    return training.trained(run)


def new_model(name, **options):
    """Build a shipped model without its weights."""
    preset, changes, _ = PixelSNAIL.shipped[name]
    return PixelSNAIL.preset(preset, **changes, **options)


def measure(model, learnt):
    """Return the results of the model of plain faces for measured.json.

    learnt: uint8 (N, 16, 16, 1), the faces that it learnt from.
    """
    choices = faces.face_choices(NEW, 3)
    new, labels = faces.face_pictures(choices), labels_of(choices)
    nothing = np.zeros_like(labels)
    bits = 256 * model.score(new, nothing).per_image  # of each face, as all below
    exact = faces.face_bits(new)
    above, invented = bits - exact, held_out(labels)
    drawn = model.sample(len(new), 16, seed=0, labels=nothing)
    read, wrong = faces.read_face(drawn)
    right = np.array([not one for one in wrong])
    seen = {one.tobytes() for one in learnt}
    return {
        "weights": model.count_params(),
        "bits": mean(bits),
        "above the exact bits": mean(above),
        "standard error": mean([above.std() / len(above) ** 0.5]),
        "are faces": mean(right),
        "wrong": dict(Counter(filter(None, wrong)).most_common(5)),
        "seen in training": mean([one.tobytes() in seen for one in drawn[right]]),
        "new faces seen in training": mean([one.tobytes() in seen for one in new]),
        "held out": mean(held_out(labels_of(read[right]))),
        "new faces held out": mean(invented),
        "as asked": mean(as_asked(model, some_words(labels))),
        "as asked, cooler": mean(as_asked(model, some_words(labels), COOL)),
        "as asked, held out": mean(as_asked(model, labels[invented])),
    }


def measure_all(model):
    """Return the results of the model of the whole style for measured.json."""
    new = faces.faces(NEW, 3, "all")
    bits = 256 * model.score(new).per_image  # of each face, as below
    above = bits - faces.face_bits(new, "all")
    wrong = {
        temperature: faces.read_face(
            model.sample(DRAWN, 16, seed=0, temperature=temperature), "all"
        )[1]
        for temperature in (1.0, COOL)
    }
    return {
        "weights": model.count_params(),
        "bits": mean(bits),
        "above the exact bits": mean(above),
        "standard error": mean([above.std() / len(above) ** 0.5]),
        "are faces": mean([not one for one in wrong[1.0]]),
        "wrong": dict(Counter(filter(None, wrong[1.0])).most_common(5)),
        "are faces, cooler": mean([not one for one in wrong[COOL]]),
    }


def mean(numbers):
    """Return a mean, rounded for measured.json."""
    return round(float(np.mean(numbers)), 4)


def some_words(labels):
    """Ask for two to four attributes of each of some faces, and for nothing else."""
    rng = np.random.default_rng(4)
    order = rng.random(labels.shape).argsort(axis=1).argsort(axis=1)  # a random rank of each
    return labels * (order < rng.integers(2, 5, (len(labels), 1)))


def as_asked(model, labels, temperature=1.0):
    """Draw a face for each row of labels; tell which are faces with these attributes: bool (n,)."""
    options = {"labels": labels, "temperature": temperature}
    drawn = model.sample(len(labels), 16, seed=5, **options)
    read, wrong = faces.read_face(drawn)
    right = np.array([not one for one in wrong])
    found = labels_of(np.where(right[:, None], read, 0))
    return right & ((found == labels) | (labels == 0)).all(axis=1)


def ship_plain(runs):
    images, labels = plain_faces()
    model = learn(runs, "faces", images, labels)
    model.save_weights(WEIGHTS / "faces.weights.h5")
    return {"faces": measure(model, images[VALID:])}


def ship_all(runs):
    """Ship the model of the whole style, its weights rounded to float16: half the bytes."""
    model = learn(runs, "faces-all", faces.faces(COUNTS["faces-all"], 1, "all"))
    rounded = new_model("faces-all", dtype="float16")
    rounded.set_weights(model.get_weights())
    rounded.save_weights(WEIGHTS / "faces-all.weights.h5")
    return {"faces-all": measure_all(PixelSNAIL.pretrained("faces-all"))}


def main(runs):
    for ship in (ship_plain, ship_all):
        measured = ship(runs)
        write_down(measured)
        print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
