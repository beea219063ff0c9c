"""The theatre: the network in the page is the library's, to the last value that it draws."""

import base64
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import playwright
import pytest
import quantise
from browser import NEEDED, open_figure
from keras import ops

from pixelcnn_lib import data
from pixelcnn_lib.model import PixelCNN
from pixelcnn_lib.sampling import complete, generate_images
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import base, theatre

FILE = json.loads(theatre.NETWORK.read_text())
DRIVER = Path(playwright.__file__).parent / "driver"  # it brings Node along
NODE = shutil.which("node", path=os.pathsep.join([os.environ["PATH"], str(DRIVER)]))

# Each takes one object and gives base64 text.
PROGRAMS = """
function encode(array) {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += 9999) text += String.fromCharCode(...bytes.slice(i, i + 9999));
  return btoa(text);
}
function score({ file, images, height, width }) {
  const network = readNetwork(file);
  const all = images.flatMap((image) => {
    const known = new Map(image.map((level, number) => [number, level]));
    const drawing = new Drawing(network, height, width, null, 1, known);
    drawing.drawTo(image.length);
    return drawing.parameters.flatMap((one) => logProbs(one, network.levels));
  });
  return encode(Float32Array.from(all));
}
function paint({ file, noise, height, width, temperature, known, changes }) {
  const drawing = new Drawing(
    readNetwork(file), height, width, (i) => noise[i], temperature, new Map(known));
  drawing.drawTo(noise.length);
  for (const [number, level] of changes) {
    drawing.known.set(number, level);
    drawing.goBack(number);
    drawing.drawTo(noise.length);
  }
  return encode(drawing.image);
}
function noises({ seed, count }) {
  return encode(Float64Array.from({ length: count }, (_, number) => noiseOf(seed, number)));
}
"""


@pytest.fixture(scope="module", params=["node", pytest.param("chromium", marks=NEEDED)])
def run(request):
    """Run one of PROGRAMS where the parameter says, and read what it gives as a dtype."""
    code = base.read("pixelnet.js") + PROGRAMS
    if request.param == "chromium":
        page = request.getfixturevalue("chromium").new_page()
        call = lambda name, given: page.evaluate(
            f"(given) => {{{code} return {name}(given)}}", given
        )
    else:

        def call(name, given):
            text = f"{code} process.stdout.write({name}({json.dumps(given)}))"
            options = dict(input=text, capture_output=True, check=True, encoding="utf-8")
            return subprocess.run([NODE, "-"], **options).stdout

    def run(name, dtype, **given):
        return np.frombuffer(base64.b64decode(call(name, given)), dtype)

    return run


@pytest.fixture(scope="module")
def model():
    """The shipped model in float64."""
    model = PixelCNN.preset("small", dtype="float64")
    model.set_weights(PixelCNN.pretrained("small").get_weights())
    return model


@pytest.fixture(scope="module")
def quantised():
    """The same with the weights of the page's file, read by other means than the page's."""
    model = PixelCNN.preset("small", dtype="float64")
    raw = np.frombuffer(base64.b64decode(FILE["weights"]), np.uint8).reshape(-1, 3)
    whole = raw @ np.array([1 << 16, 1 << 8, 1])
    numbers = iter(np.where(whole < 1 << 23, whole, whole - (1 << 24)).tolist())
    exponents = iter(FILE["exponents"])

    def matrix(rows, columns):
        powers = 2.0 ** np.fromiter(exponents, float, columns)
        return np.fromiter(numbers, float, rows * columns).reshape(rows, columns) * powers

    blocks = [(block.narrow, block.look, block.widen) for block in model.body]
    for layer in [model.first, *sum(blocks, ()), *model.top, model.head.conv]:
        height, width, filters_in, filters_out = layer.kernel.shape
        kernel = np.zeros((height * width, filters_in, filters_out))
        past = height * width // 2
        read = matrix((past + 1) * filters_in + 1, filters_out)
        kernel[: past + 1] = read[:-1].reshape(past + 1, filters_in, filters_out)
        layer.kernel.assign(kernel.reshape(layer.kernel.shape))
        layer.bias.assign(read[-1])
    for skip, read in zip(model.skips, matrix(len(model.skips), model.first.filters)):
        skip.assign(read)
    assert next(numbers, None) is None and next(exponents, None) is None
    return model


# The network


def test_the_file_is_what_the_tool_makes_of_the_shipped_model():
    assert quantise.quantise(PixelCNN.pretrained("small")) == FILE


def test_log_probabilities_are_keras_s_at_every_position_of_ten_images(run, model):
    rng = np.random.default_rng(0)
    rough = rng.integers(0, 256, (1, 16, 16, 3), "uint8")
    images = [data.photos(16, "test")[:7], data.toy(1), rough, np.zeros_like(rough)]
    images = np.concatenate(images)  # (10, 16, 16, 3)
    flat = images.reshape(10, -1).tolist()
    found = run("score", "float32", file=FILE, images=flat, height=16, width=16)
    wanted = ops.convert_to_numpy(model(images))  # (10, 16, 16, 3, 256)
    assert np.abs(found.reshape(wanted.shape) - wanted).max() < 1e-3


@pytest.mark.parametrize(
    "shape, temperature", [((16, 16, 3), 1), ((16, 16, 3), 0.7), ((5, 9, 3), 1), ((3, 2, 3), 1.6)]
)
def test_the_same_noise_draws_the_library_s_picture(run, quantised, shape, temperature):
    noise = np.random.default_rng(sum(shape)).random((1, *shape))
    options = dict(noise=noise, temperature=temperature)
    wanted = generate_images(quantised, 1, shape[:2], **options)[0]
    given = dict(height=shape[0], width=shape[1], temperature=temperature, known=[], changes=[])
    found = run("paint", np.uint8, file=FILE, noise=noise.ravel().tolist(), **given)
    np.testing.assert_array_equal(found.reshape(shape), wanted)


def test_completion_and_overruling_are_the_library_s(run, quantised):
    """The upper half is given; two later values are overruled, the later one first."""
    shape = (8, 6, 3)
    noise = np.random.default_rng(0).random((1, *shape))
    images, known = data.photos(16, "test")[:1, :8, :6].copy(), np.zeros((1, *shape), bool)
    known[:, :4] = True
    half = [[number, int(images.flat[number])] for number in np.flatnonzero(known).tolist()]
    changes = [[131, 7], [80, 250]]
    for number, level in changes:
        images.flat[number], known.flat[number] = level, True
    wanted = complete(quantised, images, known, noise=noise)[0]
    given = dict(height=8, width=6, temperature=1, known=half, changes=changes)
    found = run("paint", np.uint8, file=FILE, noise=noise.ravel().tolist(), **given)
    np.testing.assert_array_equal(found.reshape(shape), wanted)


def test_one_level_more_in_the_first_red_moves_what_chapter_9_says(quantised):
    noise = theatre.noise(2, (1, 16, 16, 3))
    before = generate_images(quantised, 1, 16, noise=noise)
    overruled, known = before.copy(), np.zeros(before.shape, bool)
    overruled[0, 0, 0, 0] += 1
    known[0, 0, 0, 0] = True
    after = complete(quantised, overruled, known, noise=noise)
    assert (after != before).sum() - 1 == 599


def test_noise_is_the_page_s(run):
    for seed in (0, 1, 2**31 - 1):
        found = run("noises", "float64", seed=seed, count=3000)
        np.testing.assert_array_equal(theatre.noise(seed, (10, 10, 10, 3)).ravel(), found)


def test_noise_is_uniform_and_its_own_for_each_seed():
    noise = np.stack([theatre.noise(seed, (100, 100)) for seed in range(20)]).reshape(20, -1)
    assert noise.min() >= 0 and noise.max() < 1
    shares = np.stack([np.bincount((row * 10).astype(int), minlength=10) for row in noise])
    assert np.abs(shares - 1000).max() < 150  # five standard deviations
    alike = np.corrcoef(noise) - np.eye(20)
    assert np.abs(alike).max() < 0.05


# The figure


@pytest.fixture
def stage(tab):
    figure = open_figure(tab, live.Theatre())
    wait(figure)
    return figure


def wait(figure, count=r"(\d+)", total=r"\1"):
    """Until the picture is finished, or has `count` values."""
    figure.get_by_text(re.compile(f"^{count} of {total} values$")).wait_for()
    figure.page.wait_for_timeout(100)


def shown(figure):
    """The picture on the stage, from what is told of its pixels; -1 where nothing is drawn."""
    names = figure.get_by_role("gridcell").evaluate_all("all => all.map(e => e.ariaLabel)")
    pixels = [
        [int(level) for level in re.findall(r"(?:red|green|blue) (\d+)", name)] for name in names
    ]
    size = int(len(names) ** 0.5)
    filled = [pixel + [-1] * (3 - len(pixel)) for pixel in pixels]
    return np.array(filled).reshape(size, size, 3)


def words(figure):
    return figure.get_by_role("status").inner_text()


@NEEDED
def test_the_stage_shows_the_library_s_picture(stage, quantised):
    noise = theatre.noise(0, (1, 16, 16, 3))
    picture = generate_images(quantised, 1, 16, noise=noise)[0]
    np.testing.assert_array_equal(shown(stage), picture)
    log_p = ops.convert_to_numpy(quantised.log_prob(picture[None]))[0, 8, 8, 1]
    level, u = picture[8, 8, 1], noise[0, 8, 8, 1]
    assert f"Noise {u:.3f} finds level {level}".lower() in words(stage).lower()
    assert f", {-log_p / np.log(2):.1f} bits" in words(stage)


@NEEDED
def test_overruling_moves_later_values_alone_and_can_be_taken_back(stage, quantised):
    before = shown(stage)
    stage.get_by_role("gridcell", name="row 5, column 7:").click()
    assert words(stage).startswith("Green of row 5, column 7, after 262 others")
    stage.get_by_role("slider", name="Overrule").fill("255")
    stage.get_by_text("you wrote 255").wait_for()
    known = np.zeros((1, 16, 16, 3), bool)
    known[0, 5, 7, 1] = True
    noise = theatre.noise(0, known.shape)
    wanted = complete(quantised, np.full(known.shape, 255, "uint8"), known, noise=noise)[0]
    after = shown(stage)
    np.testing.assert_array_equal(after, wanted)
    moved = (after != before).ravel()
    told = f"moved {moved[263:].sum()} of the 505 later values, and 0 of the 262 earlier ones"
    assert told in words(stage) and not moved[:262].any()
    stage.get_by_role("gridcell", name="row 9, column 1:").click()
    told = f"With the same noise, your level at green of row 5, column 7 {told}"
    assert told in words(stage)
    stage.get_by_role("slider", name="Overrule").fill("0")
    stage.get_by_text("you wrote 0").wait_for()
    assert "your 2 levels, from green of row 5, column 7 on, moved" in words(stage)
    assert "of the 504 later values, and 0 of the 262 earlier ones" in words(stage)
    stage.get_by_role("button", name="Take all back").click()
    wait(stage)
    np.testing.assert_array_equal(shown(stage), before)


@NEEDED
def test_a_small_stage_tells_a_pixel_s_values(tab):
    figure = open_figure(tab, live.Theatre(compact=True))
    wait(figure)
    pixel = figure.get_by_role("gridcell", name="row 3, column 4:")
    pixel.click()
    assert words(figure).endswith(f"{pixel.get_attribute('aria-label')}.".capitalize())


@NEEDED
def test_a_seed_that_is_none_is_made_one(stage):
    seed = stage.get_by_label("Seed")
    for written, used in [("-3", "3"), ("2.7", "2"), ("", "0")]:
        seed.fill(written)
        seed.press("Enter")
        assert seed.input_value() == used


@NEEDED
def test_it_draws_pauses_and_steps(stage):
    finished = shown(stage)
    stage.get_by_label("Speed").fill("5")
    stage.get_by_role("button", name="Draw").click()
    wait(stage, r"\d\d", 768)
    stage.get_by_role("button", name="Pause").click()
    stage.get_by_text(re.compile("values are drawn")).wait_for()
    count = int(words(stage).split()[0])
    stage.get_by_role("button", name="Step").click()
    wait(stage, count + 1, 768)
    so_far = shown(stage).ravel()
    assert words(stage).startswith(f"{count + 1} of 768 values are drawn.")
    np.testing.assert_array_equal(so_far[: count + 1], finished.ravel()[: count + 1])
    assert (so_far[count + 1 :] == -1).all()
    stage.get_by_role("button", name="Finish").click()
    wait(stage)
    np.testing.assert_array_equal(shown(stage), finished)
    assert words(stage) == "The picture is finished."


@NEEDED
def test_settings_draw_another_picture(stage, quantised):
    first = shown(stage)
    stage.get_by_label("Temperature").fill("0.5")
    wait(stage)
    noise = theatre.noise(0, (1, 16, 16, 3))
    wanted = generate_images(quantised, 1, 16, noise=noise, temperature=0.5)[0]
    np.testing.assert_array_equal(shown(stage), wanted)
    stage.get_by_label("Temperature").fill("1")
    stage.get_by_label("Speed").fill("10")
    stage.get_by_role("button", name="Another seed").click()
    wait(stage)
    assert stage.get_by_label("Seed", exact=True).input_value() == "1"
    assert (shown(stage) != first).mean() > 0.5
    stage.get_by_label("Given").select_option(label="upper half of chelsea")
    stage.get_by_role("radio", name="24").check()
    wait(stage)
    (row, col), photograph = theatre.WINDOWS["chelsea"], data.photographs("test")[0].image
    half = photograph[row + 4 : row + 16, col + 4 : col + 28]
    np.testing.assert_array_equal(shown(stage)[:12], half)
    assert (shown(stage)[12:] >= 0).all() and shown(stage).shape == (24, 24, 3)


@NEEDED
def test_the_keyboard_walks_over_values(stage):
    stage.get_by_role("gridcell", name="row 0, column 0:").focus()
    keyboard = stage.page.keyboard
    for key, value in [
        ("ArrowRight", "Green of row 0, column 1,"),
        ("ArrowDown", "Green of row 1, column 1,"),
        ("b", "Blue of row 1, column 1,"),
        ("ArrowLeft", "Blue of row 1, column 0,"),
    ]:
        keyboard.press(key)
        assert words(stage).startswith(value)
        plot = stage.locator(".opat-distribution")
        assert value[1:-1] in plot.inner_text()


@NEEDED
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_it_plays_by_itself_where_asked_unless_motion_is_unwanted(tab, motion):
    tab.emulate_media(reduced_motion=motion)
    figure = open_figure(tab, live.Theatre(compact=True, autoplay=True, speed=8))
    if motion == "reduce":  # then a drawing is there at once
        wait(figure)
        figure.get_by_role("button", name="Draw").click()
        return wait(figure)
    wait(figure, r"\d\d", 768)
    assert (shown(figure) == -1).any()
    figure.get_by_role("button", name="Pause").click()
    figure.get_by_text("values are drawn").wait_for()


def test_the_picture_can_be_read_from_python():
    figure = live.Theatre(size=24)
    assert figure.picture.shape == (24, 24, 3) and figure.picture.max() == 0
    picture = np.arange(24 * 24 * 3, dtype=np.uint8).reshape(24, 24, 3)
    figure.values = base.to_base64(picture)
    np.testing.assert_array_equal(figure.picture, picture)
