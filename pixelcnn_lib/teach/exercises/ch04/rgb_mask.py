"""4.1: the mask of a whole kernel, for features grouped by channel."""

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise


def rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Make the mask of a whole kernel: `masks.rgb_mask` in its plainest form."""
    height, width = kernel_size
    rule = np.triu(np.ones((colours, colours)), k=1 if mask_type == "A" else 0)
    blocks = rule.repeat(filters_in // colours, axis=0).repeat(filters_out // colours, axis=1)
    mask = np.zeros((height, width, filters_in, filters_out), "float32")
    mask[masks.spatial_mask(kernel_size)] = 1
    mask[height // 2, width // 2] = blocks
    return mask


def show_in_layers(rgb_mask):
    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import figures

    layers = [np.asarray(rgb_mask((5, 5), 3, 3, "A")), np.asarray(rgb_mask((3, 3), 3, 3, "B"))]
    kinds = leaks.classify(leaks.receptive_field(layers, (5, 5, 3)))
    return figures.show_kinds(kinds, (2, 2, 1), (5, 5, 3))


exercise = Exercise(
    id="4.1",
    title="The mask for three channels",
    minutes=12,
    difficulty=2,
    solution=rgb_mask,
    hints=(
        "Which entries of the table of the nine centres are 1, in mask A and in mask B?",
        "Make this table first, a row for each channel in and a column for each channel out. Then each of "
        "its entries becomes a block.",
        "mask[height // 2, width // 2] is the centre, with height, width = kernel_size. np.triu keeps "
        "what is above the diagonal, and with k=1 not the diagonal itself. np.repeat along axis 0 and "
        "along axis 1 makes blocks.",
    ),
    cases={
        "square": ((3, 3), 6, 9, "A"),
        "wide": ((3, 7), 3, 12, "B"),
        "one column": ((5, 1), 12, 6, "A"),
        "one row": ((1, 5), 6, 9, "B"),
        "two channels": ((3, 5), 4, 6, "B", 2),
        "as many features out as in": ((3, 3), 6, 6, "A"),
    },
    axes=("row", "column", "feature in", "feature out"),
    after=show_in_layers,
    seen="What green sees through your masks, a 5x5 A and a 3x3 B.",
)
exercise.agrees(
    hint="at a finished tap every feature feeds every feature. At the centre, the channels of the two "
    "features decide."
)
exercise.mistaken = {
    "to which channel does a feature belong? All of red's features come first, then green's, then "
    "blue's.": {
        "The features take turns: red, green, blue, red.": (
            "rule.repeat(filters_in // colours, axis=0).repeat(filters_out // colours, axis=1)",
            "np.tile(rule, (filters_in // colours, filters_out // colours))",
        )
    },
    "at the centre, ask for each pair of channels: is the channel in known when the channel out is "
    "computed? Rows are features in, columns features out.": {
        "At the centre source and target are swapped: blue feeds red.": [
            ("np.triu(", "np.tril("),
            ("k=1 if", "k=-1 if"),
        ],
        "The centre is hidden in type A and shown in type B, whatever the channels.": (
            "= blocks",
            '= mask_type == "B"',
        ),
        "A and B are swapped.": ('mask_type == "A"', 'mask_type == "B"'),
        "Type A has the rule of type B: each channel sees itself.": ("k=1 if", "k=0 if"),
        "Type B has the rule of type A: no channel sees itself.": ("else 0", "else 1"),
    },
    "the colour rule holds only at the centre; a finished pixel is known in all channels.": {
        "The colour rule is applied at every tap.": (
            "mask[masks.spatial_mask(kernel_size)] = 1",
            "mask[masks.spatial_mask(kernel_size)] = blocks",
        )
    },
}
exercise.symptoms = {
    "of the features in, filters_in // colours belong to each channel; of those out, filters_out // "
    "colours. The features in come first.": {
        "This is right only if as many features go out as come in.": (
            "filters_out // colours, axis=1",
            "filters_in // colours, axis=1",
        )
    },
    "how many features does each of `colours` channels have?": {
        "This is right only for three channels.": (
            "    height, width",
            "    colours = 3\n    height, width",
        )
    },
}
