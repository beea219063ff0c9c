"""Write the shipped model for the page: weights/small.json, read by teach/live/pixelnet.js.

python book/tools/quantise.py

A convolution becomes a matrix (inputs, outputs): its living taps in the order of the values, the
present pixel's last, and its bias as one more row. A column is whole numbers of 24 bits times a
power of two of its own; 16 bits would miss the network's log-probabilities by 0.03.
"""

import base64
import json

import numpy as np
from keras import ops

from pixelcnn_lib.model import WEIGHTS, PixelCNN

BITS = 24


def matrix(layer):
    """The living taps of a masked convolution and its bias, (taps * in + 1, out)."""
    kernel = ops.convert_to_numpy(layer.masked(layer.kernel))  # (kh, kw, in, out)
    height, width, filters_in, filters_out = kernel.shape
    taps = kernel.reshape(height * width * filters_in, filters_out)
    living = taps[: (height * width // 2 + 1) * filters_in]
    return np.vstack([living, ops.convert_to_numpy(layer.bias)])


def quantise(model):
    """A model of residual blocks and a mixture head, as the object that the page reads."""
    blocks = [[block.narrow, block.look, block.widen] for block in model.body]
    convolutions = [model.first, *sum(blocks, []), *model.top, model.head.conv]
    skips = np.stack([ops.convert_to_numpy(skip) for skip in model.skips])  # (blocks, 2h)
    matrices = [*map(matrix, convolutions), skips]
    exponents = [np.frexp(abs(one).max(0))[1] - (BITS - 1) for one in matrices]
    whole = [np.rint(np.ldexp(one, -by)).ravel() for one, by in zip(matrices, exponents)]
    integers = np.concatenate(whole).astype(">i4")
    data = integers.view("u1").reshape(-1, 4)[:, 1:]  # the highest byte only repeats the sign
    return {
        "levels": model.levels,
        "colours": model.colours,
        "blocks": len(blocks),
        "convolutions": [
            [*layer.kernel_size, layer.mask_type, layer.kernel.shape[2], layer.filters]
            for layer in convolutions
        ],
        "exponents": np.concatenate(exponents).tolist(),
        "weights": base64.b64encode(data.tobytes()).decode(),
    }


if __name__ == "__main__":
    text = json.dumps(quantise(PixelCNN.pretrained("small")), separators=(",", ":"))
    (WEIGHTS / "small.json").write_text(text + "\n")
