"""What exercises 3.3 and 3.4 share: the kernels to try a mask function on, mistakes, a picture."""

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises.ch02.places import blocks, taps

CASES = {
    "3x7 B": ((3, 7), 6, 9, "B"),
    "7x3 A": ((7, 3), 3, 12, "A"),
    "1x1 B": ((1, 1), 12, 6, "B"),
    "1x5 B of 2 colours": ((1, 5), 4, 6, "B", 2),
    "5x1 A of 4 colours": ((5, 1), 8, 4, "A", 4),
    "3x3 B of 1 colour": ((3, 3), 3, 5, "B", 1),
    "3x3 A of 1 colour": ((3, 3), 2, 3, "A", 1),
}
COMMON = {  # of a mask function, all words that it needs
    "cases": CASES,
    "axes": ("row", "column", "feature in", "feature out"),
    "seen": "What green sees in a network with your masks.",
}


def declare(exercise):
    """Declare the mistakes that readers make in both exercises, besides those to be found."""

    def kept(where):
        """A right mask, but only the taps where(row, column), from the centre, are kept."""
        where_taps = lambda size: where(*taps(size))[:, :, None, None]
        return lambda size, *others: exercise.solution(size, *others) * where_taps(size)

    def centre(change, grow=blocks):
        """A right mask, but at its centre is change(colour rule), grown to the features."""

        def form(kernel_size, filters_in, filters_out, mask_type, colours=3):
            mask = exercise.solution(kernel_size, filters_in, filters_out, mask_type, colours)
            rule = change(masks.colour_rule(mask_type, colours))
            mask[kernel_size[0] // 2, kernel_size[1] // 2] = grow(rule, filters_in, filters_out)
            return mask

        return form

    def rule_everywhere(size, *others):
        mask = exercise.solution(size, *others)
        return mask * mask[size[0] // 2, size[1] // 2]

    for message, hint, form in [
        (
            "The centre is 1 for all colours.",
            "red must not see the blue of its own pixel.",
            centre(lambda rule: rule | True),
        ),
        (
            "Only the rows above are seen.",
            "which taps in the row of the centre come before it?",
            kept(lambda row, col: row < 0),
        ),
        (
            "Taps above and to the right of the centre are 0.",
            "all pixels of the rows above come before the centre, on both sides.",
            kept(lambda row, col: (row >= 0) | (col <= 0)),
        ),
        (
            "The colour rule is applied at every tap.",
            "of an earlier pixel, all colours may be seen.",
            rule_everywhere,
        ),
        (
            "The colours of the features alternate: red, green, blue, red, and so on.",
            "features are grouped by colour: with 6 features, 0 and 1 are red's.",
            centre(
                lambda rule: rule,
                lambda rule, *sizes: np.tile(rule, [n // len(rule) for n in sizes]),
            ),
        ),
        (
            "At the centre, source and target are swapped: red sees blue.",
            "axis 2 is the source. A later colour may see an earlier one: what must be 0?",
            centre(lambda rule: rule.T),
        ),
    ]:
        exercise.mistake(message, hint, form)
    exercise.all_caught(
        {
            "the source's colour comes before": centre(lambda rule: rule & rule.T),
            "the source's colour comes after": centre(lambda rule: rule | rule.T),
            "`mask_type` changes nothing": centre(lambda rule: np.triu(rule, 1)),
        }
    )


def show_network(mask_function):
    import keras

    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import bugs, figures

    keras.utils.set_random_seed(0)
    network, shape = bugs.model(mask_function, levels=8), (3, 8, 3)
    seen = leaks.influence(network, shape, 8)
    return figures.show_kinds(leaks.classify(seen), (2, 7, 1), shape)
