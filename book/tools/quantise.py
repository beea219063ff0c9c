"""Write the model of faces for the page: weights/faces.json, read by teach/live/pixelnet.js.

python book/tools/quantise.py

A convolution becomes a matrix (inputs, outputs): its living taps in the order of the pixels, the
present pixel's as the last. Its bias follows as one column. After all convolutions come the biases
of the labels, a matrix (classes, h) for each block, in which the classes of all labels stand one
below the other; the position biases, one column for each block; and the features of the colours'
names, a matrix (levels, embed). A column is stored as whole numbers, and a power of two by which
they are multiplied; the exponent is stored in eighths."""

import base64
import json

import numpy as np
from keras import ops

from pixelcnn_lib.family import PixelSNAIL
from pixelcnn_lib.layers import CausalConv2D
from pixelcnn_lib.teach.live.faces import NETWORK

SIZE = 1  # bytes for each weight
EXACT = 3  # bytes for each bias of a convolution, and of a position


def matrices(model):
    """List all weights in the page's order: pairs of a matrix, and the bytes of each number."""
    for layer in convolutions(model):
        kernel = ops.convert_to_numpy(layer.masked(layer.kernel))  # (kh, kw, in, out)
        height, width, features, filters = kernel.shape
        taps = kernel.reshape(height * width * features, filters)
        living = len(layer.offsets) - (layer.mask_type == "A")
        yield taps[: living * features], SIZE
        yield ops.convert_to_numpy(layer.bias)[:, None], EXACT
    for bias in model.class_biases:
        yield ops.convert_to_numpy(bias), SIZE  # (classes, h)
    for block in model.body:
        yield ops.convert_to_numpy(block.attention.bias).T, EXACT  # (offsets, 1)
    yield ops.convert_to_numpy(model.embedding.embeddings), SIZE  # (levels, embed)


def convolutions(model):
    """List the masked convolutions, from the first layer to the head."""
    blocks = [layer for block in model.body for layer in in_block(block)]
    return [model.first, *blocks, *model.top, model.head.conv]


def in_block(block):
    """List the convolutions of a block, in the order in which the page takes them."""
    near_by = [conv for gated in block.near_by for conv in (gated.look, gated.choose)]
    attention, merge = block.attention, block.merge
    return [*near_by, attention.query, attention.remember, merge.look, merge.choose, merge.link]


def kind(layer):
    """Return the type of a convolution: its mask, or C for one that ends at the present pixel."""
    return "C" if isinstance(layer, CausalConv2D) else layer.mask_type


def pack(matrix, size):
    """Turn a matrix into exponents (out,) and whole numbers, as bytes: `size` for each number."""
    largest = np.maximum(abs(matrix).max(0), 1e-9)  # (out,)
    exponents = np.ceil(8 * np.log2(largest / (2 ** (8 * size - 1) - 1)))  # (out,)
    whole = np.rint(matrix / 2 ** (exponents / 8)).astype(">i4")
    return exponents.astype(int).tolist(), whole.view("u1").reshape(-1, 4)[:, 4 - size :].tobytes()


def quantise(model):
    """Return a model as the object that the page reads.

    It must be a PixelSNAIL with a categorical head, with classes, and with one colour as a name.
    """
    packed = [pack(*one) for one in matrices(model)]
    return {
        "levels": model.levels,
        "classes": model.classes,
        "blocks": len(model.body),
        "size": SIZE,
        "residuals": len(model.body[0].near_by),
        "near": model.sizes["near"],
        "embed": model.embed,
        "convolutions": [
            [*layer.kernel_size, kind(layer), layer.kernel.shape[2], layer.filters]
            for layer in convolutions(model)
        ],
        "exponents": sum((exponents for exponents, _ in packed), []),
        "weights": base64.b64encode(b"".join(data for _, data in packed)).decode(),
    }


def text():
    """Return the text of the shipped model's file."""
    file = quantise(PixelSNAIL.pretrained("faces"))
    return json.dumps(file, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    NETWORK.write_text(text())
