"""What the check of exercise 13.2 draws with a right answer."""

import numpy as np
from keras import ops

from pixelcnn_lib import leaks


def show_sight(look_up):
    from pixelcnn_lib.teach import figures

    pixels = np.eye(49, dtype="float32").reshape(49, 7, 7, 1)  # (sources, 7, 7, 1): one is 1
    kernel, fields = np.ones((3, 5, 1, 1), "float32"), {}
    for shift in (1, 0):
        seen = ops.convert_to_numpy(look_up(pixels, kernel, shift)).reshape(49, 49) > 0
        fields[f"shift={shift}"] = leaks.classify(seen.T)[5 * 7 + 3].reshape(7, 7)
    return figures.show_fields(fields, (5, 3))
