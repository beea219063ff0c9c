"""Right answers to chapter 18."""

import numpy as np

# 18.1


def image_by_image(bits):
    result = []
    for costs in np.transpose(bits):
        best = min(costs)
        share = sum(2.0 ** (best - cost) for cost in costs) / len(costs)
        result.append(best - np.log2(share))
    return result


# 18.2


def pixel_by_pixel(side=16):
    scales = side.bit_length() - 1
    number = np.zeros((side, side), int)  # of the pass that draws the pixel
    for row in range(side):
        for col in range(side):
            if row or col:
                step = (row | col) & -(row | col)
                odd = row // step % 2, col // step % 2
                scale = scales - step.bit_length()
                number[row, col] = 1 + 3 * scale + [(1, 1), (0, 1), (1, 0)].index(odd)
    return [number < passes for passes in range(3 * scales + 2)]


RIGHT = {"18.1": [image_by_image], "18.2": [pixel_by_pixel]}
