"""Pictures, as a run and the command write them: sheets of images, and the curve of the loss."""

import io
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from pixelcnn_lib.pictures import loss_curve, tile


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


LOG = [
    {"epoch": 0.0, "epochs": 3.0, "loss": 5.0, "val_loss": 4.5},
    {"epoch": 1.0, "epochs": 3.0, "loss": 3.0, "val_loss": 4.0},
]


def test_the_curve_shows_both_losses_and_names_their_unit(monkeypatch):
    figures, save = [], Figure.savefig
    monkeypatch.setattr(Figure, "savefig", lambda *a, **k: figures.append(a[0]) or save(*a, **k))
    loss_curve(LOG)
    (axes,) = figures[0].axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "bits per dimension")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["train", "valid"]
    for line, name in zip(axes.lines, ("loss", "val_loss"), strict=True):
        expected = [[epoch["epoch"] + 1, epoch[name]] for epoch in LOG]
        np.testing.assert_array_equal(line.get_xydata(), expected)
    loss_curve([{**line, "val_loss": line["loss"]} for line in LOG])  # none was held out
    assert len(figures[1].axes[0].lines) == 1


def test_the_curve_is_the_same_whatever_the_settings_are(monkeypatch):
    before = loss_curve(LOG)
    assert Image.open(io.BytesIO(before)).format == "PNG" and loss_curve(LOG) == before
    with matplotlib.rc_context({"lines.linewidth": 9, "font.size": 20}):
        assert loss_curve(LOG) == before
        assert matplotlib.rcParams["font.size"] == 20


def test_the_curve_leaves_pyplot_alone():
    code = "import sys; from pixelcnn_lib import pictures; "
    code += f"pictures.loss_curve({LOG}); sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
