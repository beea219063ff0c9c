"""An independent copy of the network, its heads and its loss: loops, in NumPy and decimals only.

Written from the papers, and without the library, which is not imported.
"""

from decimal import Decimal, getcontext

import numpy as np

getcontext().prec = 60


def alive(row, col, source, target, mask_type):
    """Tell whether a mask keeps a weight; `row` and `col` are counted from the kernel's centre."""
    if (row, col) != (0, 0):
        return (row, col) < (0, 0)
    return source < target or (mask_type == "B" and source == target)


def mask(height, width, filters_in, filters_out, mask_type, colours):
    """Make a kernel's mask (kh, kw, in, out), one weight at a time."""
    result = np.zeros((height, width, filters_in, filters_out))
    for row, col, i, o in np.ndindex(result.shape):
        source, target = i // (filters_in // colours), o // (filters_out // colours)
        where = (row - height // 2, col - width // 2)
        result[row, col, i, o] = alive(*where, source, target, mask_type)
    return result


def convolve(x, weights, mask_type, colours):
    """Convolve x (H, W, in) with weights (kernel, bias) -> (H, W, out); outside, x is zero."""
    kernel, bias = (np.asarray(array, float) for array in weights)
    kernel = kernel * mask(*kernel.shape, mask_type, colours)
    y = np.empty((*x.shape[:2], len(bias)))
    for row, col in np.ndindex(x.shape[:2]):
        y[row, col] = bias
        for a, b in np.ndindex(kernel.shape[:2]):
            r, c = row + a - kernel.shape[0] // 2, col + b - kernel.shape[1] // 2
            if 0 <= r < x.shape[0] and 0 <= c < x.shape[1]:
                y[row, col] += x[r, c] @ kernel[a, b]
    return y


def causal(x, weights, offsets, groups=1, own=True):
    """Convolve x (H, W, in) with taps at offsets (rows down, columns right) -> (H, W, out).

    weights: kernel, of as many taps as offsets, and bias. Outside the image, x is zero. At (0, 0),
    group g of the outputs reads only the groups before g of the inputs, and if `own`, group g too.
    """
    kernel, bias = (np.asarray(array, float) for array in weights)
    kernel = kernel.reshape(len(offsets), x.shape[2], len(bias))
    step_in, step_out = x.shape[2] // groups, len(bias) // groups
    y = np.zeros((*x.shape[:2], len(bias))) + bias
    for row, col in np.ndindex(x.shape[:2]):
        for (down, right), tap in zip(offsets, kernel):
            r, c = row + down, col + right
            if not (0 <= r < x.shape[0] and 0 <= c < x.shape[1]):
                continue
            for group in range(groups):
                known = (group + own) * step_in if (r, c) == (row, col) else x.shape[2]
                out = slice(group * step_out, (group + 1) * step_out)
                y[row, col, out] += x[r, c, :known] @ tap[:known, out]
    return y


def moved_down(x):
    """Move each row of x down by one; the first becomes zeros."""
    return np.concatenate([np.zeros_like(x[:1]), x[:-1]])


def network(image, levels, first, body, skips, top, head, groups, straight):
    """An image (H, W, colours) -> parameters (H, W, groups, P).

    first, head: (kernel, bias). body: layers, functions of features (H, W, 2h). skips: for each
    layer its weights. top: two convolutions. groups: how many blocks of features the masks tell
    apart. straight: whether the head also reads what the top reads, without a ReLU.
    """
    height, width, _ = image.shape
    x = convolve(image / (levels - 1) * 2 - 1, first, "A", groups)
    total = 0
    for layer, skip in zip(body, skips, strict=True):
        total = total + x * np.asarray(skip)
        x = layer(x)
    y = body = x + total
    for weights in top:
        y = convolve(relu(y), weights, "B", groups)
    y = relu(y)
    if straight:
        y = np.concatenate([y, body], 2)
    return convolve(y, head, "B", groups).reshape(height, width, groups, -1)


def relu(x):
    return np.where(x > 0, x, 0)


def categorical(parameters):
    """(levels,) -> the probability of each level, Decimal."""
    odds = [Decimal(float(p)).exp() for p in parameters]
    return [each / sum(odds) for each in odds]


def logistic_mixture(parameters, levels):
    """(3 * components,) -> the probability of each level, Decimal: areas under logistic curves."""
    weights, means, log_scales = np.split(np.asarray(parameters, float), 3)
    result = [Decimal(0)] * levels
    for share, mean, log_scale in zip(categorical(weights), means, log_scales):
        for level in range(levels):
            result[level] += share * level_area(level, Decimal(float(mean)), log_scale, levels)
    return result


def tied_mixture(parameters, before, colours, levels):
    """The probability of each level, Decimal, after the colours `before` of the same pixel.

    Chain rule: what a pixel that begins with these colours and the level has, over what a pixel
    has that begins with these colours.
    """
    beginning = beginning_of_pixel(parameters, before, colours, levels)
    return [
        beginning_of_pixel(parameters, [*before, level], colours, levels) / beginning
        for level in range(levels)
    ]


def beginning_of_pixel(parameters, values, colours, levels):
    """sum_k w_k p_k(r) p_k(g | r) p_k(b | r, g), or only the first factors: a Decimal.

    parameters: for all components the weights, then the colours' means, then their log scales, then
    what turns by tanh into the shift of green by red, of blue by red, of blue by green.
    """
    pairs = [(a, b) for a in range(colours) for b in range(a + 1, colours)]
    rows = np.reshape(np.asarray(parameters, float), (1 + 2 * colours + len(pairs), -1))
    total = Decimal(0)
    for k, share in enumerate(categorical(rows[0])):
        for colour, level in enumerate(values):
            mean = Decimal(float(rows[1 + colour, k]))
            for pair, shift in zip(pairs, rows[1 + 2 * colours :, k]):
                if pair[1] == colour:
                    scaled = Decimal(2 * int(values[pair[0]])) / (levels - 1) - 1
                    mean += tanh(shift) * scaled
            share *= level_area(int(level), mean, rows[1 + colours + colour, k], levels)
        total += share
    return total


def tanh(x):
    """The hyperbolic tangent, Decimal."""
    up, down = Decimal(float(x)).exp(), Decimal(float(-x)).exp()
    return (up - down) / (up + down)


def level_area(level, mean, log_scale, levels):
    """The area under a logistic curve between a level's two edges, Decimal."""
    edge = lambda number: Decimal(2 * number - 1) / (levels - 1) - 1
    low = edge(level) if level > 0 else Decimal("-Infinity")
    high = edge(level + 1) if level < levels - 1 else Decimal("Infinity")
    scale = Decimal(float(np.clip(log_scale, -7, 7))).exp()
    return area((low - mean) / scale, (high - mean) / scale)


def area(low, high):
    """Return the area under the logistic curve of mean 0, scale 1, computed from the nearer tail."""
    if low > 0:
        low, high = -high, -low
    return 1 / (1 + (-high).exp()) - 1 / (1 + (-low).exp())


def bits(probability):
    """How many bits a value of this probability costs."""
    return float(-Decimal(probability).ln() / Decimal(2).ln())
