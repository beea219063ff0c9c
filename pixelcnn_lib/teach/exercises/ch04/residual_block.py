"""4.1: the residual block: narrow, look around, widen, add."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import layers, leaks
from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.weights import called, count, fill, in_training, noise

relu = ops.relu


def shown(filters_per_colour, colours, x):
    return f"ResidualBlock({filters_per_colour}{'' if colours == 3 else f', colours={colours}'})"


def at_work(block_class, filters_per_colour, colours, x):
    """Put a block to work on x (N, H, W, 2h): with weights of zero, with random ones, and twice.

    Keys with an underscore are left out where an answer is compared with known mistakes.
    """
    call = shown(filters_per_colour, colours, x)
    sizes = {} if colours == 3 else {"colours": colours}
    block = called(block_class(filters_per_colour, **sizes), x[:, 1:], call)
    if not block.trainable_variables:
        raise Wrong(
            f"{call} has no weights to train.", "does __init__ make the three convolutions?"
        )
    kernels = [one for one in block.trainable_variables if len(one.shape) > 1]
    starts = [ops.convert_to_numpy(kernel) for kernel in kernels]
    fill(block, np.zeros)
    idle = ops.convert_to_numpy(block(x))
    fill(block)
    busy = ops.convert_to_numpy(block(x))
    same = np.allclose(ops.convert_to_numpy(in_training(block, x)), busy, 1e-4, 1e-4)
    kept, name, dtype, later = True, True, True, (False, False)
    if colours == 3:  # looked at once only, as it takes its time
        later = sees_later(block, x, busy)
        second = called(block_class(filters_per_colour), x, call)
        fill(second, np.zeros)
        kept = np.array_equal(ops.convert_to_numpy(block(x)), busy)
        named = block_class(filters_per_colour, name="mine", dtype="float64")
        name, dtype = named.name == "mine", named.dtype_policy.name == "float64"
    found = {
        "with weights of 0": idle,
        "with random weights": busy,
        "as in training": same,
        "of its own": kept,
    }
    found |= {"_weights": count(block), "_name": name, "_dtype": dtype}
    found |= {"_starts": all(np.ptp(kernel) > 0 for kernel in starts)}
    return found | {"_later pixel": later[0], "_later colour": later[1]}


def sees_later(block, x, busy):
    """Tell whether x's last pixel reaches earlier pixels, and its last colour earlier colours.

    busy: what the block gives for x.
    """
    last = x.shape[-1] * 2 // 3  # the first feature of the last colour
    pixel, colour = x.copy(), x.copy()
    pixel[:, -1, -1] += 3
    colour[:, -1, -1, last:] += 3
    by_pixel, by_colour = (ops.convert_to_numpy(block(one)) != busy for one in (pixel, colour))
    by_pixel[:, -1, -1] = False
    return by_pixel.any(), by_colour[:, -1, -1, :last].any()


def show_in_a_network(block_class):
    from pixelcnn_lib.teach import figures

    keras.utils.set_random_seed(0)
    first, block = layers.MaskedConv2D(24, 7, "A"), block_class(4)
    head, shape = layers.MaskedConv2D(24, 1), (6, 6, 3)

    def network(images):
        x = block(first(ops.convert_to_tensor(images, "float32")))  # (N, H, W, 24)
        return ops.reshape(head(x), (*images.shape, 8))

    seen = leaks.influence(network, shape, levels=8)
    return figures.show_kinds(leaks.classify(seen), (5, 2, 1), shape)


exercise = Exercise(
    id="4.1",
    title="The residual block",
    minutes=10,
    difficulty=2,
    solution=layers.ResidualBlock,
    hints=(
        "Follow the arrows of the drawing: which two things meet in the sum?",
        "h counts the features of all colours. The first 1x1 convolution turns 2h features into h, "
        "the 3x3 keeps h, and the last 1x1 turns h into 2h.",
        "`call` has three steps, and each is a convolution of ops.relu(…). Do not overwrite x before "
        "the sum.",
    ),
    cases={
        "one colour, square": (3, 1, noise(1, 3, 3, 6)),
        "two colours, high": (3, 2, noise(1, 5, 2, 12)),
        "three colours, two images": (2, 3, noise(2, 4, 5, 12)),
        "four colours, one row": (3, 4, noise(1, 2, 4, 24)),
    },
    probe=at_work,
    shown=shown,
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_in_a_network,
    seen="What green sees through a 7x7 layer and your block.",
)
exercise.agrees(
    "input when idle",
    "{call} with all weights 0: expected {expected} at {place}, like the input, got {got}.",
    hint="then the branch is 0. What happens to x on its way to the sum?",
    part="with weights of 0",
)
exercise.agrees(
    "how many weights",
    "{call}: expected {expected} trained weights, got {got}.",
    hint="it has a 1x1 from 2h to h features, a 3x3 from h to h and a 1x1 from h to 2h, with biases.",
    part="_weights",
)
exercise.agrees(
    "pixels in order",
    "{call}: the output at a pixel depends on a later pixel.",
    hint="which of the convolutions has no mask?",
    part="_later pixel",
)
exercise.agrees(
    "colours in order",
    "{call}: features of one colour depend on a later colour of their pixel.",
    hint="which of the convolutions has no mask?",
    part="_later colour",
)
exercise.agrees(
    "branch",
    "{call} with random weights: expected {expected} at {place}, got {got}.",
    hint="the convolutions have the right sizes. Compare their order, masks and ReLUs with the drawing.",
    part="with random weights",
)
exercise.agrees(
    "as in training",
    "{call} gives another result in training, with training=True.",
    hint="convolutions, ReLUs and a sum are the same in training.",
    part="as in training",
)
exercise.agrees(
    "of its own",
    "Two blocks share their weights: a change of one changes the other.",
    hint="make the convolutions in __init__, and store them in self.",
    part="of its own",
)
exercise.agrees(
    "keeps its name",
    '{call} was made with name="mine", and has another name.',
    hint="pass **layer to super().__init__.",
    part="_name",
)
exercise.agrees(
    "keeps dtype",
    '{call} was made with dtype="float64", and has another.',
    hint="pass on everything in **layer, not only the name.",
    part="_dtype",
)


exercise.agrees(
    "first weights",
    "{call}: a convolution starts with weights that are all equal.",
    hint="leave the first weights to layers.MaskedConv2D.",
    part="_starts",
)


# Mistakes: the block as most write it, and what readers change in it


class Tutored(keras.layers.Layer):
    steps, mask_type = ((1, 1), (3, 1), (1, 2)), "B"  # kernel size, and width in h, of each

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        h = filters_per_colour * colours
        self.narrow, self.look, self.widen = (
            self.convolution(n * h, size, colours) for size, n in self.steps
        )

    def build(self, shape):
        """Left empty, it saves Keras a slow look for one."""

    def convolution(self, filters, size, colours):
        return layers.MaskedConv2D(filters, size, self.mask_type, colours)

    def branch(self, x):
        return self.widen(relu(self.look(relu(self.narrow(relu(x))))))

    def call(self, x):
        return x + self.branch(x)


def block(**changed):
    """The block with these methods or values changed."""
    return type("Block", (Tutored,), changed)


def known(message, hint, **changed):
    exercise.mistake(message, hint)(block(**changed))


def caught(words, **changed):
    exercise.caught(words)(block(**changed))


for message, branch in {
    "There is no ReLU, so the three convolutions can do no more than one.": (
        lambda self, x: self.widen(self.look(self.narrow(x)))
    ),
    "The first of the three ReLUs is missing.": (
        lambda self, x: self.widen(relu(self.look(relu(self.narrow(x)))))
    ),
    "The ReLU before the 3x3 convolution is missing.": (
        lambda self, x: self.widen(relu(self.look(self.narrow(relu(x)))))
    ),
    "The ReLU before the last convolution is missing.": (
        lambda self, x: self.widen(self.look(relu(self.narrow(relu(x)))))
    ),
    "The only ReLU is the first.": (lambda self, x: self.widen(self.look(self.narrow(relu(x))))),
    "Each ReLU comes after its convolution, so the block can only raise a feature.": (
        lambda self, x: relu(self.widen(relu(self.look(relu(self.narrow(x))))))
    ),
    "There is a fourth ReLU, at the end of the branch.": (
        lambda self, x: relu(Tutored.branch(self, x))
    ),
}.items():
    known(
        message,
        "there is a ReLU before each convolution, and none after the last.",
        branch=branch,
    )
for message, call in {
    "The input is not added to the output.": lambda self, x: self.branch(x),
    "The ReLU of the input is added, not the input.": lambda self, x: relu(x) + self.branch(x),
    "The input is added twice.": lambda self, x: 2 * x + self.branch(x),
    "A ReLU follows the sum.": lambda self, x: relu(x + self.branch(x)),
    "The branch is subtracted.": lambda self, x: x - self.branch(x),
}.items():
    known(
        message,
        "in the drawing, x itself runs straight down, and the branch is added to it.",
        call=call,
    )
known(
    "The 3x3 convolution is used twice.",
    "the branch has three convolutions, and each is used once.",
    branch=lambda self, x: self.widen(relu(self.look(relu(self.look(relu(self.narrow(relu(x)))))))),
)
known("The masks are of type A.", "type A is for the first layer of a network.", mask_type="A")
Masked = layers.MaskedConv2D
for message, hint, convolution in [
    (
        "The mask of the 3x3 convolution is of type A.",
        "type A is for the first layer of a network.",
        lambda self, n, size, colours: Masked(n, size, "A" if size == 3 else "B", colours),
    ),
    (
        "The convolutions have no mask.",
        "use layers.MaskedConv2D instead of Conv2D.",
        lambda self, n, size, colours: keras.layers.Conv2D(n, size, padding="same"),
    ),
    (
        "The convolutions are made for three colours, whatever `colours` is.",
        "`colours` is the fourth argument of layers.MaskedConv2D.",
        lambda self, n, size, colours: Masked(n, size),
    ),
    (
        "Each convolution has the filters of only one colour.",
        "h counts the features of all colours.",
        lambda self, n, size, colours: Masked(n // colours, size, "B", colours),
    ),
    (
        "The convolutions have no biases.",
        "leave `use_bias` at its default.",
        lambda self, n, size, colours: Masked(n, size, "B", colours, use_bias=False),
    ),
]:
    known(message, hint, convolution=convolution)
for message, steps in {
    "The kernel in the middle is not 3x3: the block does not look around.": (
        (1, 1),
        (1, 1),
        (1, 2),
    ),
    "All three kernels are 3x3.": ((3, 1), (3, 1), (3, 2)),
    "The branch is as wide as the stream.": ((1, 2), (3, 2), (1, 2)),
    "The last convolution gives h features, so x cannot be added.": ((1, 1), (3, 1), (1, 1)),
    "The 3x3 kernel comes first; it belongs in the middle.": ((3, 1), (1, 1), (1, 2)),
    "The 3x3 kernel comes last; it belongs in the middle.": ((1, 1), (1, 1), (3, 2)),
}.items():
    known(
        message, "compare the sizes with the drawing: 2h to h, look around, h to 2h.", steps=steps
    )
bent = exercise.mistake(
    "The activations are not ReLUs.", "use ops.relu, which is x above 0, and 0 below."
)
for bend in (ops.elu, ops.gelu, ops.tanh, ops.sigmoid, ops.leaky_relu):
    branch = lambda self, x, bend=bend: self.widen(bend(self.look(bend(self.narrow(bend(x))))))
    bent(block(branch=branch))


# Mistakes that a condition describes well enough

caught(
    "What happens to x on its way to the sum?",
    call=lambda self, x: ops.minimum(x, 1) + self.branch(x),
)
caught(
    "Compare their order, masks and ReLUs with the drawing",
    branch=lambda self, x: relu(Tutored.branch(self, x)) / 2,
)
caught("trained weights, got", steps=((1, 1), (5, 1), (1, 2)))
for words, plain in {
    "depends on a later pixel": 3,
    "depend on a later colour of their pixel": 1,
}.items():
    caught(
        words,
        convolution=lambda self, n, size, colours, plain=plain: (
            keras.layers.Conv2D(n, size, padding="same")
            if size == plain
            else Masked(n, size, "B", colours)
        ),
    )
caught(
    "starts with weights that are all equal",
    convolution=lambda self, n, size, colours: Masked(
        n, size, "B", colours, kernel_initializer="zeros"
    ),
)
caught(
    "another result in training",
    call=lambda self, x, training=False: (
        x + keras.random.dropout(self.branch(x), 0.5 if training else 0)
    ),
)
caught("returned None", call=lambda self, x: None)


@exercise.caught("has no weights to train")
class Frozen(Tutored):
    def __init__(self, *sizes, **layer):
        super().__init__(*sizes, **layer)
        self.trainable = False


@exercise.caught("Two blocks share their weights")
class Shared(Tutored):
    made = {}

    def convolution(self, *sizes):
        return self.made.setdefault(sizes, super().convolution(*sizes))


@exercise.caught('made with name="mine"')
class Nameless(Tutored):
    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(filters_per_colour, colours)


@exercise.caught('made with dtype="float64"')
class OnlyName(Tutored):
    def __init__(self, filters_per_colour, colours=3, name=None, **layer):
        super().__init__(filters_per_colour, colours, name=name)


@exercise.caught("raised NotImplementedError: Layer Forward does not have a `call` method")
class Forward(keras.layers.Layer):
    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)

    def forward(self, x):
        return x
