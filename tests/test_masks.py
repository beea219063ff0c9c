"""The masks: by hand, by the order of the values, and by an independent loop."""

import subprocess
import sys

import numpy as np
import pytest
import reference

from pixelcnn_lib import masks


def test_module_is_numpy_alone():
    code = "import sys, pixelcnn_lib.masks; print({'keras', 'tensorflow'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"


def test_spatial_mask_by_hand():
    expected = [[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0]]
    np.testing.assert_array_equal(masks.spatial_mask((3, 5)), expected)
    np.testing.assert_array_equal(masks.spatial_mask(1), [[0]])
    assert masks.spatial_mask(7).sum() == 24 and masks.spatial_mask(3).dtype == bool


def test_colour_rule_by_hand():
    """Rows are sources, columns targets: red may feed green and blue."""
    np.testing.assert_array_equal(masks.colour_rule("A"), [[0, 1, 1], [0, 0, 1], [0, 0, 0]])
    np.testing.assert_array_equal(masks.colour_rule("B"), [[1, 1, 1], [0, 1, 1], [0, 0, 1]])
    np.testing.assert_array_equal(masks.colour_rule("A", 1), [[0]])
    np.testing.assert_array_equal(masks.colour_rule("B", 2), [[1, 1], [0, 1]])


def test_rgb_mask_by_hand():
    mask = masks.rgb_mask(3, 3, 6, "A")
    assert mask.shape == (3, 3, 3, 6) and mask.dtype == np.float32
    assert mask[0].all() and mask[1, 0].all()  # finished pixels, all colours
    assert not mask[1, 2].any() and not mask[2].any()  # the future
    centre = [[0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1], [0, 0, 0, 0, 0, 0]]
    np.testing.assert_array_equal(mask[1, 1], centre)
    assert masks.rgb_mask(7, 3, 768, "A").sum() == 3 * 768 * 219 / 441 * 49


@pytest.mark.parametrize("mask_type", "AB")
@pytest.mark.parametrize("colours", [1, 2, 3])
@pytest.mark.parametrize("kernel_size", [1, 3, (1, 3), (5, 1), (3, 7)])
def test_rgb_mask_is_the_reference(kernel_size, mask_type, colours):
    mask = masks.rgb_mask(kernel_size, 2 * colours, 3 * colours, mask_type, colours)
    expected = reference.mask(*mask.shape, mask_type, colours)
    np.testing.assert_array_equal(mask, expected)
    pattern = masks.colour_pattern(kernel_size, mask_type, colours)
    np.testing.assert_array_equal(pattern, mask[:, :, ::2, ::3])
