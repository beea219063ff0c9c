"""Count the entropy of the faces exactly, in a quarter of an hour: python book/tools/count_faces.py

Hat, hair, background, skin and beard are the *state* of a face. The state decides all pixels outside
of the REGIONS, and what is hidden in each region; the rest of each region is chosen on its own. So
the entropy of state and picture together is that of the states, and the mean of that of each region.
From it is taken what a picture leaves open of its state: a large mouth, for example, hides a beard.
Pictures are told apart by the sums of random numbers, one for each pixel and colour.
"""

from functools import cache

import numpy as np

from pixelcnn_lib.face_parts import CHANCES, SETS
from pixelcnn_lib.face_reading import (
    GROUND,
    NOTHING,
    OUTLINE,
    PIXELS,
    REGIONS,
    covers,
    ground_of,
    options_of,
    outlines,
    pick,
    shown,
)

NUMBERS = np.random.default_rng(0).integers(2**63, size=(256, 256))  # [pixel, colour]
NUMBERS[:, NOTHING] = 0


def states(which, grounds):
    """Return a table of all states of some grounds, int (n, 5); their chances; and a dict of looks.

    The table has the number of all pixels outside of the regions, and the name of each region's
    look, which is the numbers of its pictures and their chances. Equal looks have one name.
    """
    rows, p, looks = [], [], {}
    hats, p_hat = covers(which, "hat")[:, None], options_of(which, ("hat",))[1]
    columns, p_hair = options_of(which, ("hair",))
    for colour in np.unique(columns["hair colour"]).tolist():
        some = columns["hair colour"] == colour
        tops = np.where(hats == NOTHING, covers(which, "hair")[some], hats).reshape(-1, 256)
        for ground in grounds:
            chosen, chance = pick(which, GROUND, ground)
            over, outline = tops[:, OUTLINE], outlines(which, colour)[ground]
            row = [NUMBERS[OUTLINE, np.where(over == NOTHING, outline, over)].sum(axis=1)]
            for region, pixels in PIXELS.items():
                seen = ground_of(region, chosen | {"hair colour": colour})
                table = NUMBERS[pixels, shown(which, region, *seen)]  # (n, pixels)
                names, (parts, place) = [], np.unique(tops[:, pixels], axis=0, return_inverse=True)
                for part in parts:
                    sums = table @ (part == NOTHING) + NUMBERS[pixels, part].sum()
                    numbers, same = np.unique(sums, return_inverse=True)
                    chances = np.bincount(same, options_of(which, REGIONS[region])[1])
                    names.append(hash((numbers.tobytes(), chances.tobytes())))
                    looks[names[-1]] = numbers, chances
                row.append(np.array(names)[place.ravel()])
            rows.append(np.stack(row, axis=1))
            p.append(chance * np.outer(p_hat, p_hair[some]).ravel())
    rows, same = np.unique(np.concatenate(rows), axis=0, return_inverse=True)
    return rows, np.bincount(same.ravel(), np.concatenate(p)), looks


def likelihoods(looks):
    """Return the chances of pictures in each look, float (n, looks); those in proportion are one."""
    numbers, chances = (np.concatenate(parts) for parts in zip(*looks))
    look = np.repeat(np.arange(len(looks)), [len(numbers) for numbers, _ in looks])
    _, row = np.unique(numbers, return_inverse=True)
    share = np.rint(chances / np.bincount(row, chances)[row] * 2**40).astype(int)
    codes = np.zeros(row.max() + 1, int)
    np.add.at(codes, row, share * NUMBERS[look, 0])
    _, same = np.unique(codes, return_inverse=True)
    table = np.zeros((same.max() + 1, len(looks)))
    np.add.at(table, (same[row], look), chances)
    return table


def left_open(p, names, table):
    """Return what pictures leave open of their states, in bits times their chance.

    p: float (K,), the chances of states that look the same outside of the regions.
    names: int (K, 4), the names of their looks.
    table: function of such names, which returns the looks' `likelihoods`.
    """
    rows = p[None]  # (pictures, K)
    for column in names.T:
        rows = (rows[:, None] * table(*column.tolist())).reshape(-1, len(p))
        rows = rows[(rows > 0).sum(axis=1) > 1]  # the others tell their state
        if not len(rows):
            return 0.0
    total = rows.sum(axis=1, keepdims=True)
    return (rows * np.log2(total / np.where(rows > 0, rows, total))).sum()


def entropy(which):
    """Return the entropy of a set of faces, in bits per face: which, "plain" or "all"."""
    bits, beards = 0.0, np.count_nonzero(CHANCES[which]["beard"])
    for grounds in np.arange(len(options_of(which, GROUND)[1])).reshape(-1, beards):
        rows, p, looks = states(which, grounds)  # of a background and a skin, which are always seen
        of_look = {name: -chances @ np.log2(chances) for name, (_, chances) in looks.items()}
        bits += p @ (np.vectorize(of_look.get)(rows[:, 1:]).sum(axis=1) - np.log2(p))
        table = cache(lambda *names, looks=looks: likelihoods([looks[name] for name in names]))
        for some in np.split(np.arange(len(p)), np.flatnonzero(np.diff(rows[:, 0])) + 1):
            bits -= left_open(p[some], rows[some, 1:], table)
        print(which, pick(which, GROUND, grounds[0])[0], f"{bits:.10f} bits", flush=True)
    return bits


if __name__ == "__main__":
    for name in SETS:
        entropy(name)
