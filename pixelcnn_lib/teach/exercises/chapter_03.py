"""Exercises of chapter 3: the masked convolution, and masks that are wrong."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import layers, leaks, masks
from pixelcnn_lib.teach import answers, bugs
from pixelcnn_lib.teach.exercises import Exercise, Mistake, Prediction, Wrong, agrees
from pixelcnn_lib.teach.exercises.chapter_02 import centre, future, in_space


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def at_work(layer_class, filters, kernel_size, mask_type, colours, x):
    """A layer's first kernel, what it makes of ones, and of x with other weights; its last kernel."""
    options = {"kernel_initializer": "ones", "activation": "relu"}
    layer = layer_class(filters, kernel_size, mask_type, colours, **options)
    layer.build(x.shape)
    start = ops.convert_to_numpy(layer.kernel)
    counts = ops.convert_to_numpy(layer(np.ones_like(x[:1])))[0]  # (H, W, filters)
    layer.kernel.assign(noise(*layer.kernel.shape))
    layer.bias.assign(noise(filters, seed=1))
    trained = ops.convert_to_numpy(layer(x))[0]  # (H, W, filters)
    kernel = ops.convert_to_numpy(layer.kernel)
    return {"start": start, "counts": counts, "trained": trained, "kernel": kernel}


def runs(answer):
    """Say plainly why a layer stumbles, where the words of Keras are no help."""
    if isinstance(answer.value, type) and issubclass(answer.value, layers.MaskedConv2D):
        message = "That is the library's own layers.MaskedConv2D, or derives from it."
        return Wrong(message, "derive yours from keras.layers.Conv2D.")
    case = filters, size, kind, colours, x = answer.exercise.inputs[0]
    stumbled = answer.outcome(case)
    if not isinstance(stumbled, Wrong):
        return None
    if "Conv2D.__init__()" in str(stumbled):
        hint = "Conv2D knows no mask_type and no colours: keep those, pass on the rest."
        return Wrong(str(stumbled), hint)
    try:
        layer = answer.value(filters, size, kind, colours)
        layer.build(x.shape)
        if not hasattr(layer, "kernel"):
            return Wrong("build has made no kernel.", "does it call super().build(input_shape)?")
        if layer.bias is None:
            return Wrong("The layer has no bias.", "Conv2D makes one; what is it told?")
        turned = *layer.kernel.shape[:2], filters, x.shape[-1]
        if turned in [getattr(value, "shape", None) for value in vars(layer).values()]:
            message = f"The mask has the shape {turned}, the kernel {tuple(layer.kernel.shape)}."
            return Wrong(message, "filters_in comes before filters_out.")
        if layer.convolution_op(x, layer.kernel) is None:
            return Wrong("convolution_op returned None.", "is there a return at its end?")
    except Exception:
        pass
    return stumbled


def fits(answer):
    """Say plainly why the rule does not go into the centre."""
    for case in answer.exercise.inputs:
        stumbled = answer.outcome(case)
        if "broadcast" in str(stumbled) or "IndexError" in str(stumbled):
            if len(case) > 4:
                return Wrong(THREE, "give colours on to masks.colour_rule, and count with it.")
            hint = (
                "the rule has one entry per colour, the centre one per feature: those in along "
                "axis 0, those out along axis 1."
            )
            return Wrong(str(stumbled), hint)


THREE = "The mask is made for three colours, whatever colours says."


class Unmasked(answers.MaskedConv2D):
    def convolution_op(self, inputs, kernel):
        return keras.layers.Conv2D.convolution_op(self, inputs, kernel)


class MaskedOnce(Unmasked):
    def build(self, input_shape):
        super().build(input_shape)
        self.kernel.assign(self.kernel * self.mask)


class Inverted(answers.MaskedConv2D):
    def build(self, input_shape):
        super().build(input_shape)
        self.mask = 1 - self.mask


class AlwaysA(answers.MaskedConv2D):
    def build(self, input_shape):
        self.mask_type = "A"
        super().build(input_shape)


class AlwaysB(answers.MaskedConv2D):
    def build(self, input_shape):
        self.mask_type = "B"
        super().build(input_shape)


class AlwaysThree(answers.MaskedConv2D):
    def build(self, input_shape):
        self.colours = 3
        super().build(input_shape)


class AlwaysAOfThree(AlwaysA, AlwaysThree):
    pass


class Unpadded(answers.MaskedConv2D):
    def build(self, input_shape):
        super().build(input_shape)
        self.padding = "valid"


def show_layer(layer_class):
    from pixelcnn_lib.teach import figures

    keras.utils.set_random_seed(0)
    layer, shape = layer_class(24, 3, "A"), (5, 5, 3)

    def one_layer(images):
        y = layer(ops.convert_to_tensor(images, "float32"))  # (N, H, W, 24)
        return ops.reshape(y, (*images.shape, 8))

    return figures.show_kinds(
        leaks.classify(leaks.influence(one_layer, shape, 8)), (2, 2, 1), shape
    )


def show_network(mask_function):
    from pixelcnn_lib.teach import figures

    keras.utils.set_random_seed(0)
    network, shape = bugs.model(mask_function, levels=8), (3, 8, 3)
    seen = leaks.influence(network, shape, 8)
    return figures.show_kinds(leaks.classify(seen), (2, 7, 1), shape)


def with_row(change):
    """Make a right mask function, but for what `change` does to the centre's row."""

    def mask_function(kernel_size, filters_in, filters_out, mask_type, colours=3):
        mask = masks.rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
        change(mask[len(mask) // 2], mask.shape[1] // 2, mask_type)
        return mask

    return mask_function


@with_row
def late(row, middle, mask_type):
    row[middle + 1 : middle + 2] = 1


@with_row
def late_and_by_number(row, middle, mask_type):
    row[middle + 1 : middle + 2] = 1
    row[middle] = np.triu(np.ones(row[middle].shape), mask_type == "A")


@with_row
def hidden_centre(row, middle, mask_type):
    row[middle] = 0


@with_row
def lost(row, middle, mask_type):
    if mask_type == "B" and middle:
        row[:] = 0


@with_row
def lost_left(row, middle, mask_type):
    if mask_type == "B":
        row[:middle] = 0


@with_row
def lost_but_the_centre(row, middle, mask_type):
    row[middle] = mask_type == "B"
    if mask_type == "B":
        row[:middle] = 0


@with_row
def lost_and_blind(row, middle, mask_type):
    row[middle] = mask_type == "B"
    if mask_type == "B" and middle:
        row[:] = 0


@with_row
def right_in_a(row, middle, mask_type):
    if mask_type == "B":
        row[:] = not middle


@with_row
def shown_in_b(row, middle, mask_type):
    if mask_type == "B":
        row[middle] = 1


def by(colour_of):
    """Make a mask function whose centre has the colours that `colour_of` gives to the features."""

    def mask_function(kernel_size, filters_in, filters_out, mask_type, colours=3):
        source = colour_of(np.arange(filters_in)[:, None], filters_in, colours)
        target = colour_of(np.arange(filters_out), filters_out, colours)
        mask = masks.rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
        rule = source < target if mask_type == "A" else source <= target
        mask[kernel_size[0] // 2, kernel_size[1] // 2] = rule
        return mask

    return mask_function


thirds = by(lambda feature, filters, colours: feature // (filters // 3))
by_the_count = by(lambda feature, filters, colours: feature // colours)


def half_by_number(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = masks.rgb_mask(kernel_size, filters_in, filters_out, "B", colours)
    if mask_type == "A":
        np.fill_diagonal(mask[kernel_size[0] // 2, kernel_size[1] // 2], 0)
    return mask


def swapped(kernel_size, filters_in, filters_out, mask_type, colours=3):
    other = "AB"[mask_type == "A"]
    return masks.rgb_mask(kernel_size, filters_in, filters_out, other, colours)


KERNELS = [
    ((3, 7), 6, 9, "B"),
    ((7, 3), 3, 12, "A"),
    ((1, 1), 12, 6, "B"),
    ((1, 5), 4, 6, "B", 2),
    ((5, 1), 8, 4, "A", 4),
    ((3, 3), 3, 5, "B", 1),
]
AXES = ("row", "column", "feature in", "feature out")
CONDITIONS = [
    agrees(
        "finished pixels",
        "{call}: at {place} stands {got}, but that tap lies on a finished pixel.",
        "there every feature may be seen.",
        in_space(masks.spatial_mask),
    ),
    agrees(
        "future",
        "{call}: at {place} stands {got}, but that tap lies on a pixel still to come.",
        "what lies to the right of the centre, and below?",
        in_space(future),
    ),
    agrees(
        "centre",
        "{call}: at {place}, in the centre, stands {got}; {expected} was expected.",
        "how many features has a colour, in and out? Find both colours, then ask what the type says.",
        in_space(centre),
    ),
]
BY_COLOUR = [
    Mistake(
        bugs.interleaved,
        "The features take turns by colour: red, green, blue, red, and so on.",
        "they stand in blocks: with 6 features, 0 and 1 are red's.",
    ),
    Mistake(
        bugs.reversed_colours,
        "The colours at the centre are turned round: blue feeds red.",
        "axis 2 is what goes in. An earlier colour feeds a later one: what has to be cut?",
    ),
    Mistake(
        swapped,
        "A and B are swapped.",
        "which of them hides a colour from itself?",
    ),
]

EXERCISES = [
    Prediction(
        id="3.q1",
        right=4,
        why="At column 4 the left tap lies on column 3: the kernel slides as it stands.",
        replies={
            2: "That is a kernel that has been flipped, as in signal processing.",
            3: "That is what the middle tap would do.",
        },
    ),
    Exercise(
        id="3.1",
        title="The masked convolution",
        minutes=10,
        difficulty=2,
        twin=answers.MaskedConv2D,
        hints=(
            "Each method calls super()'s of the same name once. What does each add to it?",
            "The mask is made in build, where input_shape is known, and used in convolution_op.",
            "convolution_op returns super().convolution_op(inputs, …), with the product of kernel "
            "and mask in the place of the kernel.",
        ),
        cases=lambda: [
            (6, 3, "A", 3, noise(1, 4, 5, 3)),
            (3, (3, 7), "B", 3, noise(1, 3, 7, 9)),
            (6, (5, 1), "B", 2, noise(1, 5, 2, 6)),
            (3, (1, 3), "A", 1, noise(1, 2, 4, 3)),
        ],
        probe=at_work,
        shown=lambda filters, size, kind, colours, x: (
            f'MaskedConv2D({filters}, {size}, "{kind}", {colours})(np.ones({x.shape}))'
        ),
        axes=("row", "column", "feature"),
        tolerance=1e-4,
        conditions=[
            runs,
            agrees(
                "first weights",
                "{call}: the kernel does not start as kernel_initializer says.",
                "is **conv2d passed on to super().__init__?",
                part="start",
            ),
            agrees(
                "what each value sees",
                "{call} with all weights 1: expected {expected} at {place}, got {got}.",
                "that number counts the living weights inside the image.",
                part="counts",
            ),
            agrees(
                "other weights",
                "{call}, with other weights and inputs: expected {expected} at {place}, got {got}.",
                "kernel, bias and activation: which of them is not used as Conv2D uses it?",
                part="trained",
            ),
            agrees(
                "kernel kept",
                "{call} has changed self.kernel.",
                "mask the kernel that convolution_op is given; assign nothing.",
                part="kernel",
            ),
        ],
        mistakes=[
            Mistake(
                Unmasked,
                "No mask takes effect: the layer behaves as a plain Conv2D.",
                "what does convolution_op pass on in the place of kernel?",
            ),
            Mistake(
                MaskedOnce,
                "The mask was applied once, when the layer was built; new weights are not masked.",
                "convolution_op runs at every call.",
            ),
            Mistake(
                Inverted,
                "The mask is applied the wrong way round: the past is dead, the future alive.",
                "1 in the mask marks a weight that stays.",
            ),
            Mistake(
                AlwaysA,
                "The layer masks as type A, whatever mask_type says.",
                "keep what __init__ is given.",
            ),
            Mistake(
                AlwaysAOfThree,
                "The layer masks as type A, for three colours, whatever mask_type and colours say.",
                "masks.rgb_mask takes both, last.",
            ),
            Mistake(
                AlwaysB,
                "The layer masks as type B, whatever mask_type says.",
                "keep what __init__ is given.",
            ),
            Mistake(
                AlwaysThree,
                THREE,
                "it is the last argument of masks.rgb_mask.",
            ),
            Mistake(
                Unpadded,
                "The output is smaller than the input.",
                "one of Conv2D's arguments says how the border is padded.",
            ),
        ],
        after=show_layer,
        seen="What green sees through your layer, 3x3 of type A.",
    ),
    Prediction(
        id="3.q2",
        right="unchanged",
        why="The gradient of a dead entry is multiplied by the mask as well, so it is 0.",
        replies={
            "zero": "Only the product of kernel and mask is zero there. Nobody writes it back.",
            "changed": "That needs a gradient. But the output does not depend on a dead entry.",
        },
    ),
    Prediction(
        id="3.q3",
        right=13,
        why="Pixels 0 to 11 are shown, and lie in the window of their own output. Pixels 12 to 24 "
        "are hidden, and their outputs see shown, earlier ones alone. Number 12 is the one that this "
        "hiding was made for: most after it see less than they may.",
    ),
    Exercise(
        id="3.2",
        title="Find the bug: two leaks",
        minutes=10,
        difficulty=2,
        twin=answers.mended_leaks,
        hints=(
            "The detective names a value that sees itself. At which tap can that happen in one layer?",
            "With 12 features in and 6 out, which colour is feature 3 of either? After that: which "
            "column does the cut on the right begin at?",
            "Compare source // (filters_in // colours) with target's like; cut from the tap right "
            "after width // 2 on.",
        ),
        cases=KERNELS,
        axes=AXES,
        conditions=CONDITIONS,
        mistakes=[
            Mistake(
                late_and_by_number,
                "Both mistakes are still there.",
                "begin with the value that the detective names.",
            ),
            Mistake(
                bugs.feature_numbers,
                "No tap lies to the right any more. At the centre a value still sees itself.",
                "are source and target colours, or numbers of features?",
            ),
            Mistake(
                late,
                "The colours are right. A tap still lies on the right neighbour.",
                "which is the first column that the cut on the right takes away?",
            ),
            Mistake(
                hidden_centre,
                "Nothing leaks, but the centre is all zeros, whatever the colours.",
                "width // 2 is the centre itself.",
            ),
            Mistake(
                thirds,
                THREE,
                "with 4 features of 2 colours, 0 and 1 are the first colour's.",
            ),
            Mistake(
                by_the_count,
                "A feature's number is divided by the number of colours.",
                "how many features has each colour? With 6 features, 0 and 1 are red's.",
            ),
            Mistake(
                half_by_number,
                "Type A still shows a colour some of its own features.",
                "the second comparison: are source and target colours there too?",
            ),
            *BY_COLOUR,
        ],
        after=show_network,
        seen="What green sees in a network with your masks.",
    ),
    Exercise(
        id="3.3",
        title="Find the bug: two blindnesses",
        minutes=10,
        difficulty=3,
        twin=answers.mended_blindness,
        hints=(
            "One mistake hides pixels of the target's own row, the other a colour of its own pixel.",
            "The first is in the branch of type B. The second is in what both types do at the centre: "
            "compare it with the colour rule.",
            "Cut the row from width // 2 + 1 on in both types. Then set the centre to the rule, "
            "repeated filters_in // colours times along axis 0 and filters_out // colours times along axis 1.",
        ),
        cases=KERNELS,
        axes=AXES,
        conditions=[fits, *CONDITIONS],
        mistakes=[
            Mistake(
                lost_and_blind,
                "Both mistakes are still there.",
                "begin with the row: what does mask[height // 2] take away?",
            ),
            Mistake(
                bugs.colour_blind,
                "The row is whole again. The present pixel is still hidden or shown as a whole.",
                "when green is predicted, red is known and blue is not.",
            ),
            Mistake(
                right_in_a,
                "The centre is right in type A alone. In type B it shows colours to come: a leak.",
                "type B shows its centre to red. Which features of it may red see?",
            ),
            Mistake(
                shown_in_b,
                "The row is right, and the centre in type A. Type B still shows its centre as a whole.",
                "type B shows its centre to red. Which features of it may red see?",
            ),
            Mistake(
                hidden_centre,
                "The row is right, but the centre is all zeros, whatever the colours.",
                "what is multiplied with 0 stays 0. Where does the cut begin?",
            ),
            Mistake(
                lost,
                "The colours are right in type A. Type B still loses the whole row of the centre.",
                "only what lies to the right of the centre is future.",
            ),
            Mistake(
                lost_left,
                "The colours are right. Type B still sees nothing to the left in the centre's row.",
                "only what lies to the right of the centre is future.",
            ),
            Mistake(
                lost_but_the_centre,
                "Type B sees the centre again, as a whole, but still nothing to the left of it.",
                "only what lies to the right of the centre is future.",
            ),
            *BY_COLOUR,
        ],
        after=show_network,
        seen="What green sees in a network with your masks.",
    ),
]
