"""Train chapter 18's network for any order, and ship it: weights/any-order.json.

python book/tools/train_any_order.py RUN     RUN: a folder; an interrupted run is resumed,
                                             with other faces than it would have had

Half of each batch has random pixels hidden. In the other half, faces are hidden as the biggest
question first leaves them: each step shows one more pixel of each face, the most uncertain one, until
the network is sure of all others or has asked often enough. A third of these faces begin with a
rectangle of known or of hidden pixels. The weights that are kept are a running average. It takes
about seventy minutes on one core. The shipped weights were trained with the same lessons, but their
training was prolonged twice, so that its rate fell three times: before 11,000, 17,000 and 42,000
steps.
"""

import base64
import json
import os
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from quantise import EXACT, SIZE, pack

from pixelcnn_lib import faces
from pixelcnn_lib.teach import anyorder

STEPS, WARM, DECAY = 42_000, 300, 0.35  # training steps; the first ones; the share of the last ones
HALF = 16  # faces in each half of a batch
AT_ONCE = 30_000  # faces that are made together
ASKED = 24  # questions about a face, at most
PEAK = 2e-3  # the rate
MEMORY = 0.999  # of the running average
SCHEDULE = STEPS, WARM, DECAY, HALF, ASKED, PEAK, MEMORY


def some_faces(rng):
    """Yield new faces for ever, int (16, 16)."""
    while True:
        yield from faces.faces(AT_ONCE, seed=int(rng.integers(10, 2**32)))[..., 0].astype("int32")


def known_at_first(rng):
    """Choose which pixels of a face are known before the first question: bool (16, 16)."""
    known = np.zeros((16, 16), bool)
    if rng.random() < 1 / 3:
        (top, bottom), (left, right) = np.sort(rng.integers(0, 17, (2, 2)))
        known[top:bottom, left:right] = True
        if rng.random() < 0.7 or known.all():
            known = ~known
    return known


class Questions:
    """Faces about which the network asks, one pixel in each step."""

    def __init__(self, source, rng):
        self.source, self.rng = source, rng
        self.images, self.known = np.zeros((2, HALF, 16, 16), "int32")
        self.known = self.known.astype(bool)
        self.left = np.zeros(HALF, int)  # questions
        for i in range(HALF):
            self.begin(i)

    def begin(self, i):
        """Take another face."""
        self.images[i], self.known[i] = next(self.source), known_at_first(self.rng)
        few = self.rng.random() < 0.3
        self.left[i] = self.rng.integers(1, ASKED) if few else ASKED

    def ask(self, p):
        """Show the most uncertain pixels. p: float (HALF, 16, 16, colours), of the network."""
        now = anyorder.biggest_question(p, ~self.known)
        self.known |= now
        self.left -= 1
        for i in np.flatnonzero((now.sum(axis=(1, 2)) != 1) | (self.left < 1)):
            self.begin(i)


class Training:
    """The network, its running average and its optimizer, kept in a folder."""

    def __init__(self, run):
        keras.utils.set_random_seed(0)
        self.file, self.step = run / "state.npz", 0
        self.model = anyorder.network(**anyorder.SIZES)
        self.adam = keras.optimizers.Adam(PEAK, beta_2=0.98, global_clipnorm=1.0)
        self.adam.build(self.model.trainable_variables)
        self.mean = self.model.get_weights()
        self.update = tf.function(self._update)
        if self.file.exists():
            kept = np.load(self.file)
            if kept.get("schedule") != repr(SCHEDULE):
                sys.exit(f"{self.file} was begun with another schedule. Name a new folder for RUN.")
            self.step = int(kept["step"])
            for name, variables in (("w", self.model.weights), ("o", self.adam.variables)):
                for i, variable in enumerate(variables):
                    variable.assign(kept[f"{name}{i}"])
            self.mean = [kept[f"e{i}"] for i in range(len(self.mean))]

    def save(self):
        parts = {"w": self.model.weights, "o": self.adam.variables, "e": self.mean}
        arrays = {
            f"{name}{i}": ops.convert_to_numpy(one)
            for name in parts
            for i, one in enumerate(parts[name])
        }
        new = self.file.with_name("new.npz")
        np.savez(new, step=self.step, schedule=repr(SCHEDULE), **arrays)
        os.replace(new, self.file)

    def _update(self, seen, images, weight):
        with tf.GradientTape() as tape:
            logits = self.model(seen, training=True)
            nats = keras.losses.sparse_categorical_crossentropy(images, logits, from_logits=True)
            loss = ops.mean(nats * weight)
        slopes = tape.gradient(loss, self.model.trainable_variables)
        self.adam.apply_gradients(zip(slopes, self.model.trainable_variables))
        return ops.softmax(logits)

    def learn(self, questions, source, rng):
        """Take one step, with questions and with random pixels."""
        left = (STEPS - self.step) / (DECAY * STEPS)
        self.adam.learning_rate.assign(PEAK * min((self.step + 1) / WARM, left, 1))
        images = np.stack([next(source) for _ in range(HALF)])
        images = np.concatenate([questions.images, images])  # (2 * HALF, 16, 16)
        number = (256 * rng.random(HALF) ** 1.5).astype(int)
        place = rng.random((HALF, 256)).argsort(axis=1).reshape(HALF, 16, 16)
        known = np.concatenate([questions.known, place < number[:, None, None]])
        seen, weight = anyorder.lesson(images, known.sum(axis=(1, 2)), np.where(known, -1, 256))
        p = self.update(seen, images, (weight * trust(known)).astype("float32"))
        questions.ask(np.array(p[:HALF], float))
        self.step += 1
        keep = min(MEMORY, (1 + self.step) / (10 + self.step))
        for mean, now in zip(self.mean, self.model.get_weights()):
            mean += (1 - keep) * (now - mean)


def trust(known):
    """Say how much each face counts: less if little is known, as its loss is mostly chance."""
    count = known.sum(axis=(1, 2))
    asked = np.arange(len(known)) < HALF
    part = np.where(asked, np.clip((count + 3) / 13, 0.1, 1), np.clip((count + 8) / 40, 0.15, 1))
    return part[:, None, None]


def quantised(model):
    """Return the network as the object that anyorder.py and erase.js read; see quantise.py."""
    packed, shapes = [], []
    for variable in model.weights:
        array = np.array(variable, float)
        if array.ndim == 1 or variable.name == "bias":
            matrix, size = array.reshape(-1, 1), EXACT
        elif any(part in variable.path for part in ("/query/", "/key/", "/value/")):
            matrix, size = array.reshape(len(array), -1), SIZE
        else:
            matrix, size = array.reshape(-1, array.shape[-1]), SIZE
        packed.append(pack(matrix, size))
        shapes.append([*matrix.shape, size])
    return {
        "blocks": anyorder.SIZES["blocks"],
        "heads": 4,
        "size": SIZE,
        "shapes": shapes,
        "exponents": sum((exponents for exponents, _ in packed), []),
        "weights": base64.b64encode(b"".join(data for _, data in packed)).decode(),
    }


def main(run):
    run.mkdir(parents=True, exist_ok=True)
    training = Training(run)
    rng = np.random.default_rng(training.step)
    source = some_faces(rng)
    questions = Questions(source, rng)
    while training.step < STEPS:
        training.learn(questions, source, rng)
        if training.step % 500 == 0:
            training.save()
            print(f"step {training.step}", flush=True)
    training.model.set_weights(training.mean)
    text = json.dumps(quantised(training.model), separators=(",", ":"))
    anyorder.NETWORK.write_text(text + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
