"""5.1: the forward pass of a PixelCNN, part by part."""

from types import SimpleNamespace

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch05.at_work import (
    named_parts,
    show_forward,
    small_networks,
    traced,
)


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
    cases=small_networks,
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


def mistaken(
    scale=lambda net, images: net.scale(images),
    step=lambda x, skipped, layer, skip: (layer(x), skipped + x * skip),
    leave=lambda x, skipped: x + skipped,
    relus=(True, True, True),
    end=lambda head, parameters: head.log_probs(parameters),
):
    """Make a forward pass.

    step: gives the next x, and the sum of the skips so far. relus: whether a ReLU precedes each
    layer of the top, and the head.
    """

    def answer(net, images):
        x, skipped = net.first(scale(net, images)), 0
        for layer, skip in zip(net.body, net.skips):
            x, skipped = step(x, skipped, layer, skip)
        y = leave(x, skipped)
        for layer, relu in zip(net.top, relus):
            y = layer(ops.relu(y) if relu else y)
        return end(net.head, net.head(ops.relu(y) if relus[-1] else y))

    return answer


exercise.mistake(
    "The images are divided, so that they lie between 0 and 1.",
    "net.scale spreads the levels over -1 to 1, for any number of levels. Call it once.",
    mistaken(lambda net, images: images.astype("float32") / 255),
)
exercise.mistakes_about(
    "a skip multiplies the input of its block, x itself, by its weights.",
    {
        "The skips take the output of a block.": mistaken(
            step=lambda x, skipped, layer, skip: (y := layer(x), skipped + y * skip)
        ),
        "The skips are added without their weights.": mistaken(
            step=lambda x, skipped, layer, skip: (layer(x), skipped + x)
        ),
    },
)
exercise.mistakes_about(
    "sum up the skips of all blocks in a second variable; after the loop, add this sum to the output "
    "of the last block.",
    {
        "The skips are missing.": mistaken(step=lambda x, skipped, layer, skip: (layer(x), 0)),
        "The skips are already added in the loop, so the next block gets them.": mistaken(
            step=lambda x, skipped, layer, skip: (layer(x) + x * skip, 0)
        ),
        "Only the last block's skip is added.": mistaken(
            step=lambda x, skipped, layer, skip: (layer(x), x * skip)
        ),
        "Only the skips reach the top.": mistaken(leave=lambda x, skipped: skipped),
    },
)
exercise.mistakes_about(
    "apply a ReLU before each layer of net.top, and before the head.",
    {
        "There is no ReLU between the body and the top.": mistaken(relus=(False, True, True)),
        "There is no ReLU before the head.": mistaken(relus=(True, True, False)),
        "There is no ReLU after the body.": mistaken(relus=(False, False, False)),
    },
)
exercise.mistakes_about(
    "net.head.log_probs knows what the parameters of its head mean, and makes log-probabilities.",
    {
        "That is the output of net.head: its parameters.": mistaken(end=lambda head, p: p),
        "The head's parameters are used as logits, but not every head has logits.": mistaken(
            end=lambda head, p: ops.log_softmax(p)
        ),
    },
)

# Mistakes that a condition describes well enough


@exercise.caught("compare your lines one by one")
def compiled(net, images):
    import tensorflow as tf

    return tf.function(mistaken(end=lambda head, p: head.log_probs(p) * p))(net, images)


exercise.all_caught(
    {
        "net.body[1] is called 0 times.": lambda net, images: mistaken()(
            SimpleNamespace(**{**vars(net), "body": net.body[:1]}), images
        ),
        "a wrong input is net.body[1]. Hint: the first block gets": mistaken(
            step=lambda x, skipped, layer, skip: (ops.relu(layer(x)), skipped + x * skip)
        ),
        "a wrong input is net.top[0]. Hint: it gets a ReLU of the sum": mistaken(
            leave=lambda x, skipped: x - skipped
        ),
        "What do you do with the output of net.head?": mistaken(
            end=lambda head, p: head.log_probs(ops.relu(p))
        ),
    }
)
