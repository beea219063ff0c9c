"""Count what chapter 18's orders draw in few passes: weights/few-passes.json, in about half an hour.

python book/tools/few_passes.py [exact] [shipped]

Each order draws with the exact probabilities, of all plain faces, and with the shipped network. What
is not asked for stays as it was counted.
"""

import json
import sys
from functools import lru_cache, partial

import field_limits
import numpy as np

from pixelcnn_lib import faces
from pixelcnn_lib.teach import anyorder

DRAWN, SCORED = {"exact": 100, "shipped": 600}, {"exact": 25, "shipped": 64}  # faces
PASSES = 8, 16, 32, 64
IN_PARTS = {  # orders that take each of PASSES, by their options
    "random, equal parts": {"growing": False},
    "random, growing parts": {},
    "surest first": {"chance": 4.5},
    "surest first, no chance": {"chance": 0},
}
ORDERS = [  # each with a function that returns it anew
    ("biggest question first", lambda: anyorder.biggest_question),
    ("coarse to fine", anyorder.lattices),
]
for name, options in IN_PARTS.items():
    ORDERS += [(name, partial(anyorder.in_parts, passes, **options)) for passes in PASSES]


def every_face():
    """Return all plain faces, uint8 (n, 256), and their probabilities, float (n,)."""
    pictures, p = field_limits.all_faces()  # some of them twice
    numbers = np.random.default_rng(0).integers(2**63, size=(256, 64))  # [pixel, colour]
    sums = sum(numbers[pixel][pictures[pixel]] for pixel in range(256))
    first, p = field_limits.groups(sums, p)
    return pictures.T[first], p


class Perfect:
    """A network that knows all probabilities: it counts the faces that fit what is known."""

    output_shape = (None, 16, 16, 64)

    def __init__(self, pictures, p):
        self.pictures, self.p = pictures, p
        self.columns = np.ascontiguousarray(pictures.T)  # (256, n)
        self.look = lru_cache(maxsize=1000)(self._look)

    def predict_on_batch(self, images):
        """Return logits: the logarithms of the probabilities, equal ones if no face fits."""
        return np.stack([self.look(image.astype(np.uint8).tobytes()) for image in images])

    def _look(self, image):
        fit = np.arange(len(self.p))
        for pixel, colour in enumerate(image):
            if colour != anyorder.HIDDEN:
                fit = fit[self.columns[pixel, fit] == colour]
        sums = np.zeros(256 * 64)
        for some in np.array_split(fit, len(fit) // 5000 + 1):
            place = self.pictures[some] + np.arange(0, 256 * 64, 64)  # (some, 256)
            sums += np.bincount(place.ravel(), np.repeat(self.p[some], 256), 256 * 64)
        logits = np.log(np.maximum(sums, 1e-30)) if len(fit) else sums
        return logits.reshape(16, 16, 64)


def measure(which, model, name, order):
    """Return what an order draws and pays, a dict."""
    rng, drawn, scored = np.random.default_rng(0), DRAWN[which], SCORED[which]
    blank = np.full((drawn, 16, 16), anyorder.HIDDEN)
    images, used = anyorder.draw(model, order(), blank, rng.random)
    wrong = faces.read_face(images[..., None])[1]
    row = {"order": name, "passes": round(float(used.mean()), 1), "most": int(used.max())}
    row |= {"right": wrong.count(""), "drawn": drawn}
    if not name.startswith("surest"):  # its parts depend on what is drawn
        new = faces.faces(scored, seed=2)[..., 0]
        bits = anyorder.cost(model, order(), new).sum(axis=(1, 2))
        row |= {"bits": round(float(bits.mean()), 2), "scored": scored}
    return row


def main(asked):
    counts = json.loads(anyorder.COUNTS.read_text()) if anyorder.COUNTS.exists() else {}
    for which in asked:
        model = Perfect(*every_face()) if which == "exact" else anyorder.shipped()
        counts[which] = []
        for name, order in ORDERS:
            row = measure(which, model, name, order)
            counts[which].append(row)
            print(which, row, flush=True)
    anyorder.COUNTS.write_text(json.dumps(counts, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:] or list(DRAWN))
