"""2.4: a mask function with two leaks, to be corrected."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def fixed_leaks(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Make the mask of a kernel (height, width): past taps 1, the centre by colour, the rest 0.

    Returns float32 (height, width, filters_in, filters_out), features grouped by colour.
    """
    height, width = kernel_size
    mask = np.ones((height, width, filters_in, filters_out), "float32")
    mask[height // 2, width // 2 + 1 :] = 0  # to the right, from the next tap on
    mask[height // 2 + 1 :] = 0  # below
    for source in range(filters_in):
        for target in range(filters_out):
            colour_in = source // (filters_in // colours)  # features are compared by colour
            colour_out = target // (filters_out // colours)
            if colour_in > colour_out or (colour_in == colour_out and mask_type == "A"):
                mask[height // 2, width // 2, source, target] = 0
    return mask


def show_network(mask_function):
    import keras

    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import bugs, figures

    keras.utils.set_random_seed(0)
    network, shape = bugs.model(mask_function, levels=8), (3, 8, 3)
    seen = leaks.influence(network, shape, 8)
    return figures.show_kinds(leaks.classify(seen), (2, 7, 1), shape)


exercise = Exercise(
    id="2.4",
    title="Find the bug: two leaks",
    minutes=10,
    difficulty=2,
    solution=fixed_leaks,
    hints=(
        "The detective names a value that sees itself. At which tap can that happen in one layer?",
        "With 12 input and 6 output features, which colour does input feature 3 belong to, and which "
        "colour output feature 3? For the other leak: in which column do the zeros begin?",
        "Each colour has filters_in // colours input features and filters_out // colours output "
        "features. Divide the number of a feature by that with //, and you have its colour. A slice "
        "includes the index at which it begins.",
    ),
    cases={
        "wide": ((3, 7), 6, 9, "B"),
        "high": ((7, 3), 3, 12, "A"),
        "one tap": ((1, 1), 12, 6, "B"),
        "two colours, one row": ((1, 5), 4, 6, "B", 2),
        "four colours, one column": ((5, 1), 8, 4, "A", 4),
        "one colour, type B": ((3, 3), 3, 5, "B", 1),
        "one colour, type A": ((3, 3), 2, 3, "A", 1),
    },
    axes=("row", "column", "feature in", "feature out"),
    after=show_network,
    seen="What green sees in a network with your masks.",
)
exercise.agrees(
    hint="does this tap come before the centre? At the centre, to which colours do the two features "
    "belong?",
)
exercise.mistaken(
    "does the comparison at the centre use colours, or numbers of features?",
    {
        "Both mistakes are still there.": [
            ("width // 2 + 1 :", "width // 2 + 2 :"),
            ("source // (filters_in // colours)", "source"),
            ("target // (filters_out // colours)", "target"),
        ],
        "The taps on the right are correct now. At the centre a value still sees itself.": [
            ("source // (filters_in // colours)", "source"),
            ("target // (filters_out // colours)", "target"),
        ],
        "With type A, a colour still sees some of its own features.": (
            "colour_in == colour_out",
            "source == target",
        ),
    },
)
exercise.mistaken(
    "column width // 2 is the centre itself: in which column do the zeros on the right begin?",
    {
        "The colours are correct now. The tap on the right neighbour is still 1.": (
            "width // 2 + 1 :",
            "width // 2 + 2 :",
        ),
        "There is no leak, but the centre is 0 for all colours.": (
            "width // 2 + 1 :",
            "width // 2 :",
        ),
    },
)
exercise.mistaken(
    "how many input features does each colour have, and how many output features? With 12 input "
    "features, feature 3 is red's; with 6 output features, feature 3 is green's.",
    {
        "A feature's number is divided by the number of colours.": [
            ("source // (filters_in // colours)", "source // colours"),
            ("target // (filters_out // colours)", "target // colours"),
        ],
        "Both colours are computed with filters_in.": (
            "target // (filters_out // colours)",
            "target // (filters_in // colours)",
        ),
    },
)
