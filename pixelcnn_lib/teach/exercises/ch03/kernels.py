"""What both bug hunts share: kernels to try a mask function on, its verdicts, and their picture."""

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
IN_TURNS = (
    "The features take turns by colour: red, green, blue, red, and so on.",
    "they are grouped: with 6 features, 0 and 1 are red's.",
)
TURNED = (
    "At the centre source and target are swapped: blue feeds red.",
    "axis 2 is what goes in. An earlier colour feeds a later one: what has to be cut?",
)
SWAPPED = ("A and B are swapped.", "which of them hides a colour from itself?")
ALWAYS_A = ("The mask is of type A, whichever type is asked for.", "who is told mask_type?")
ALWAYS_B = ("The mask is of type B, whichever type is asked for.", "who is told mask_type?")
THREE = "The mask is made for three colours, whatever `colours` says."


def show_network(mask_function):
    import keras

    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import bugs, figures

    keras.utils.set_random_seed(0)
    network, shape = bugs.model(mask_function, levels=8), (3, 8, 3)
    seen = leaks.influence(network, shape, 8)
    return figures.show_kinds(leaks.classify(seen), (2, 7, 1), shape)
