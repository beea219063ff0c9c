"""Half a digit: the page draws, reads and doubts as the library does, by pen and by keyboard."""

import json

import numpy as np
import pytest
import quantise
from browser import NEEDED, open_figure
from in_page import as_stored, wide

from pixelcnn_lib import data, scoring
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import base, digits

SEVEN = next(image[:4] for image, label in zip(*digits.samples()) if label == 7)


@pytest.fixture(scope="module")
def model():
    return PixelCNN.pretrained("digits")


@pytest.fixture(scope="module")
def stored(model):
    """The model in float64 with the weights of the page's file."""
    return as_stored(model, json.loads((WEIGHTS / "digits.json").read_text()))


# The states


def test_the_page_s_file_is_small():
    assert len(quantise.text("digits")) < 60_000


def test_a_byte_for_each_weight_scores_and_reads_as_the_model_does(model, stored):
    images, labels = data.digits("test")
    scores = [scoring.score(one, images, labels=labels).bits for one in (wide(model), stored)]
    assert abs(scores[1] - scores[0]) < 0.01
    read = [digits.log_likelihoods(one, images).argmax(-1) for one in (model, stored)]
    assert (read[0] == read[1]).mean() >= 0.99


def test_the_shipped_file_is_what_the_shipped_model_says():
    shipped, fresh = json.loads(base.read("digits.json")), digits.compute()
    np.testing.assert_allclose(shipped["typical"], fresh["typical"], atol=0.011)


def test_bayes_s_rule_on_numbers_by_hand():
    log_p = np.log([[0.02, 0.06, 0.02], [1e-300, 1e-300, 2e-300]])
    np.testing.assert_allclose(digits.posterior(log_p), [[0.2, 0.6, 0.2], [0.25, 0.25, 0.5]])


def test_samples_are_two_held_out_digits_of_each_class():
    images, labels = digits.samples()
    assert np.bincount(labels).tolist() == [2] * 10
    test = {image.tobytes() for image in data.digits("test")[0]}
    assert all(image.tobytes() in test for image in images)


# The figure


def open_with(tab, half=None, motion="reduce", width=None, **traits):
    """Open the figure with an upper half, with all that it draws there at once."""
    tab.emulate_media(reduced_motion=motion)
    if half is not None:
        traits["ink"] = base.to_base64(half)
    figure = live.Digits(**traits)
    view = open_figure(tab, figure, width=width)
    if half is not None:
        view.get_by_text("was drawn as").wait_for()
    return figure, view


def words(view):
    return view.get_by_role("status").inner_text()


def levels(canvases):
    """The levels that canvases show: uint8 (N, H, W, 1)."""
    pixels = """all => all.map(canvas => {
        const { width, height } = canvas;
        const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
        return [...Array(width * height).keys()].map(n => data[4 * n]);
    })"""
    grey = np.array(canvases.evaluate_all(pixels))
    return np.rint((255 - grey) * 16 / 255).astype(np.uint8).reshape(len(grey), -1, 8, 1)


def a(digit):
    return f"{'an' if digit == 8 else 'a'} {digit}"


def table(view, column):
    """The percentages in the table: those of the half (0) or of the picture (1)."""
    cells = view.locator(f"tbody td:nth-of-type({column + 2})").all_inner_texts()
    return [float(cell.removesuffix(" %")) for cell in cells]


def ink(view):
    names = view.get_by_role("gridcell").evaluate_all("all => all.map(e => e.ariaLabel)")
    return np.array([int(name.rpartition(" ")[2]) for name in names]).reshape(4, 8, 1)


@NEEDED
def test_it_opens_with_an_empty_half_and_ten_equal_chances(tab):
    _, view = open_with(tab, motion="no-preference")
    view.get_by_text("Nothing is drawn yet, so all ten digits are equally likely.").wait_for()
    assert table(view, 0) == [10.0] * 10 and ink(view).max() == 0
    pictures = view.get_by_role("group", name="Ten pictures, ten noises").get_by_role("button")
    assert pictures.count() == 10
    assert all(picture.is_disabled() for picture in pictures.all())


@NEEDED
@pytest.mark.parametrize("label", ["any", "each", 3])
def test_the_ten_pictures_and_their_readings_are_the_library_s(tab, stored, label):
    figure, view = open_with(tab, SEVEN, label=label, seed=2)
    wanted, labels = figure.complete(stored, SEVEN)
    copies = view.locator("button.opat-copy")
    np.testing.assert_array_equal(levels(copies.locator("canvas")), wanted)
    half = digits.posterior(digits.log_likelihoods(stored, wanted[:1], 4))[0]
    np.testing.assert_allclose(table(view, 0), 100 * half, atol=0.051)
    whole = digits.posterior(digits.log_likelihoods(stored, wanted))
    for k in (0, 7):
        copies.nth(k).click()
        assert copies.nth(k).get_attribute("aria-pressed") == "true"
        np.testing.assert_allclose(table(view, 1), 100 * whole[k], atol=0.051)
        assert f"Picture {k + 1} was drawn as {a(labels[k])}" in words(view)
        read = f"drawn as {a(labels[k])}, read as {a(whole[k].argmax())}"
        assert read in copies.nth(k).get_attribute("aria-label")
        lower = view.get_by_role("img", name="The lower half of the chosen picture")
        np.testing.assert_array_equal(levels(lower)[0], wanted[k, 4:])


@NEEDED
def test_other_noises_and_another_class_draw_other_pictures(tab, stored):
    figure, view = open_with(tab, SEVEN)
    view.get_by_role("button", name="Other noises").click()
    view.get_by_role("combobox", name="Draw").select_option(label="a 4")
    view.get_by_text("Picture 1 was drawn as a 4").wait_for()
    figure.seed, figure.label = 1, 4
    wanted, _ = figure.complete(stored, SEVEN)
    np.testing.assert_array_equal(levels(view.locator("button.opat-copy canvas")), wanted)


@NEEDED
def test_the_pen_leaves_ink_and_the_pictures_follow_value_by_value(tab):
    _, view = open_with(tab, motion="no-preference")
    box = view.get_by_role("grid").bounding_box()
    x, y = (lambda part: box["x"] + part * box["width"]), box["y"] + box["height"] / 8
    tab.mouse.move(x(0.2), y)
    tab.mouse.down()
    tab.mouse.move(x(0.8), y, steps=3)
    drawn = ink(view)[..., 0]
    assert (drawn[0, 2:6] == 16).all() and (drawn[0, [0, 7]] == 0).all() and drawn[2:].max() == 0
    assert view.locator("button.opat-copy:enabled").count() == 0  # not before the pen is up
    tab.mouse.up()
    copy = view.locator("button.opat-copy canvas").first
    opaque = """canvas => canvas.getContext("2d").getImageData(0, 0, 8, 8).data
        .filter((value, n) => n % 4 === 3 && value).length"""
    tab.wait_for_function(
        f"canvas => {{ const n = ({opaque})(canvas); return n > 33 && n < 64 }}",
        arg=copy.element_handle(),
    )
    view.get_by_text("was drawn as").wait_for()
    assert copy.evaluate(opaque) == 64


@NEEDED
def test_the_keyboard_sets_ink(tab):
    _, view = open_with(tab)
    view.get_by_role("gridcell").first.focus()
    for key in ["ArrowDown", "ArrowRight", " ", "ArrowRight", " ", " ", "-", "ArrowRight", "+"]:
        tab.keyboard.press(key)
    wanted = np.zeros((4, 8, 1), int)
    wanted[1, 1:4, 0] = 16, 7, 1
    np.testing.assert_array_equal(ink(view), wanted)
    view.get_by_text("was drawn as").wait_for()
    view.get_by_role("button", name="Clear").press("Enter")
    view.get_by_text("Nothing is drawn yet").wait_for()
    assert ink(view).max() == 0 and table(view, 0) == [10.0] * 10


@NEEDED
def test_a_held_out_digit_is_shown_whole_beside_the_ten_until_the_half_changes(tab):
    _, view = open_with(tab)
    truth = view.get_by_role("img", name="The true digit")
    images, labels = digits.samples()
    for number in range(2):
        view.get_by_role("button", name="A held-out digit").click()
        tab.wait_for_function(
            """([view, levels]) => [...view.querySelectorAll("[role=gridcell]")]
            .every((cell, n) => cell.ariaLabel.endsWith(` ${levels[n]}`))""",
            arg=[view.element_handle(), images[number, :4].ravel().tolist()],
        )
        view.get_by_text("was drawn as").wait_for()
        np.testing.assert_array_equal(levels(truth)[0], images[number])
        assert f"true: {labels[number]}" in view.inner_text()
    view.get_by_role("gridcell").first.press(" ")
    truth.wait_for(state="hidden")


@NEEDED
def test_what_is_no_digit_costs_more_than_digits_do(tab):
    chess = np.indices((4, 8)).sum(0)[..., None] % 2 * 16
    _, view = open_with(tab, chess)
    assert "the network doubts" in words(view)
    _, view = open_with(tab, SEVEN)
    assert "the network doubts" not in words(view)


@NEEDED
def test_a_finger_finds_its_targets_on_a_phone(tab):
    _, view = open_with(tab, SEVEN, width=360)
    for control in view.locator(".opat-controls :is(button, select), button.opat-copy").all():
        box = control.bounding_box()
        assert box["height"] >= 44 and box["width"] >= 40
    assert view.get_by_role("grid").evaluate("e => getComputedStyle(e).touchAction") == "none"


def test_the_pictures_can_be_read_from_python():
    figure = live.Digits()
    assert figure.pictures.shape == (0, 8, 8, 1)
    drawn = np.arange(640).reshape(10, 8, 8, 1) % 17
    figure.drawn = base.to_base64(drawn)
    np.testing.assert_array_equal(figure.pictures, drawn)
