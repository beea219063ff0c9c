"""3.3: a mask function with two leaks, to be corrected."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch02.places import GROUPS
from pixelcnn_lib.teach.exercises.ch03 import kernels
from pixelcnn_lib.teach.exercises.groups import by_group


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


exercise = Exercise(
    id="3.3",
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
    after=kernels.show_network,
    **kernels.COMMON,
)
by_group(exercise, GROUPS)
kernels.declare(exercise)


# Mistakes: which numbers the chapter's function compares, after the reader's repair


def cut(numbers, first=1, same=None):
    """The chapter's function, where the zeros begin `first` taps to the right of the centre.

    numbers: (source, target, features of a colour in and out, colours) -> the two that the `if`
    compares. same: the same for its second comparison, with ==.
    """

    def fixed_leaks(kernel_size, filters_in, filters_out, mask_type, colours=3):
        height, width = kernel_size
        mask = np.ones((height, width, filters_in, filters_out), "float32")
        mask[height // 2, width // 2 + first :] = 0
        mask[height // 2 + 1 :] = 0
        sizes = filters_in // colours, filters_out // colours, colours
        for s, t in np.ndindex(filters_in, filters_out):
            one, other = numbers(s, t, *sizes), (same or numbers)(s, t, *sizes)
            if one[0] > one[1] or other[0] == other[1] and mask_type == "A":
                mask[height // 2, width // 2, s, t] = 0
        return mask

    return fixed_leaks


def of_features(s, t, *_):
    return s, t


def of_colours(s, t, n, m, _):
    return s // n, t // m


exercise.mistake(
    "Both mistakes are still there.",
    "begin with the leak that the detective names.",
    cut(of_features, 2),
)
exercise.mistake(
    "The taps on the right are correct now. At the centre a value still sees itself.",
    "does the comparison use colours, or numbers of features?",
    cut(of_features),
)
exercise.mistakes_about(
    "column width // 2 is the centre itself: in which column do the zeros on the right begin?",
    {
        "The colours are correct now. The tap on the right neighbour is still 1.": cut(
            of_colours, 2
        ),
        "There is no leak, but the centre is 0 for all colours.": cut(of_colours, 0),
    },
)
exercise.mistakes_about(
    "how many input features does each colour have, and how many output features? With 12 input "
    "features, feature 3 is red's; with 6 output features, feature 3 is green's.",
    {
        "A feature's number is divided by the number of colours.": cut(
            lambda s, t, n, m, colours: (s // colours, t // colours)
        ),
        "Both colours are computed with filters_in.": cut(lambda s, t, n, m, _: (s // n, t // n)),
        "Only the number of the output feature is turned into a colour.": cut(
            lambda s, t, n, m, _: (s, t // m)
        ),
        "Only the number of the input feature is turned into a colour.": cut(
            lambda s, t, n, m, _: (s // n, t)
        ),
    },
)
exercise.mistake(
    "With type A, a colour still sees some of its own features.",
    "look at the second comparison: does it use colours too?",
    cut(of_colours, same=of_features),
)
