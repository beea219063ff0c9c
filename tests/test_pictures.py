"""Sheets of images, as a run and the command write them."""

import numpy as np
import pytest

from pixelcnn_lib.pictures import tile


def test_images_lie_in_rows():
    images = np.arange(3, dtype="uint8")[:, None, None, None] * np.ones((1, 2, 2, 1), "uint8")
    sheet = tile(images)
    assert sheet.shape == (4, 4, 3)
    np.testing.assert_array_equal(sheet[::2, ::2, 0], [[0, 1], [2, 0]])


@pytest.mark.parametrize("levels", [2, 3, 8, 256])
def test_levels_are_spread_from_black_to_white(levels):
    images = np.arange(levels, dtype="uint8").reshape(1, 1, levels, 1)
    sheet = tile(images, levels)[0, :, 0]
    assert sheet[0] == 0 and sheet[-1] == 255
    np.testing.assert_allclose(sheet, np.linspace(0, 255, levels), atol=1)


@pytest.mark.parametrize("colours", [1, 2, 3, 4, 5])
def test_every_value_is_shown_whatever_the_number_of_colours(colours):
    images = np.random.default_rng(0).integers(0, 256, (4, 2, 3, colours), dtype="uint8")
    sheet = tile(images)
    if colours == 3:
        np.testing.assert_array_equal(sheet[2:, 3:], images[3])
        return
    assert sheet.shape == (4, 6 * colours, 3) and (sheet == sheet[..., :1]).all()  # grey
    planes = np.concatenate(list(images[3].transpose(2, 0, 1)), axis=1)  # side by side
    np.testing.assert_array_equal(sheet[2:, 3 * colours :, 0], planes)
