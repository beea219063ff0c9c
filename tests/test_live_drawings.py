"""Figures that draw or score: what they show is what the library computes."""

import gzip
import json
import re

import numpy as np
import pytest
from browser import NEEDED, open_figure, pixels, words
from in_page import as_stored, face_in

from pixelcnn_lib import coding
from pixelcnn_lib.faces import ask, in_colour
from pixelcnn_lib.family import PixelSNAIL
from pixelcnn_lib.sampling import complete
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import erase, faces, file, ranking, steer


@pytest.fixture(scope="module")
def of_faces():
    return as_stored(PixelSNAIL.pretrained("faces"), json.loads(faces.NETWORK.read_text()))


# Twelve pictures in order


def test_the_ranking_s_file_is_what_the_shipped_model_says():
    stored, fresh = live.Ranking().scores, ranking.compute()
    assert list(stored) == list(fresh)
    for name in fresh:
        np.testing.assert_allclose(stored[name], fresh[name], atol=0.03)


@NEEDED
def test_a_bet_sorts_the_pictures_and_another_score_asks_for_a_new_bet(tab):
    figure = live.Ranking()
    images, names = ranking.pictures()
    view = open_figure(tab, figure, width=360)
    height = view.bounding_box()["height"]

    def shown():
        """Of each card, in its place: the picture's number, and the score beside it."""
        found = [pixels(one)[..., :3] for one in view.locator("canvas").all()]
        numbers = [int((images == one).all((1, 2, 3)).argmax()) for one in found]
        return numbers, view.locator(".opat-card .opat-note").all_inner_texts()

    for name, scores in figure.scores.items():
        view.get_by_role("radio", name=name).check()
        assert shown() == (list(range(12)), ["?"] * 12)  # nothing is given away
        order = sorted(range(12), key=scores.__getitem__)
        bet = order[4]
        view.locator(".opat-card").nth(bet).press("Enter")
        assert shown() == (order, [f"{scores[n]:.2f}" for n in order])
        pressed = view.get_by_role("button", pressed=True)
        assert pressed.count() == 1 and pressed.evaluate("e => e === document.activeElement")
        frames = view.locator(".opat-card").evaluate_all("all => all.map(e => e.clientLeft)")
        assert [n for n, pixels in enumerate(frames) if pixels > 1] == [4]
        told = f"You chose number 5 of 12 (framed): {names[bet]}, {scores[bet]:.2f} bits. "
        assert words(view).startswith(
            f"{told}The first: {names[order[0]]}, {scores[order[0]]:.2f} bits."
        )
        assert view.bounding_box()["height"] == height


# A wish, in several ways


SETTINGS = [(way, value) for way, (_, values) in steer.WAYS.items() for value in values]
OFTEN = ("guidance", 1)  # drawn on every commit, the others each night


@pytest.mark.parametrize(
    "way, value",
    [pytest.param(*one, marks=() if one == OFTEN else pytest.mark.slow) for one in SETTINGS],
)
def test_the_stored_faces_are_what_the_library_draws(way, value):
    _, values = steer.WAYS[way]
    stored = steer.stored()[way][values.index(value)]
    np.testing.assert_array_equal(stored, steer.drawn(way, value))


def test_the_first_value_of_a_way_changes_nothing():
    plain, *others = (faces[0] for faces in steer.stored().values())
    assert all((one == plain).all() for one in others)
    assert all((steer.stored()[way][-1] != plain).any() for way in steer.WAYS)


@NEEDED
def test_a_way_and_its_strength_show_the_stored_faces(tab):
    view = open_figure(tab, live.Steer(), width=360)
    height = view.bounding_box()["height"]
    for way, (name, values) in steer.WAYS.items():
        view.get_by_role("radio", name=name).check()
        for step in (0, len(values) - 1):
            view.get_by_role("slider", name=name).fill(str(step))
            images = steer.stored()[way][step]
            found = [pixels(one)[..., :3] for one in view.locator("canvas").all()]
            np.testing.assert_array_equal(found, in_colour(images))
            told = f" {values[step]}. {steer.told(images)}"
            assert words(view).endswith(told) and words(view).lower().startswith(name.lower())
            assert view.bounding_box()["height"] == height


# A face


def test_the_figure_of_faces_is_light():
    assert len(gzip.compress(live.Faces().to_html().encode())) < 300_000


@NEEDED
def test_faces_wishes_and_what_follows_a_pixel_are_the_library_s(tab, of_faces):
    view = open_figure(tab, live.Faces(seed=3), width=360)
    view.get_by_text("is finished").wait_for()
    (before,) = faces.drawn(of_faces, [3])
    np.testing.assert_array_equal(face_in(view), before)
    for wish in ("Sad", "Blue hair", "Glasses", "Blue hair"):  # the last takes a wish back
        view.get_by_role("button", name=wish).click()
    assert view.get_by_role("button", pressed=True, name="Glasses").is_visible()
    view.get_by_text("changed").wait_for()
    (wished,) = faces.drawn(of_faces, [3], ask("glasses, sad"))
    assert words(view).startswith("Wished: glasses, sad. With the same random numbers, ")
    np.testing.assert_array_equal(face_in(view), wished)
    view.get_by_role("gridcell").first.click()
    tab.keyboard.press("ArrowRight")
    view.get_by_role("button", name="one pixel left").click()
    assert words(view).startswith("Row 0, column 0: ")
    likely = view.get_by_role("group", name="Its likeliest colours").get_by_role("button")
    other = likely.locator("xpath=self::*[@aria-pressed='false']").first
    colour = other.locator("span").inner_text()
    other.click()
    view.get_by_text(f"You made row 0, column 0 {colour}").wait_for()
    known = np.zeros((1, 16, 16, 1), bool)
    known[0, 0, 0] = True
    given = np.full(known.shape, face_in(view)[0, 0, 0], "uint8")
    options = dict(noise=faces.noise(3, known.shape), labels=ask("glasses, sad")[None])
    np.testing.assert_array_equal(face_in(view), complete(of_faces, given, known, **options)[0])
    view.get_by_role("button", name="Undo").click()
    view.get_by_text("the network's own again").wait_for()
    np.testing.assert_array_equal(face_in(view), wished)


@NEEDED
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_on_the_front_page_it_draws_by_itself_unless_motion_is_unwanted(tab, motion):
    tab.emulate_media(reduced_motion=motion)
    view = open_figure(tab, live.Faces(compact=True, autoplay=True))
    if motion == "reduce":  # then a face is there at once
        return view.get_by_text("is finished").wait_for(timeout=5000)
    pause = view.get_by_role("button", name="Pause")
    view.get_by_role("gridcell", name=re.compile("row 0, column 9: (?!not)")).wait_for()
    pause.click()
    assert (face_in(view) == -1).any()
    assert view.get_by_role("button", name="Draw").is_enabled()
    for control in view.get_by_role("button").all():
        box = control.bounding_box()
        assert box["height"] >= 40 and box["width"] >= 40  # a finger finds it


# A face and its file


def read(model, stream):
    """The face of a stream, read by the library: uint8 (16, 16, 1)."""
    image = np.zeros((16, 16, 1), "uint8")
    coding.run(model, image, faces.UNASKED[None], [coding.reader(stream)])
    return image


def test_the_files_of_the_still_picture_are_the_library_s(of_faces):
    found = [coding.encode(of_faces, face) for face in file.faces(len(file.FILES), file.SEED)]
    starts = [coding.read_header(one).start for one in found]
    assert [one[start:-8].hex() for one, start in zip(found, starts)] == file.FILES


@NEEDED
def test_a_face_and_its_file_are_the_library_s_and_a_byte_decides_what_it_says(tab, of_faces):
    view = open_figure(tab, live.File(), width=360)
    field = view.get_by_role("textbox", name="File")

    def check():
        stream = bytes.fromhex(field.input_value())
        face = pixels(view.locator("canvas").last)[..., :3]
        np.testing.assert_array_equal(face, in_colour(read(of_faces, stream)))
        return stream.hex()

    assert check() == file.FILES[0]
    view.get_by_role("button", name="Write a new face").click()
    assert check() == file.FILES[1]
    view.get_by_role("grid").nth(1).get_by_role("gridcell").nth(2).click()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    flipped = int(file.FILES[1], 16) ^ 0b00100010 << 8
    assert check() == f"{flipped:06x}"
    assert "You changed bit 7 of byte 2." in words(view)
    field.fill("4164")
    assert words(view).startswith("A file is six digits")
    field.fill("416461")
    check()
    *parts, face = map(pixels, view.locator("canvas").all())
    for count, part in enumerate(parts, 1):
        known = part[..., 3] == 255
        assert f"{known.sum()}" in words(view)
        for rest in (b"", b"\xff" * 5):  # the first and the last number with these bytes
            other = in_colour(read(of_faces, b"Ada"[:count] + rest))
            np.testing.assert_array_equal(other[known], face[known][:, :3])
    field.fill("000000")
    assert check() == "000000" and "its shortest file is empty" in words(view)
    field.fill("ffffff")
    assert check() == "ffffff" and "zeros behind them the rest" in words(view)
    view.get_by_role("button", name="Toss 24 coins").click()
    assert words(view).startswith("24 coins fell.")
    assert field.input_value() != "416461"


# A hole of any shape


@NEEDED
def test_what_is_erased_is_filled_as_by_the_library_and_the_rest_stays(tab):
    hole, view = erase.HOLE.copy(), open_figure(tab, live.Erase(), width=360)
    height, cells = view.bounding_box()["height"], view.get_by_role("gridcell")

    cells.nth(5 * 16 + 12).focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Space")
    hole[4:7, 12:15] = True
    view.get_by_role("button", name="Other fills").click()
    view.get_by_role("button", name="Another face").click()
    first, last = (cells.nth(n).bounding_box() for n in (0, 3))
    tab.mouse.move(first["x"] + 1, first["y"] + 1)
    tab.mouse.down()
    tab.mouse.move(last["x"] + 1, last["y"] + 1, steps=9)
    tab.mouse.up()
    hole[:2, :5] = True
    marks = cells.evaluate_all("all => all.map(e => e.dataset.erased !== undefined)")
    np.testing.assert_array_equal(np.reshape(marks, (16, 16)), hole)

    def shown():
        return np.array([pixels(one)[..., :3] for one in view.locator("canvas").all()])

    face, filled = erase.FACES[1], erase.fill(erase.FACES[1], hole, range(4, 8))
    assert (filled[:, ~hole] == face[~hole]).all()
    agree = (filled[:, hole] == filled[0, hole]).all(axis=0).sum()
    told = f"{hole.sum()} of 256 pixels are erased. In {agree} of them, all fills agree."
    view.get_by_role("status").filter(has_text=told).wait_for()
    np.testing.assert_array_equal(shown(), in_colour(filled[..., None]))
    view.get_by_role("button", name="Bring all back").click()
    np.testing.assert_array_equal(shown(), in_colour(erase.FACES[[1] * 4][..., None]))
    assert words(view) == "Nothing is erased." and view.bounding_box()["height"] == height
