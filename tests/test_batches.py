"""The seed and the step determine a batch; augmentation changes only what it may."""

import itertools

import numpy as np

from pixelcnn_lib import data
from pixelcnn_lib.batches import augmented, draw_batch, stream_batches


def settings(**changes):
    return {"seed": 0, "batch_size": 4, "size": 6, "augment": True, **changes}


def test_a_batch_is_a_function_of_seed_and_step():
    photographs = [photograph.image for photograph in data.photographs("valid")]
    draw = lambda step, **changes: draw_batch(photographs, step, settings(**changes))
    assert draw(5).shape == (4, 6, 6, 3) and draw(5).dtype == np.uint8
    np.testing.assert_array_equal(draw(5), draw(5))
    assert (draw(5) != draw(6)).any() and (draw(5) != draw(5, seed=1)).any()


def test_batches_follow_from_any_step():
    photographs = [photograph.image for photograph in data.photographs("valid")]
    stream = stream_batches(photographs, settings(), first=5)
    for step, (inputs, targets) in zip((5, 6, 7), stream):
        expected = draw_batch(photographs, step, settings())
        np.testing.assert_array_equal(inputs, expected)
        np.testing.assert_array_equal(targets, expected)
    assert stream.element_spec[0].shape == (4, 6, 6, 3)  # so that the step is traced once


def test_each_label_is_its_image_s():
    images = np.arange(9, dtype="uint8")[:, None, None, None] * np.ones((9, 8, 8, 1), "uint8")
    labels, options = np.arange(9, dtype="int32"), settings(augment=False)
    crops, theirs = draw_batch(images, 3, options, labels)
    np.testing.assert_array_equal(crops[:, 0, 0, 0], theirs)
    np.testing.assert_array_equal(crops, draw_batch(images, 3, options))  # the same crops
    stream = stream_batches(images, options, first=3, labels=labels)
    ((inputs, given), targets) = next(iter(stream))
    np.testing.assert_array_equal(inputs, crops)
    np.testing.assert_array_equal(given, theirs)
    np.testing.assert_array_equal(targets, crops)


def test_photographs_are_chosen_by_their_area():
    dark, light = np.zeros((10, 10, 1), "uint8"), np.ones((30, 10, 1), "uint8")
    options = settings(batch_size=4000, size=2, augment=False)
    assert abs(draw_batch([dark, light], 0, options).mean() - 0.75) < 0.03


def test_crops_are_of_the_images_and_may_be_whole():
    image = np.arange(4 * 5 * 3, dtype="uint8").reshape(4, 5, 3)
    whole = draw_batch([image], 0, settings(size=None, augment=False))
    np.testing.assert_array_equal(whole, np.stack(4 * [image]))
    crops = draw_batch([image], 0, settings(size=2, augment=False, batch_size=50))
    corners = {int(crop[0, 0, 0]) for crop in crops}
    assert corners == {15 * row + 3 * col for row in range(3) for col in range(4)}
    for crop in crops:
        row, col = divmod(int(crop[0, 0, 0]) // 3, 5)
        np.testing.assert_array_equal(crop, image[row : row + 2, col : col + 2])


def test_augmentation_gives_eight_positions_and_in_a_quarter_permuted_colours():
    image = np.arange(12, dtype="uint8").reshape(2, 2, 3)
    seen = [augmented(image, np.random.default_rng(seed)) for seed in range(4000)]
    turned = [np.rot90(one, turns) for one in (image, image[::-1]) for turns in range(4)]
    orders = [list(order) for order in itertools.permutations(range(3))]
    every = {one[..., order].tobytes() for one in turned for order in orders}
    assert {one.tobytes() for one in seen} == every
    permuted = np.mean([(np.diff(one[..., :2]) != 1).any() for one in seen])
    assert abs(permuted - 0.25 * 4 / 6) < 0.03  # two of six orders begin with neighbours
