"""What the checks of 1.1 and 1.2 ask and give, and what they draw with an answer."""

from itertools import product

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Wrong, briefly


def all_pairs(may_see, rows, cols, colours):
    """Ask about every pair of the values at these places: bool (targets, sources)."""
    places = list(product(rows, cols, colours))
    told = [[may_see(target, source) for source in places] for target in places]
    if all(one is None or one is ... for row in told for one in row):
        return None
    for (target, source), one in zip(product(places, places), sum(told, [])):
        call = f"may_see({target}, {source})"
        if one is None:
            raise Wrong(
                f"{call} returned None.", "does every branch of the function end with a return?"
            )
        if np.ndim(one) or isinstance(one, str):
            raise Wrong(f"{call} returned {briefly(one)}.", "return one True or False.")
    return np.array(told).astype(bool)


def show_seen(may_see):
    from pixelcnn_lib.teach import figures

    kinds = np.reshape([may_see((2, 2, 1), source) for source in np.ndindex(5, 5, 3)], (5, 5, 3))
    return figures.show_kinds(np.where(kinds, masks.SEEN, masks.HIDDEN), target=(2, 2, 1))


def lies(same, compare):
    """The pairs of values with the first `same` indices alike, and compare(source, target) in the next.

    Returns (rows, cols, colours) -> bool (targets, sources).
    """

    def pairs(*case):
        places = np.array(list(product(*case))).T  # (3, values)
        target, source = places[:, :, None], places[:, None, :]
        return (target[:same] == source[:same]).all(0) & compare(source[same], target[same])

    return pairs


def case(*shape, levels, dtype="uint8", low=0):
    """An image (H, W, colours) of some levels, and uneven probabilities."""
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.ones(levels), shape)  # (H, W, colours, levels)
    return p, rng.integers(low, levels, shape).astype(dtype)


def unlikely(*shape, chance):
    """An image whose levels all had a probability of about `chance`."""
    p, image = case(*shape, levels=4)
    np.put_along_axis(p, image[..., None].astype("int64"), chance, axis=-1)
    return p / p.sum(-1, keepdims=True), image


def impossible():
    """Each value has a level of probability 0, which is not the true one."""
    p, image = case(2, 2, 1, levels=5)
    np.put_along_axis(p, (image[..., None].astype("int64") + 1) % 5, 0.0, axis=-1)
    return p / p.sum(-1, keepdims=True), image


def show_judgement(image_log_prob):
    from pixelcnn_lib import data
    from pixelcnn_lib.family import PixelCNN
    from pixelcnn_lib.teach import figures

    patch = data.photographs("test")[1].image[70:86, 110:126]  # (16, 16, 3)
    shuffled = np.random.default_rng(0).permutation(patch.reshape(-1, 3)).reshape(patch.shape)
    images = np.stack([patch, shuffled])  # (2, 16, 16, 3)
    p = np.exp(np.asarray(PixelCNN.pretrained()(images), "float64"))  # (2, 16, 16, 3, 256)
    bits = [-float(image_log_prob(*pair)) / np.log(2) / patch.size for pair in zip(p, images)]
    return figures.show_bars(
        {"a patch of a photograph": bits[0], "its pixels, shuffled": bits[1]},
        "a patch of a photograph",
        xlabel="bits per value, by your function",
    )
