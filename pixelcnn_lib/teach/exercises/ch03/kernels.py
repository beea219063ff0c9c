"""What exercises 3.3 and 3.4 share: the kernels to try a mask function on, messages, a picture."""

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises.ch02.places import blocks

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
    "The colours of the features alternate: red, green, blue, red, and so on.",
    "features are grouped by colour: with 6 features, 0 and 1 are red's.",
)
TURNED = (
    "At the centre, source and target are swapped: red sees blue.",
    "axis 2 is the source. A later colour may see an earlier one: what must be 0?",
)
SWAPPED = ("A and B are swapped.", "which of them hides a colour from itself?")
ALWAYS_A = ("The mask is always of type A.", "where do you use mask_type?")
ALWAYS_B = ("The mask is always of type B.", "where do you use mask_type?")
THREE = "The mask is made for three colours, whatever `colours` is."


def declare(exercise):
    """Declare the mistakes that readers make in both exercises, besides those to be found."""

    def mistake(message, hint):
        def decorate(change):
            def form(kernel_size, filters_in, filters_out, mask_type, colours=3):
                sizes = filters_in, filters_out
                mask = exercise.solution(kernel_size, *sizes, mask_type, colours)
                rule = blocks(masks.colour_rule(mask_type, colours), *sizes)
                change(mask, kernel_size[0] // 2, kernel_size[1] // 2, rule, mask_type)
                return mask

            return exercise.mistake(message, hint)(form)

        return decorate

    @mistake("Everything is 0: no tap is seen.", "which taps lie on pixels that come before?")
    def all_zeros(mask, *_):
        mask[:] = 0

    @mistake("Everything is 1: nothing is hidden.", "which taps lie on pixels that come later?")
    def all_ones(mask, *_):
        mask[:] = 1

    @mistake("The centre is 1 for all colours.", "red must not see the blue of its own pixel.")
    def open_centre(mask, row, col, *_):
        mask[row, col] = 1

    @mistake("Only the rows above are seen.", "which taps in the row of the centre come before it?")
    def rows_above(mask, row, *_):
        mask[row:] = 0

    @mistake(
        "Taps above and to the right of the centre are 0.",
        "all pixels of the rows above come before the centre, on both sides.",
    )
    def quadrant(mask, row, col, *_):
        mask[:row, col + 1 :] = 0

    @mistake(
        "The colour rule is applied at every tap.", "of an earlier pixel, all colours may be seen."
    )
    def rule_everywhere(mask, row, col, rule, mask_type):
        mask[:] *= rule

    @mistake(
        "The colour rule is not at the centre of every kernel.",
        "in a kernel that is not square, height // 2 and width // 2 differ.",
    )
    def off_centre(mask, row, col, rule, mask_type):
        mask[row, col] = 1
        mask[row, row] = rule

    for kind, other in ("AB", "BA"):

        @mistake(
            f"Type {other} is right. In type {kind}, source and target are swapped at the centre.",
            "axis 2 is the source, and a later colour sees an earlier one, in both types.",
        )
        def turned(mask, row, col, rule, mask_type, kind=kind):
            if mask_type == kind:
                mask[row, col] = rule[::-1, ::-1]  # the rule, transposed

    @mistake(
        "Type A is right. In type B a colour sees only itself.", "in type B, green sees red too."
    )
    def itself(mask, row, col, rule, mask_type):
        if mask_type == "B":
            mask[row, col] = rule * rule[::-1, ::-1]


def show_network(mask_function):
    import keras

    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import bugs, figures

    keras.utils.set_random_seed(0)
    network, shape = bugs.model(mask_function, levels=8), (3, 8, 3)
    seen = leaks.influence(network, shape, 8)
    return figures.show_kinds(leaks.classify(seen), (2, 7, 1), shape)
