"""Compute what each pixel of a plain face must cost: python book/tools/field_limits.py

A network pays at least H(pixel | the pixels that it sees), in bits, on average over all plain faces.
This is computed exactly, from all of them and their probabilities, for each field that `faces.limit`
knows. Writes pixelcnn_lib/data/limits.npz and its SHA-256; takes some minutes on one core.

Pictures are told apart by sums of random 64-bit numbers, one for each pixel and colour. Two different
pictures have equal sums with a probability of 2**-64, so a mistake in any of the tables has one below
0.001. A test computes some of them with other numbers.
"""

import hashlib
from functools import cache

import checksums
import numpy as np

from pixelcnn_lib import faces, leaks
from pixelcnn_lib.face_reading import options_of
from pixelcnn_lib.family import GatedPixelCNN
from pixelcnn_lib.masks import colour_pattern

FILE = faces.LIMITS
BLOCKS = range(16)  # with 15 blocks of 3x3, all is seen but the blind spot


@cache
def fields(form):
    """Return what a network sees that has 0, 1, 2 … blocks: bool (blocks, targets, sources).

    form: str, of faces.FORMS.
    """
    if form == "two stacks":
        nets = [GatedPixelCNN(1, blocks, 1, colours=1, levels=2) for blocks in BLOCKS]
        return np.stack([net.field((16, 16, 1)) for net in nets])
    first, block = colour_pattern(int(form), "A", 1), colour_pattern(3, "B", 1)
    seen = [leaks.receptive_field([first, *blocks * [block]], (16, 16, 1)) for blocks in BLOCKS]
    return np.stack(seen)


def all_faces():
    """Return all plain faces, some of them twice: uint8 (256, n), and probabilities, float (n,)."""
    columns, p = options_of("plain", tuple(faces.LAYERS))
    pictures = np.empty((256, len(p)), np.uint8)
    for start in range(0, len(p), 10**4):
        some = slice(start, start + 10**4)
        pictures[:, some] = faces.lay({name: values[some] for name, values in columns.items()}).T
    return pictures, p


def groups(sums, p):
    """Return where each different sum is found, int (k,), and its probability, float (k,)."""
    order = np.argsort(sums)
    ordered = sums[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    return order[starts], np.add.reduceat(p[order], starts)


def entropy(sums, p):
    """Return the entropy of sums, in bits; sums: uint64 (n,), p: float (n,), their probabilities."""
    _, p = groups(sums, p)
    return -p @ np.log2(p)


def twins(pictures):
    """Return for each pixel the first one that tells as much: int (256,).

    pictures: uint8 (256, n). For example, all corners show the background.
    """
    found, twin = {}, np.arange(256)
    for pixel, colours in enumerate(pictures):
        _, first = np.unique(colours, return_index=True)
        names = np.zeros(256, np.uint8)  # colours are named in the order in which they occur
        names[colours[np.sort(first)]] = np.arange(len(first))
        twin[pixel] = found.setdefault(hashlib.sha256(names[colours]).digest(), pixel)
    return twin


class Limits:
    """H(target | field) of all targets that are in one row.

    pictures: uint8 (k, n), all pixels down to this row. p: float (n,), their probabilities.
    twin: int (256,), as `twins` returns them. numbers: uint64 (256, 64), random.
    """

    def __init__(self, pictures, p, twin, numbers):
        self.pictures, self.p, self.twin, self.numbers = pictures, p, twin, numbers
        self.seen, self.sums, self.bits = set(), np.zeros(len(p), "uint64"), {}

    def part(self, pixel):
        return self.numbers[pixel][self.pictures[pixel]]  # (n,)

    def __call__(self, target, field):
        """Return H(target | field) in bits; target: int, a pixel; field: bool (256,)."""
        seen = frozenset(self.twin[field].tolist())
        target = self.twin[target]
        if target in seen:
            return 0.0
        if (target, seen) not in self.bits:
            for pixel in seen - self.seen:
                self.sums += self.part(pixel)
            for pixel in self.seen - seen:
                self.sums -= self.part(pixel)
            self.seen = seen
            both = entropy(self.sums + self.part(target), self.p)
            self.bits[target, seen] = both - entropy(self.sums, self.p)
        return self.bits[target, seen]

    def chain(self, target, chain):
        """Return H(target | field) for fields that contain each other, the smallest first.

        A larger field never costs more. So between two fields of equal cost, all cost the same.
        target: int, a pixel. chain: bool (k, 256). Returns float (k,).
        """
        bits = np.full(len(chain), np.nan)
        bits[[0, -1]] = [self(target, field) for field in chain[[0, -1]]]
        spans = [(0, len(chain) - 1)]
        while spans:
            low, high = spans.pop()
            if bits[low] - bits[high] < 1e-11:
                bits[low : high + 1] = bits[high]
            elif high - low > 1:
                middle = (low + high) // 2
                bits[middle] = self(target, chain[middle])
                spans += [(low, middle), (middle, high)]
        return bits


def limits(forms, rows=range(16), seed=0):
    """Yield a row of pixels at a time: the row, and for each form float (blocks, 16), in bits.

    forms: str, of faces.FORMS. rows: ints. seed: int, of the random numbers.
    """
    numbers = np.random.default_rng(seed).integers(2**64, size=(256, 64), dtype="uint64")
    pictures, p = all_faces()
    twin, sums = twins(pictures), np.zeros(len(p), "uint64")
    for row in range(16):
        for pixel in range(16 * row, 16 * row + 16):
            sums += numbers[pixel][pictures[pixel]]
        if row in rows:  # pictures that are alike down to this row are one
            some, chances = groups(sums, p)
            of_row = Limits(pictures[: 16 * row + 16, some], chances, twin, numbers)
            targets = range(16 * row, 16 * row + 16)
            chains = {
                form: [of_row.chain(i, fields(form)[:, i]) for i in targets] for form in forms
            }
            yield row, {form: np.stack(chain, axis=1) for form, chain in chains.items()}


if __name__ == "__main__":
    tables = {form: np.zeros((len(BLOCKS), 16, 16)) for form in faces.FORMS}
    for row, bits in limits(faces.FORMS):
        for form, costs in bits.items():
            tables[form][:, row] = costs.round(10) + 0.0
        print("row", row, *(f"{costs[-1].sum():.6f}" for costs in bits.values()), flush=True)
    np.savez_compressed(FILE, **tables)
    checksums.write(FILE.parent)
    for form, costs in tables.items():
        print(form, *costs.sum(axis=(1, 2)).round(4))
