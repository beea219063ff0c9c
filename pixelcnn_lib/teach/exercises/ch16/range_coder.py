"""16.2: a range coder, which writes values to bytes and reads them."""

from itertools import zip_longest

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong


class RangeCoder:
    """An interval of whole numbers, which gets narrower with each value.

    data: bytes to read; none to write.
    """

    def __init__(self, data=b""):
        self.low, self.width, self.length = 0, 2**64 - 1, 64
        self.data = data

    def write(self, sizes, value):
        """Narrow the interval to the piece of a value. sizes: whole numbers with the sum 2^24."""
        part = self.width // 2**24
        self.low += part * sum(sizes[:value])
        self.width = part * sizes[value]
        if self.width < 2**32:
            self.low, self.width = self.low << 32, self.width << 32
            self.length += 32

    def read(self, sizes):
        """Return the value in whose piece the number of the data is; raise ValueError if in none."""
        count = self.length // 8
        number = int.from_bytes(self.data[:count].ljust(count, b"\0"))
        place = (number - self.low) // (self.width // 2**24)
        value = int(np.searchsorted(np.cumsum(sizes), place, side="right"))
        if value == len(sizes):
            raise ValueError(
                "The number is in no piece: it was written with other sizes, or damaged."
            )
        self.write(sizes, value)
        return value

    def bytes(self):
        """Return the number of the interval that ends with the most zero bytes, without these."""
        for zeros in range(8, -1, -1):
            number = -(-self.low // 256**zeros)  # rounded up
            if number * 256**zeros < self.low + self.width:
                return number.to_bytes(self.length // 8 - zeros).rstrip(b"\0")


def both_ways(range_coder, sizes, values, stream):
    """Write values with an answer, and let it read a stream, the right one of these values."""
    writer, reader = range_coder(), range_coder(stream)
    for one, value in zip(sizes.tolist(), values.tolist()):
        writer.write(one, value)
    found = writer.bytes()
    if not isinstance(found, bytes):
        raise Wrong(
            f"bytes() returned {type(found).__name__}, expected bytes.",
            "number.to_bytes(count) turns a whole number into bytes.",
        )
    return {"bytes": found.hex(" "), "values": [int(reader.read(one)) for one in sizes.tolist()]}


def case(sizes, values):
    """The arguments of both_ways: sizes (n, levels), and values (n,)."""
    coder, sizes, values = RangeCoder(), np.array(sizes), np.array(values, int)
    for one, value in zip(sizes.tolist(), values.tolist()):
        coder.write(one, value)
    return sizes, values, coder.bytes()


def drawn(n, levels, seed, sure=0.0):
    """Draw n values with random sizes, of which one level has nearly all in the share `sure` of them."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(levels), n)
    peaks = np.flatnonzero(rng.random(n) < sure)
    p[peaks] = np.eye(levels)[rng.integers(levels, size=len(peaks))]
    ends = np.floor(p.cumsum(-1) / p.sum(-1, keepdims=True) * (2**24 - levels))
    ends = np.rint(ends + np.arange(1, levels + 1)).astype(int)
    noise = rng.integers(2**24, size=(n, 1))
    return np.diff(ends, prepend=0), (ends <= noise).sum(-1)


HALF, QUARTER = 2**23, 2**22

exercise = Exercise(
    id="16.2",
    title="A range coder",
    minutes=30,
    difficulty=3,
    solution=RangeCoder,
    hints=(
        "Exercise 16.1 narrows an interval of fractions. What are its start and its width now, and what "
        "is p[value]?",
        "A part is self.width // 2**24. Reading asks how many parts lie below the number; the value is the "
        "piece in which this part is. Then reading narrows as writing does.",
        "int.from_bytes(self.data[:count].ljust(count, b'\\0')) is the number; np.searchsorted(np.cumsum("
        "sizes), place, side='right') finds the piece; -(-low // n) divides and rounds up.",
    ),
    cases=lambda: {
        "nothing": case(np.zeros((0, 2), int), []),
        "one value": case([[QUARTER, HALF, QUARTER]], [1]),
        "a number on an edge": case([[HALF, HALF]] * 3, [1, 0, 1]),
        "the last level": case([[HALF, QUARTER, QUARTER]] * 2, [2, 2]),
        "as long as a face": case(*drawn(256, 64, 1, sure=0.97)),
        "many bytes": case(*drawn(120, 5, 2)),
        "only zeros": case([[HALF, HALF]] * 70, [0] * 70),
        "a number with eight zero bytes": case(
            [[1, HALF, HALF - 1], [2**15, 2**16, 2**24 - 2**15 - 2**16]], [0, 1]
        ),
        "the end is no number of the interval": case(
            [[1, HALF, HALF - 1], [2**16 - 1, 1, 2**24 - 2**16]], [0, 1]
        ),
        "rare values": case([[1, 2**24 - 1]] * 9, [0, 1, 0, 0, 1, 1, 0, 0, 1]),
    },
    probe=both_ways,
    shown=lambda sizes, values, stream: (
        f"RangeCoder, {len(values)} values of {sizes.shape[1]} levels"
    ),
    axes=("value",),
)


@exercise.condition
def writes_the_right_bytes(answer):
    for case in exercise.inputs:
        results = exercise.expected(*case), answer(*case)
        expected, written = (str(one["bytes"]).split() for one in results)
        pairs = zip_longest(expected, written, fillvalue="nothing")
        for number, (right, mine) in enumerate(pairs):
            if right != mine:
                says = f"{exercise.call(case)}: byte {number} should be {right}, got {mine} "
                says += f"(expected number of bytes: {len(expected)}, written: {len(written)})."
                return Wrong(says, "compare low and width with the text's rules after each value.")


exercise.agrees(
    "{call}: what it writes is right. Reading right bytes, it gives {got} at {place}, expected {expected}.",
    hint="is the number that of the first `length` bits? Is the interval narrowed after each value?",
    part="values",
)
exercise.mistaken = {
    "low moves by one part for each of the sizes before the value's.": {
        "The interval begins where the value's piece ends.": ("sizes[:value]", "sizes[: value + 1]")
    },
    "low gets as long as the file: compute with Python's whole numbers, such as sum(...) or int(...).": {
        "low is a number of NumPy, which has 64 bits at most.": (
            "sum(sizes[:value])",
            "np.sum(sizes[:value])",
        )
    },
    "of the numbers from low on, the first multiple of 256**zeros is low rounded up. Try eight zero bytes "
    "first.": {
        "The number is rounded down, so it is below the interval.": (
            "-(-self.low // 256**zeros)",
            "self.low // 256**zeros",
        ),
        "The number has more bytes than it needs: it is low itself, not rounded up, or the search "
        "begins without zero bytes.": (
            "range(8, -1, -1)",
            "range(9)",
        ),
    },
    "bytes() leaves out zeros at the end: `length` says how many bytes the number has.": {
        "The missing zeros behind the end of data are not put back: the number is too small.": (
            '.ljust(count, b"\\0")',
            "",
        )
    },
    "the place is counted from low, in parts; a piece has its start, and not its end.": {
        "A place on the edge of two pieces is given to the lower one.": ('"right"', '"left"'),
        "Reading does not narrow the interval.": (
            "        self.write(sizes, value)\n        return value",
            "        return value",
        ),
    },
}
exercise.symptoms = {
    "a part is the whole number width // 2**24, the same for writing and reading. If the width is below "
    "2**32, both low and width get 32 zero bits at the end, and the length grows by 32.": {
        "This is right until the interval is made longer.": ("self.low << 32,", "self.low,"),
        "This is right for a few values. Is each part the same whole number?": [
            (
                "self.low += part * sum(sizes[:value])",
                "self.low += self.width * sum(sizes[:value]) // 2**24",
            ),
            ("self.width = part * sizes[value]", "self.width = self.width * sizes[value] // 2**24"),
        ],
    },
}
