"""Figures that draw, score or replay: what they show is what the library computes."""

import base64
import gzip
import io
import json
import re
import unicodedata

import numpy as np
import pytest
import record_runs
from browser import NEEDED, open_figure, stop_the_clock
from in_page import as_stored
from PIL import Image

from pixelcnn_lib import coding
from pixelcnn_lib.faces import FACE_COLOURS, ask, faces_entropy, in_colour
from pixelcnn_lib.family import PixelSNAIL
from pixelcnn_lib.sampling import complete
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import base, faces, file, guess, hills, surprise


def words(view):
    return view.get_by_role("status").inner_text()


def pixels(canvas):
    """What a canvas shows: uint8 (height, width, 4), red, green, blue and how opaque."""
    found = canvas.evaluate("""canvas => {
        const { width, height } = canvas;
        const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
        return { shape: [height, width, 4], values: [...data] };
    }""")
    return np.reshape(found["values"], found["shape"])


@pytest.fixture(scope="module")
def of_faces():
    return as_stored(PixelSNAIL.pretrained("faces"), json.loads(faces.NETWORK.read_text()))


# What is stored is what the shipped models say


def test_a_hill_is_its_first_level_and_a_digit_for_each_height():
    log_p = np.log([[0.001, 0.2, 0.4, 0.399], [0.97, 0.01, 0.01, 0.01]])
    assert hills.pack(log_p) == ["1:gvv", "0:v"]


def unpack(hill):
    """The heights of a hill: int (256,)."""
    first, digits = hill.split(":")
    heights = np.zeros(256, int)
    heights[int(first) :][: len(digits)] = [hills.DIGITS.index(digit) for digit in digits]
    return heights


def check_stored(stored, fresh, atol):
    """Costs agree to `atol` hundredths of a bit, and hills to one step."""
    for name in stored.keys() & {"bits", "peaks"}:
        np.testing.assert_allclose(stored[name], fresh[name], atol=atol)
    both = [[unpack(hill) for hill in one["hills"]] for one in (stored, fresh)]
    assert np.abs(np.subtract(*both)).max() <= 1


def test_the_game_s_file_is_what_the_shipped_model_says():
    fresh = guess.compute()
    for one, told in zip(live.YouAgainstTheModel().rounds, fresh, strict=True):
        check_stored(one["model"], told, atol=2)


def test_the_surprise_map_s_file_is_what_the_shipped_model_says():
    both = live.SurpriseMap().values, surprise.compute()
    check_stored(*[one | {"hills": one["hills"].split()} for one in both], atol=3)


# You against the model


@pytest.mark.parametrize("width", [0, 5, 9])
def test_the_reader_pays_by_the_library_s_own_logistic(width):
    half = guess.WITHIN[width]
    log_p = guess.curve(half)  # (256 guesses, 256 levels)
    np.testing.assert_allclose(np.exp(log_p).sum(-1), 1)
    assert 0.5 <= np.exp(log_p[128, 128 - half : 129 + half]).sum() < 0.7
    inside, ends = live.YouAgainstTheModel().prices[width]
    distance = np.abs(np.subtract.outer(np.arange(256), np.arange(256)))
    told = np.take(inside, distance)
    told[:, [0, 255]] = np.take(ends, distance[:, [0, 255]])
    np.testing.assert_allclose(told / 100, -log_p / np.log(2), atol=0.0051)


@NEEDED
def test_a_round_is_played_by_keyboard_to_the_verdict(tab):
    game = live.YouAgainstTheModel()
    first = game.rounds[0]
    view = open_figure(tab, game)
    level, sure = view.get_by_role("slider").all()
    assert "Round 1: an eye of a cat. Value 1 of 10: the red of row 16, column 13" in words(view)
    drawn = pixels(view.locator("canvas"))[..., 3].ravel() == 255
    assert drawn[: 16 * 32 + 13].all() and not drawn[16 * 32 + 13 :].any()
    hidden = view.locator("svg").nth(1)
    assert hidden.get_attribute("aria-label").endswith("after your guess")
    level.press("End")
    level.press("ArrowLeft")
    sure.press("Home")
    assert sure.get_attribute("aria-valuetext") == "± 1"
    yours = [game.prices[0][0][abs(254 - came)] / 100 for came in first["came"]]
    theirs = np.divide(first["model"]["bits"], 100)
    view.get_by_role("button").focus()
    for n, came in enumerate(first["came"]):
        tab.keyboard.press("Enter")
        told = f"The true level is {came}. You pay {yours[n]:.1f} bits, the model {theirs[n]:.1f} "
        assert words(view).startswith(told)
        assert f"true level {came}" in hidden.get_attribute("aria-label")
        if n < 9:
            tab.keyboard.press("Enter")
    power = re.search(r"The model gave these ten levels 2([⁰¹²³⁴-⁹]+) times", words(view))[1]
    assert int(unicodedata.normalize("NFKC", power)) == round(sum(yours) - theirs.sum())
    totals = view.locator(".opat-totals").inner_text()
    assert f"the model {theirs.sum():.1f} bits, a blind guess 80.0 bits" in totals
    assert "Record: one round, mean: you " in totals
    tab.keyboard.press("Enter")
    assert words(view).startswith("Round 2: the cat's other eye. Value 1 of 10")


# What each value costs


@NEEDED
def test_pointer_keys_and_choices_show_what_a_value_costs(tab):
    figure = live.SurpriseMap()
    view = open_figure(tab, figure, width=360)
    cells = view.get_by_role("gridcell")

    def told(row, col, colour):
        place = f"row {surprise.ROW + row}, column {surprise.COL + col}"
        came = surprise.crop()[row, col, colour]
        cost = f"{figure.bits()[row, col, colour]:.1f} bits"
        return f"The {surprise.COLOURS[colour]} of {place}: {came} came. It costs {cost}."

    cells.nth(3 * 24 + 5).click()
    assert words(view) == told(3, 5, 0)
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowRight")
    assert words(view) == told(4, 6, 0)
    view.get_by_role("radio", name="blue").check()
    assert words(view) == told(4, 6, 2)
    label = lambda: cells.nth(4 * 24 + 6).get_attribute("aria-label")
    assert label() == f"row 64, column 94, blue: {figure.bits()[4, 6, 2]:.1f} bits"
    view.get_by_role("radio", name="all three, summed").check()
    assert f"all three: {figure.bits()[4, 6].sum():.1f} bits" in label()


# Two trainings, replayed

RECORDED = json.loads(base.read("replay.json"))


def drawings(name, point):
    """The four drawings of a run at a point: (16, 64, 3)."""
    sheet = Image.open(io.BytesIO(base64.b64decode(RECORDED[name]["sheet"])))
    return np.array(sheet.convert("RGB"))[16 * point : 16 * point + 16]


def test_the_record_is_of_the_tool_s_runs_and_says_what_chapter_6_says():
    floor = faces_entropy()
    assert list(RECORDED) == list(record_runs.CONFIG)
    for name, run in RECORDED.items():
        assert run["steps"] == record_runs.STEPS and run["config"] == record_runs.config(name)
        assert len(run["fresh"]) == len(record_runs.STEPS)
    honest, liar = RECORDED.values()
    assert honest["fresh"][0] == pytest.approx(liar["fresh"][0], abs=0.1)  # the same weights
    assert floor < min(honest["fresh"]) < floor + 20
    assert liar["fresh"][-1] < 1
    assert live.Replay().floor == pytest.approx(floor, abs=0.01)
    drawn = drawings("liar", len(record_runs.STEPS) - 1)
    assert (drawn == FACE_COLOURS[0]).all()  # the colour of an empty canvas


@pytest.mark.slow
def test_the_first_steps_come_out_again():
    for name, run in RECORDED.items():
        again, _ = record_runs.record(name, record_runs.STEPS[:3], drawn=1)
        np.testing.assert_allclose(again["fresh"], run["fresh"][:3], rtol=0.1)
        np.testing.assert_allclose(again["train"][1:], run["train"][1:3], rtol=0.1)


@NEEDED
def test_the_slider_leads_or_the_clock(tab):
    stop_the_clock(tab)
    figure = live.Replay()
    view = open_figure(tab, figure)
    slider, play = view.get_by_role("slider"), view.get_by_role("button", name="Play")
    last = len(figure.steps) - 1

    def check(point):
        parts = []
        for key, name in figure.names.items():
            bits = figure.runs[key]["fresh"][point]
            off = f"{abs(bits - figure.floor):.2f} {'below' if bits < figure.floor else 'above'}"
            parts.append(f"{name} scores {bits:.2f} bits, {off} the entropy")
        assert words(view) == f"After {figure.steps[point]} steps {'; '.join(parts)}."
        assert slider.get_attribute("aria-valuetext") == f"{figure.steps[point]}"
        for index, (name, nth) in {1: ("honest", 1), 4: ("liar", 0)}.items():
            shown = pixels(view.locator("canvas").nth(index))[..., :3]
            np.testing.assert_array_equal(shown, drawings(name, point)[:, 16 * nth :][:, :16])

    view.locator("canvas").first.wait_for()
    check(0)
    slider.press("End")
    check(last)
    slider.press("Home")
    play.click()  # at once to the next point
    tab.clock.run_for(2 * 400)
    check(3)
    slider.press("ArrowRight")  # the reader's hand stops the clock
    tab.clock.run_for(4000)
    check(4)
    play.click()
    tab.clock.run_for(60_000)
    check(last)
    play.click()
    check(0)


# A face


def test_the_figure_of_faces_is_light():
    assert len(gzip.compress(live.Faces().to_html().encode())) < 300_000


def test_each_colour_has_its_own_name():
    names = [name for name, *_ in live.Faces().palette]
    assert len(names) == len(set(names)) == len(FACE_COLOURS)


def face_in(view):
    """The face, from what is told of its pixels: (16, 16, 1); -1 where nothing is drawn."""
    numbers = {name: number for number, (name, *_) in enumerate(live.Faces().palette)}
    told = view.get_by_role("gridcell").evaluate_all("all => all.map(e => e.ariaLabel)")
    return np.array([numbers.get(one.partition(": ")[2], -1) for one in told]).reshape(16, 16, 1)


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
    assert words(view).startswith("Wished: glasses, sad. With the same noise, ")
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
def test_eight_other_lower_halves_follow_the_same_upper_half(tab):
    view = open_figure(tab, live.Faces())
    view.get_by_text("is finished").wait_for()
    face = FACE_COLOURS[face_in(view)[..., 0]]
    view.get_by_role("button", name="Eight other lower halves").click()
    view.get_by_text("8 other faces").wait_for()
    drawn = [pixels(one)[..., :3] for one in view.locator("canvas").all()]
    assert len(drawn) == 8 and all((one[:8] == face[:8]).all() for one in drawn)
    assert any((one[8:] != face[8:]).any() for one in drawn)


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
    coding.run(model, image, faces.UNASKED[None], [coding.reader(stream)], np, progress=False)
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
    view.get_by_role("button", name="Toss 24 coins").click()
    assert words(view).startswith("24 coins fell.")
    assert field.input_value() != "416461"
