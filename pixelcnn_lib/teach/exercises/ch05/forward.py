"""5.1: the forward pass of a PixelCNN, part by part."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch05 import at_work


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
    cases=at_work.small_networks,
    probe=at_work.traced,
    shown=lambda net, images: f"On images {images.shape}",
    axes=("image", "row", "column", "colour", "level"),
    tolerance=1e-3,
    after=at_work.show_forward,
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
        says = f"{exercise.call(case)}: expected log p = {expected['log_p'][place]:.4g} at "
        says += f"{exercise.place(place)}, got {got['log_p'][place]:.4g}."
        hint = "compare your lines with those in the text. What happens to the output of net.head?"
        parts = at_work.named_parts(case[0])
        for name, right, mine in zip(parts, expected["_notes"], got["_notes"]):
            if mine[0] not in (-1, 1):
                says += f" {name} is called {mine[0]:.0f} times."
                hint = "call each part once."
                break
            if mine[0] == 1 and not np.allclose(right, mine, 1e-3, 1e-3):
                says += f" The first part with a wrong input is {name}."
                hint = HINTS.get(name) or HINTS[name.partition("[")[0]]
                break
        return Wrong(says, hint, got["log_p"], wrong, expected["log_p"])


# Mistakes: a forward pass that is right except for the one step that is given


def mistaken(
    scale=lambda net, images: net.scale(images),
    block=lambda layer, x, skip: layer(x),  # the next x
    skipped=lambda x, skip, y: x * skip,  # what a block with input x and output y adds to the sum
    leave=lambda x, skips: x + sum(skips),
    relus=(True, True, True),  # before each layer of the top, and the head
    end=lambda head, parameters: head.log_probs(parameters),
):
    def answer(net, images):
        x, skips = net.first(scale(net, images)), []
        for layer, skip in zip(net.body, net.skips):
            before, x = x, block(layer, x, skip)
            skips.append(skipped(before, skip, x))
        y = leave(x, skips)
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
    "each skip is its block's input times its weights; their sum joins the last block's output.",
    {
        "The skips take the output of a block.": mistaken(skipped=lambda x, skip, y: y * skip),
        "The skips are added without their weights.": mistaken(skipped=lambda x, skip, y: x),
        "The skips are missing.": mistaken(leave=lambda x, skips: x),
        "Only the last block's skip is added.": mistaken(leave=lambda x, skips: x + skips[-1]),
        "Only the skips reach the top.": mistaken(leave=lambda x, skips: sum(skips)),
        "The skips are already added in the loop, so the next block gets them.": mistaken(
            block=lambda layer, x, skip: layer(x) + x * skip, leave=lambda x, skips: x
        ),
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
        "The parameters are taken for logits.": mistaken(end=lambda head, p: ops.log_softmax(p)),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "is called 0 times.": mistaken(block=lambda layer, x, skip: x),
        "the first block gets": mistaken(block=lambda layer, x, skip: ops.relu(layer(x))),
        "Hint: it gets a ReLU of the sum": mistaken(leave=lambda x, skips: x - sum(skips)),
        "the output of net.head?": mistaken(end=lambda head, p: head.log_probs(ops.relu(p))),
    }
)
