"""The outsiders of the chapter on likelihood: made of the same crops, in known ways."""

import numpy as np

from pixelcnn_lib import data
from pixelcnn_lib.teach import outsiders


def test_the_sets_are_what_their_names_say_and_the_same_at_every_call():
    sets = outsiders.sets(20)
    for name, images in outsiders.sets(20).items():
        assert images.shape == (20, 16, 16, 3) and images.dtype == np.uint8
        np.testing.assert_array_equal(images, sets[name])
    crops = sets["photographs"]
    np.testing.assert_array_equal(crops, data.photos(16, "test")[:20])
    assert (crops.astype(int) + sets["negatives"] == 255).all()
    for crop, shuffled in zip(crops, sets["shuffled"], strict=True):
        pixels = [sorted(map(tuple, one.reshape(-1, 3).tolist())) for one in (crop, shuffled)]
        assert pixels[0] == pixels[1] and (crop != shuffled).any()
    assert (sets["flat"] == sets["flat"][:, :1, :1]).all()
    small = sets["digits"][:, ::2, ::2, 0]
    np.testing.assert_array_equal(small, data.digits("test")[0][:20, :, :, 0] / 16 * 255 // 1)
    np.testing.assert_array_equal(sets["digits"][..., 2], small.repeat(2, 1).repeat(2, 2))
    assert not (sets["noise"] == outsiders.sets(20, seed=1)["noise"]).all()
