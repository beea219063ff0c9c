"""Write the shipped models for the page: weights/*.json, read by teach/live/pixelnet.js.

python book/tools/quantise.py

A convolution becomes a matrix (inputs, outputs): its living taps in the order of the values; with
mask B, the present pixel comes last. Its bias follows as one column. After all convolutions come
the biases of the classes, a matrix (classes, outputs) for each block, and the skips, a matrix
(blocks, outputs). A column is stored as whole numbers, and a power of two by which they are
multiplied; the exponent is stored in eighths."""

import base64
import json

import numpy as np
from keras import ops

from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import CategoricalHead
from pixelcnn_lib.model import WEIGHTS

# bytes for each weight: with 2, the log-probabilities of `small` would be wrong by 0.03; with 1,
# `digits` has the same score as with 3
BYTES = {"small": 3, "digits": 1}
EXACT = 3  # bytes for each bias of a convolution


def matrices(model):
    """List all weights in the page's order: pairs of a matrix and its own BYTES, or None."""
    for layer in convolutions(model):
        kernel = ops.convert_to_numpy(layer.masked(layer.kernel))  # (kh, kw, in, out)
        height, width, features, filters = kernel.shape
        taps = kernel.reshape(height * width * features, filters)
        living = height * width // 2 + (layer.mask_type == "B")
        yield taps[: living * features], None
        yield ops.convert_to_numpy(layer.bias)[:, None], EXACT
    for bias in model.class_biases:
        yield ops.convert_to_numpy(bias), None  # (classes, 2h)
    yield np.stack([ops.convert_to_numpy(skip) for skip in model.skips]), None  # (blocks, 2h)


def convolutions(model):
    """List the masked convolutions, from the first layer to the head."""
    blocks = [[block.narrow, block.look, block.widen] for block in model.body]
    return [model.first, *sum(blocks, []), *model.top, model.head.conv]


def pack(matrix, size):
    """Turn a matrix into exponents (out,) and whole numbers, as bytes: `size` for each number."""
    largest = np.maximum(abs(matrix).max(0), 1e-9)  # (out,)
    exponents = np.ceil(8 * np.log2(largest / (2 ** (8 * size - 1) - 1)))  # (out,)
    whole = np.rint(matrix / 2 ** (exponents / 8)).astype(">i4")
    return exponents.astype(int).tolist(), whole.view("u1").reshape(-1, 4)[:, 4 - size :].tobytes()


def quantise(model, size):
    """Return a model as the object that the page reads; size: int, bytes per weight.

    The model must have residual blocks and one group of colours.
    """
    packed = [pack(matrix, own or size) for matrix, own in matrices(model)]
    return {
        "levels": model.levels,
        "colours": model.colours,
        "classes": model.classes or 0,
        "blocks": len(model.body),
        "head": "categorical" if isinstance(model.head, CategoricalHead) else "mixture",
        "straight": model.head.straight,
        "size": size,
        "convolutions": [
            [*layer.kernel_size, layer.mask_type, layer.kernel.shape[2], layer.filters]
            for layer in convolutions(model)
        ],
        "exponents": sum((exponents for exponents, _ in packed), []),
        "weights": base64.b64encode(b"".join(data for _, data in packed)).decode(),
    }


def text(name):
    """Return the text of a shipped model's file."""
    file = quantise(PixelCNN.pretrained(name), BYTES[name])
    return json.dumps(file, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    for name in BYTES:
        (WEIGHTS / f"{name}.json").write_text(text(name))
