"""4.1: which colour of a pixel may feed which, for masks A and B."""

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise


def show_rule(colour_rule):
    from pixelcnn_lib.teach import figures

    return figures.show_centre(np.asarray(colour_rule("B"), int))


exercise = Exercise(
    id="4.1",
    title="The colour rule",
    minutes=5,
    difficulty=1,
    solution=masks.colour_rule,
    hints=(
        "Write the table for three colours on paper. Which of its nine cells are 1?",
        "Give the colours numbers. Which numbers are smaller than the target's? In which cells do "
        "A and B differ?",
        "np.ogrid[:colours, :colours] gives a column of sources and a row of targets to compare.",
    ),
    cases={f"{mask_type} of 3 colours": (mask_type,) for mask_type in "AB"}
    | {f"{t} of {colours} colours": (t, colours) for colours in (1, 2, 5) for t in "AB"},
    axes=("source", "target"),
    after=show_rule,
    seen="Your rule of type B.",
)
exercise.agrees(
    hint="when the target is predicted, the colours before it are known. A and B differ only where "
    "source and target are the same colour.",
)
exercise.mistaken(
    "A is for the layer that reads the image, where a colour itself is the value to be predicted. "
    "After this layer, red's features do not contain the red value.",
    {
        "A and B are swapped.": ('mask_type == "A"', 'mask_type == "B"'),
        "Type A lets a colour see itself.": ("source < target", "source <= target"),
        "Type B hides a colour from itself.": ("source <= target", "source < target"),
    },
)
exercise.mistaken(
    "the row is the colour that is used (source), the column the colour that uses it (target).",
    {"Rows and columns are swapped: blue feeds red.": ("source, target =", "target, source =")},
)
exercise.mistaken(
    "in both types: which colours of the pixel are known when green is predicted, and when blue is?",
    {
        "Type A hides all colours of the pixel.": ("source < target", "source + target < 0"),
        "Type B shows all colours of the pixel.": ("source <= target", "source + target >= 0"),
        "In type B a colour sees only itself.": ("source <= target", "source == target"),
        "A colour sees only the colour just before it: blue does not see red.": [
            ("source < target", "source == target - 1"),
            ("source <= target", "(source == target - 1) | (source == target)"),
        ],
    },
)
