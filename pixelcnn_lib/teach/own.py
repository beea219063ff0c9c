"""The reader's own network, of chapter 1's form: from Keras to a file for the page, and back.

The page's figures read and write the same files: see live/own.js. A file holds numbers only, and is
read within known bounds.
"""

import base64
import itertools
import json
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

from pixelcnn_lib import faces
from pixelcnn_lib.arguments import short
from pixelcnn_lib.disk import read_whole, write_whole
from pixelcnn_lib.folders import reading
from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.teach import checks

PROGRAM, VERSION = "one-pixel-at-a-time", 1
COLOURS = len(faces.FACE_COLOURS)
LARGEST = 6_000_000  # bytes of a file
MOST = 1_000_000  # weights that a file holds; own.js has the same limits
BOUNDS = {"embed": (1, 256), "width": (2, 256), "first": (3, 15), "blocks": (0, 20)}
BOOKS = {  # the book's copies, by the chapter that trains them; book/tools/train_own.py writes them
    1: WEIGHTS / "own.json",
    6: WEIGHTS / "own-longer.json",
}
FIX = "Save one with own.save, or in the page."


def network(embed=32, width=64, first=7, blocks=6):
    """Build chapter 1's network, with random weights.

    embed: int, how many numbers stand for a colour.
    width: int, even, the features of a pixel; half as many inside a block.
    first: int, odd, the side of the first window.
    blocks: int, how many blocks.
    Returns a keras.Model: int images (N, 16, 16, 1) -> logits (N, 16, 16, 64).
    """
    images = keras.Input((16, 16, 1), dtype="int32")
    conv = lambda size, filters, mask: MaskedConv2D(filters, size, mask, 1, use_bias=False)
    x = layers.Embedding(COLOURS, embed)(images[..., 0])  # (N, 16, 16, embed)
    x = conv(first, width, "A")(x)  # (N, 16, 16, width)
    for _ in range(blocks):
        h = layers.Dense(width // 2)(ops.relu(x))  # (N, 16, 16, width / 2)
        h = conv(3, width // 2, "B")(ops.relu(h))
        x = x + layers.Dense(width)(ops.relu(h))  # (N, 16, 16, width)
    x = layers.Dense(width)(ops.relu(x))
    return keras.Model(images, layers.Dense(COLOURS)(ops.relu(x)))  # (N, 16, 16, 64)


def save(model, path):
    """Write a network of chapter 1's form to a file that the page's figures open.

    model: keras.Model, such as chapter 1's.
    path: str or Path, the file; `.json` by custom.
    Raises ValueError for a network of another form.
    """
    write_whole(Path(path), json.dumps(described(model)).encode())


def load(path):
    """Read a network from a file that the page or `save` has written.

    path: str or Path.
    Returns a keras.Model, see network. Raises ValueError for any other file.
    """
    path = Path(path)
    with reading(path, FIX):
        return built(json.loads(read_whole(path, LARGEST)))


def file(chapter):
    """Return the path of the reader's network as a chapter left it, beside the reader's answers.

    chapter: int, 1 or 6, see BOOKS.
    """
    return checks.KEPT.with_name(f"my-network-{chapter}.json")


def mine(chapter):
    """Read the reader's network as a chapter left it, or the book's copy if there is none.

    It prints which of the two this is.

    chapter: int, 1 or 6, see BOOKS.
    Returns a keras.Model, see network. Raises ValueError for a file that holds no network.
    """
    path = file(chapter)
    if path.exists():
        print(f"This is your network: {path.name}, from chapter {chapter}.")
        return load(path)
    print(f"The book's copy of chapter {chapter}'s network: there is no {path.name}.")
    return load(BOOKS[chapter])


def described(model):
    """Return a network as the dict that its file holds. Raises ValueError for another form."""
    arrays = model.get_weights()
    form, windows = form_of([array.shape for array in arrays]), itertools.count()
    parts = [kept(array, next(windows)) if array.ndim == 4 else array for array in arrays]
    weights = np.concatenate([part.ravel() for part in parts]).astype("<f4")
    if len(weights) > MOST:
        raise ValueError(
            f"A file holds at most {MOST:,} weights, and this network has {len(weights):,}. Build it with a "
            "smaller width."
        )
    file = {"program": PROGRAM, "version": VERSION, "form": form, "steps": 0, "bits": 0}
    file["weights"] = base64.b64encode(weights.tobytes()).decode()
    images = faces.faces(2, seed=0)
    if not np.allclose(model(images), built(file)(images), rtol=1e-3, atol=1e-3):
        raise ValueError(
            "This network has weights of chapter 1's form, but gives other logits: a mask is missing, or "
            "a layer differs. Compare it with own.network."
        )
    return file


def kept(kernel, number):
    """Return the taps (n, in, out) of a window's kernel (size, size, in, out) that its mask keeps.

    number: int, 0 for the first window, whose mask is A.
    """
    taps = kernel.reshape(-1, *kernel.shape[2:])
    return taps[: len(taps) // 2 + (number > 0)]


def shapes_of(form):
    """List the shapes of a network's weights, in Keras's order. form: dict, see BOUNDS."""
    embed, width, first, blocks = (form[name] for name in BOUNDS)
    half = width // 2
    block = [(width, half), (half,), (3, 3, half, half), (half, width), (width,)]
    top = [(width, width), (width,), (width, COLOURS), (COLOURS,)]
    return [(COLOURS, embed), (first, first, embed, width), *blocks * block, *top]


def form_of(shapes):
    """Read the form off the shapes of all weights. Raises ValueError for another form."""
    windows = [shape for shape in shapes if len(shape) == 4]
    if windows:
        first, _, embed, width = windows[0]
        form = dict(embed=embed, width=width, first=first, blocks=len(windows) - 1)
        if shapes_of(form) == shapes and fits(form):
            return form
    raise ValueError(
        "Only a network of chapter 1's form fits: an Embedding, a first window, blocks, two Dense layers. "
        f"Got {len(shapes)} weights of other shapes. Build it with own.network."
    )


def fits(form):
    """Tell whether a form is one of a file: whole numbers within BOUNDS, an even width, an odd side."""
    whole = all(
        type(form[name]) is int and least <= form[name] <= most
        for name, (least, most) in BOUNDS.items()
    )
    return whole and form["width"] % 2 == 0 and form["first"] % 2 == 1


def built(file):
    """Build the network of a file's dict. Raises an exception of any type if it does not fit."""
    if (file["program"], file["version"]) != (PROGRAM, VERSION):
        raise ValueError(f"it needs the program {PROGRAM}, version {VERSION}")
    form = {name: file["form"][name] for name in BOUNDS}
    if not fits(form):
        raise ValueError(f"its form is {short(form)}")
    shapes = shapes_of(form)
    windows = itertools.count()
    sizes = [
        kept(np.empty(shape, bool), next(windows)).size if len(shape) == 4 else np.prod(shape)
        for shape in shapes
    ]
    numbers = np.frombuffer(base64.b64decode(file["weights"], validate=True), "<f4")
    if len(numbers) != sum(sizes) or not np.isfinite(numbers).all():
        raise ValueError(f"this form has {sum(sizes):,} weights, and the file has others")
    weights = []
    for shape, part in zip(shapes, np.split(numbers, np.cumsum(sizes)[:-1])):
        whole = np.zeros(shape, "float32")
        whole.reshape(-1)[: len(part)] = part  # the taps that a mask hides come last
        weights.append(whole)
    model = network(**form)
    model.set_weights(weights)
    return model
