"""5.1: the forward pass of a PixelCNN, part by part."""

import numpy as np
from keras import ops

from pixelcnn_lib import family, heads
from pixelcnn_lib.teach.exercises import Exercise, Wrong


def forward(net, images):
    """Run a PixelCNN by its parts.

    net: a PixelCNN, or an object with the same parts. images: uint8 (N, H, W, colours). Returns natural
    log-probabilities (N, H, W, colours, levels).
    """
    x = net.first(net.scale(images))  # (N, H, W, 2h)
    skipped = 0
    for layer, skip in zip(net.body, net.skips):
        skipped += x * skip
        x = layer(x)  # (N, H, W, 2h)
    y = x + skipped  # (N, H, W, 2h)
    for layer in net.top:
        y = layer(ops.relu(y))  # (N, H, W, features at the top)
    return net.head.log_probs(net.head(ops.relu(y)))  # (N, H, W, colours, levels)


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


def cases():
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
    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import figures

    net = parts(4, filters_per_colour=4, blocks=2, head_per_colour=4, levels=4)
    seen = leaks.influence(lambda images: forward(net, images), (5, 5, 3), levels=4, trials=2)
    return figures.show_kinds(leaks.classify(seen), (2, 2, 1), (5, 5, 3))


exercise = Exercise(
    id="5.1",
    title="The forward pass",
    minutes=12,
    difficulty=2,
    solution=forward,
    hints=(
        "Follow one image: what does each part take as its input, and which part makes that?",
        "In the loop over the blocks, keep two things: the features, and the sum of what the skips "
        "have taken so far.",
        "Loop over zip(net.body, net.skips): first add x * skip to the sum, then compute the new "
        "x. After the loop, add x and the sum. Each later layer gets ops.relu of its input.",
    ),
    cases=cases,
    probe=traced,
    shown=lambda net, images: f"On images {images.shape}",
    axes=("image", "row", "column", "colour", "level"),
    tolerance=1e-3,
    after=show_forward,
    seen="Who sees whom through your forward pass.",
)
HINTS = {
    "net.first": "which part turns levels into numbers from -1 to 1?",
    "net.body": "the first block gets the output of net.first, each later one that of the block "
    "before it.",
    "net.top[0]": "it gets a ReLU of the sum of the last block's output and all skips.",
    "net.top[1]": "it gets a ReLU of the output of net.top[0].",
    "net.head": "it gets a ReLU of the output of the last layer of net.top.",
}


@exercise.condition
def log_probabilities(answer):
    """Refuse other log-probabilities; the notes tell which part first gets a wrong input."""
    for case in exercise.inputs:
        expected, got = exercise.expected(*case), answer(*case)
        wrong = exercise.differ(expected["log_p"], got["log_p"])
        if not wrong.any():
            continue
        place = tuple(map(int, np.argwhere(wrong)[0]))
        says = (
            f"{exercise.call(case)}: expected log p = {expected['log_p'][place]:.4g} at "
            f"{exercise.place(place)}, got {got['log_p'][place]:.4g}."
        )
        hint = "all parts get the right input. What do you do with the output of net.head?"
        if (got["_notes"][:, 0] < 0).any():
            hint = "compare your lines one by one with the list in the text."
        for name, right, mine in zip(named_parts(case[0]), expected["_notes"], got["_notes"]):
            if mine[0] not in (-1, 1):
                says += f" {name} is called {mine[0]:.0f} times."
                hint = "call each part once."
            elif mine[0] == 1 and not np.allclose(right, mine, 1e-3, 1e-3):
                says += f" The first part with a wrong input is {name}."
                hint = HINTS.get(name) or HINTS[name.partition("[")[0]]
            else:
                continue
            break
        return Wrong(says, hint, got["log_p"], wrong, expected["log_p"])


# Mistakes: a forward pass that is right except for the one step that is given

mistake = exercise.mistake


def one_block(x, skipped, layer, skip):
    """The right step of the loop: the next x, and the sum of the skips so far."""
    return layer(x), skipped + x * skip


def mistaken(
    scale=lambda net, images: net.scale(images),
    enter=lambda x: x,
    step=one_block,
    order=1,
    leave=lambda x, skipped: x + skipped,
    relus=(True, True, True),
    end=lambda head, parameters: head.log_probs(parameters),
):
    """Make a forward pass; relus: whether a ReLU precedes each layer of the top, and the head."""

    def answer(net, images):
        x, skipped = enter(net.first(scale(net, images))), 0
        for layer, skip in list(zip(net.body, net.skips))[::order]:
            x, skipped = step(x, skipped, layer, skip)
        y = leave(x, skipped)
        for layer, relu in zip(net.top, relus):
            y = layer(ops.relu(y) if relu else y)
        return end(net.head, net.head(ops.relu(y) if relus[-1] else y))

    return answer


divided = mistake(
    "The images are divided, so that they lie between 0 and 1.",
    "net.scale spreads the levels over -1 to 1, for any number of levels.",
)
divided(mistaken(scale=lambda net, images: images.astype("float32") / 255))
divided(mistaken(scale=lambda net, images: (net.scale(images) + 1) / 2))
mistake(
    "The levels are spread over -1 to 1 as if there were 256.",
    "net.scale knows how many there are.",
)(mistaken(lambda net, images: images / 127.5 - 1))
mistake("The images are not scaled.", "what does net.scale do?")(
    mistaken(lambda net, images: images.astype("float32"))
)
mistake("The images are scaled twice.", "call net.scale once.")(
    mistaken(lambda net, images: net.scale(net.scale(images)))
)
mistake("The skips are missing.", "where are net.skips used?")(
    mistaken(step=lambda x, skipped, layer, skip: (layer(x), 0))
)
mistake("The skips take the output of a block.", "a skip takes the input of its block.")(
    mistaken(step=lambda x, skipped, layer, skip: (y := layer(x), skipped + y * skip))
)
mistake(
    "The skips are already added in the loop, so the next block gets them.",
    "sum up the skips in a second variable, and add this sum after the loop.",
)(mistaken(step=lambda x, skipped, layer, skip: (layer(x) + x * skip, 0)))
mistake("Only the last block's skip is added.", "add up the skips of all blocks.")(
    mistaken(step=lambda x, skipped, layer, skip: (layer(x), x * skip))
)
mistake("The skips are added without their weights.", "multiply the input of a block by its skip.")(
    mistaken(step=lambda x, skipped, layer, skip: (layer(x), skipped + x))
)
mistake("The weights of a skip are added, not multiplied.", "a skip multiplies by its weights.")(
    mistaken(step=lambda x, skipped, layer, skip: (layer(x), skipped + x + skip))
)
mistake("The skips are subtracted.", "add them to the output of the last block.")(
    mistaken(leave=lambda x, skipped: x - skipped)
)
mistake(
    "The skips take the output of net.first, whatever the block.",
    "each skip takes the input of its own block.",
)(
    lambda net, images: mistaken(
        step=lambda x, skipped, layer, skip: (
            layer(x),
            skipped + net.first(net.scale(images)) * skip,
        )
    )(net, images)
)
mistake("The skips take the ReLU of a block's input.", "a skip takes x itself.")(
    mistaken(step=lambda x, skipped, layer, skip: (layer(x), skipped + ops.relu(x) * skip))
)
mistake(
    "There is a ReLU after each block.",
    "a block has its ReLUs inside; the features between blocks may be below 0.",
)(mistaken(step=lambda x, skipped, layer, skip: (ops.relu(layer(x)), skipped + x * skip)))
mistake("There is a ReLU after the first layer.", "each block begins with a ReLU of its own.")(
    mistaken(enter=ops.relu)
)
mistake("The blocks run in the opposite order.", "start with net.body[0].")(mistaken(order=-1))
mistake("Only the skips reach the top.", "add the output of the last block.")(
    mistaken(leave=lambda x, skipped: skipped)
)
for message, relus in {
    "There is no ReLU between the body and the top.": (False, True, True),
    "There is no ReLU between the two top layers.": (True, False, True),
    "There is no ReLU before the head.": (True, True, False),
    "There is no ReLU before the layers of net.top.": (False, False, True),
    "There is no ReLU after the body.": (False, False, False),
}.items():
    hint = "apply a ReLU before each layer of net.top, and before the head."
    mistake(message, hint)(mistaken(relus=relus))
mistake(
    "That is the output of net.head: its parameters.",
    "net.head.log_probs turns them into log-probabilities.",
)(mistaken(end=lambda head, p: p))
mistake(
    "The head's parameters are used as logits, but not every head has logits.",
    "net.head.log_probs knows what the parameters of its head mean.",
)(mistaken(end=lambda head, p: ops.log_softmax(p)))
mistake("Those are probabilities.", "return their logarithms, as net.head.log_probs does.")(
    mistaken(end=lambda head, p: ops.exp(head.log_probs(p)))
)
mistake("There is a ReLU after the head.", "parameters may be below 0.")(
    mistaken(end=lambda head, p: head.log_probs(ops.relu(p)))
)


# Mistakes that a condition describes well enough

exercise.caught("The first part with a wrong input is net.body[1]. Hint: the first block gets")(
    mistaken(step=lambda x, skipped, layer, skip: (layer(x) / 2, skipped + x * skip))
)
exercise.caught("The first part with a wrong input is net.top[0]. Hint: it gets a ReLU of the sum")(
    mistaken(leave=lambda x, skipped: x + skipped / 2)
)
exercise.caught("What do you do with the output of net.head?")(
    mistaken(end=lambda head, p: head.log_probs(p) - ops.max(p, axis=-1, keepdims=True))
)
exercise.caught("expected shape (2, 3, 4, 3, 6), got shape (2, 3, 4, 18)")(
    mistaken(end=lambda head, p: ops.reshape(head.log_probs(p), (*p.shape[:3], -1)))
)


@exercise.caught("net.body[1] is called 0 times.")
def only_the_first_block(net, images):
    x = net.first(net.scale(images))
    y = net.body[0](x) + x * net.skips[0]
    for layer in net.top:
        y = layer(ops.relu(y))
    return net.head.log_probs(net.head(ops.relu(y)))


@exercise.caught("compare your lines one by one")
def compiled(net, images):
    import tensorflow as tf

    return tf.function(mistaken(end=lambda head, p: head.log_probs(p) * p))(net, images)


@exercise.caught("raised TypeError: 'Parts' object is not callable")
def calls_net(net, images):
    return net(images)
