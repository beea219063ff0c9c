"""The still pictures, tested as arrays and artists: what is drawn where, and what is refused."""

import subprocess
import sys
from itertools import pairwise

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from legible import check_figures
from matplotlib.colors import to_hex, to_rgb

from pixelcnn_lib import leaks
from pixelcnn_lib.masks import HIDDEN, LEAK, SEEN, UNSEEN
from pixelcnn_lib.teach import figures

# From red, green, blue (row) to red, green, blue (column): what the centre tap lets through.
CENTRE = {"A": [[0, 1, 1], [0, 0, 1], [0, 0, 0]], "B": [[1, 1, 1], [0, 1, 1], [0, 0, 1]]}


@pytest.fixture(autouse=True)
def closed():
    yield
    check_figures()


def pattern(mask_type):
    mask = np.zeros((3, 3, 3, 3))
    mask[0], mask[1, 0], mask[1, 1] = 1, 1, CENTRE[mask_type]
    return mask


def noise(*shape):
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def pictures(fig):
    """The RGBA array of every image that a figure draws."""
    return [np.asarray(ax.images[0].get_array()) for ax in fig.axes]


def cells(ax):
    return np.asarray(ax.collections[0].get_array())


def texts(fig):
    return [text.get_text() for text in fig.findobj(plt.Text)]


def legend(fig):
    return [text.get_text() for text in fig.legends[0].get_texts()]


def test_images_are_drawn_pixel_by_pixel_in_order():
    images = noise(5, 4, 6, 3)
    fig = figures.show_images(images, columns=2, titles="abcde")
    for image, drawn in zip(images, pictures(fig), strict=True):
        np.testing.assert_array_equal(drawn[..., :3], image)
        assert (drawn[..., 3] == 255).all()
    corners = np.array([ax.get_position().p0 for ax in fig.axes])
    np.testing.assert_allclose(corners[:2, 1], corners[0, 1])  # a row
    np.testing.assert_allclose(corners[::2, 0], 0, atol=1e-9)  # a column
    assert corners[0, 0] < corners[1, 0] and corners[0, 1] > corners[2, 1] > corners[4, 1]
    assert [ax.get_title() for ax in fig.axes] == list("abcde")


def test_a_pixel_is_a_whole_number_of_dots():
    fig = figures.show_images(noise(2, 4, 6, 3), scale=7)
    for ax in fig.axes:
        np.testing.assert_allclose(ax.get_window_extent().size, (6 * 7, 4 * 7))


def test_titles_have_room():
    """Where they need it, a row has a divisor of the columns asked for, or rows become equal."""
    rows = lambda fig: len({ax.get_position().y0 for ax in fig.axes})
    long = ["a title of thirty letters here"] * 8
    assert rows(figures.show_images(noise(8, 4, 4, 3), 8, long)) == 8
    assert rows(figures.show_images(noise(8, 4, 4, 3), 8, ["T = 0.5"] * 8)) == 2
    assert rows(figures.show_images(noise(5, 4, 4, 3), titles=["256 values"] * 5)) == 2
    fig = figures.show_images(noise(2, 4, 300, 3), 2, ["wide", "images"], scale=1)
    assert rows(fig) == 1 and fig.axes[0].title.get_fontsize() > figures.FONT


def test_images_may_be_single_grey_or_of_several_sizes():
    grey = noise(4, 4, 1)
    np.testing.assert_array_equal(
        pictures(figures.show_images(grey))[0][..., :3], np.repeat(grey, 3, 2)
    )
    drawn = pictures(figures.show_images([noise(4, 6, 3), noise(5, 3, 1)]))
    assert [picture.shape for picture in drawn] == [(4, 6, 4), (5, 3, 4)]


def test_steps_leave_undrawn_pixels_to_the_hatched_ground():
    known = np.zeros((2, 2, 2, 3), bool)
    known[0, 0] = True
    known[0, 1, 0, :2] = True  # red and green alone are no pixel yet
    fig = figures.show_steps(noise(2, 2, 2, 3), known)
    np.testing.assert_array_equal(pictures(fig)[0][..., 3], [[255, 255], [0, 0]])
    assert not pictures(fig)[1][..., 3].any()
    assert fig.axes[0].patch.get_hatch() and fig.axes[0].axison
    np.testing.assert_array_equal(
        pictures(figures.show_steps(noise(2, 2, 2, 3), known.all(3)))[0], pictures(fig)[0]
    )


@pytest.mark.parametrize("mask_type", "AB")
@pytest.mark.parametrize("repeats", [1, 4])
def test_mask_draws_from_rows_to_columns(mask_type, repeats):
    mask = pattern(mask_type)
    fig = figures.show_mask(mask.repeat(repeats, 2).repeat(repeats, 3))
    axes = np.reshape(fig.axes, (3, 3))
    for source, target in np.ndindex(3, 3):
        np.testing.assert_array_equal(cells(axes[source, target]), mask[:, :, source, target])
        assert axes[source, target].patches[0].get_xy() == (1, 1)  # the outlined centre
        assert axes[source, target].get_ylim() == (3, 0)  # row 0 on top
    assert [ax.get_title() for ax in axes[0]] == ["to R", "to G", "to B"]
    assert [ax.get_ylabel() for ax in axes[:, 0]] == ["from R", "from G", "from B"]


def test_a_title_names_the_whole():
    kinds = np.full((2, 2, 3), SEEN)
    for draw in (
        lambda **title: figures.show_mask(pattern("A"), **title),
        lambda **title: figures.show_kinds(kinds, **title),
    ):
        assert draw(title="Mask A").get_suptitle() == "Mask A" and draw().get_suptitle() == ""


def test_mask_of_one_colour_has_no_letters():
    fig = figures.show_mask(pattern("A")[:, :, :1, :1], colours=1)
    assert len(fig.axes) == 1 and not any("R" in text for text in texts(fig))


def test_a_mask_uneven_within_a_colour_shows():
    mask = pattern("B").repeat(2, 2).repeat(2, 3)
    mask[1, 1, 0, 0] = 0
    assert cells(figures.show_mask(mask).axes[0])[1, 1] == 0.75


def test_question_asks_about_every_tap_and_answers_none():
    fig = figures.show_question(1, "the image")
    assert sum(text == "?" for text in texts(fig)) == 27
    assert [ax.get_title() for ax in fig.axes] == [f"{letter} values" for letter in "RGB"]
    assert all(np.unique(cells(ax)).size == 1 for ax in fig.axes)
    assert "of the image\nmay feed green" in fig.get_supxlabel()


def test_centre_is_the_block_triangle():
    mask = pattern("A").repeat(2, 2).repeat(2, 3)
    fig = figures.show_centre(mask)
    drawn = cells(fig.axes[0])
    np.testing.assert_array_equal(drawn, np.kron(CENTRE["A"], np.ones((2, 2))))
    np.testing.assert_array_equal(drawn, cells(figures.show_centre(mask[1, 1]).axes[0]))
    assert sum(text == "1" for text in texts(fig)) == 12


def test_order_shows_all_that_comes_before():
    fig = figures.show_order((3, 4, 3), (1, 2, 1))
    colours = np.reshape(
        [to_hex(patch.get_facecolor()) for patch in fig.axes[0].patches], (3, 4, 3)
    )
    seen, hidden = (figures.KIND_COLOURS[kind] for kind in (SEEN, HIDDEN))
    assert (
        (colours[0] == seen).all()
        and (colours[1, :2] == seen).all()
        and (colours[2] == hidden).all()
    )
    assert list(colours[1, 2]) == [seen, "#ffffff", hidden] and (colours[1, 3] == hidden).all()
    assert legend(fig) == ["target", "may be seen", "future"]


def test_paths_are_the_arrows_that_lead_to_the_target():
    first, second = np.zeros((3, 3), bool), np.zeros((3, 3), bool)
    first[[0, 1, 2], [0, 0, 2]] = True  # values 0, 0 and 2 feed the features 0, 1 and 2
    second[1, [0, 1, 2]] = True
    fig = figures.show_paths(first, second, target=1)
    arrows = [one for one in fig.axes[0].texts if getattr(one, "arrow_patch", None)]
    ends = [(one.xyann[0] - 0.5, one.xy[0] - 0.5, one.xy[1] > 2) for one in arrows]
    below, above = [(0, 0, False), (0, 1, False), (2, 2, False)], [(n, 1, True) for n in range(3)]
    assert ends == below + above
    dashed = [one.arrow_patch.get_linestyle() == "--" for one in arrows]
    assert dashed == [False, False, True] * 2  # value 2 comes after the target


def test_kinds_differ_by_mark_as_well_as_hue():
    kinds = np.full((4, 5, 3), HIDDEN)
    kinds[:2], kinds[0, 4], kinds[3, 1, 2] = SEEN, UNSEEN, LEAK
    fig = figures.show_kinds(kinds, target=(2, 0, 0))
    for colour, ax in enumerate(fig.axes):
        np.testing.assert_array_equal(cells(ax), kinds[:, :, colour])
        dots, crosses = (np.asarray(marks.get_offsets()) for marks in ax.collections[1:])
        np.testing.assert_array_equal(dots, [[4.5, 0.5]])
        np.testing.assert_array_equal(crosses, [[1.5, 3.5]] if colour == 2 else np.empty((0, 2)))
    assert [len(ax.patches) for ax in fig.axes] == [1, 0, 0] and fig.axes[0].patches[
        0
    ].get_xy() == (0, 2)
    assert legend(fig) == ["target", "seen", "past but unseen", "leak", "future"]
    assert legend(figures.show_kinds(np.full((2, 2, 1), SEEN))) == ["seen"]
    assert legend(figures.show_kinds(np.full((2, 2, 1), SEEN), names="abcd")) == ["b"]


@pytest.mark.parametrize("shape", [(3, 8, 3), (2, 16, 3), (5, 5, 3), (16, 16, 3), (7, 14, 1)])
def test_the_numbers_of_rows_do_not_touch(shape):
    fig = figures.show_kinds(np.full(shape, SEEN))
    fig.canvas.draw()
    boxes = [text.get_window_extent() for text in fig.axes[0].get_yticklabels()]
    assert all(above.y0 >= below.y1 for above, below in pairwise(boxes))


def test_a_target_that_sees_itself_shows_the_leak():
    kinds = np.full((2, 2, 1), HIDDEN)
    kinds[1, 1] = LEAK
    hidden, leak = (figures.show_kinds(kinds, target).axes[0] for target in [(0, 1, 0), (1, 1, 0)])
    assert hidden.patches[0].get_fill() and not leak.patches[0].get_fill()


def test_kinds_are_those_of_the_detective():
    shape, target = (2, 3, 3), (1, 0, 1)
    kinds = leaks.classify(np.tri(18, k=-1, dtype=bool))
    fig = figures.show_kinds(kinds, target, shape)
    for colour, ax in enumerate(fig.axes):
        np.testing.assert_array_equal(cells(ax), kinds[10].reshape(shape)[:, :, colour])


def test_bits_are_drawn_per_colour_or_as_one_map():
    image, bits = noise(4, 6, 3), np.random.default_rng(1).gamma(2, 1, (4, 6, 3))
    fig = figures.show_bits(image, bits)
    np.testing.assert_array_equal(np.asarray(fig.axes[0].images[0].get_array())[..., :3], image)
    for colour in range(3):
        np.testing.assert_array_equal(fig.axes[colour + 1].images[0].get_array(), bits[..., colour])
    assert len({ax.images[0].get_clim() for ax in fig.axes[1:4]}) == 1  # one scale for all
    np.testing.assert_array_equal(
        figures.show_bits(image, bits.mean(2)).axes[1].images[0].get_array(), bits.mean(2)
    )


def test_distribution_marks_the_value_with_its_bits():
    p = np.array([[0.5, 0.25, 0.125, 0.125], [0.25, 0.25, 0.25, 0.25]])
    fig = figures.show_distribution(np.log(p), value=2, titles=["one", "two"])
    for ax, row, bits in zip(fig.axes, p, "32", strict=True):
        np.testing.assert_allclose(ax.patches[0].get_data().values, row)
        assert f"2 came: {bits}.0 bits" in [text.get_text().strip() for text in ax.texts]
    first, second = figures.show_distribution(np.log(p), value=[0, 3]).axes
    assert first.texts[0].get_text().strip() == "0 came: 1.0 bits"
    assert second.texts[0].get_text().strip() == "3 came: 2.0 bits"


def test_curves_and_lines_are_named_where_they_end_and_apart():
    curves = {"train": ([0, 10, 20], [8, 4, 3.0]), "held out": [8, 5, 3.02]}
    fig = figures.show_curve(curves, {"entropy": 2.99})
    ax = fig.axes[0]
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[0, 8], [10, 4], [20, 3]])
    np.testing.assert_array_equal(ax.lines[1].get_xdata(), [0, 1, 2])
    assert [text.get_text().strip() for text in ax.texts] == ["entropy", "train", "held out"]
    fig.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert all(low.y1 <= high.y0 + 1 for low, high in pairwise(boxes))


def test_bars_keep_the_order_and_stress_one():
    assert "4" in texts(figures.show_bars({"PNG": 4.4}, digits=0))
    fig = figures.show_bars({"PNG": 4.5, "ours": 3.25}, "ours")
    bars = fig.axes[0].patches
    assert [bar.get_width() for bar in bars] == [4.5, 3.25]
    assert [to_hex(bar.get_facecolor()) for bar in bars] == [figures.PLAIN, figures.ACCENT]
    assert [text.get_text() for text in fig.axes[0].texts] == ["4.50", "3.25", "PNG", "ours"]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: figures.show_images(noise(2, 4, 4, 3) / 255), "float64"),
        (lambda: figures.show_images(noise(2, 4, 4)), "last axis of 1"),
        (lambda: figures.show_images(noise(2, 4, 4, 3), titles=["one"]), "each of 2 images"),
        (lambda: figures.show_steps(noise(2, 4, 4, 3), np.ones((4, 4), bool)), "known"),
        (lambda: figures.show_mask(np.ones((3, 3, 4, 6))), "divide by 3"),
        (lambda: figures.show_mask(np.ones((3, 3))), r"\(3, 3\)"),
        (lambda: figures.show_centre(np.ones((3, 4))), "divide by 3"),
        (lambda: figures.show_order((3, 3, 3), (3, 0, 0)), "inside"),
        (lambda: figures.show_order((3, 3), (0, 0, 0)), "H, W, colours"),
        (lambda: figures.show_kinds(np.full((2, 2, 3), 4)), "0 to 3"),
        (lambda: figures.show_kinds(np.zeros((2, 2), int)), "H, W"),
        (lambda: figures.show_kinds(np.zeros((2, 2, 1), int), (0, 0, 1)), "inside"),
        (lambda: figures.show_kinds(np.zeros((4, 4), int), shape=(2, 2, 1)), "row, col, colour"),
        (lambda: figures.show_bits(noise(4, 4, 3), np.ones((1, 4, 4, 3))), "batch axis"),
        (lambda: figures.show_distribution(np.ones(4)), "log_softmax"),
        (lambda: figures.show_bars({"PNG": 4.5}, "ours"), "ours"),
    ],
)
def test_wrong_input_is_refused_with_the_fix(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_text_reads_on_the_card():
    """Contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3), letters on seen cells included."""

    def luminance(colour):
        rgb = np.array(to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    def contrast(ink, ground):
        dark, light = sorted([luminance(ink), luminance(ground)])
        return (light + 0.05) / (dark + 0.05)

    curves = [style["color"] for style in plt.rcParams["axes.prop_cycle"]]
    for ink in [figures.INK, figures.MUTED, *figures.CHANNELS]:
        assert contrast(ink, figures.CARD) >= 4.5, ink
    for ink in curves:
        assert contrast(ink, figures.CARD) >= 3, ink  # graphics, 1.4.11
    for ink in figures.CHANNELS:
        assert contrast(ink, figures.KIND_COLOURS[SEEN]) >= 3, ink  # bold letters


def test_importing_the_figures_needs_no_network_library():
    code = "import sys, pixelcnn_lib.teach.figures; sys.exit(bool({'keras', 'tensorflow'} & {*sys.modules}))"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_wrong_places_are_crossed_and_the_target_is_shown_only_when_given():
    values, wrong = np.zeros((2, 3, 4, 5)), np.zeros((2, 3, 4, 5), bool)
    wrong[1, 2, 3, 1:3] = True
    (ax,) = figures.show_wrong(values, wrong).axes
    assert cells(ax).shape == (4, 5)
    assert ax.collections[-1].get_offsets().tolist() == [[1.5, 3.5], [2.5, 3.5]]
    fig = figures.show_wrong(values, wrong, values + 1)
    assert [ax.get_title() for ax in fig.axes] == ["yours", "expected"]
    figures.show_wrong([np.nan, 2.0], [True, False])


def test_fields_share_one_target():
    kinds = np.full((4, 6), HIDDEN)
    kinds[:2] = SEEN
    more = kinds.copy()
    more[0, 5] = UNSEEN
    fig = figures.show_fields({"few": kinds, "more": more}, (2, 3))
    for ax, title, expected in zip(fig.axes, ("few", "more"), (kinds, more), strict=True):
        assert ax.get_title() == title and ax.patches[0].get_xy() == (3, 2)
        np.testing.assert_array_equal(cells(ax), expected)
    assert legend(fig) == ["target", "seen", "past but unseen", "future"]
    fig = figures.show_fields({"few": kinds, "more": more}, {"more": (1, 0), "few": (2, 3)})
    assert [ax.patches[0].get_xy() for ax in fig.axes] == [(3, 2), (0, 1)]


def test_block_has_its_relus_where_they_are_asked_for():
    fig = figures.show_block(["before", "after"])
    for ax, first in zip(fig.axes, ("ReLU", "1x1\nmask B"), strict=True):
        assert ax.get_title().startswith(f"ReLU {'after' if 'mask' in first else 'before'}")
        steps = [
            text.get_text()
            for text in ax.texts
            if "\nmask B" in text.get_text() or "ReLU" == text.get_text()
        ]
        assert steps.count("ReLU") == 3 and len(steps) == 6 and steps[0] == first


def test_a_gated_layer_links_the_vertical_stack_to_the_horizontal_and_not_back():
    [ax] = figures.show_gated_layer().axes
    places = {text.get_text(): text.get_position()[0] for text in ax.texts if text.get_text()}
    assert places["vertical"] < places["link\n1x1"] < places["1x3\nmask B"] < places["horizontal"]
    arrows = [note for note in ax.texts if note.get_text() == ""]
    across = [note for note in arrows if note.xy[1] == note.xyann[1]]
    assert len(across) == 2 and all(note.xy[0] > note.xyann[0] for note in across)


def test_looks_darken_with_the_weight_and_leave_what_comes_later_hatched():
    image = np.full((2, 3, 3), 128, np.uint8)
    weights = np.array([0.25, 0.5, 0.25, 0, 0, 0, 0])  # nowhere, then six pixels
    fig = figures.show_looks(image, {"one head": weights}, target=(0, 2))
    whole, looked = (one for one in pictures_of_visible(fig))
    assert (whole[..., 3] == 255).all()
    assert (looked[..., 3] == [[255, 255, 0], [0, 0, 0]]).all()
    reds = looked[0, :2, 1].astype(int)  # the less green, the more it looks there
    assert reds[0] < reds[1] < 205
    assert {"the picture", "one head\nnowhere 25%"} <= set(texts(fig))


def pictures_of_visible(fig):
    return [np.asarray(ax.images[0].get_array()) for ax in fig.axes if ax.get_visible()]
