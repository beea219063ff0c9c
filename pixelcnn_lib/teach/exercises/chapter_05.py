"""Exercises of chapter 5: from layers to a model whose probabilities sum to one."""

from types import SimpleNamespace

import numpy as np

from pixelcnn_lib.teach import answers
from pixelcnn_lib.teach.exercises import Exercise, Mistake, Prediction, Wrong, agrees


def parts(seed, **sizes):
    """The parts of a small network with large weights, skips included, and nothing that runs it."""
    from pixelcnn_lib import model

    net, rng = model.PixelCNN(**sizes), np.random.default_rng(seed)
    net.set_weights([rng.normal(0, 0.6, w.shape) for w in net.get_weights()])
    names = ("scale", "first", "body", "skips", "top", "head")
    return SimpleNamespace(**{name: getattr(net, name) for name in names})


def forward_cases():
    from pixelcnn_lib import heads

    rng = np.random.default_rng(5)
    colour = parts(1, filters_per_colour=2, blocks=2, head_per_colour=3, levels=6)
    grey = parts(2, filters_per_colour=3, blocks=3, head_per_colour=2, levels=2, colours=1)
    mixture = heads.LogisticMixtureHead(2)
    mixed = parts(3, filters_per_colour=2, blocks=2, head_per_colour=3, levels=5, head=mixture)
    return [
        (colour, rng.integers(0, 6, (2, 3, 4, 3), "uint8")),
        (grey, rng.integers(0, 2, (1, 4, 3, 1), "uint8")),
        (mixed, rng.integers(0, 5, (1, 2, 3, 3), "uint8")),
    ]


def normalised(forward, net, images):
    """What a forward pass gives, its sum of probabilities set to one: any logits will do."""
    from keras import ops

    return ops.log_softmax(ops.cast(forward(net, images), "float32"))


def variant(scale=None, take="before", relus=(True, True, True), bent=False, end="log_probs"):
    """Make a forward pass that differs from the right one in the ways named."""
    from keras import ops

    def forward(net, images):
        x = net.first((scale or net.scale)(images))
        skipped = 0
        for layer, skip in zip(net.body, net.skips):
            entered = x
            x = layer(x)
            x = ops.relu(x) if bent else x
            if take != "none":
                skipped += (x if take == "after" else entered) * skip
        y = skipped if take == "skips" else x + skipped
        for layer, relu in zip(net.top, relus):
            y = layer(ops.relu(y) if relu else y)
        parameters = net.head(ops.relu(y) if relus[-1] else y)
        if end == "parameters":
            return parameters
        log_p = net.head.log_probs(parameters)
        return ops.exp(log_p) if end == "probabilities" else log_p

    return forward


def later(make):
    """Put off making a function until it is called, as Keras takes its time to import."""
    return lambda *case: make()(*case)


def show_forward(forward):
    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import figures

    net = parts(4, filters_per_colour=4, blocks=2, head_per_colour=4, levels=4)
    seen = leaks.influence(lambda images: forward(net, images), (5, 5, 3), levels=4, trials=2)
    return figures.show_kinds(leaks.classify(seen), (2, 2, 1), (5, 5, 3))


def in_a_network(plain_layer, filters_per_colour, colours):
    """Put a pixel layer to the test by itself, and in a small network by the detective."""
    from pixelcnn_lib import leaks, model

    rng, width = np.random.default_rng(0), 2 * filters_per_colour * colours
    layer = plain_layer(filters_per_colour, colours=colours, dtype="float64")
    if layer is None:
        return None
    layer.build((None, None, None, width))
    a, b = rng.normal(size=(2, 1, 5, 5, width))  # (1, 5, 5, width) each
    f = [np.asarray(layer(x), "float64") for x in (a, b, a + b, 0 * a)]
    found = {
        "shape": np.array(f[0].shape[1:]),
        "bends": np.array(f[0].shape == f[2].shape and abs(f[0] + f[1] - f[2] - f[3]).max() > 1e-6),
        "keeps dtype": np.array(getattr(layer, "compute_dtype", "float64") == "float64"),
        "sees": np.zeros((15 * colours, 15 * colours), bool),
    }
    if f[0].shape == a.shape and found["keeps dtype"]:
        sizes = dict(filters_per_colour=filters_per_colour, blocks=2, head_per_colour=4, levels=4)
        net = model.PixelCNN(**sizes, colours=colours, pixel_layer=plain_layer, dtype="float64")
        for weight in net.trainable_variables:  # all positive, so that nothing cancels or dies
            values = rng.uniform(0.5, 1.5, weight.shape)
            weight.assign(values / np.prod(weight.shape[:-1]) if len(weight.shape) > 1 else values)
        for skip in net.skips:  # no way around the body
            skip.assign(0 * skip)
        found["sees"] = leaks.influence(net, (3, 5, colours), levels=4, trials=1)
    return found


def sees_its_past(answer):
    """Fail a layer that leaks, or that hides what a 3x3 kernel of type B would show."""
    from pixelcnn_lib import leaks

    for case in answer.exercise.inputs:
        colours, got = case[1], answer(*case)["sees"]
        wrong = got != answer.exercise.expected(*case)["sees"]
        if wrong.any():
            leak = np.argwhere(np.triu(wrong))
            pair = leak[0] if len(leak) else np.argwhere(wrong)[0]
            words = [
                leaks.describe(np.unravel_index(n, (3, 5, colours)), colours).capitalize()
                for n in pair
            ]
            if len(leak):
                return Wrong(
                    f"In a network it leaks. {words[0]}, depends on: {words[1].lower()}.",
                    "which of the library's layers knows where it may look?",
                )
            return Wrong(
                "In a network it sees too little. "
                f"{words[0]}, does not depend on: {words[1].lower()}.",
                "3x3, and the type that every layer after the first has.",
            )


def show_plain(plain_layer):
    from pixelcnn_lib import leaks, model
    from pixelcnn_lib.teach import figures

    net = model.PixelCNN(4, 2, 4, levels=4, pixel_layer=plain_layer)
    seen = leaks.influence(net, (5, 5, 3), levels=4)
    return figures.show_kinds(leaks.classify(seen), (2, 2, 1), (5, 5, 3))


def fake(seed, honest=False):
    """A model made of sines, quick and without layers: log-probabilities that depend on all values."""

    def net(images):
        images = np.asarray(images)
        if images.ndim != 4 or images.dtype != np.uint8:
            raise ValueError(
                f"net takes uint8 (N, H, W, colours), got {images.dtype} {images.shape}"
            )
        rng = np.random.default_rng(seed)
        flat = images.reshape(len(images), -1) + 1.0  # (N, D)
        weights = rng.normal(0, 0.4, (flat.shape[1], flat.shape[1]))
        weights = np.triu(weights, 1) if honest else weights
        sums = (flat @ weights)[..., None]  # (N, D, 1)
        logits = np.sin(sums + np.arange(net.levels) * 2.1) * 2  # (N, D, levels)
        log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
        return log_p.reshape(*images.shape, net.levels)

    return net


def total_cases():
    cases = [
        (fake(1), (1, 2, 3), 2),
        (fake(2), (2, 2, 1), 3),
        (fake(3), (2, 1, 2), 4),
        (fake(4, honest=True), (1, 3, 1), 5),
    ]
    for net, _, levels in cases:
        net.levels = levels
    return cases


def of_all(net, shape, levels):
    """The log-probabilities of the chosen levels, for all images: (N, H, W, colours)."""
    images = np.indices((levels,) * int(np.prod(shape))).reshape(int(np.prod(shape)), -1).T
    images = images.reshape(-1, *shape).astype("uint8")
    return np.take_along_axis(np.asarray(net(images)), images[..., None].astype(int), -1)[..., 0]


def show_total(total_probability):
    from pixelcnn_lib.teach import figures

    shapes = [(1, 1, 2), (1, 2, 1), (1, 1, 3), (1, 3, 1)]
    sums = {}
    for shape in shapes:
        for name, honest in (("honest", True), ("leaking", False)):
            net = fake(7, honest)
            net.levels = 3
            sums[f"{name}, {shape}"] = float(total_probability(net, shape, 3))
    leaking = [name for name in sums if name.startswith("leaking")]
    return figures.show_bars(sums, leaking, xlabel="sum of p over all images")


EXERCISES = [
    Prediction(
        id="5.q1",
        right=8.2,
        within=1.5,
        why="A weight joins a feature to a feature: three times the width is nine times the "
        "weights. Only the first layer and the head's outputs grow less.",
    ),
    Exercise(
        id="5.1",
        title="The forward pass",
        minutes=12,
        difficulty=2,
        twin=answers.forward,
        hints=(
            "Go through the table from top to bottom, and write one line for each part.",
            "Two things run side by side through the body: x, and the sum of what the skips take.",
            "In the loop: first skipped += x * skip, then x = layer(x). After it y = x + skipped; "
            "each layer of net.top gets ops.relu(y), and so does net.head.",
        ),
        cases=forward_cases,
        probe=normalised,
        shown=lambda net, images: f"On images {images.shape}",
        axes=("image", "row", "column", "colour", "level"),
        tolerance=1e-3,
        conditions=[
            agrees(
                "log-probabilities",
                "{call}: expected log p = {expected} at {place}, got {got}.",
                "go through it part by part, with the list beside you.",
            )
        ],
        mistakes=[
            Mistake(
                later(lambda: variant(scale=lambda images: images / 255)),
                "The images are divided by 255: they lie between 0 and 1.",
                "net.scale spreads the levels over -1 to 1, whatever their number.",
            ),
            Mistake(
                later(lambda: variant(scale=lambda images: images.astype("float32"))),
                "The images are not scaled.",
                "what does net.scale do?",
            ),
            Mistake(
                later(lambda: variant(take="none")),
                "All is there but the skips.",
                "in this network their weights are not zero.",
            ),
            Mistake(
                later(lambda: variant(take="after")),
                "The skips take what leaves a block.",
                "a skip takes what enters its block.",
            ),
            Mistake(
                later(lambda: variant(take="skips")),
                "Only the skips reach the top.",
                "what leaves the last block belongs there too.",
            ),
            Mistake(
                later(lambda: variant(relus=(False, True, True))),
                "There is no ReLU between the body and the top.",
                "each top layer is preceded by one, the first too.",
            ),
            Mistake(
                later(lambda: variant(relus=(True, True, False))),
                "There is no ReLU before the head.",
                "two linear layers in a row are one.",
            ),
            Mistake(
                later(lambda: variant(relus=(True, False, True))),
                "There is no ReLU between the two top layers.",
                "two linear layers in a row are one.",
            ),
            Mistake(
                later(lambda: variant(relus=(False, False, False))),
                "There is no ReLU after the body.",
                "two linear layers in a row are one.",
            ),
            Mistake(
                later(lambda: variant(bent=True)),
                "A ReLU follows each block.",
                "the block has its own inside; the stream around it stays free to fall.",
            ),
            Mistake(
                later(lambda: variant(end="parameters")),
                "These are the head's parameters, which for this head are no logits.",
                "the head itself knows what its parameters mean.",
            ),
            Mistake(
                later(lambda: variant(end="probabilities")),
                "These are probabilities.",
                "return their logarithms, as the head gives them.",
            ),
        ],
        after=show_forward,
        seen="Who sees whom through your forward pass.",
    ),
    Exercise(
        id="5.2",
        title="A plain body",
        minutes=8,
        difficulty=2,
        twin=answers.plain_layer,
        hints=(
            "You have met the layer in chapter 3.",
            "How many features come in for each colour, and in all?",
            "layers.MaskedConv2D takes the total number of filters, the kernel size, the type, and "
            'colours; activation="relu" and **layer are handed on to Keras.',
        ),
        cases=[(2, 3), (2, 1)],
        probe=in_a_network,
        shown=lambda filters, colours: f"plain_layer({filters}, colours={colours})",
        conditions=[
            agrees(
                "as wide as it came",
                "{call} gives a layer that changes the shape: {expected} goes in, {got} comes out.",
                "2h features in, 2h out, on the same pixels; h counts all colours.",
                part="shape",
            ),
            agrees(
                "bends",
                "{call} is linear: a stack of them is one layer.",
                "where is the ReLU?",
                part="bends",
            ),
            agrees(
                "keeps dtype",
                '{call} was asked for dtype="float64" and computes in another.',
                "what came in **layer is for the layer that you make.",
                part="keeps dtype",
            ),
            sees_its_past,
        ],
        after=show_plain,
        seen="Who sees whom through a network of your layers.",
    ),
    Prediction(
        id="5.q2",
        right="(256, 3)",
        why="The mask numbers the features colour by colour, 256 for red first. Another reading "
        "gives red features that were made for blue.",
        replies={
            "(3, 256)": "It is the other: the mask itself has three blocks of 256.",
            "both": "Only one: read as the mask means them, features of red have not seen red.",
            "neither": "A shape says nothing about what a feature has seen.",
        },
    ),
    Exercise(
        id="5.3",
        title="The sum over all images",
        minutes=12,
        difficulty=2,
        twin=answers.total_probability,
        hints=(
            "List the images, run them, find the probability of each, add.",
            "Of all levels of a value, only the one that the image has counts: np.take_along_axis "
            "picks it. A product of probabilities is a sum of logarithms.",
            "images = np.array(list(itertools.product(range(levels), repeat=np.prod(shape))), "
            '"uint8").reshape(-1, *shape); pick with images[..., None].astype(int); sum over '
            "rows, columns and colours, then exp, then sum.",
        ),
        cases=total_cases,
        shown=lambda net, shape, levels: f"total_probability(net, {shape}, {levels})",
        tolerance=1e-3,
        conditions=[
            agrees(
                "the sum",
                "{call}: expected {expected}, got {got}. This net leaks, so the sum need not be 1.",
                "count your images first: levels to the power of the number of values.",
            )
        ],
        mistakes=[
            Mistake(
                lambda *case: np.exp(of_all(*case)).sum(),
                "The probabilities of single values are added up.",
                "an image's probability is their product.",
            ),
            Mistake(
                lambda *case: np.exp(of_all(*case).sum((1, 2, 3))).mean(),
                "That is the mean over images.",
                "one means that all images together have all the probability.",
            ),
            Mistake(
                lambda *case: of_all(*case).sum(),
                "Logarithms are added up over the images.",
                "an image's logarithm has to become a probability before the images are added.",
            ),
            Mistake(
                lambda *case: np.exp(of_all(*case).sum()),
                "All images are multiplied with each other.",
                "multiply within an image, add over images.",
            ),
            Mistake(
                lambda *case: np.exp(of_all(*case).mean((1, 2, 3))).sum(),
                "Within an image stands a mean of logarithms.",
                "a product of probabilities is a sum of logarithms.",
            ),
            Mistake(
                lambda *case: np.exp2(of_all(*case).sum((1, 2, 3))).sum(),
                "The logarithms are natural, but 2 was raised to them.",
                "np.exp undoes a natural logarithm.",
            ),
            Mistake(
                lambda net, shape, levels: 1.0,
                "That is 1 for every net.",
                "a net that leaks gives another number.",
            ),
            Mistake(
                lambda *case: np.prod(np.exp(of_all(*case)).sum(0)),
                "The images are added value by value, and the sums multiplied.",
                "first the product within each image.",
            ),
        ],
        after=show_total,
        seen="Your sums, for honest models and leaking ones.",
    ),
    Prediction(
        id="5.q3",
        right="the sum is right, the drawing wrong",
        why="Any order gives a chain rule, so p sums to one. A sampler that follows another order "
        "feeds the model zeros where it expects colours.",
        replies={
            "sum and drawing are right": "Our sampler draws red first, but this model predicts red "
            "from green and blue.",
            "both are wrong": "The chain rule does not ask for a certain order.",
        },
    ),
]
