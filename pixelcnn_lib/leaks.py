"""Which values each prediction depends on: measured on any model, and computed from the masks.

Both ways give a boolean matrix (targets, sources). Values are numbered in their order: (row, col,
colour) has the number (row * W + col) * colours + colour. A model is autoregressive if every entry
on the diagonal and above it is False. It uses its whole receptive field if both matrices are equal.
"""

import numpy as np
from keras import ops

from pixelcnn_lib.arguments import whole_number
from pixelcnn_lib.masks import HIDDEN, LEAK, SEEN, UNSEEN


def influence(
    model,
    shape=(8, 8, 3),
    levels=None,
    trials=3,
    seed=0,
    label=None,
    training=None,
):
    """Find which value's prediction changes when another value is changed.

    A change counts if it exceeds the rounding error of the logits' dtype. So float64 finds smaller
    influences.

    model: any callable from uint8 images (N, H, W, colours) to logits (N, H, W, colours, levels).
    shape: (H, W, colours) of the images to try.
    levels: int, how many levels a value has; None takes `model.levels`, or 256 if there is none.
    trials: int, in how many random images each source value is replaced.
    seed: int, the seed of the random images.
    label: int, the class of all images, for a model with classes; a tuple for several labels.
    training: bool, passed to the model if it is not None. With True, layers run as in training:
        batch normalisation then mixes all pixels of a batch, which inference does not show. Each
        image goes through a Keras model alone, and the model's state stays as it was, so that
        dropout drops the same features each time.
    Returns bool (targets, sources), H * W * colours each. Raises ValueError for arguments that do
    not fit, or if the model returns another shape, nan or infinity.
    """
    levels = getattr(model, "levels", 256) if levels is None else levels
    whole_number("levels", levels, 2, 256)
    whole_number("trials", trials, 1, 10**6)
    count, rng = int(np.prod(shape)), np.random.default_rng(seed)
    images = np.empty((trials, count), "uint8")
    changed = np.empty((trials, count, count), "uint8")  # [t, s]: image t with value s replaced
    for image, replaced in zip(images, changed):
        image[:] = rng.integers(0, levels, count)
        replaced[:] = image
        np.fill_diagonal(replaced, (image + rng.integers(1, levels, count)) % levels)

    at_once = 1 if training else 64  # images that go through the model together, of all trials
    before = [
        forward(model, images[start : start + at_once], shape, label, training)
        for start in range(0, trials, at_once)
    ]
    before = np.concatenate(before)  # (trials, targets, levels)
    tolerance = 100 * np.finfo(before.dtype).eps * np.abs(before).max((1, 2))  # (trials,)
    seen, trial = [], np.arange(trials).repeat(count)
    for start in range(0, trials * count, at_once):
        some = slice(start, start + at_once)
        after = forward(model, changed.reshape(-1, count)[some], shape, label, training)
        differs = np.abs(after - before[trial[some]]).max(2)  # (batch, targets)
        seen.append(differs > tolerance[trial[some], None])
    return np.concatenate(seen).reshape(trials, count, count).any(0).T


def forward(model, values, shape, label=None, training=None):
    """Run a model on values (N, H * W * colours); return logits (N, H * W * colours, levels).

    label, training: as for `influence`.
    """
    labels = () if label is None else (np.broadcast_to(label, (len(values), *np.shape(label))),)
    options = {} if training is None else {"training": training}
    # moving averages, and the states of random numbers: a call in training changes them
    state = getattr(model, "non_trainable_variables", ()) if training else ()
    before = [ops.convert_to_numpy(one) for one in state]
    images = values.reshape(-1, *shape).astype("uint8")
    logits = ops.convert_to_numpy(model(images, *labels, **options))
    for variable, value in zip(state, before):
        variable.assign(value)
    if logits.shape[:-1] != (len(values), *shape):
        raise ValueError(
            f"The model must return logits (N, H, W, colours, levels): one distribution for each of "
            f"{(len(values), *shape)} values. It returned {logits.shape}; reshape its output."
        )
    if not np.isfinite(logits).all():
        raise ValueError("The model returned nan or infinite logits; they cannot be compared.")
    return logits.reshape(len(values), -1, logits.shape[-1])


def receptive_field(masks, shape=(8, 8, 3)):
    """Compute which values each prediction can see through a stack of masked convolutions.

    A skip connection, as in a residual block, does not enlarge the receptive field if every later
    mask is of type B. If the masks have fewer groups than a pixel has colours, the head ties the
    colours of a group: each sees what the group sees, and the earlier colours of its group.

    masks: patterns of MaskedConv2D, bool (kh, kw, groups, groups), first layer first, as the `masks`
        of a PixelCNN with residual blocks.
    shape: (H, W, colours) of an image.
    Returns bool (targets, sources), H * W * colours each.
    """
    height, width, colours = shape
    count, share = height * width * colours, 1
    sees = np.eye(count, dtype="float32").reshape(height, width, colours, count)
    for mask in masks:
        share = colours // mask.shape[2]  # colours of a group
        mask = mask.repeat(share, axis=2).repeat(share, axis=3)  # (kh, kw, colours, colours)
        up, left = mask.shape[0] // 2, mask.shape[1] // 2
        padded = np.pad(sees, ((up, up), (left, left), (0, 0), (0, 0)))
        sees = np.zeros_like(sees)
        for row, col in np.argwhere(mask.any((2, 3))):
            window = padded[row : row + height, col : col + width]  # (H, W, c_in, sources)
            sees += np.einsum("hwis,io->hwos", window, mask[row, col], optimize=True)
        sees = np.minimum(sees, 1)
    group = np.arange(count) // share
    earlier = np.tri(count, k=-1, dtype=bool) & (group[:, None] == group)  # in the same group
    return (sees.reshape(count, count) > 0) | earlier


def find_leak(model, shape=(8, 8, 3), **options):
    """Return the first (target, source) that leaks, each a (row, col, colour), or None.

    A leak is a source that does not come before its target. Arguments as for `influence`.
    """
    leaks = np.triu(influence(model, shape, **options))
    if not leaks.any():
        return None
    return tuple(tuple(int(i) for i in np.unravel_index(n, shape)) for n in np.argwhere(leaks)[0])


def assert_autoregressive(model, shape=(8, 8, 3), **options):
    """Raise AssertionError, naming the first leak in words, unless each value sees only its past.

    Arguments as for `find_leak`.
    """
    leak = find_leak(model, shape, **options)
    if leak:
        target, source = (describe(value, shape[2]) for value in leak)
        raise AssertionError(
            f"{target} sees itself." if target == source else f"{target} sees {source}, its future."
        )


def describe(value, colours=3):
    """Put a (row, col, colour) in words."""
    row, col, colour = value
    name = ("red", "green", "blue")[colour] if colours == 3 else f"colour {colour}"
    return f"row {row}, column {col}, {name}"


def classify(seen):
    """Mark each entry of bool (targets, sources) as HIDDEN, SEEN, UNSEEN or LEAK; returns int8."""
    past = np.tri(*seen.shape, k=-1, dtype=bool)
    return np.where(past, np.where(seen, SEEN, UNSEEN), np.where(seen, LEAK, HIDDEN)).astype("int8")
