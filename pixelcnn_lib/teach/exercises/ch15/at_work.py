"""What chapter 15 draws with a right answer."""

import numpy as np
from keras import ops


def show_leaning(pixel_bits):
    from pixelcnn_lib.teach import figures

    mixture = np.ones(1), np.zeros((3, 1)), np.full((3, 1), 0.08), np.array([[0.8], [0], [0]])
    bits = [
        [pixel_bits(np.array([red, green, 128]), *mixture) for green in range(256)]
        for red in (40, 128, 215)
    ]
    p = 2.0 ** -np.array(bits)  # (reds, greens)
    titles = [f"green, after a red of {red}" for red in (40, 128, 215)]
    return figures.show_distribution(np.log(p / p.sum(axis=1, keepdims=True)), titles=titles)


def show_sight(shrink):
    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import figures

    pixels = np.eye(48, dtype="float32").reshape(48, 6, 8, 1)  # (sources, 6, 8, 1): one is 1
    small = ops.convert_to_numpy(shrink(pixels, np.ones((2, 2, 1, 1), "float32")))
    read = small[:, 1, 2, 0].reshape(6, 8) > 0
    kinds = np.where(read, leaks.SEEN, leaks.HIDDEN)
    return figures.show_fields({"read by the small pixel (1, 2)": kinds}, target=(2, 4))
