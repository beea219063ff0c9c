"""How near to the faces' entropy each network comes in a given time. Run by `make bench`.

Each trains on its own for as many steps as fit into the time; at its end the learning rate has
fallen to zero. The bits are those of new faces. A line ends with how many of 100 drawn pictures
are faces.
"""

import time

import keras
import numpy as np
from bench_sampling import line, machine

from pixelcnn_lib import faces
from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.losses import bits_per_dim

SECONDS = (30, 120)
NAMES = ("pixelcnn", "gated", "pixelsnail")


def trained(name, budget, images):
    """Train a member for a time in seconds, and return it with the number of its steps."""
    model = MEMBERS[name].preset("faces")
    adam = keras.optimizers.Adam(0.0, global_clipnorm=1.0)
    model.compile(adam, loss=bits_per_dim)
    model.train_on_batch(images[:32])  # compiles; a rate of zero changes nothing
    rng, begin, steps, share = np.random.default_rng(0), time.monotonic(), 0, 0
    while share < 1:
        adam.learning_rate = 4e-3 * (1 + np.cos(np.pi * share)) / 2
        model.train_on_batch(images[rng.integers(len(images), size=32)])
        share, steps = (time.monotonic() - begin) / budget, steps + 1
    return model, steps


def main():
    print(machine())
    images, new = faces.faces(20_000, 1), faces.faces(1000, 2)
    entropy = faces.faces_entropy()
    line("bits a face above the entropy; right of 100", "measured", "right")
    for name in NAMES:
        for budget in SECONDS:
            model, steps = trained(name, budget, images)
            above = 256 * model.score(new).bits - entropy
            drawn = model.sample(100, 16, seed=0)
            right = sum(not wrong for wrong in faces.read_face(drawn)[1])
            line(f"{name}, {budget} s, {steps} steps", f"{above:.2f}", right)


if __name__ == "__main__":
    main()
