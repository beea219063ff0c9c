"""What the checks of chapter 5 give to an answer, find out about it, and draw with it."""

import numpy as np
from keras import ops

from pixelcnn_lib import family, heads, layers, leaks
from pixelcnn_lib.teach.exercises import Wrong
from pixelcnn_lib.teach.exercises.weights import called, count, fill, in_training


class Parts:
    """The parts of a network, and nothing that runs it."""

    def __init__(self, net):
        for name in ("scale", "first", "body", "skips", "top", "head"):
            setattr(self, name, getattr(net, name))


def parts(seed, **sizes):
    """The parts of a small network with large weights, skips included."""
    net, rng = family.PixelCNN(**sizes), np.random.default_rng(seed)
    net.set_weights([rng.normal(0, 0.6, w.shape) for w in net.get_weights()])
    return Parts(net)


def small_networks():
    """The cases of 5.1: the parts of a small network, and images for it."""
    rng = np.random.default_rng(5)
    values = lambda levels, *shape: rng.integers(0, levels, shape, "uint8")
    mixture = heads.LogisticMixtureHead(2)
    three = dict(filters_per_colour=2, blocks=2, head_per_colour=3)
    return {
        "colour, a batch": (parts(1, **three, levels=6), values(6, 2, 3, 4, 3)),
        "one colour, two levels, three blocks": (
            parts(2, filters_per_colour=3, blocks=3, head_per_colour=2, levels=2, colours=1),
            values(2, 1, 4, 3, 1),
        ),
        "parameters that are no logits": (
            parts(3, **three, levels=5, head=mixture),
            values(5, 1, 2, 3, 3),
        ),
        "256 levels, one block": (parts(4, **{**three, "blocks": 1}), values(256, 1, 2, 2, 3)),
    }


def traced(forward, net, images):
    """Run a forward pass, and note for each part how often it was called, and a sum of its input.

    The notes, (parts, 2), decide nothing: they tell where a wrong result goes wrong.
    """
    named = named_parts(net)
    notes, calls = np.zeros((len(named), 2)), [layer.call for layer in named.values()]

    def spied(place, call):
        def note(x, *args, **options):
            try:
                flat = ops.convert_to_numpy(x).astype("float64").ravel()
                notes[place] = notes[place, 0] + 1, flat @ np.sin(np.arange(flat.size) + 1)
            except Exception:  # a tensor without values, while a function is compiled
                notes[:] = -1
            return call(x, *args, **options)

        return note

    try:
        for place, layer in enumerate(named.values()):
            layer.call = spied(place, calls[place])
        result = forward(net, images)
    finally:
        for layer, call in zip(named.values(), calls):
            layer.call = call
    return result if result is None or result is ... else {"log_p": result, "_notes": notes}


def named_parts(net):
    body = {f"net.body[{i}]": layer for i, layer in enumerate(net.body)}
    top = {f"net.top[{i}]": layer for i, layer in enumerate(net.top)}
    return {"net.first": net.first} | body | top | {"net.head": net.head}


def show_forward(forward):
    from pixelcnn_lib.teach import figures

    net = parts(4, filters_per_colour=4, blocks=2, head_per_colour=4, levels=4)
    seen = leaks.influence(lambda images: forward(net, images), (5, 5, 3), levels=4, trials=2)
    return figures.show_kinds(leaks.classify(seen), (2, 2, 1), (5, 5, 3))


def shown(filters_per_colour, colours, shape):
    return f"plain_layer({filters_per_colour}{'' if colours == 3 else f', colours={colours}'})"


def at_work(plain_layer, filters_per_colour, colours, shape):
    """Put a layer to work on noise (2, *shape, 2h), in float64.

    Keys with an underscore are left out where an answer is compared with known mistakes.
    """
    call, width = shown(filters_per_colour, colours, shape), 2 * filters_per_colour * colours
    sizes = {} if colours == 3 else {"colours": colours}
    x = np.random.default_rng(0).normal(size=(2, *shape, width)) * 4  # relu6 would cut some
    layer = plain_layer(filters_per_colour, **sizes, dtype="float64")
    if layer is None or layer is ...:
        return layer
    result = ops.convert_to_numpy(called(layer, x, call)(x))
    if result.shape != x.shape:
        hint = "2h features go in and 2h come out, on the same pixels; h counts all colours."
        raise Wrong(f"{call}: {x.shape} goes in, {result.shape} comes out.", hint)
    found = {"reach": reach(layer, width)}
    fill(layer)
    trained = ops.convert_to_numpy(in_training(layer, x))
    result = found["result"] = ops.convert_to_numpy(layer(x))
    found["as in training"] = np.allclose(trained, result)
    found |= {"_weights": count(layer), "_negative": (result < 0).any()}
    stored = sorted(tuple(weight.shape) for weight in layer.trainable_variables)
    own = [(3, 3, width, width), (width,)]
    if stored != own and count(layer) == 9 * width**2 + width and is_relu_of_a_sum(layer, x):
        # as many weights in other shapes: their values do not compare
        right = layers.MaskedConv2D(width, 3, "B", colours, activation="relu", dtype="float64")
        right.build(x.shape)
        fill(right)
        found["result"] = ops.convert_to_numpy(right(x))
    kept, free = True, True  # looked at once only, as it takes its time
    if colours == 3:
        second = called(plain_layer(filters_per_colour, dtype="float64"), x, call)
        fill(second, np.zeros)
        kept = np.array_equal(ops.convert_to_numpy(layer(x)), result)
        frozen = called(plain_layer(filters_per_colour, trainable=False), x, call)
        free = not frozen.trainable_variables
    return found | {"of its own": kept, "_dtype": result.dtype == "float64", "_options": free}


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
    from pixelcnn_lib.teach import figures

    net = family.PixelCNN(4, 2, 4, levels=4, pixel_layer=plain_layer)
    seen = leaks.influence(net, (5, 5, 3), levels=4)
    return figures.show_kinds(leaks.classify(seen), (2, 2, 1), (5, 5, 3))


def fake(seed, levels, honest=False):
    """A model made of sines, quick and without layers: log-probabilities that depend on all values."""

    def net(images):
        images = np.asarray(images)
        if images.dtype != np.uint8:
            raise TypeError(f"net takes uint8 images, got {images.dtype}")
        if images.ndim != 4 or images.max() >= levels:
            takes = f"net takes images (N, H, W, colours) with values below {levels}"
            raise ValueError(f"{takes}, got {images.shape} up to {images.max()}")
        rng = np.random.default_rng([seed, *images.shape[1:]])
        flat = images.reshape(len(images), -1) + 1.0  # (N, D)
        weights = rng.normal(0, 0.4, (flat.shape[1], flat.shape[1]))
        weights = np.triu(weights, 1) if honest else weights
        sums = (flat @ weights)[..., None]  # (N, D, 1)
        logits = np.sin(sums + np.arange(levels) * 2.1) * 2  # (N, D, levels)
        log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
        return log_p.reshape(*images.shape, levels)

    return net


def show_total(total_probability):
    from pixelcnn_lib.teach import figures

    shapes = [(1, 1, 2), (1, 2, 1), (1, 1, 3), (1, 3, 1)]
    kinds = {"honest": fake(7, 3, honest=True), "leaking": fake(7, 3)}
    sums = {
        f"{name}, {shape}": float(total_probability(net, shape, 3))
        for shape in shapes
        for name, net in kinds.items()
    }
    leaking = [name for name in sums if name.startswith("leaking")]
    return figures.show_bars(sums, leaking, xlabel="sum of p over all images")
