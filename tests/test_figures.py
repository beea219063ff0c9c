"""The still pictures, tested as arrays and artists: what is drawn where."""

from itertools import pairwise

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from legible import check_figures, contrast
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Rectangle

from pixelcnn_lib import account, faces, leaks
from pixelcnn_lib.masks import HIDDEN, LEAK, SEEN, UNSEEN, colour_pattern
from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.figures import caches

A, B = (colour_pattern(3, mask_type).astype(float) for mask_type in "AB")  # (3, 3, 3, 3)


@pytest.fixture(autouse=True)
def closed():
    yield
    check_figures()


def noise(*shape):
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def pictures(fig):
    """The RGBA array of every image that a figure shows."""
    return [np.asarray(ax.images[0].get_array()) for ax in fig.axes if ax.images]


def cells(ax):
    return np.asarray(ax.collections[0].get_array())


def texts(fig):
    return [text.get_text() for text in fig.findobj(plt.Text)]


def legend(fig):
    return [text.get_text() for text in fig.legends[0].get_texts()]


def test_images_are_drawn_in_order_with_their_titles():
    images = noise(5, 4, 6, 3)
    fig = figures.show_images(images, columns=2, titles="abcde", scale=7)
    for image, drawn, ax in zip(images, pictures(fig), fig.axes, strict=True):
        np.testing.assert_array_equal(drawn[..., :3], image)
        assert (drawn[..., 3] == 255).all()
        np.testing.assert_allclose(ax.get_window_extent().size, (6 * 7, 4 * 7))  # whole dots
    corners = np.array([ax.get_position().p0 for ax in fig.axes])
    assert corners[0, 0] < corners[1, 0] and corners[0, 1] > corners[2, 1] > corners[4, 1]
    assert [ax.get_title() for ax in fig.axes] == list("abcde")
    drawn = pictures(figures.show_images([noise(4, 6, 3), noise(5, 3, 1)]))
    assert [picture.shape for picture in drawn] == [(4, 6, 4), (5, 3, 4)]


def test_pixels_that_are_not_drawn_yet_are_hatched():
    known = np.zeros((2, 2, 2, 3), bool)
    known[0, 0] = True
    known[0, 1, 0, :2] = True  # red and green alone are no pixel yet
    fig = figures.show_steps(noise(2, 2, 2, 3), known)
    np.testing.assert_array_equal(pictures(fig)[0][..., 3], [[255, 255], [0, 0]])
    assert not pictures(fig)[1][..., 3].any() and fig.axes[0].patch.get_hatch()


@pytest.mark.parametrize("mask", [A, B])
def test_a_mask_leads_from_rows_to_columns(mask):
    fig = figures.show_mask(mask, title="Mask")
    axes = np.reshape(fig.axes, (3, 3))
    for source, target in np.ndindex(3, 3):
        np.testing.assert_array_equal(cells(axes[source, target]), mask[:, :, source, target])
        assert axes[source, target].patches[0].get_xy() == (1, 1)  # the outlined centre
        assert axes[source, target].get_ylim() == (3, 0)  # row 0 on top
    assert [ax.get_title() for ax in axes[0]] == ["to R", "to G", "to B"]
    assert [ax.get_ylabel() for ax in axes[:, 0]] == ["from R", "from G", "from B"]
    assert fig.get_suptitle() == "Mask"


def test_kinds_differ_by_mark_as_well_as_hue():
    kinds = np.full((4, 5, 3), HIDDEN)
    kinds[:2], kinds[0, 4], kinds[3, 1, 2] = SEEN, UNSEEN, LEAK
    fig = figures.show_kinds(kinds, target=(2, 0, 0))
    for colour, ax in enumerate(fig.axes):
        np.testing.assert_array_equal(cells(ax), kinds[:, :, colour])
        dots, crosses = (np.asarray(marks.get_offsets()) for marks in ax.collections[1:])
        np.testing.assert_array_equal(dots, [[4.5, 0.5]])
        np.testing.assert_array_equal(crosses, [[1.5, 3.5]] if colour == 2 else np.empty((0, 2)))
    assert [len(ax.patches) for ax in fig.axes] == [1, 0, 0]
    assert fig.axes[0].patches[0].get_xy() == (0, 2)
    assert legend(fig) == ["target", "seen", "past but unseen", "leak", "future"]


def test_kinds_may_be_all_targets_and_a_target_that_sees_itself_shows_the_leak():
    kinds = leaks.classify(np.tri(18, dtype=bool))
    fig = figures.show_kinds(kinds, target=(1, 0, 1), shape=(2, 3, 3))
    for colour, ax in enumerate(fig.axes):
        np.testing.assert_array_equal(cells(ax), kinds[10].reshape(2, 3, 3)[:, :, colour])
    assert not fig.axes[1].patches[0].get_fill()


def test_attention_darkens_with_the_weight():
    weights = np.array([0.25, 0.5, 0.25, 0, 0, 0, 0])  # the start token, then six pixels
    fig = figures.show_looks(np.full((2, 3, 3), 128, np.uint8), {"head": weights}, target=(0, 2))
    whole, looked = pictures(fig)
    assert (whole[..., 3] == 255).all()
    assert (looked[..., 3] == [[255, 255, 0], [0, 0, 0]]).all()
    greens = looked[0, :2, 1].astype(int)  # the less green, the redder
    assert greens[0] < greens[1] < 205 and "head\nstart token 25%" in texts(fig)


def test_an_account_shows_where_and_why_too_much_is_paid():
    own = np.stack([faces.limit(6)] * 2)
    own[0, 1, 12], own[1, 13, 11] = 3, 1  # 1.5 and 0.5 on average
    own[1, 0, 15] = -9  # a mean over few faces can be below the least
    shares = account.shares(own, 6)
    image = faces.in_colour(faces.faces(1))[0]
    fig = figures.show_account(image, shares)
    shown, excess = pictures(fig)
    np.testing.assert_array_equal(shown[..., :3], image)
    np.testing.assert_array_equal(excess, shares.own - shares.floor)
    face, bits, below = fig.axes
    for ax in (face, bits):
        corners = [patch.get_xy() for patch in ax.patches]
        assert corners == [(11.5, 0.5), (2.5, 12.5), (10.5, 12.5)]
        assert [text.get_text() for text in ax.texts] == ["1", "2", "3"]
    words = [text.get_text() for text in below.texts]
    assert words[0] == f"{own.sum() / 2:.2f} ± {shares.error:.2f} bits for a face"
    assert words[1:9:2] == list(account.PAID_FOR) and words[2:9:2] == [
        "19.06",
        "1.10",
        "0.22",
        "-2.50",
    ]
    assert words[9:] == ["Most above the least:", "1  right edge of the hair", "1.50"] + [
        "2  left shoulder",
        "0.67",
        "3  right shoulder",
        "0.50",
    ]
    bar, squares = below.patches[:4], below.patches[4:]
    np.testing.assert_allclose(
        [part.get_x() for part in bar[1:]], [x.get_x() + x.get_width() for x in bar[:3]]
    )
    paid = np.array(list(shares.totals.values()))
    widths = [part.get_width() for part in bar]
    np.testing.assert_allclose(widths, paid.clip(0) / shares.own.sum() * figures.WIDTH)
    inks = [to_hex(square.get_facecolor()) for square in squares]
    assert len(set(inks[:4])) == 4 and inks[:4] == [to_hex(part.get_facecolor()) for part in bar]
    assert inks[4:] == [inks[3], inks[1], inks[3]]
    alone = figures.show_account(image, account.shares(own[:1], 6), count=1)
    assert f"{own[0].sum():.2f} bits for a face" in texts(alone)


def test_bits_are_drawn_as_a_map():
    image, bits = noise(4, 6, 3), np.random.default_rng(1).gamma(2, 1, (4, 6))
    shown = pictures(figures.show_bits(image, bits))
    np.testing.assert_array_equal(shown[0][..., :3], image)
    np.testing.assert_array_equal(shown[1], bits)


def test_a_distribution_marks_the_value_with_its_bits():
    p = np.array([[0.5, 0.25, 0.125, 0.125], [0.25, 0.25, 0.25, 0.25]])
    fig = figures.show_distribution(np.log(p), value=[2, 3], titles=["one", "two"])
    for ax, row, said in zip(fig.axes, p, ["2 came: 3.0 bits", "3 came: 2.0 bits"], strict=True):
        np.testing.assert_allclose(ax.patches[0].get_data().values, row)
        assert ax.texts[0].get_text().strip() == said


def test_curves_and_lines_are_named_where_they_end_and_apart():
    curves = {"train": ([0, 10, 20], [8, 4, 3.0]), "held out": [8, 5, 3.02]}
    fig = figures.show_curve(curves, {"entropy": 2.99})
    [ax] = fig.axes
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[0, 8], [10, 4], [20, 3]])
    assert [text.get_text().strip() for text in ax.texts] == ["entropy", "train", "held out"]
    fig.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert all(low.y1 <= high.y0 + 1 for low, high in pairwise(boxes))


def test_paths_begin_together_and_say_their_last_value():
    paths = {"one": {0.5: (2, 3), 1: (4, 1)}, "another": {7: (0, 5)}}
    fig = figures.show_paths((1, 2), paths, "right", "up")
    *lines, start = fig.axes[0].lines
    drawn = {line.get_label(): line.get_xydata().tolist() for line in lines}
    assert drawn == {"one": [[1, 2], [2, 3], [4, 1]], "another": [[1, 2], [0, 5]]}
    assert start.get_xydata().tolist() == [[1, 2]]
    assert {"1", "7", "one", "another", "right", "up"} <= set(texts(fig))
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == 2


def test_wrong_places_are_crossed_and_the_target_is_shown_only_when_given():
    values, wrong = np.zeros((2, 3, 4, 5)), np.zeros((2, 3, 4, 5), bool)
    wrong[1, 2, 3, 1:3] = True
    [ax] = figures.show_wrong(values, wrong).axes
    assert ax.collections[-1].get_offsets().tolist() == [[1.5, 3.5], [2.5, 3.5]]
    fig = figures.show_wrong(values, wrong, values + 1)
    assert [ax.get_title() for ax in fig.axes] == ["yours", "expected"]
    figures.show_wrong([np.nan, 2.0], [True, False])


def squares(ax):
    """What stands in each square, and its shade, by the square's corner (x, y)."""
    words = {text.get_position(): text.get_text() for text in ax.texts}
    filled = [one for one in ax.patches if isinstance(one, Rectangle) and one.get_fill()]
    return {
        one.get_xy(): (
            words.get((one.get_x() + 0.5, one.get_y() + 0.5)),
            to_hex(one.get_facecolor()),
        )
        for one in filled
    }


def test_times_are_those_given():
    at = np.arange(6) + 2 * np.arange(4)[:, None]  # (4, 6)
    [ax] = figures.show_times(at, now=4).axes
    for (col, row), (text, shade) in squares(ax).items():
        time = at[int(row), int(col)]
        wanted = caches.NOW if time == 4 else caches.DONE if time < 4 else caches.LATER
        assert (text, shade) == (str(time), wanted)


def shade(colour):
    return 255 * np.array(to_rgb(colour))


def test_text_reads_on_the_card():
    """Contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3); curves and bold letters: 3 to 1 (1.4.11)."""
    seen = shade(figures.KIND_COLOURS[SEEN])
    for ink in [figures.INK, figures.MUTED, *figures.CHANNELS]:
        assert contrast(shade(ink), shade(figures.CARD)) >= 4.5, ink
    for style in plt.rcParams["axes.prop_cycle"]:
        assert contrast(shade(style["color"]), shade(figures.CARD)) >= 3, style
    for ink in figures.CHANNELS:
        assert contrast(shade(ink), seen) >= 3, ink
