"""The data: shipped files are unchanged, splits do not mix, and damaged files are refused."""

import hashlib
import json
import pickle

import keras
import numpy as np
import pytest
from PIL import Image
from tiny import some_faces

from pixelcnn_lib import data

# Photographs


def test_checksums_and_attributions():
    checksums = json.loads((data.FOLDER / "checksums.json").read_text())
    assert set(checksums) == {
        "binarised_mnist.npz",
        "digits.npz",
        "faces.npz",
        "limits.npz",
        *(f"{name}.png" for name in data.ATTRIBUTIONS),
    }
    assert set(checksums) == {path.name for path in data.FOLDER.glob("*.[!jm]*")}
    for name, checksum in checksums.items():
        assert hashlib.sha256((data.FOLDER / name).read_bytes()).hexdigest() == checksum
    table = (data.FOLDER / "ATTRIBUTION.md").read_text()
    for name, attribution in data.ATTRIBUTIONS.items():
        (line,) = [line for line in table.splitlines() if line.startswith(f"| {name}.png ")]
        assert f"| {attribution} |" in line


def test_photographs():
    def names(split):
        return [photograph.name for photograph in data.photographs(split)]

    assert names("train") == names("valid") == ["astronaut", "coffee", "rocket", "china"]
    assert names("test") == ["chelsea", "flower"]
    shapes = {photograph.name: photograph.image.shape for photograph in data.photographs("train")}
    assert shapes["astronaut"] == (224, 256, 3)  # 512 x 512, halved, less 32 rows
    chelsea, flower = data.photographs("test")
    assert chelsea.image.shape == (150, 225, 3) and flower.image.shape == (213, 320, 3)
    pairs = zip(data.photographs("train"), data.photographs("valid"), strict=True)
    for train, valid in pairs:
        assert train.image.dtype == valid.image.dtype == np.uint8
        assert valid.image.shape == (32, *train.image.shape[1:])
        assert train.attribution == data.ATTRIBUTIONS[train.name]
        whole = np.array(data.Image.open(data.FOLDER / f"{train.name}.png"))
        np.testing.assert_array_equal(np.concatenate([train.image, valid.image]), whole)


def test_patches_are_the_photograph_and_nothing_twice():
    coffee = data.photographs("train")[1].image
    patches = {patch.tobytes() for patch in data.photos(16)}
    for row, col in [(0, 0), (16, 32), (144, 272)]:
        assert coffee[row : row + 16, col : col + 16].tobytes() in patches
    assert data.photos(16).shape == (844, 16, 16, 3)  # 14 x 16 + 10 x 18 + 11 x 20 + 11 x 20
    assert data.photos(np.int64(32), "valid").shape == (37, 32, 32, 3)  # 8 + 9 + 10 + 10
    assert data.photos().dtype == np.uint8 and data.photos(150, "test").shape == (3, 150, 150, 3)


def test_splits_share_no_patch():
    train, valid, test = (
        {patch.tobytes() for patch in data.photos(16, split)} for split in data.SPLITS
    )
    assert not test & (train | valid)
    for patch in train & valid:  # the astronaut's black background, at different places
        assert set(patch) == {0}


def test_a_split_holds_a_tenth_out():
    images = some_faces(25)
    train, valid = data.split(images)
    assert train.shape == (22, 16, 16, 3) and valid.shape == (3, 16, 16, 3)
    both = {image.tobytes() for image in [*train, *valid]}
    assert both == {image.tobytes() for image in images}
    assert [image.tobytes() for image in train] != [image.tobytes() for image in images[3:]]
    again = data.split(list(images))
    for part, same in zip((train, valid), again, strict=True):
        assert isinstance(same, list)
        np.testing.assert_array_equal(part, same)
    many = np.zeros((20_000, 1, 1, 3), np.uint8)
    assert [len(part) for part in data.split(many)] == [19_000, 1000]
    one, none = data.split(images[:1])
    assert len(one) == 1 and none is None


# Digits


def test_digits_are_split_once_and_for_all():
    """All 1,797, each in one split, with all classes in every split."""
    splits = [data.digits(split) for split in ("train", "valid", "test")]
    assert [len(images) for images, _ in splits] == [1200, 197, 400]
    for images, labels in splits:
        assert images.shape == (*labels.shape, 8, 8, 1) and images.dtype == np.uint8
        assert labels.dtype.kind == "i" and set(labels) == set(range(10))
    images, labels = (np.concatenate(both) for both in zip(*splits))
    assert images.max() == data.DIGIT_LEVELS - 1 and images.min() == 0
    assert len({image.tobytes() for image in images}) == 1797  # none is in two splits
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (data.FOLDER / "digits.npz").stat().st_size < 100_000


def test_binarised_mnist_is_the_set_of_the_papers():
    """The nats of independent pixels are known: shares of training digits, from 0.001 to 0.999."""
    counts, shares = {}, {}
    for split in ("train", "valid", "test"):
        images = data.binarised_mnist(split)
        assert images.shape[1:] == (28, 28, 1) and images.dtype == np.uint8 and images.max() == 1
        counts[split], shares[split] = len(images), round(images.mean(), 4)
        if split == "train":
            p = images.mean(axis=0).clip(0.001, 0.999)  # (28, 28, 1)
    assert counts == {"train": 50_000, "valid": 10_000, "test": 10_000}
    assert shares == {"train": 0.1306, "valid": 0.1311, "test": 0.1325}
    nats = -np.where(images, np.log(p), np.log(1 - p)).sum(axis=(1, 2, 3)).mean()
    assert round(nats, 2) == 205.95
    assert (data.FOLDER / "binarised_mnist.npz").stat().st_size < 2e6
    with pytest.raises(ValueError, match="split must be one of train, valid, test; got 'all'"):
        data.binarised_mnist("all")


# CIFAR-10


def test_a_download_without_network(monkeypatch):
    def load_data():
        raise RuntimeError("URL fetch failure")

    monkeypatch.setattr(keras.datasets.cifar10, "load_data", load_data)
    with pytest.raises(OSError, match="CIFAR-10 could.*URL fetch failure.*faces need no download"):
        data.cifar10()


# Images of one's own


RAMP = np.arange(6 * 4 * 3, dtype=np.uint8).reshape(6, 4, 3)


def save(path, image=RAMP, **options):
    image = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    image.save(path, **options)


def test_a_folder_and_the_folders_in_it(tmp_path):
    (tmp_path / "b").mkdir()
    save(tmp_path / "a.png")
    save(tmp_path / "b" / "c.BMP", RAMP[::-1])
    (tmp_path / "notes.txt").write_text("not an image")
    (tmp_path / "._a.png").write_text("what macOS leaves behind")
    images = data.load(tmp_path)
    assert images.dtype == np.uint8 and images.flags.writeable
    np.testing.assert_array_equal(images, [RAMP, RAMP[::-1]])
    np.testing.assert_array_equal(data.load(str(tmp_path / "a.png")), [RAMP])


def test_mixed_sizes_need_a_patch_size(tmp_path):
    save(tmp_path / "a.png")
    save(tmp_path / "b.png", RAMP[:5])
    with pytest.raises(
        ValueError, match="a.png is 4 x 6, .*b.png is 4 x 5. Scale them .*: 4 or less, the smallest"
    ):
        data.load(tmp_path)
    images = data.load(tmp_path, patch=4)
    assert [image.shape for image in images] == [(6, 4, 3), (5, 4, 3)]
    with pytest.raises(
        ValueError, match="4 x 6, too small for patches of 5; .*b.png is 4 x 5, too"
    ):
        data.load(tmp_path, patch=5)
    save(tmp_path / "c.png", np.zeros((9, 9, 3), "uint8"))
    message = (
        r"Left out 2 of 3 .* These are most of the images. Choose patches of 4 or less, the sma"
    )
    with pytest.warns(UserWarning, match=message):
        assert data.load(tmp_path, patch=5, skip_bad=True).shape == (1, 9, 9, 3)


def test_images_are_scaled_to_one_size(tmp_path):
    """The middle of each: pixels are repeated where it grows, and averaged where it shrinks."""
    save(tmp_path / "a.png", RAMP[1:5])  # 4 x 4
    save(tmp_path / "b.png", np.pad(RAMP, ((13, 13), (6, 6), (0, 0)), "edge"))  # 32 x 16
    small, large = data.load(tmp_path, fit=8)
    np.testing.assert_array_equal(small, RAMP[1:5].repeat(2, 0).repeat(2, 1))
    assert large.shape == (8, 8, 3) and set(np.unique(large)) - set(np.unique(RAMP[:, :2]))
    np.savez(tmp_path / "c.npz", RAMP[None, 1:5, :, :1])
    np.testing.assert_array_equal(data.load(tmp_path / "c.npz", fit=8)[0, ..., 0], small[..., 0])
    with pytest.raises(ValueError, match="fit must be a whole number from 1"):
        data.load(tmp_path, fit=0)


def test_grey_stays_grey_unless_there_is_colour(tmp_path):
    save(tmp_path / "a.png", RAMP[..., 0])
    save(tmp_path / "b.png", Image.fromarray(RAMP[..., 0]).convert("1"))
    images = data.load(tmp_path)
    assert images.shape == (2, 6, 4, 1) and set(images[1].ravel()) <= {0, 255}
    np.testing.assert_array_equal(images[0], RAMP[..., :1])
    save(tmp_path / "c.png")
    with pytest.warns(UserWarning, match="^2 of 3 images are grey: converted to colour.$"):
        images = data.load(tmp_path)
    np.testing.assert_array_equal(images[0], RAMP[..., [0, 0, 0]])
    np.testing.assert_array_equal(images[2], RAMP)


def test_an_image_is_read_as_it_is_seen(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees
    save(tmp_path / "upright.png", exif=exif)
    np.testing.assert_array_equal(data.load(tmp_path / "upright.png"), [np.rot90(RAMP, -1)])
    few = Image.fromarray(RAMP).quantize(4)
    save(tmp_path / "palette.png", few)
    np.testing.assert_array_equal(data.load(tmp_path / "palette.png"), [few.convert("RGB")])
    more = Image.fromarray(RAMP[::-1]).quantize(4)
    save(tmp_path / "moving.gif", few, save_all=True, append_images=[more])
    with pytest.warns(UserWarning, match="moving.gif has 2 frames: only the first is used"):
        np.testing.assert_array_equal(data.load(tmp_path / "moving.gif"), [few.convert("RGB")])


def test_alpha_is_dropped_where_it_hides_nothing(tmp_path):
    opaque, grey = Image.fromarray(RAMP).convert("RGBA"), Image.fromarray(RAMP[..., 0])
    save(tmp_path / "opaque.png", opaque)
    np.testing.assert_array_equal(data.load(tmp_path / "opaque.png"), [RAMP])
    save(tmp_path / "grey.png", grey.convert("LA"))
    np.testing.assert_array_equal(data.load(tmp_path / "grey.png"), [RAMP[..., :1]])
    opaque.putpixel((0, 0), (1, 2, 3, 254))
    for name, image, options in [
        ("a.png", opaque, {}),
        ("b.png", Image.fromarray(RAMP).quantize(4), {"transparency": 0}),
        ("c.png", Image.fromarray(RAMP), {"transparency": (0, 1, 2)}),
        ("d.png", grey, {"transparency": 0}),
    ]:
        save(tmp_path / name, image, **options)
        with pytest.raises(ValueError, match=f"{name} is partly transparent"):
            data.load(tmp_path / name)
    ramp = RAMP.copy()
    ramp[0, 0] = 255
    images = [data.load(tmp_path / name, background="#ffffff")[0] for name in ("c.png", "d.png")]
    np.testing.assert_array_equal(images[0], ramp)
    np.testing.assert_array_equal(images[1], ramp[..., :1])
    (red,) = data.load(tmp_path / "d.png", background="#ff0000")
    assert red[0, 0].tolist() == [255, 0, 0] and (red[1] == RAMP[1, :, :1]).all()


@pytest.mark.filterwarnings("ignore")  # a limit that only warns is no limit
def test_images_that_cannot_be_learnt_from(tmp_path, monkeypatch):
    bad = {name: tmp_path / name for name in ("16.png", "f.tif", "cmyk.jpg")}
    save(bad["16.png"], np.zeros((4, 4), np.uint16))
    save(bad["f.tif"], np.zeros((4, 4), np.float32))
    save(bad["cmyk.jpg"], Image.new("CMYK", (4, 4)))
    messages = ["8 bits"] * 2 + ["the colours CMYK"]
    for path, message in zip(bad.values(), messages, strict=True):
        with pytest.raises(ValueError, match=f"{path.name} .*{message}"):
            data.load(path)
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "empty.png").touch()
    save(tmp_path / "whole.png", data.photos(100)[0])
    (tmp_path / "half.png").write_bytes((tmp_path / "whole.png").read_bytes()[:9000])
    for name in ["text.png", "empty.png", "half.png"]:
        with pytest.raises(ValueError, match=f"{name} cannot be read as an image"):
            data.load(tmp_path / name)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 9999)
    with pytest.raises(ValueError, match="whole.png is too large: more than 9,999 pixels"):
        data.load(tmp_path / "whole.png")


def test_npz(tmp_path):
    path, images = tmp_path / "a.npz", some_faces(3)
    np.savez(path, whatever=images)
    np.testing.assert_array_equal(data.load(path), images)
    np.savez_compressed(path, labels=np.arange(3), images=images[..., :1])
    np.testing.assert_array_equal(data.load(path), images[..., :1])
    with pytest.raises(ValueError, match="a.npz is 16 x 16, too small for patches of 17"):
        data.load(path, patch=17)


class Opens:
    """Runs code when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_npz_that_cannot_be_learnt_from(tmp_path):
    path, images, opened = tmp_path / "a.npz", some_faces(3), tmp_path / "opened"
    for wrong, message in [
        (images.astype(np.float32), r"got float32 \(3, 16, 16, 3\)"),
        (images / 255, r"got float64 .* become levels by \(255 \* images\).round"),
        (images.astype(int), r"got int64 .* images.astype.'uint8'. keeps"),
        (images[0], r"got uint8 \(16, 16, 3\)"),
        (images.transpose(0, 3, 1, 2), r"got uint8 \(3, 3, 16, 16\)"),
        (images[:0], "holds no image"),
        (np.array([Opens(opened)]), "cannot be read: it is damaged, or no .npz file of numbers"),
    ]:
        np.savez(path, wrong)
        with pytest.raises(ValueError, match=message):
            data.load(path)
    np.savez(path, a=images, b=images)
    with pytest.raises(ValueError, match="holds a, b, and no array 'images'"):
        data.load(path)
    for content in [b"", b"PK no zip", pickle.dumps(Opens(opened))]:
        path.write_bytes(content)
        with pytest.raises(ValueError, match="cannot be read"):
            data.load(path)
    assert not opened.exists()
