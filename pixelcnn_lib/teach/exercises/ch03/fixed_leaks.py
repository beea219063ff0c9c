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


# Mistakes, each as a reader writes it


def cut(first):
    """The chapter's function; its zeros begin `first` taps to the right of the centre.

    Decorates what the reader writes into its `if`: the weight from source to target is dead.
    """

    def decorate(dead):
        def fixed_leaks(kernel_size, filters_in, filters_out, mask_type, colours=3):
            height, width = kernel_size
            mask = np.ones((height, width, filters_in, filters_out), "float32")
            mask[height // 2, width // 2 + first :] = 0
            mask[height // 2 + 1 :] = 0
            for s in range(filters_in):
                for t in range(filters_out):
                    if dead(s, t, filters_in, filters_out, mask_type, colours):
                        mask[height // 2, width // 2, s, t] = 0
            return mask

        return fixed_leaks

    return decorate


def by_number(s, t, filters_in, filters_out, mask_type, colours):
    return s > t or s == t and mask_type == "A"


def by_colour(s, t, filters_in, filters_out, mask_type, colours):
    s, t = s // (filters_in // colours), t // (filters_out // colours)
    return s > t or s == t and mask_type == "A"


exercise.mistake("Both mistakes are still there.", "begin with the leak that the detective names.")(
    cut(2)(by_number)
)
exercise.mistake(
    "The taps on the right are correct now. At the centre a value still sees itself.",
    hint="does the comparison use colours, or numbers of features?",
)(cut(1)(by_number))
exercise.mistake(
    "The colours are correct now. The tap on the right neighbour is still 1.",
    hint="in which column do the zeros on the right begin?",
)(cut(2)(by_colour))
exercise.mistake(
    "There is no leak, but the centre is 0 for all colours.",
    hint="column width // 2 is the centre itself.",
)(cut(0)(by_colour))


@exercise.mistake(
    kernels.THREE,
    hint="with 4 features and 2 colours, features 0 and 1 belong to the first colour.",
)
@cut(1)
def of_three(s, t, filters_in, filters_out, mask_type, colours):
    s, t = s // (filters_in // 3), t // (filters_out // 3)
    return s > t or s == t and mask_type == "A"


@exercise.mistake(
    "A feature's number is divided by the number of colours.",
    hint="how many features does each colour have? With 6 features, 0 and 1 are red's.",
)
@cut(1)
def by_the_count(s, t, filters_in, filters_out, mask_type, colours):
    s, t = s // colours, t // colours
    return s > t or s == t and mask_type == "A"


@exercise.mistake(
    "Both colours are computed with filters_in.",
    hint="how many output features does each colour have?",
)
@cut(1)
def by_the_size_of_in(s, t, filters_in, filters_out, mask_type, colours):
    s, t = s // (filters_in // colours), t // (filters_in // colours)
    return s > t or s == t and mask_type == "A"


@exercise.mistake(
    "The colours are right only for 3 input and 24 output features, as in the example.",
    hint="how many input features does each colour have, and how many output features?",
)
@cut(1)
def of_the_example(s, t, filters_in, filters_out, mask_type, colours):
    return s > t // 8 or s == t // 8 and mask_type == "A"


@exercise.mistake(
    "Only the number of the output feature is turned into a colour.",
    hint="with 12 input features, feature 3 is red's.",
)
@cut(1)
def only_out(s, t, filters_in, filters_out, mask_type, colours):
    t = t // (filters_out // colours)
    return s > t or s == t and mask_type == "A"


@exercise.mistake(
    "Only the number of the input feature is turned into a colour.",
    hint="with 6 output features, feature 3 is green's.",
)
@cut(1)
def only_in(s, t, filters_in, filters_out, mask_type, colours):
    s = s // (filters_in // colours)
    return s > t or s == t and mask_type == "A"


@exercise.mistake(
    "With type A, a colour still sees some of its own features.",
    hint="look at the second comparison: does it use colours too?",
)
@cut(1)
def half_by_number(s, t, filters_in, filters_out, mask_type, colours):
    later = s // (filters_in // colours) > t // (filters_out // colours)
    return later or s == t and mask_type == "A"


@exercise.mistake(*kernels.IN_TURNS)
@cut(1)
def in_turns(s, t, filters_in, filters_out, mask_type, colours):
    return s % colours > t % colours or s % colours == t % colours and mask_type == "A"


@exercise.mistake(*kernels.TURNED)
@cut(1)
def turned(s, t, filters_in, filters_out, mask_type, colours):
    s, t = s // (filters_in // colours), t // (filters_out // colours)
    return s < t or s == t and mask_type == "A"


@exercise.mistake(*kernels.SWAPPED)
@cut(1)
def types_swapped(s, t, filters_in, filters_out, mask_type, colours):
    return by_colour(s, t, filters_in, filters_out, "AB"[mask_type == "A"], colours)


@exercise.mistake(*kernels.ALWAYS_A)
@cut(1)
def always_a(s, t, filters_in, filters_out, mask_type, colours):
    return by_colour(s, t, filters_in, filters_out, "A", colours)


@exercise.mistake(*kernels.ALWAYS_B)
@cut(1)
def always_b(s, t, filters_in, filters_out, mask_type, colours):
    return by_colour(s, t, filters_in, filters_out, "B", colours)


# Mistakes that a condition describes well enough


@exercise.caught("that tap lies on a finished pixel")
def row_hidden(*case):
    mask = cut(1)(by_colour)(*case)
    mask[len(mask) // 2, : mask.shape[1] // 2] = 0
    return mask


@exercise.caught("that tap lies on a pixel that comes later")
def below_forgotten(*case):
    mask = cut(1)(by_colour)(*case)
    mask[len(mask) // 2 + 1 :] = 1
    return mask


@exercise.caught("at the centre, the source's colour comes before")
@cut(1)
def only_the_next(s, t, filters_in, filters_out, mask_type, colours):
    s, t = s // (filters_in // colours), t // (filters_out // colours)
    return s > t or s == t and mask_type == "A" or t > s + 1


@exercise.caught("at the centre, the source's colour comes after")
@cut(1)
def only_the_last(s, t, filters_in, filters_out, mask_type, colours):
    s, t = s // (filters_in // colours), t // (filters_out // colours)
    return s > t + 1 or s == t and mask_type == "A"


@exercise.caught("`colours` changes nothing")
@cut(1)
def by_fraction(s, t, filters_in, filters_out, mask_type, colours):
    s, t = s / filters_in, t / filters_out
    return s > t or s == t and mask_type == "A"


exercise.caught("`filters_in` changes nothing")(
    lambda *case: cut(1)(by_colour)(*case)[:, :, :1, :1]
)
