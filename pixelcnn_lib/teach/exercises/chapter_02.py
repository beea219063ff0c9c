"""Exercises of chapter 2: which weights of a kernel may live."""

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise, Mistake, Prediction, agrees


def taps(kernel_size):
    """Row and column of each tap, counted from the centre."""
    height, width = np.broadcast_to(kernel_size, 2)
    return np.ogrid[:height, :width][0] - height // 2, np.ogrid[:height, :width][1] - width // 2


def above(kernel_size):
    row, col = taps(kernel_size)
    return (row < 0) & (col == col)


def left(kernel_size):
    row, col = taps(kernel_size)
    return (row == 0) & (col < 0)


def centre(kernel_size):
    row, col = taps(kernel_size)
    return (row == 0) & (col == 0)


def future(kernel_size):
    row, col = taps(kernel_size)
    return (row > 0) | (row == 0) & (col > 0)


def below(kernel_size):
    row, col = taps(kernel_size)
    return (row > 0) & (col == col)


def quadrant(kernel_size):
    row, col = taps(kernel_size)
    return (row < 0) & (col <= 0) | left(kernel_size)


def show_spatial(spatial_mask):
    from pixelcnn_lib.teach import figures

    mask = np.asarray(spatial_mask((5, 9)), bool)
    return figures.show_mask(mask[:, :, None, None], colours=1)


def pairs(mask_type, colours=3):
    """Column and row of colour numbers, to compare: (source, target)."""
    return np.ogrid[:colours, :colours]


def earlier(mask_type, colours=3):
    source, target = pairs(mask_type, colours)
    return source < target


def later(mask_type, colours=3):
    source, target = pairs(mask_type, colours)
    return source > target


def itself(mask_type, colours=3):
    return np.eye(colours, dtype=bool)


def either(mask_type, colours=3):
    return earlier(mask_type, colours) | itself(mask_type, colours)


def show_rule(colour_rule):
    from pixelcnn_lib.teach import figures

    return figures.show_centre(np.asarray(colour_rule("B"), int))


def grouped(rule, filters_in, filters_out, colours):
    """Grow a rule (colours, colours) to features in blocks (in, out)."""
    return rule.repeat(filters_in // colours, 0).repeat(filters_out // colours, 1)


def with_centre(space, centre):
    """Make a mask function from its taps in space and a rule for its centre (in, out)."""

    def rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours=3):
        past = space(kernel_size)
        mask = np.zeros((*past.shape, filters_in, filters_out))
        mask[past] = 1
        height, width = past.shape
        mask[height // 2, width // 2] = centre(filters_in, filters_out, mask_type, colours)
        return mask

    return rgb_mask


def blocks(filters_in, filters_out, mask_type, colours):
    return grouped(masks.colour_rule(mask_type, colours), filters_in, filters_out, colours)


def compared(source, target, mask_type):
    return source < target if mask_type == "A" else source <= target


def in_turns(filters_in, filters_out, mask_type, colours):
    source, target = np.ogrid[:filters_in, :filters_out]
    return compared(source % colours, target % colours, mask_type)


def by_number(filters_in, filters_out, mask_type, colours):
    return compared(*np.ogrid[:filters_in, :filters_out], mask_type)


def turned(filters_in, filters_out, mask_type, colours):
    rule = masks.colour_rule(mask_type, colours).T
    return grouped(rule, filters_in, filters_out, colours)


def rule_everywhere(kernel_size, filters_in, filters_out, mask_type, colours=3):
    past = masks.spatial_mask(kernel_size) | centre(kernel_size)
    return past[:, :, None, None] * blocks(filters_in, filters_out, mask_type, colours)


def rule_let_in(kernel_size, filters_in, filters_out, mask_type, colours=3):
    past = masks.spatial_mask(kernel_size)[:, :, None, None]
    return past | blocks(filters_in, filters_out, mask_type, colours)


def off_centre(kernel_size, filters_in, filters_out, mask_type, colours=3):
    past = masks.spatial_mask(kernel_size)
    mask = past[:, :, None, None] * np.ones((filters_in, filters_out))
    mask[len(past) // 2, len(past) // 2] = blocks(filters_in, filters_out, mask_type, colours)
    return mask


def counted_per_colour(kernel_size, filters_in, filters_out, mask_type, colours=3):
    features = filters_in * colours, filters_out * colours
    return masks.rgb_mask(kernel_size, *features, mask_type, colours)


def in_space(taps):
    """Turn a map of taps into places of the whole mask."""
    return lambda kernel_size, *_: taps(kernel_size)[:, :, None, None]


def at_centre(rule):
    """Turn a map of colour pairs into places of the whole mask."""

    def where(kernel_size, filters_in, filters_out, mask_type, colours=3):
        pair = grouped(rule(mask_type, colours), filters_in, filters_out, colours)
        return centre(kernel_size)[:, :, None, None] & pair

    return where


def show_in_layers(rgb_mask):
    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import figures

    layers = [np.asarray(rgb_mask(5, 3, 3, "A")), np.asarray(rgb_mask(3, 3, 3, "B"))]
    kinds = leaks.classify(leaks.receptive_field(layers, (5, 5, 3)))
    return figures.show_kinds(kinds, (2, 2, 1), (5, 5, 3))


EXERCISES = [
    Exercise(
        id="2.1",
        title="The spatial mask",
        minutes=5,
        difficulty=1,
        twin=masks.spatial_mask,
        hints=(
            "Number the taps as you read. Which numbers come before the centre's?",
            "Two kinds of taps are past: whole rows, and a part of one row.",
            "Start from zeros (height, width); set [:height // 2] to True, then "
            "[height // 2, :width // 2].",
        ),
        cases=[(1,), (5,), ((3, 7),), ((7, 3),), ((1, 5),), ((5, 1),)],
        axes=("row", "column"),
        conditions=[
            agrees(
                "rows above",
                "{call}: {place} is hidden, but it lies in a row above.",
                "rows above are finished, in their whole width.",
                above,
            ),
            agrees(
                "this row's left",
                "{call}: {place} is hidden, but it lies to the left in the centre's own row.",
                "what has been drawn already in this row?",
                left,
            ),
            agrees(
                "centre",
                "{call}: {place} is seen, but it is the centre.",
                "the centre is the pixel being predicted; colours come later.",
                centre,
            ),
            agrees(
                "future",
                "{call}: {place} is seen, but it comes after the centre.",
                "read the taps in order and stop at the centre.",
                future,
            ),
        ],
        mistakes=[
            Mistake(
                lambda size: above(size) & quadrant(size) | left(size),
                '"Above and left" was taken as a quadrant: above and to the right is hidden.',
                "a row above is finished, in its whole width, before this one begins.",
            ),
            Mistake(
                lambda size: ~future(size),
                "All is right but the centre, which is seen.",
                "at the centre stands the pixel that is being predicted.",
            ),
            Mistake(
                future,
                "Past and future are swapped: only taps after the centre are seen.",
                "True marks a tap that may be used.",
            ),
            Mistake(
                lambda size: ~masks.spatial_mask(size),
                "The mask is turned inside out: what may be seen is hidden, and the rest is seen.",
                "ones mark what may be used, zeros what may not.",
            ),
            Mistake(
                lambda size: ~below(size),
                "The rows above are right, but the centre's row is seen to its end.",
                "which pixels of this row are drawn before the centre?",
            ),
            Mistake(
                above,
                "The rows above are right, but nothing is seen to the left in the centre's row.",
                "which pixels of this row are drawn before the centre?",
            ),
            Mistake(
                lambda size: masks.spatial_mask(np.broadcast_to(size, 2)[::-1]).T,
                "The taps are read column by column.",
                "the order is row by row, from left to right.",
            ),
            Mistake(
                lambda size: masks.spatial_mask(np.broadcast_to(size, 2)[::-1]),
                "Height and width are swapped.",
                "in a pair, height comes first.",
            ),
        ],
        after=show_spatial,
        seen="Your mask for a kernel of 5x9.",
    ),
    Exercise(
        id="2.2",
        title="The colour rule",
        minutes=5,
        difficulty=1,
        twin=masks.colour_rule,
        hints=(
            "Write the table for three colours on paper. Which cells hold a 1?",
            "Number the colours. Within a pixel, which numbers come before the target's?",
            "np.ogrid[:colours, :colours] gives a column of sources and a row of targets to compare.",
        ),
        cases=[("A",), ("B",), ("A", 1), ("B", 1), ("A", 2), ("B", 4)],
        axes=("source", "target"),
        conditions=[
            agrees(
                "earlier colours",
                "{call}: {place} is False, but that source is drawn before the target.",
                "every earlier colour of the pixel is known.",
                earlier,
            ),
            agrees(
                "later colours",
                "{call}: {place} is True, but that source is drawn after the target.",
                "rows are sources, columns are targets.",
                later,
            ),
            agrees(
                "the colour itself",
                "{call}: at {place}, where a colour meets itself, {expected} was expected.",
                "this is all that A and B differ in.",
                itself,
            ),
        ],
        mistakes=[
            Mistake(
                lambda mask_type, colours=3: np.tri(colours, k=-1 if mask_type == "A" else 0),
                "The table is turned round: blue feeds red.",
                "rows are for the colour looked at, columns for the colour that looks.",
            ),
            Mistake(
                lambda mask_type, colours=3: (either if mask_type == "A" else earlier)("", colours),
                "A and B are swapped.",
                "which of them looks at the image itself?",
            ),
            Mistake(
                either,
                "Type A lets a colour see itself.",
                "in the first layer that is the value to be predicted.",
            ),
            Mistake(
                earlier,
                "Type B hides a colour from itself.",
                "its features have been masked already.",
            ),
            Mistake(
                lambda mask_type, colours=3: np.full((colours, colours), mask_type == "B"),
                "The pixel is hidden or shown as a whole, whatever the colour.",
                "when green is predicted, red is known and blue is not.",
            ),
        ],
        after=show_rule,
        seen="Your rule of type B.",
    ),
    Exercise(
        id="2.3",
        title="The whole mask",
        minutes=10,
        difficulty=2,
        twin=masks.rgb_mask,
        parts=(masks.colour_pattern,),
        hints=(
            "Two kinds of taps need two treatments: the centre, and all others.",
            "Around the centre all features of a tap are alike. At the centre each entry of the "
            "colour rule becomes a block.",
            "np.zeros of the whole shape; mask[past] = 1; at the centre the rule, repeated "
            "filters_in // colours times along axis 0 and filters_out // colours times along axis 1.",
        ),
        cases=[
            (3, 6, 9, "A"),
            ((3, 7), 3, 12, "B"),
            ((5, 1), 12, 6, "A"),
            ((1, 5), 4, 6, "B", 2),
            (1, 8, 4, "A", 4),
            (3, 2, 5, "B", 1),
        ],
        axes=("row", "column", "feature in", "feature out"),
        conditions=[
            agrees(
                "finished pixels",
                "{call}: at {place} stands {got}, but that tap lies on a finished pixel.",
                "there every feature may see every feature, whatever the colours.",
                in_space(masks.spatial_mask),
            ),
            agrees(
                "future",
                "{call}: at {place} stands {got}, but that tap lies on a pixel still to come.",
                "start from zeros, and fill in what may be seen.",
                in_space(future),
            ),
            agrees(
                "earlier colours",
                "{call}: at {place}, in the centre, stands {got}, but the source's colour comes "
                "before the target's.",
                "features are grouped: find the colour of each before you compare.",
                at_centre(earlier),
            ),
            agrees(
                "later colours",
                "{call}: at {place}, in the centre, stands {got}, but the source's colour comes "
                "after the target's.",
                "features are grouped: find the colour of each before you compare.",
                at_centre(later),
            ),
            agrees(
                "the colour itself",
                "{call}: at {place}, in the centre, a colour meets itself: expected {expected}.",
                "what do A and B say of the diagonal?",
                at_centre(itself),
            ),
        ],
        mistakes=[
            Mistake(
                with_centre(masks.spatial_mask, in_turns),
                "The features take turns by colour: red, green, blue, red, and so on.",
                "they stand in blocks: all of red's first.",
            ),
            Mistake(
                with_centre(masks.spatial_mask, by_number),
                "The rule compares the features' numbers, not their colours.",
                "features 0 and 1 may both be red's; which colour has each?",
            ),
            Mistake(
                with_centre(masks.spatial_mask, turned),
                "The colours at the centre are turned round: blue feeds red.",
                "axis 2 is what goes in, axis 3 what comes out.",
            ),
            Mistake(
                rule_everywhere,
                "The colour rule is applied at every tap.",
                "a finished pixel is known in all its colours.",
            ),
            Mistake(
                rule_let_in,
                "The colour rule lets values in at every tap, even where pixels are still to come.",
                "it holds at the centre alone.",
            ),
            Mistake(
                off_centre,
                "The blocks of the colour rule are not at the centre of every kernel.",
                "in a kernel that is not square, height // 2 and width // 2 differ.",
            ),
            Mistake(
                counted_per_colour,
                "The features are counted once for each colour.",
                "filters_in counts all features, of all colours together.",
            ),
            Mistake(
                lambda *case: masks.rgb_mask(*case).swapaxes(2, 3),
                "The last two axes are swapped.",
                "in comes before out.",
            ),
            Mistake(
                with_centre(masks.spatial_mask, lambda *_: 0),
                "The centre is all zeros, whatever the colours.",
                "green may see the present pixel's red.",
            ),
            Mistake(
                with_centre(masks.spatial_mask, lambda *_: 1),
                "The centre is all ones, whatever the colours.",
                "red must not see the present pixel's blue.",
            ),
            Mistake(
                with_centre(masks.spatial_mask, lambda fin, fout, _, n: blocks(fin, fout, "A", n)),
                "The mask is of type A, whichever is asked for.",
                "the colour rule has to be told mask_type.",
            ),
            Mistake(
                with_centre(masks.spatial_mask, lambda fin, fout, _, n: blocks(fin, fout, "B", n)),
                "The mask is of type B, whichever is asked for.",
                "the colour rule has to be told mask_type.",
            ),
            Mistake(
                with_centre(quadrant, blocks),
                '"Above and left" was taken as a quadrant: taps above and to the right are zero.',
                "a row above is finished before this one begins.",
            ),
        ],
        after=show_in_layers,
        seen="What green sees through your masks, a 5x5 A and a 3x3 B.",
    ),
    Prediction(
        id="2.q1",
        right="no",
        why="Mask A hid the red value from red's features; mask B only lets these go on.",
        replies={"yes": "That would be so if red's features still held the red value."},
    ),
]
