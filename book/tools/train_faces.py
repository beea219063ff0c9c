"""Train, score and ship the model that draws plain faces: forty minutes on two cores.

python book/tools/train_faces.py RUNS      RUNS: a folder for the run; an interrupted one is resumed

A face's labels are its attributes. For half of the faces nothing is said; of the others, each
attribute is said or not by chance, so that the model can be asked for any of them. One in twenty of
all combinations of attributes is held out of training, to see whether the model invents it.
Writes the weights into the package, and the measured results into measured.json.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from train_small import resumed, write_down

from pixelcnn_lib import faces, training
from pixelcnn_lib.command.arguments import COOL
from pixelcnn_lib.family import PixelSNAIL
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.runs import read_images

# the shipped model's run had 12 epochs at first, and was then resumed until epoch 22
SETTINGS = {"epochs": 22, "steps_per_epoch": 500, "batch_size": 32, "learning_rate": 5e-3}
COUNT = 120_000  # of training faces, before some are held out
HELD_OUT = 0.05
NEW = 2000  # faces to measure on
MOOD = list(faces.ATTRIBUTES).index("mood")


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


def learn(run):
    """Train the model into a folder, or resume there."""
    if resumed(run, SETTINGS):
        return
    choices = faces.face_choices(COUNT, 1)
    labels = labels_of(choices)
    seen = ~held_out(labels)
    choices, labels = choices[seen], unsaid(labels[seen], 2)
    images = faces.face_pictures(choices)
    training.train(
        PixelSNAIL.preset("faces", classes=faces.LABELS),
        images[1000:],
        run,
        valid=images[:1000],
        labels=labels[1000:],
        valid_labels=labels[:1000],
        verbose=2,
        **SETTINGS,
    )


def measure(model, learnt):
    """Return a model's results for measured.json.

    learnt: uint8 (N, 16, 16, 1), the faces that it learnt from.
    """
    choices = faces.face_choices(NEW, 3)
    new, labels = faces.face_pictures(choices), labels_of(choices)
    nothing = np.zeros_like(labels)
    bits = 256 * model.score(new, nothing).per_image  # of each face, as all below
    exact = faces.face_bits(new)
    above, invented = bits - exact, held_out(labels)
    drawn = model.sample(len(new), 16, seed=0, labels=nothing, method="compiled")
    read, wrong = faces.read_face(drawn)
    right = np.array([not one for one in wrong])
    seen = {one.tobytes() for one in learnt}
    return {
        "weights": model.count_params(),
        "bits": mean(bits),
        "above the exact bits": mean(above),
        "standard error": mean([above.std() / len(above) ** 0.5]),
        "above, where held out": mean(above[invented]),
        "are faces": mean(right),
        "wrong": dict(Counter(filter(None, wrong)).most_common(5)),
        "seen in training": mean([one.tobytes() in seen for one in drawn[right]]),
        "new faces seen in training": mean([one.tobytes() in seen for one in new]),
        "held out": mean(held_out(labels_of(read[right]))),
        "new faces held out": mean(invented),
        "as asked": mean(as_asked(model, some_words(labels))),
        "as asked, cooler": mean(as_asked(model, some_words(labels), COOL)),
        "as asked, held out": mean(as_asked(model, labels[invented])),
        "mood read": mean(read_mood(model, new[:500], nothing[:500]) == labels[:500, MOOD]),
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
    options = {"labels": labels, "temperature": temperature, "method": "compiled"}
    drawn = model.sample(len(labels), 16, seed=5, **options)
    read, wrong = faces.read_face(drawn)
    right = np.array([not one for one in wrong])
    found = labels_of(np.where(right[:, None], read, 0))
    return right & ((found == labels) | (labels == 0)).all(axis=1)


def read_mood(model, images, nothing):
    """Return the mood, 1 or 2, that Bayes's rule finds in each image."""
    scores = []
    for mood in (1, 2):
        labels = nothing.copy()
        labels[:, MOOD] = mood
        scores.append(model.score(images, labels).per_image)
    return 1 + np.argmin(scores, axis=0)


def main(runs):
    run = runs / "faces"
    learn(run)
    model = training.trained(run)
    model.save_weights(WEIGHTS / "faces.weights.h5")
    measured = {"faces": measure(model, read_images(run)[0])}
    write_down(measured)
    print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
