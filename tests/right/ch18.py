"""Right answers to chapter 18."""

import numpy as np

# 18.1


def image_by_image(images, number, place):
    seen, weight = images.copy(), np.zeros(images.shape)
    for image, known, order, weights in zip(seen, number, place, weight):
        hidden = order >= known
        image[hidden] = 64
        weights[hidden] = image.size / hidden.sum()
    return seen, weight


# 18.2


def pixel_by_pixel(p, hidden, drawn=None):
    now = np.zeros(hidden.shape, bool)
    for chosen, some, table in zip(now, hidden, p):
        bits = {}
        for row, col in np.argwhere(some):
            positive = table[row, col][table[row, col] > 0]
            bits[row, col] = -np.sum(positive * np.log2(positive))
        most = max(bits, key=bits.get, default=None)
        if most is not None and bits[most] > 0.1:
            chosen[most] = True
        else:
            chosen[some] = True
    return now


RIGHT = {"18.1": [image_by_image], "18.2": [pixel_by_pixel]}
