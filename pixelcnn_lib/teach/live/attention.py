"""Where attention looks: a small trained network, pixel by pixel, layer by layer, head by head.

book/tools/live_states.py trains the network and stores its attention weights in attention.json.
"""

import base64
import json

import keras
import numpy as np
import traitlets
from keras import ops

from pixelcnn_lib import losses
from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.teach import kites
from pixelcnn_lib.teach.exercises.ch16.look_back import look_back
from pixelcnn_lib.teach.exercises.ch16.offsets import offsets
from pixelcnn_lib.teach.live.base import Live, read, to_base64

PICTURES = [(3, 0, 0), (4, 3, 1), (6, 1, 3), (5, 2, 2)]  # the arguments of kites.picture
LAYERS, HEADS, SIZE, WIDTH, NEAR = 2, 2, 8, 24, 13
PIXELS = kites.SHAPE[0] * kites.SHAPE[1]
BEFORE = np.tri(PIXELS, PIXELS + 1, dtype=bool)  # [target, nowhere and the sources]


class Look(keras.layers.Layer):
    """Attention as in chapter 16: queries come from features, keys and values from the pixels."""

    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = (keras.layers.Dense(HEADS * SIZE) for _ in range(3))
        self.out, self.mix = (keras.layers.Dense(WIDTH) for _ in range(2))
        self.bias = self.add_weight((HEADS, (2 * NEAR + 1) ** 2), "zeros", name="bias")

    def weights_of(self, x, pixels):
        """Return how much each pixel attends to each other pixel: (N, heads, P, P)."""
        height, width = x.shape[1:3]
        up, left = offsets(height, width, NEAR)  # (P, P) each
        bias = ops.take(self.bias, (up + NEAR) * (2 * NEAR + 1) + left + NEAR, axis=1)
        query, key = by_head(self.query(x)), by_head(self.key(pixels))  # (N, heads, P, SIZE)
        return look_back(ops.matmul(query, ops.swapaxes(key, 2, 3)) / SIZE**0.5 + bias)

    def call(self, x, pixels):
        seen = ops.matmul(self.weights_of(x, pixels), by_head(self.value(pixels)))
        seen = ops.transpose(seen, (0, 2, 1, 3))  # (N, P, heads, SIZE)
        x = x + self.out(ops.reshape(seen, (-1, *x.shape[1:3], HEADS * SIZE)))  # (N, H, W, WIDTH)
        return x + self.mix(ops.relu(x))  # (N, H, W, WIDTH)


def by_head(x):
    """Split the features by head: (N, H, W, heads * SIZE) -> (N, heads, P, SIZE)."""
    x = ops.reshape(x, (-1, x.shape[1] * x.shape[2], HEADS, SIZE))
    return ops.transpose(x, (0, 2, 1, 3))


class Network(keras.Model):
    """The network of chapter 16 with two layers of attention."""

    def __init__(self):
        super().__init__()
        self.first = MaskedConv2D(WIDTH, 3, "A", colours=1)
        self.body = [Look() for _ in range(LAYERS)]
        self.head = keras.layers.Dense(len(kites.KINDS))

    def call(self, images):
        pixels = ops.one_hot(images[..., 0], len(kites.KINDS))  # (N, H, W, kinds)
        x = self.first(pixels)  # (N, H, W, WIDTH)
        for layer in self.body:
            x = layer(x, pixels)  # (N, H, W, WIDTH)
        return ops.log_softmax(self.head(ops.relu(x)))[:, :, :, None]  # (N, H, W, 1, kinds)

    def looks(self, images):
        """Return the attention to nowhere and each pixel: (N, layers, heads, P, 1 + P)."""
        pixels, found = ops.one_hot(images[..., 0], len(kites.KINDS)), []
        x = self.first(pixels)
        for layer in self.body:
            found.append(np.asarray(layer.weights_of(x, pixels)))
            x = layer(x, pixels)
        found = np.stack(found, axis=1)
        return np.concatenate([1 - found.sum(-1, keepdims=True), found], axis=-1).clip(0, 1)


def train(epochs=150):
    """Train the network on the 64 pictures of kites. Returns it, and its loss in bits."""
    keras.utils.set_random_seed(0)
    images, network = kites.pictures(), Network()
    rate = keras.optimizers.schedules.CosineDecay(0.01, epochs * len(images) // 16)
    optimizer = keras.optimizers.Adam(rate, global_clipnorm=1.0)
    network.compile(optimizer, losses.bits_per_dim, jit_compile=False)
    network.fit(images, images, batch_size=16, epochs=epochs, verbose=0)
    return network, PIXELS * network.evaluate(images, images, batch_size=64, verbose=0)


def compute():
    """Train, and return how much each pixel attends to what is before it, as bytes in base64.

    A byte is 255 times the root of a weight, so that small weights can be told apart. For each
    picture, layer, head and target there is a byte for nowhere and for each earlier pixel.
    """
    network, bits = train()
    images = np.stack([kites.picture(*one) for one in PICTURES])[..., None]
    roots = np.rint(255 * np.sqrt(network.looks(images))).astype("uint8")
    return {"bits": round(float(bits), 2), "roots": to_base64(roots[..., BEFORE])}


class WhereAttentionLooks(Live):
    """A picture, and how much one of its pixels attends to the others in each layer and head.

    picture: int, which of PICTURES. target: [row, col], the pixel that attends.
    """

    title = "Where attention looks"
    hint = (
        "Choose a pixel of the picture: where do the heads look when it is predicted? Then point at "
        "an earlier pixel, or walk there with the arrow keys, to read its weights."
    )
    heights = (998, 931)
    shared = ("parts.js", "draw.js")

    picture = traitlets.Int(0, min=0, max=len(PICTURES) - 1).tag(sync=True)
    target = traitlets.List([5, 0]).tag(sync=True)  # the first pixel of the jumper
    heads = traitlets.Int(HEADS).tag(sync=True)
    layers = traitlets.Int(LAYERS).tag(sync=True)
    names = traitlets.List(kites.KINDS).tag(sync=True)
    palette = traitlets.List(kites.PALETTE.tolist()).tag(sync=True)
    pictures = traitlets.List().tag(sync=True)  # the kinds of each picture's pixels, by rows
    roots = traitlets.Unicode().tag(sync=True)

    def __init__(self, **shown):
        pictures = [kites.picture(*one).tolist() for one in PICTURES]
        self.bits = (found := json.loads(read("attention.json")))["bits"]
        super().__init__(pictures=pictures, roots=found["roots"], **shown)

    def weights(self):
        """Return the attention to nowhere and each pixel: (pictures, layers, heads, P, 1 + P)."""
        stored = np.frombuffer(base64.b64decode(self.roots), np.uint8)
        found = np.zeros((len(PICTURES), LAYERS, HEADS, *BEFORE.shape))
        found[..., BEFORE] = (stored.reshape(*found.shape[:3], -1) / 255) ** 2
        return found

    def still(self):
        from pixelcnn_lib.teach import figures

        row, col = self.target
        weights = self.weights()[self.picture, :, :, row * kites.SHAPE[1] + col]
        named = {
            f"layer {layer + 1}, head {head + 1}": weights[layer, head]
            for layer, head in np.ndindex(LAYERS, HEADS)
        }
        return figures.show_looks(kites.PALETTE[self.pictures[self.picture]], named, (row, col))

    def fallback(self):
        """Say where each head's attention is largest, for the chosen pixel of each picture."""
        rows, number = "", int(np.ravel_multi_index(self.target, kites.SHAPE))
        for (colour, *_), all_weights in zip(PICTURES, self.weights(), strict=True):
            for layer, head in np.ndindex(LAYERS, HEADS):
                weights = all_weights[layer, head, number]
                most = int(weights.argmax())
                row, col = divmod(most - 1, kites.SHAPE[1])
                place = f"row {row}, column {col}" if most else "nowhere"
                cells = kites.KINDS[colour], layer + 1, head + 1, place, f"{weights[most]:.0%}"
                rows += f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        heads = "".join(
            f'<th scope="col">{one}</th>' for one in ("kite", "layer", "head", "looks at", "weight")
        )
        return (
            f"<p>Where the heads look most when the pixel in row {self.target[0]}, column "
            f"{self.target[1]} is predicted.</p>\n<table><tr>{heads}</tr>{rows}</table>"
        )
