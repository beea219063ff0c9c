"""Right answers to chapter 16."""

from fractions import Fraction

import numpy as np

# 16.1


def from_the_last_value(probabilities, values):
    start, width = Fraction(0), Fraction(1)
    for p, value in list(zip(probabilities, values))[::-1]:
        own = Fraction(float(p[value]))
        start = Fraction(float(np.sum(p[:value]))) + own * start
        width = own * width
    return float(start), float(width)


# 16.2


class WithBits:
    """It keeps the number as text of bits, and reads by walking from piece to piece."""

    def __init__(self, data=b""):
        self.bits = "".join(f"{byte:08b}" for byte in data)
        self.low, self.width, self.length = 0, (1 << 64) - 1, 64

    def write(self, sizes, value):
        part = self.width >> 24
        for size in sizes[:value]:
            self.low += part * size
        self.width = part * sizes[value]
        while self.width >> 32 == 0:
            self.low, self.width, self.length = self.low << 32, self.width << 32, self.length + 32

    def read(self, sizes):
        number = int(self.bits[: self.length].ljust(self.length, "0"), 2)
        part, start = self.width >> 24, self.low
        for value in range(len(sizes)):
            start += part * sizes[value]
            if number < start:
                break
        self.write(sizes, value)
        return value

    def bytes(self):
        last = self.low + self.width - 1
        for zeros in (64, 56, 48, 40, 32, 24, 16, 8, 0):
            number = last >> zeros << zeros
            if number >= self.low:
                step = 1 << zeros
                number -= (number - self.low) // step * step
                return number.to_bytes(self.length // 8, "big").rstrip(b"\0")


RIGHT = {"16.1": [from_the_last_value], "16.2": [WithBits]}
