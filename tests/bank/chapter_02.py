"""Answers to chapter 2."""

import numpy as np
from keras import ops

from pixelcnn_lib import masks


def sides(kernel_size):
    return np.broadcast_to(kernel_size, 2)


def numbered(kernel_size):
    height, width = sides(kernel_size)
    return np.arange(height * width).reshape(height, width)


def quadrant(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width))
    mask[: height // 2, : width // 2 + 1] = 1
    mask[height // 2, : width // 2] = 1
    return mask


def one_tap_late(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2] = mask[height // 2, : width // 2 + 1] = True
    return mask


def one_tap_early(kernel_size):
    taps = numbered(kernel_size)
    return taps < taps.size // 2 - 1


def nearest_left_alone(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2] = True
    mask[height // 2, max(width // 2 - 1, 0) : width // 2] = True
    return mask


def rows_above_alone(kernel_size):
    height, width = sides(kernel_size)
    return np.repeat(np.arange(height)[:, None] < height // 2, width, axis=1)


def whole_row(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width))
    mask[: height // 2 + 1] = 1
    mask[height // 2, width // 2] = 0
    return mask


def swapped(kernel_size):
    taps = numbered(kernel_size)
    return taps > taps.size // 2


def square_only(kernel_size):
    size = int(np.max(kernel_size))
    return np.arange(size * size).reshape(size, size) < size * size // 2


def inside_out(kernel_size):
    taps = numbered(kernel_size)
    return np.where(taps < taps.size // 2, 0, 1)


def row_to_its_end(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width))
    mask[: height // 2 + 1] = 1
    return mask


def by_columns(kernel_size):
    height, width = sides(kernel_size)
    return np.arange(height * width).reshape(width, height).T < height * width // 2


def width_first(kernel_size):
    width, height = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2] = True
    mask[height // 2, : width // 2] = True
    return mask


def always_3x3(kernel_size):
    return np.array([[1, 1, 1], [1, 0, 0], [0, 0, 0]], bool)


def number_alone(kernel_size):
    mask = np.zeros((kernel_size, kernel_size), bool)
    mask[: kernel_size // 2] = mask[kernel_size // 2, : kernel_size // 2] = True
    return mask


def height_for_width(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2] = mask[height // 2, : height // 2] = True
    return mask


def left_of_every_row(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2] = mask[:, : width // 2] = True
    return mask


def triangle_of_taps(kernel_size):
    return np.tril(np.ones(sides(kernel_size), bool), -1)


def in_a_line(kernel_size):
    height, width = sides(kernel_size)
    return np.arange(height * width) < height * width // 2


def looped(kernel_size):
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    mask = [[0.0] * width for _ in range(height)]
    for row in range(height):
        for col in range(width):
            if row < height // 2 or (row == height // 2 and col < width // 2):
                mask[row][col] = 1.0
    return mask


def vectorised(kernel_size):
    height, width = sides(kernel_size)
    row, col = np.indices((height, width))
    return ((row < height // 2) | ((row == height // 2) & (col < width // 2))).astype("uint8")


def in_keras(kernel_size):
    height, width = (int(side) for side in sides(kernel_size))
    return ops.reshape(ops.arange(height * width) < height * width // 2, (height, width))


def triangle(mask_type, colours=3):
    return np.triu(np.ones((colours, colours)), k=1 if mask_type == "A" else 0)


def lower_triangle(mask_type, colours=3):
    return triangle(mask_type, colours).T


def types_swapped(mask_type, colours=3):
    return triangle({"A": "B", "B": "A"}[mask_type], colours)


def always_with_itself(mask_type, colours=3):
    rule = np.zeros((colours, colours), bool)
    for target in range(colours):
        rule[: target + 1, target] = True
    return rule


def never_itself(mask_type, colours=3):
    return np.triu(np.ones((colours, colours)), 1)


def whole_pixel(mask_type, colours=3):
    return np.zeros((colours, colours)) if mask_type == "A" else np.ones((colours, colours))


def next_colour_alone(mask_type, colours=3):
    rule = np.eye(colours, k=1)
    return rule if mask_type == "A" else rule + np.eye(colours)


def always_three(mask_type, colours=3):
    return triangle(mask_type)


def without_colours(mask_type):
    return triangle(mask_type)


def lower_case(mask_type, colours=3):
    return triangle("A" if mask_type == "a" else "B", colours)


def both_ways_in_b(mask_type, colours=3):
    return triangle("A", colours) if mask_type == "A" else np.ones((colours, colours))


def identity_in_b(mask_type, colours=3):
    return np.eye(colours) * (mask_type == "B")


def rule_looped(mask_type, colours=3):
    rule = np.zeros((colours, colours), dtype=bool)
    for source in range(colours):
        for target in range(colours):
            rule[source, target] = source < target or (mask_type == "B" and source == target)
    return rule


def rule_of_lists(mask_type, colours=3):
    extra = int(mask_type == "B")
    return [[i < j + extra for j in range(colours)] for i in range(colours)]


def rule_in_keras(mask_type, colours=3):
    return ops.triu(ops.ones((colours, colours)), k=1 if mask_type == "A" else 0)


def zeroed(kernel_size, filters_in, filters_out, centre):
    """Ones, and what is forbidden zeroed by slices, as the source tutorial does."""
    height, width = sides(kernel_size)
    mask = np.ones((height, width, filters_in, filters_out), "float32")
    mask[height // 2, width // 2 + 1 :] = 0
    mask[height // 2 + 1 :] = 0
    mask[height // 2, width // 2] = centre
    return mask


def by_blocks(rule, filters_in, filters_out):
    return np.kron(rule, np.ones((filters_in // len(rule), filters_out // len(rule))))


def interleaved(kernel_size, filters_in, filters_out, mask_type, colours=3):
    rule = triangle(mask_type, colours)
    centre = np.tile(rule, (filters_in // colours, filters_out // colours))
    return zeroed(kernel_size, filters_in, filters_out, centre)


def half_interleaved(kernel_size, filters_in, filters_out, mask_type, colours=3):
    rule = triangle(mask_type, colours).repeat(filters_in // colours, 0)
    return zeroed(kernel_size, filters_in, filters_out, np.tile(rule, filters_out // colours))


def triangle_of_features(kernel_size, filters_in, filters_out, mask_type, colours=3):
    centre = np.triu(np.ones((filters_in, filters_out)), 1 if mask_type == "A" else 0)
    return zeroed(kernel_size, filters_in, filters_out, centre)


def colours_turned(kernel_size, filters_in, filters_out, mask_type, colours=3):
    centre = by_blocks(triangle(mask_type, colours).T, filters_in, filters_out)
    return zeroed(kernel_size, filters_in, filters_out, centre)


def rule_at_every_tap(kernel_size, filters_in, filters_out, mask_type, colours=3):
    centre = by_blocks(triangle(mask_type, colours), filters_in, filters_out)
    return zeroed(kernel_size, filters_in, filters_out, 1) * centre


def space_alone(kernel_size, filters_in, filters_out, mask_type, colours=3):
    return zeroed(kernel_size, filters_in, filters_out, 0)


def open_centre(kernel_size, filters_in, filters_out, mask_type, colours=3):
    return zeroed(kernel_size, filters_in, filters_out, 1)


def open_in_b(kernel_size, filters_in, filters_out, mask_type, colours=3):
    if mask_type == "B":
        return zeroed(kernel_size, filters_in, filters_out, 1)
    return in_whole_blocks(kernel_size, filters_in, filters_out, mask_type, colours)


def no_diagonal(kernel_size, filters_in, filters_out, mask_type, colours=3):
    centre = by_blocks(np.triu(np.ones((colours, colours)), 1), filters_in, filters_out)
    return zeroed(kernel_size, filters_in, filters_out, centre)


def always_b(kernel_size, filters_in, filters_out, mask_type, colours=3):
    return in_whole_blocks(kernel_size, filters_in, filters_out, "B", colours)


def a_for_b(kernel_size, filters_in, filters_out, mask_type, colours=3):
    other = {"A": "B", "B": "A"}[mask_type]
    return in_whole_blocks(kernel_size, filters_in, filters_out, other, colours)


def features_meet_themselves(kernel_size, filters_in, filters_out, mask_type, colours=3):
    centre = by_blocks(triangle("A", colours), filters_in, filters_out)
    if mask_type == "B":
        centre = np.maximum(centre, np.eye(filters_in, filters_out))
    return zeroed(kernel_size, filters_in, filters_out, centre)


def quadrant_mask(kernel_size, filters_in, filters_out, mask_type, colours=3):
    centre = by_blocks(triangle(mask_type, colours), filters_in, filters_out)
    mask = zeroed(kernel_size, filters_in, filters_out, centre)
    mask[:, sides(kernel_size)[1] // 2 + 1 :] = 0
    return mask


def all_that_is_not_below(kernel_size, filters_in, filters_out, mask_type, colours=3):
    height, width = sides(kernel_size)
    mask = np.ones((height, width, filters_in, filters_out), "float32")
    mask[height // 2 + 1 :] = 0
    rule = by_blocks(triangle(mask_type, colours), filters_in, filters_out)
    mask[height // 2, width // 2] = rule
    return mask


def out_before_in(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = in_whole_blocks(kernel_size, filters_in, filters_out, mask_type, colours)
    return mask.swapaxes(2, 3)


def rule_let_in(kernel_size, filters_in, filters_out, mask_type, colours=3):
    rule = by_blocks(triangle(mask_type, colours), filters_in, filters_out)
    return np.maximum(space_alone(kernel_size, filters_in, filters_out, mask_type), rule)


def space_times_rule(kernel_size, filters_in, filters_out, mask_type, colours=3):
    rule = by_blocks(triangle(mask_type, colours), filters_in, filters_out)
    return space_alone(kernel_size, filters_in, filters_out, mask_type) * rule


def height_twice(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = space_alone(kernel_size, filters_in, filters_out, mask_type)
    middle = sides(kernel_size)[0] // 2
    mask[middle, middle] = by_blocks(triangle(mask_type, colours), filters_in, filters_out)
    return mask


def filters_per_colour(kernel_size, filters_in, filters_out, mask_type, colours=3):
    rule = np.kron(triangle(mask_type, colours), np.ones((filters_in, filters_out)))
    return zeroed(kernel_size, filters_in * colours, filters_out * colours, rule)


def blocks_turned(kernel_size, filters_in, filters_out, mask_type, colours=3):
    block = np.ones((filters_out // colours, filters_in // colours))
    rule = np.kron(triangle(mask_type, colours), block)
    return zeroed(kernel_size, filters_in, filters_out, rule)


def repeated_too_often(kernel_size, filters_in, filters_out, mask_type, colours=3):
    rule = triangle(mask_type, colours).repeat(filters_in, 0).repeat(filters_out, 1)
    return zeroed(kernel_size, filters_in, filters_out, rule)


def one_side(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = np.zeros((kernel_size, kernel_size, filters_in, filters_out))
    mask[masks.spatial_mask(kernel_size)] = 1
    rule = by_blocks(triangle(mask_type, colours), filters_in, filters_out)
    mask[kernel_size // 2, kernel_size // 2] = rule
    return mask


def thirds(kernel_size, filters_in, filters_out, mask_type, colours=3):
    rule = triangle(mask_type, 3)
    centre = rule.repeat(filters_in // 3, 0).repeat(filters_out // 3, 1)
    return zeroed(kernel_size, filters_in, filters_out, centre)


def in_whole_blocks(kernel_size, filters_in, filters_out, mask_type, colours=3):
    centre = by_blocks(triangle(mask_type, colours), filters_in, filters_out)
    return zeroed(kernel_size, filters_in, filters_out, centre)


def of_pieces(kernel_size, filters_in, filters_out, mask_type, colours=3):
    past = masks.spatial_mask(kernel_size)
    source = np.arange(filters_in) // (filters_in // colours)
    target = np.arange(filters_out) // (filters_out // colours)
    rule = masks.colour_rule(mask_type, colours)[source][:, target]
    centre = np.zeros(past.shape)
    centre[past.shape[0] // 2, past.shape[1] // 2] = 1
    return past[..., None, None] + centre[..., None, None] * rule


def value_by_value(kernel_size, filters_in, filters_out, mask_type, colours=3):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width, filters_in, filters_out), bool)
    for row, col, source, target in np.ndindex(*mask.shape):
        source_colour = source * colours // filters_in
        target_colour = target * colours // filters_out + (mask_type == "B")
        here = (height // 2, width // 2, target_colour)
        mask[row, col, source, target] = (row, col, source_colour) < here
    return mask


WRONG = {
    "2.1": {
        "was taken as a quadrant": [quadrant],
        "All is right but the centre": [one_tap_late],
        "is hidden, but it lies to the left": [nearest_left_alone, height_for_width],
        "nothing is seen to the left": [rows_above_alone],
        "is seen, but it comes after": [whole_row, left_of_every_row],
        "Past and future are swapped": [swapped],
        "turned inside out": [inside_out],
        "the centre's row is seen to its end": [row_to_its_end],
        "got shape (7, 7)": [square_only],
        "got shape (1,)": [in_a_line],
        "the shape depends on `kernel_size`": [always_3x3],
        "Height and width are swapped": [width_first],
        "raised TypeError": [number_alone],
        "is hidden, but it lies in a row above": [one_tap_early, triangle_of_taps],
        "read column by column": [by_columns],
    },
    "2.2": {
        "turned round: blue feeds red": [lower_triangle],
        "A and B are swapped": [types_swapped],
        "Type A lets a colour see itself": [always_with_itself, lower_case],
        "Type B hides a colour from itself": [never_itself],
        "hidden or shown as a whole": [whole_pixel],
        "is False, but that source is drawn before": [next_colour_alone, identity_in_b],
        "is True, but that source is drawn after": [both_ways_in_b],
        "the shape depends on `colours`": [always_three],
        "raised TypeError": [without_colours],
    },
    "2.3": {
        "The features take turns": [interleaved],
        "stands 0, but the source's colour comes before": [half_interleaved],
        "stands 1, but the source's colour comes after": [open_in_b, features_meet_themselves],
        "compares the features' numbers": [triangle_of_features],
        "The colours at the centre are turned round": [colours_turned],
        "applied at every tap": [rule_at_every_tap],
        "The centre is all zeros": [space_alone],
        "The centre is all ones": [open_centre],
        "of type A, whichever is asked for": [no_diagonal],
        "of type B, whichever is asked for": [always_b],
        "a colour meets itself": [a_for_b],
        "The colour rule lets values in at every tap": [rule_let_in],
        "lies on a finished pixel": [space_times_rule],
        "not at the centre of every kernel": [height_twice],
        "counted once for each colour": [filters_per_colour],
        "was taken as a quadrant": [quadrant_mask],
        "lies on a pixel still to come": [all_that_is_not_below],
        "The last two axes are swapped": [out_before_in],
        "(4,6), at `": [thirds],
        "(6,9), at `": [blocks_turned, repeated_too_often],
        "raised TypeError": [one_side],
    },
}
RIGHT = {
    "2.1": [looped, vectorised, in_keras],
    "2.2": [rule_looped, rule_of_lists, rule_in_keras],
    "2.3": [in_whole_blocks, of_pieces, value_by_value],
}
