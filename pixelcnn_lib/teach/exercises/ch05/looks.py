"""What the check of exercise 5.2 looks at in a layer, and draws with it."""

import numpy as np
from keras import ops

from pixelcnn_lib import leaks
from pixelcnn_lib.teach.exercises.weights import fill


def reach(layer, width):
    """Tell which features of a 5x5 image the centre's depend on: bool (5, 5, width, width)."""
    rng = np.random.default_rng(0)  # all of one sign, so that nothing cancels
    fill(layer, lambda shape: rng.uniform(0.05, 0.15, shape) / np.prod(shape[:-1]))
    seen = np.zeros((25 * width, width), bool)
    for base in (np.full((1, 5, 5, width), 1.0), np.full((1, 5, 5, width), -9.0)):
        changed = base * (1 + 0.5 * np.eye(base.size).reshape(-1, 5, 5, width))  # one feature each
        before, after = (ops.convert_to_numpy(layer(x))[:, 2, 2] for x in (base, changed))
        seen |= abs(after - before) > 1e-7
    return seen.reshape(5, 5, width, width)


def is_relu_of_a_sum(layer, x):
    """Tell whether a layer is max(0, a x + b): nothing below 0, and straight above it."""
    y = x[::-1]
    a, b, middle = (ops.convert_to_numpy(layer(one)) for one in (x, y, (x + y) / 2))
    on = (a > 0) & (b > 0)
    return (a >= 0).all() and (a == 0).any() and np.allclose(middle[on], (a + b)[on] / 2)


def show_plain(plain_layer):
    from pixelcnn_lib.family import PixelCNN
    from pixelcnn_lib.teach import figures

    net = PixelCNN(4, 2, 4, levels=4, pixel_layer=plain_layer)
    seen = leaks.influence(net, (5, 5, 3), levels=4)
    return figures.show_kinds(leaks.classify(seen), (2, 2, 1), (5, 5, 3))
