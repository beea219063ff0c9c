"""Write the shipped models for the page: weights/*.json, read by teach/live/pixelnet.js.

python book/tools/quantise.py

A convolution becomes a matrix (inputs, outputs): its living taps in the order of the values; with
mask B, the present pixel comes last. Its bias follows as one column. After all convolutions come
the biases of the classes, a matrix (classes, outputs) for each block, in which the classes of all
labels stand one below the other; of a PixelCNN the skips, a matrix (blocks, outputs); of a
PixelSNAIL the position biases, one column for each block; and the features of the levels, a matrix
(levels, embed), if a level is read as a name. A column is stored as whole numbers, and a power of
two by which they are multiplied; the exponent is stored in eighths."""

import base64
import json

import numpy as np
from keras import ops

from pixelcnn_lib.family import PixelCNN, PixelSNAIL
from pixelcnn_lib.heads import CategoricalHead
from pixelcnn_lib.layers import CausalConv2D, ResidualBlock
from pixelcnn_lib.model import WEIGHTS

SHIPPED = {"small": PixelCNN, "faces": PixelSNAIL}
# bytes for each weight: with 2, the log-probabilities of `small` would be wrong by 0.03
BYTES = {"small": 3, "faces": 1}
EXACT = 3  # bytes for each bias of a convolution, and of a position


def matrices(model):
    """List all weights in the page's order: pairs of a matrix and its own BYTES, or None."""
    for layer in convolutions(model):
        kernel = ops.convert_to_numpy(layer.masked(layer.kernel))  # (kh, kw, in, out)
        height, width, features, filters = kernel.shape
        taps = kernel.reshape(height * width * features, filters)
        living = len(layer.offsets) - (layer.mask_type == "A")
        yield taps[: living * features], None
        yield ops.convert_to_numpy(layer.bias)[:, None], EXACT
    for bias in model.class_biases:
        yield ops.convert_to_numpy(bias), None  # (classes, 2h)
    if isinstance(model, PixelSNAIL):
        for block in model.body:
            yield ops.convert_to_numpy(block.attention.bias).T, EXACT  # (offsets, 1)
    else:
        yield np.stack([ops.convert_to_numpy(skip) for skip in model.skips]), None  # (blocks, 2h)
    if model.embed:
        yield ops.convert_to_numpy(model.embedding.embeddings), None  # (levels, embed)


def convolutions(model):
    """List the masked convolutions, from the first layer to the head."""
    blocks = [layer for block in model.body for layer in in_block(block)]
    return [model.first, *blocks, *model.top, model.head.conv]


def in_block(block):
    """List the convolutions of a block, in the order in which the page takes them."""
    if isinstance(block, ResidualBlock):
        return [block.narrow, block.look, block.widen]
    near_by = [conv for gated in block.near_by for conv in (gated.look, gated.choose)]
    attention, merge = block.attention, block.merge
    own = [attention.query, attention.remember, merge.look, merge.choose, merge.link]
    return [*near_by, *own]


def kind(layer):
    """Return the type of a convolution: its mask, or C for one that ends at the present pixel."""
    return "C" if isinstance(layer, CausalConv2D) else layer.mask_type


def pack(matrix, size):
    """Turn a matrix into exponents (out,) and whole numbers, as bytes: `size` for each number."""
    largest = np.maximum(abs(matrix).max(0), 1e-9)  # (out,)
    exponents = np.ceil(8 * np.log2(largest / (2 ** (8 * size - 1) - 1)))  # (out,)
    whole = np.rint(matrix / 2 ** (exponents / 8)).astype(">i4")
    return exponents.astype(int).tolist(), whole.view("u1").reshape(-1, 4)[:, 4 - size :].tobytes()


def quantise(model, size):
    """Return a model as the object that the page reads; size: int, bytes per weight.

    It must be a PixelCNN with residual blocks, or a PixelSNAIL, and have one group of colours.
    """
    own = {name: model.sizes[name] for name in ("residuals", "near") if name in model.sizes}
    if model.embed:
        own["embed"] = model.embed
    packed = [pack(matrix, own or size) for matrix, own in matrices(model)]
    return {
        "levels": model.levels,
        "colours": model.colours,
        "classes": model.classes or 0,
        "blocks": len(model.body),
        "head": "categorical" if isinstance(model.head, CategoricalHead) else "mixture",
        "straight": model.head.straight,
        "size": size,
        **own,
        "convolutions": [
            [*layer.kernel_size, kind(layer), layer.kernel.shape[2], layer.filters]
            for layer in convolutions(model)
        ],
        "exponents": sum((exponents for exponents, _ in packed), []),
        "weights": base64.b64encode(b"".join(data for _, data in packed)).decode(),
    }


def text(name):
    """Return the text of a shipped model's file."""
    file = quantise(SHIPPED[name].pretrained(name), BYTES[name])
    return json.dumps(file, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    for name in BYTES:
        (WEIGHTS / f"{name}.json").write_text(text(name))
