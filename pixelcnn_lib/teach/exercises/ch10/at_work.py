"""What the check of exercise 10.1 finds out about a layer, and draws with it."""

from collections import deque

import numpy as np

from pixelcnn_lib.teach.exercises import Wrong, to_numpy


def walk(cached_row, kernel, inputs):
    """Run a layer along a row, inputs (W, N, in), after two others have taken the first step."""
    given = kernel.copy()
    first, again = (step(cached_row(given), inputs[0].copy(), kernel) for _ in range(2))
    layer, outputs, kept = cached_row(given), [], []
    for x in inputs:
        outputs.append(step(layer, x.copy(), kernel))
        kept.append(count_kept(list(vars(layer).values())))
    if not np.array_equal(given, kernel, equal_nan=True):
        raise Wrong("It changed the kernel that it was given.", "work on a copy.")
    return {
        "shares": np.array(not np.allclose(first, again)),
        "outputs": np.stack(outputs, axis=1),
        "grows": np.array(kept[-1] > kept[1]),
    }


def step(layer, x, kernel):
    """Take one step, to (N, out)."""
    given, y = x.copy(), layer.step(x)
    if isinstance(y, tuple):
        raise Wrong("step returned several things.", "return one array: the output.")
    if y is None:
        raise Wrong("step returned None.", "is there a return at its end?")
    y = to_numpy(y)
    if y.shape != (expected := (len(x), kernel.shape[2])):
        hint = "how many features does the kernel give? `*` multiplies number by number, `@` sums."
        if y.ndim > 2:
            hint = "one axis is too many. Are the products of the two taps added up?"
        elif y.shape[1:] == expected[1:]:
            hint = "what is kept needs one row for each picture, or a single row."
        raise Wrong(f"step returned shape {y.shape} for x {x.shape}, expected {expected}.", hint)
    if not np.array_equal(given, x):
        raise Wrong("step changed its x.", "work on a copy: the caller still needs x.")
    return y


def count_kept(value):
    """Count the numbers that an object holds on to."""
    if isinstance(value, (list, tuple, deque)):
        return sum(map(count_kept, value))
    if isinstance(value, dict):
        return count_kept(list(value.values()))
    return int(np.prod(value.shape)) if hasattr(value, "shape") else 0


def show_edges(cached_row):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    grey = data.photographs("test")[0].image[40:104, 60:156].mean(2)  # (64, 96)
    edges = cached_row(np.array([-1.0, 1.0, 0.0])[:, None, None])
    found = np.stack([np.asarray(edges.step(x[:, None]))[:, 0] for x in grey.T], axis=1)
    found[:, 0] = 0  # zeros lie left of the first pixel
    pair = np.stack([grey, np.clip(128 + 3 * found, 0, 255)])[..., None]
    return figures.show_images(pair.astype("uint8"), scale=4)
