"""Train chapter 18's network for any order longer, and write it for the page: weights/erase.json.

python book/tools/train_erase.py        about twelve minutes on one core

The chapter's own cells run, with more steps and more faces. The file has the format of quantise.py:
a dense layer is a 1x1 convolution. The scale and the shift of a LayerNormalization are multiplied
into the dense layer after it.
"""

import base64
import json

from keras import layers
from quantise import EXACT, SIZE, pack

from chapters import ROOT, run_cells
from pixelcnn_lib.teach.live.erase import NETWORK

CHAPTER = ROOT / "chapters" / "18_what_came_after.ipynb"
USED = ("import keras", "def mix(", "def network(", "def loss(", "def learn(", "def any_group(")
LONGER = {"32_000": "120_000", "steps=600": "steps=9000"}  # faces, and steps


def quantise(model):
    """Return the chapter's network as the object that erase.py and pixelnet.js read."""
    packed, shapes, norm = [], [], None
    for layer in model.layers:
        if isinstance(layer, layers.LayerNormalization):
            norm = layer.get_weights()
        elif isinstance(layer, layers.Dense):
            kernel, bias = layer.get_weights()
            if norm:
                scale, shift = norm
                kernel, bias, norm = scale[:, None] * kernel, bias + shift @ kernel, None
            packed += [pack(kernel, SIZE), pack(bias[:, None], EXACT)]
            shapes.append([1, 1, "B", *kernel.shape])
        elif isinstance(layer, layers.Embedding):
            (names,) = layer.get_weights()
    packed.append(pack(names, SIZE))
    return {
        "levels": names.shape[0],
        "embed": names.shape[1],
        "near": 0,  # the network has neither attention nor labels
        "blocks": 0,
        "classes": [],
        "size": SIZE,
        "convolutions": shapes,
        "exponents": sum((exponents for exponents, _ in packed), []),
        "weights": base64.b64encode(b"".join(data for _, data in packed)).decode(),
    }


if __name__ == "__main__":
    model = run_cells(CHAPTER, USED, LONGER)["free"]
    NETWORK.write_text(json.dumps(quantise(model), separators=(",", ":")) + "\n")
