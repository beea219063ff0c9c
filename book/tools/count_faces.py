"""Count the entropy of the faces exactly: python book/tools/count_faces.py

What a face can be is decided from the top: hat, hair, background, skin and beard are its *state*.
They give the pixels outside of faces.REGIONS, the outline. In each region, what is not hidden is
chosen on its own, so the entropy of a state's faces is a sum over regions. Only few states share
faces, such as a beard and none below a large mouth: for these, the sums over all faces are made.

Pictures are compared by numbers: each pixel and colour has a random one, and a picture has their sum.
"""

from functools import cache
from itertools import count

import numpy as np

from pixelcnn_lib import faces
from pixelcnn_lib.faces import GROUND, NOTHING, REGIONS, options_of

NUMBERS = np.random.default_rng(0).integers(2**63, size=(256, len(faces.FACE_COLOURS)))


def number(pixels, colours):
    """Return the numbers of pictures, int64 (n,), of which only some pixels are drawn."""
    return NUMBERS[pixels, colours].sum(axis=-1)  # it may overflow


@cache
def tops(which, colour):
    """Return what hats show above hair of one colour, uint8 (n, 256), and the chances, float (n,)."""
    hairs = np.flatnonzero(options_of(which, ("hair",))[0]["hair colour"] == colour)
    hats = range(len(faces.covers(which, "hat")))
    covers, _, chances = zip(*(faces.top(which, hat, hair) for hat in hats for hair in hairs))
    covers, same = np.unique(covers, axis=0, return_inverse=True)
    return covers, np.bincount(same.ravel(), chances)


@cache
def parts_of_tops(which, colour, region):
    """Return what `tops` hide of a region, each once, uint8 (k, pixels), and their places, int (n,)."""
    covers = tops(which, colour)[0][:, faces._PIXELS[region]]
    parts, places = np.unique(covers, axis=0, return_inverse=True)
    return parts, places.ravel()


class Looks:
    """All that regions can show in some states. A look's name is a number; equal looks share it."""

    def __init__(self, which):
        self.which, self.tables, self.known, self.mixtures = which, {}, {}, {}

    def add(self, region, cover, ground):
        """Return the name of what a region shows: cover, uint8 (pixels,); ground as `ground_of`."""
        pixels, bare = faces._PIXELS[region], cover == NOTHING
        place = region, bare.tobytes(), ground
        if place not in self.tables:
            table = faces.shown(self.which, region, *ground)[:, bare]
            pictures, same = np.unique(number(pixels[bare], table), return_inverse=True)
            p = np.bincount(same.ravel(), options_of(self.which, REGIONS[region])[1])
            name = np.array([hash((pictures.tobytes(), p.tobytes()))])
            self.tables[place] = name, pictures, p, -p @ np.log2(p)
        name, pictures, p, bits = self.tables[place]
        hidden = number(pixels[~bare], cover[~bare])
        name = (name + hidden).item()
        self.known[name] = pictures, hidden, p, bits
        return name

    def bits(self, names):
        """Return the entropy of several regions, float (n,): names, int (n, regions)."""
        each, places = np.unique(names, return_inverse=True)
        bits = np.array([self.known[name][-1] for name in each.tolist()])
        return bits[places].reshape(names.shape).sum(axis=-1)

    def surprise(self, p, names):
        """Return the sum of -p log2 p over all faces of different states with one outline, a float.

        p: float (K,), the probabilities of the states.
        names: int (K, regions), their looks.
        """
        total, differ = p.sum(), (names != names[0]).any(axis=0)
        bits = sum(self.known[name][-1] for name in names[0, ~differ].tolist()) - np.log2(total)
        if len(p) > 1:
            bits += self.mixed((p / total).round(12), names[:, differ])
        return total * bits

    def mixed(self, p, names):
        """Return the entropy of a mixture: p, float (K,), sums to 1; names, int (K, regions)."""
        place = p.tobytes(), (names - [self.known[name][1] for name in names[0].tolist()]).tobytes()
        if place not in self.mixtures:
            looks = [self.known[name] for name in names[:, -1].tolist()]
            pictures = np.concatenate([pictures + hidden for pictures, hidden, *_ in looks])
            _, row = np.unique(pictures, return_inverse=True)
            column = np.repeat(np.arange(len(p)), [len(look[2]) for look in looks])
            table = np.zeros((row.max() + 1, len(p)))  # (pictures, states)
            table[row, column] = np.concatenate([one * look[2] for one, look in zip(p, looks)])
            total = table.sum(axis=1)
            bits = -total @ np.log2(total)
            if names.shape[1] > 1:  # together, the pictures after which each state is as likely
                after, same = np.unique((table.T / total).T.round(12), axis=0, return_inverse=True)
                for p, chance in zip(after, np.bincount(same.ravel(), total)):
                    rest, state = np.unique(names[p > 0, :-1], axis=0, return_inverse=True)
                    bits += chance * self.surprise(np.bincount(state.ravel(), p[p > 0]), rest)
            self.mixtures[place] = bits
        return self.mixtures[place]


def states(looks, background, skin):
    """Return all states of a background and a skin.

    looks: Looks, to which theirs are added.
    Returns the numbers of their outlines, int64 (S,); the names of their looks, int (S, regions);
    their probabilities, float (S,); and the colours that each pixel of a region can have, uint64
    (S, pixels), a bit for each colour.
    """
    which, found = looks.which, []
    below, p_below = options_of(which, GROUND)
    for ground in np.flatnonzero((below["background"] == background) & (below["skin"] == skin)):
        for colour in np.flatnonzero(faces.CHANCES[which]["hair colour"]).tolist():
            chosen = faces.pick(which, GROUND, ground)[0] | {"hair colour": colour}
            covers, p = tops(which, colour)
            cover, outline = covers[:, faces._OUTLINE], faces.outlines(which, colour)[ground]
            outline = number(faces._OUTLINE, np.where(cover == NOTHING, outline, cover))
            names, can = [], []
            for region in REGIONS:
                seen = faces.ground_of(region, chosen)
                parts, places = parts_of_tops(which, colour, region)
                names.append(np.array([looks.add(region, part, seen) for part in parts])[places])
                bare = np.bitwise_or.reduce(bit(faces.shown(which, region, *seen)), axis=0)
                can.append(np.where(parts == NOTHING, bare, bit(parts % 64))[places])
            found.append((outline, np.stack(names, 1), p * p_below[ground], np.concatenate(can, 1)))
    return [np.concatenate(column) for column in zip(*found)]


def bit(colours):
    """Return the bits of colours, uint64."""
    return np.uint64(1) << colours.astype(np.uint64)


def surprise_of_ground(which, background, skin):
    """Return the sum of -p log2 p over all faces of a background and a skin, and their outlines."""
    looks = Looks(which)
    outlines, names, p, can = states(looks, background, skin)
    _, first, same = np.unique(outlines + names.sum(1), return_index=True, return_inverse=True)
    p, of = np.bincount(same.ravel(), p), outlines[first]
    order = np.lexsort((p, of))
    p, first = p[order], first[order]
    outlines, names, can = outlines[first], names[first], can[first]

    shared = np.zeros(len(p), bool)  # the states that may share a face with another
    for step in count(1):
        one = np.flatnonzero(outlines[step:] == outlines[:-step])
        if not one.size:
            break
        one = one[(can[one] & can[one + step]).all(axis=1)]
        shared[one] = shared[one + step] = True
    bits = p[~shared] @ (looks.bits(names[~shared]) - np.log2(p[~shared]))
    ends = np.flatnonzero(np.diff(outlines[shared])) + 1
    for some in np.split(np.flatnonzero(shared), ends) if shared.any() else ():
        bits += looks.surprise(p[some], names[some])
    return bits, np.unique(outlines)


def entropy(which):
    """Return the entropy of a set of faces, in bits per face: which, "plain" or "all"."""
    below, _ = options_of(which, GROUND)
    pairs = sorted(set(zip(below["background"].tolist(), below["skin"].tolist())))
    bits, outlines = zip(*(surprise_of_ground(which, *pair) for pair in pairs))
    if len(np.unique(np.concatenate(outlines))) < sum(map(len, outlines)):
        raise ValueError("Faces of two backgrounds or skins have one outline: count them together.")
    return float(sum(bits))


if __name__ == "__main__":
    for name in faces.SETS:
        print(name, entropy(name))
