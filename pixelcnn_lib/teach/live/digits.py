"""Half a digit: the reader draws its upper half, and the shipped model of digits the lower half.

The page itself computes, with pixelnet.js. By Bayes's rule it also says which digit the picture may
be: with all classes equally likely, p(class | image) is proportional to p(image | class).
"""

import json

import numpy as np
import traitlets

from pixelcnn_lib import data
from pixelcnn_lib.teach.live import base
from pixelcnn_lib.teach.live.base import noise

NETWORK = data.FOLDER.parent / "weights" / "digits.json"  # book/tools/quantise.py writes it
SIDE, HALF, COUNT = 8, 32, 10  # pixels; values of the upper half; pictures drawn


def samples():
    """Two held-out digits of each class: images (20, 8, 8, 1) and labels (20,)."""
    images, labels = data.digits("test")
    first = sorted(sum((np.flatnonzero(labels == label)[:2].tolist() for label in range(10)), []))
    return images[first], labels[first]


def log_likelihoods(model, images, rows=SIDE):
    """Natural log p(the first rows of each image | class), for each class: (N, classes)."""
    log_p = [
        np.asarray(model.log_prob(images[:, :rows], np.full(len(images), label)))
        for label in range(model.classes)
    ]  # (N, rows, W, 1) each
    return np.stack(log_p, -1).sum((1, 2, 3))


def posterior(log_p):
    """Bayes's rule with equally likely classes: log p(image | class) -> p(class | image)."""
    p = np.exp(log_p - log_p.max(-1, keepdims=True))  # (N, classes)
    return p / p.sum(-1, keepdims=True)


def compute():
    """Return the range of bits per value of nine in ten upper halves of held-out digits."""
    from pixelcnn_lib.family import PixelCNN

    images, _ = data.digits("test")
    log_p = log_likelihoods(PixelCNN.pretrained("digits"), images, SIDE // 2)  # (N, classes)
    bits = -np.log2(np.exp(log_p).mean(-1)) / HALF  # (N,)
    return {"typical": np.quantile(bits, [0.05, 0.95]).round(2).tolist()}


class Digits(base.Live):
    """Draw the upper half of a digit; the network draws the lower one, ten times.

    Picture k has the noise base.noise(k, (65,)): one number for each value, and the last for its
    class, which is drawn from p(class | upper half). ink: the upper half that the figure starts
    with, as base.to_base64 returns it.
    """

    title = "Draw half a digit"
    hint = (
        "Draw the upper half of a digit into the white field, from its top edge down: with a "
        "finger, the mouse, or the keyboard (arrows move, Space sets ink). The network draws the "
        "lower half ten times. Look where the ten agree, where they differ, and which digits the "
        "bars give a chance."
    )
    heights = (708, 1223)
    shared = ("parts.js", "draw.js", "pixelnet.js")
    network = traitlets.Dict().tag(sync=True)
    samples = traitlets.List().tag(sync=True)
    typical = traitlets.List().tag(sync=True)
    ink = traitlets.Unicode("").tag(sync=True)

    def __init__(self, **traits):
        pictures = [
            {"pixels": base.to_base64(image), "label": int(label)}
            for image, label in zip(*samples())
        ]
        super().__init__(
            network=json.loads(NETWORK.read_text()),
            samples=pictures,
            **json.loads(base.read("digits.json")),
            **traits,
        )

    def complete(self, model, half):
        """Draw the ten pictures with the library.

        model: the model of digits. half: uint8 (4, 8, 1), the upper half.
        Returns uint8 (10, 8, 8, 1) and their labels (10,).
        """
        from pixelcnn_lib import sampling

        images = np.zeros((COUNT, SIDE, SIDE, 1), np.uint8)
        images[:, : SIDE // 2] = half
        noises = np.stack([noise(k, (SIDE**2 + 1,)) for k in range(COUNT)])
        sums = posterior(log_likelihoods(model, images[:1], SIDE // 2))[0].cumsum()  # (classes,)
        labels = np.searchsorted(sums / sums[-1], noises[:, -1], side="right")
        u, known = noises[:, :-1].reshape(images.shape), np.arange(SIDE)[:, None, None] < SIDE // 2
        options = dict(noise=u, labels=labels, progress=False)
        return sampling.complete(model, images, known, **options), labels

    def still(self):
        from pixelcnn_lib.family import PixelCNN
        from pixelcnn_lib.teach import figures

        truth = samples()[0][0]
        drawn, labels = self.complete(PixelCNN.pretrained("digits"), truth[: SIDE // 2])
        paper = np.uint8(255) - np.rint(np.stack([truth, *drawn]) * (255 / 16)).astype(np.uint8)
        known = np.ones(paper.shape, bool)
        known[0, SIDE // 2 :] = False
        titles = ["upper half", *(f"drawn as {label}" for label in labels)]
        return figures.show_steps(paper, known, titles, columns=6)

    def fallback(self):
        return (
            "<p>With scripts, you draw the upper half of a digit here, and the network completes it "
            "ten times. The still picture shows the upper half of a held-out digit and ten "
            "completions.</p>"
        )
