"""The outsiders of the chapter on likelihood: made of the same crops, in known ways."""

import numpy as np

from pixelcnn_lib import data, faces
from pixelcnn_lib.teach import outsiders


def test_the_sets_are_what_their_names_say_and_the_same_at_every_call():
    sets = outsiders.sets(4)
    for name, images in outsiders.sets(4).items():
        assert images.shape == (24, 16, 16, 3) and images.dtype == np.uint8
        np.testing.assert_array_equal(images, sets[name])
    crops = sets["photographs"]
    for number, photograph in enumerate(data.photographs("valid") + data.photographs("test")):
        all_crops = {one.tobytes() for one in data.cut([photograph.image], 16)}
        assert {one.tobytes() for one in crops[number::6]} <= all_crops
    assert (crops.astype(int) + sets["negatives"] == 255).all()
    for crop, shuffled in zip(crops, sets["shuffled"], strict=True):
        pixels = [sorted(map(tuple, one.reshape(-1, 3).tolist())) for one in (crop, shuffled)]
        assert pixels[0] == pixels[1] and (crop != shuffled).any()
    assert (sets["flat"] == sets["flat"][:, :1, :1]).all()
    assert all(len(np.unique(one.reshape(-1, 3), axis=0)) <= 64 for one in sets["faces"])
    assert faces.in_colour(faces.faces(24, seed=5)).tolist() == sets["faces"].tolist()


def test_the_digits_are_the_same_in_each_way():
    sets = outsiders.sets(4)
    digits = (data.digits("test")[0][..., 0] / 16 * 255).astype("uint8")  # (400, 8, 8)
    small = digits[:24]
    np.testing.assert_array_equal(sets["doubled"][..., 2], small.repeat(2, 1).repeat(2, 2))
    for name in ("bilinear", "noisy"):  # the mean of four pixels is near the digit's pixel
        means = sets[name].mean(axis=3).reshape(24, 8, 2, 8, 2).mean(axis=(2, 4))
        assert np.corrcoef(means.ravel(), small.ravel())[0, 1] > 0.95
    assert (sets["bilinear"][..., 0] == sets["bilinear"][..., 1]).all()
    assert (sets["noisy"][..., 0] != sets["noisy"][..., 1]).any()
    np.testing.assert_array_equal(sets["tiled"][0, :8, 8:, 0], digits[1])
    np.testing.assert_array_equal(sets["tiled"][0, 8:, :8, 1], digits[2])
