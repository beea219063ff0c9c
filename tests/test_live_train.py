"""The network that is trained in the page: it stops, goes on, is kept, drawn with and accounted for."""

import base64
import json
import re

import numpy as np
import pytest
from browser import NEEDED, open_figure, pixels, words
from in_page import face_in, run

from pixelcnn_lib import account, faces
from pixelcnn_lib.teach import live, own
from pixelcnn_lib.teach.live.faces import noise

pytestmark = NEEDED
SHORT = dict(width=16, blocks=1, first=5)
DONE = 240_000  # milliseconds, on a busy machine
REFUSES = """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };"""


def press(view, name):
    view.get_by_role("button", name=name, exact=True).click()


def kept(tab):
    return tab.evaluate("localStorage.getItem('opat-own')")


def train(view, steps):
    press(view, "Train")
    view.page.wait_for_function(
        "steps => document.querySelector('.opat-train').dataset.step == steps",
        arg=steps,
        timeout=DONE,
    )
    view.get_by_role("button", name="Train", exact=True).wait_for(timeout=DONE)


def test_it_stops_goes_on_and_every_figure_takes_the_network_that_it_keeps(tab, tmp_path):
    steps = 400
    shown = live.Train(steps=steps, **SHORT), live.Faces(seed=5), live.Bits()
    train_view = open_figure(tab, *shown)
    drawn, bits = tab.locator(".opat").nth(1), tab.locator(".opat").nth(2)
    assert tab.get_by_role("radio", name="mine").count() == 0  # nothing is kept yet
    train_view.get_by_role("radio", name="400", exact=True).check()
    press(train_view, "Train")
    assert train_view.get_by_role("radio", name="off").is_disabled()
    train_view.get_by_text("left").wait_for()
    press(train_view, "Stop")
    train_view.get_by_text("Stopped. After").wait_for(timeout=DONE)
    step = int(train_view.get_attribute("data-step"))
    assert 0 < step < steps
    assert json.loads(kept(tab))["steps"] == step  # nothing is lost
    press(train_view, "Go on")
    press(train_view, "I recognise a face")
    train_view.get_by_text("You expected to recognise a face after 400").wait_for(timeout=DONE)
    assert train_view.get_attribute("data-step") == str(steps)
    file = json.loads(kept(tab))
    assert file["steps"] == steps
    assert file["bits"] == pytest.approx(float(train_view.get_attribute("data-bits")), abs=1e-3)

    path = tmp_path / "mine.json"
    with tab.expect_download() as download:
        press(train_view, "Save as a file")
    download.value.save_as(path)
    model = own.load(path)
    fresh = account.prices(model, faces.faces(1000, seed=9)).sum((1, 2))
    assert fresh.mean() == pytest.approx(file["bits"], abs=0.15 * file["bits"])  # other faces

    drawn.get_by_role("radio", name="mine").check()
    drawn.get_by_text("Your own network draws.").wait_for()
    drawn.get_by_text("is finished").wait_for()
    image, dice = face_in(drawn), noise(5, (256,))
    logits = np.asarray(model(image[None].astype("uint8")), float).reshape(256, 64)
    sums = np.exp(logits - logits.max(axis=1, keepdims=True)).cumsum(axis=1)
    again = (sums > dice[:, None] * sums[:, -1:]).argmax(axis=1)
    np.testing.assert_array_equal(again, image.ravel())
    assert drawn.get_by_role("button", name="Glasses").is_disabled()

    bits.get_by_role("radio", name="mine").check()
    bits.get_by_text("your own network").wait_for()
    assert float(bits.get_attribute("data-bits")) == pytest.approx(file["bits"], abs=2e-3)
    share = np.full((1, 16, 16), file["bits"] / 256)
    totals = account.shares(share, SHORT["blocks"], SHORT["first"]).totals
    assert bits.locator(".opat-sums span").all_inner_texts() == list(totals)
    sums = [float(text) for text in bits.locator(".opat-sums b").all_inner_texts()]
    np.testing.assert_allclose(sums, list(totals.values()), atol=0.02)
    press(train_view, "Forget it")
    assert kept(tab) is None
    assert tab.get_by_role("radio", name="mine").count() == 0
    assert "the book's" in words(bits)
    press(train_view, "Bring it back")
    assert json.loads(kept(tab)) == file


def test_without_masks_the_loss_dives_below_the_least_possible_and_nothing_is_kept(tab):
    view = open_figure(tab, live.Train(steps=300, masked=False, **SHORT))
    train(view, 300)
    assert float(view.get_attribute("data-bits")) < faces.faces_entropy()
    assert "the network sees the answer" in words(view)
    assert kept(tab) is None


def test_it_works_without_simd_and_where_the_browser_keeps_nothing(tab):
    tab.add_init_script(REFUSES)
    figure = live.Train(steps=8, **SHORT)
    figure.program = base64.b64encode(b"no program").decode()
    view = open_figure(tab, figure, width=360)
    train(view, 8)
    assert words(view).endswith("This browser refuses to keep it: save it as a file.")


def test_a_stopped_training_does_not_replace_a_better_network(tab):
    good = own.described(own.load(own.BOOKS[1])) | {"bits": 24.5}
    tab.add_init_script(f"localStorage.setItem('opat-own', {json.dumps(json.dumps(good))})")
    view = open_figure(tab, live.Train(**SHORT))
    press(view, "Train")
    view.get_by_text("left").wait_for()
    press(view, "Stop")
    view.get_by_text("A better one of yours stays").wait_for(timeout=DONE)
    assert json.loads(kept(tab))["bits"] == 24.5
    press(view, "Keep this one")
    view.get_by_text("It stays in this browser").wait_for()
    assert json.loads(kept(tab))["bits"] > 24.5


def test_after_coming_back_the_kept_network_draws_again(tab):
    good = own.described(own.load(own.BOOKS[1])) | {"bits": 24.5}
    tab.add_init_script(f"localStorage.setItem('opat-own', {json.dumps(json.dumps(good))})")
    view = open_figure(tab, live.Train())
    before = pixels(view.locator("canvas"))
    assert "draws again" in view.locator(".opat-ticker").inner_text()
    for _ in range(100):
        tab.wait_for_timeout(200)
        if not np.array_equal(shown := pixels(view.locator("canvas")), before):
            break
    first = shown[:16, :16, :3]
    found = run("drawn", "uint8", file=good, seed=0, count=1).reshape(16, 16, 1)
    np.testing.assert_array_equal(first, faces.in_colour(found))


def test_a_file_of_python_is_opened_and_a_bad_one_refused_in_one_line(tab, tmp_path):
    path, bad = tmp_path / "from_python.json", tmp_path / "diary.json"
    own.save(own.network(**{**SHORT, "embed": 8}), path)
    bad.write_text("dear diary")
    view = open_figure(tab, live.Train())
    field = view.locator("input[type=file]")
    field.set_input_files(bad)
    view.get_by_text("This is no network of chapter 1's form: it is not JSON.").wait_for()
    assert kept(tab) is None
    field.set_input_files(path)
    view.get_by_text("from_python.json is yours now.").wait_for()
    assert json.loads(kept(tab))["form"] == {**SHORT, "embed": 8}
    view.get_by_text(re.compile("of yours, 1[45][0-9][0-9]")).wait_for()  # it is scored, too


def test_python_s_network_draws_in_the_figure_and_its_prices_are_shown(tab):
    model = own.network(embed=4, width=8, first=3, blocks=1)
    view = open_figure(tab, live.Faces(model, seed=2), width=360)
    view.get_by_text("is finished").wait_for()
    assert view.get_by_role("button", name="Sad").is_disabled()
    view.get_by_role("radio", name="prices").check()
    view.get_by_role("gridcell", name="row 0, column 0: 6.0 bits").wait_for()
