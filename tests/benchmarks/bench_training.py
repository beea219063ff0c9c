"""Measure the training in the page: CPU seconds of the renderer, in headless Chromium, one thread.

Each number stands beside its limit. Run by `make bench`; it needs Chromium.
"""

import gzip
import os
import tempfile
import time
from pathlib import Path

import keras
import tensorflow as tf
from browser import CHROMIUM, FIGURE_PAGE, FLAGS
from playwright.sync_api import sync_playwright

from pixelcnn_lib import faces
from pixelcnn_lib.teach import live, own
from pixelcnn_lib.teach.live import base
from pixelcnn_lib.teach.live.train import SETTINGS

BATCH, STEPS = SETTINGS["batch"], SETTINGS["steps"]
RECOGNISED = 50  # bits of a new face, from which on faces can be recognised at sight


def renderer(browser):
    """Return the processes of all pages: (CPU seconds, megabytes of memory in use)."""
    session = browser.new_browser_cdp_session()
    all_ = session.send("SystemInfo.getProcessInfo")["processInfo"]
    ours = [one for one in all_ if one["type"] == "renderer"]
    session.detach()
    resident = 0
    for one in ours:
        pages = int(Path(f"/proc/{one['id']}/statm").read_text().split()[1])
        resident += pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return sum(one["cpuTime"] for one in ours), resident


def train(browser, folder, figure):
    """Train in a page to the end. Returns [(step, bits of a new face, CPU seconds, megabytes)]."""
    path = Path(folder) / "figure.html"
    path.write_text(FIGURE_PAGE.format(theme="light", figures=figure.to_html()), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    view, found = page.locator(".opat"), []
    start, _ = renderer(browser)
    view.get_by_role("button", name="Train", exact=True).click()
    while not found or found[-1][0] < figure.settings["steps"]:
        time.sleep(0.5)
        step, bits = (view.get_attribute(f"data-{name}") for name in ("step", "bits"))
        if bits and (not found or int(step) > found[-1][0]):
            cpu, resident = renderer(browser)
            found.append((int(step), float(bits), cpu - start, resident))
    page.close()
    return found


def keras_step():
    """Return the milliseconds of Keras's step of the same network, on one thread."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    names = ("embed", "width", "first", "blocks")
    model = own.network(**{name: SETTINGS[name] for name in names})
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01, clipnorm=1), loss, jit_compile=False)
    images = faces.faces(100 * BATCH, seed=1)
    fit = lambda: model.fit(images, images, batch_size=BATCH, verbose=0)
    took = []
    for _ in range(4):
        start = time.process_time()
        fit()
        took.append((time.process_time() - start) / 100)
    return 1000 * min(took[1:])


def say(what, value, limit, unit=""):
    print(f"{what:58} {value:8.2f} {unit:3} limit {limit}")


if __name__ == "__main__":
    figure = live.Train()
    code = gzip.compress(base.module(figure.name, figure.shared, figure.worker).encode())
    say("code of the figure, gzip", len(code) / 1000, "<= 100", "kB")
    say(
        "the whole figure, gzip",
        len(gzip.compress(figure.to_html().encode())) / 1000,
        "<= 350",
        "kB",
    )
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        found = train(browser, folder, figure)
        liar = train(browser, folder, live.Train(masked=False))
        browser.close()
    for step, bits, cpu, resident in found:
        print(f"  step {step:5}  {bits:8.2f} bits  {cpu:6.1f} CPU s  {resident:6.0f} MB")
    _, bits, cpu, resident = found[-1]
    say("bits of a new face at the end", bits, "<= 35")
    say("CPU seconds of it", cpu, "<= 45", "s")
    seen = next(cpu for _, bits, cpu, _ in found if bits <= RECOGNISED)
    say(f"CPU seconds to {RECOGNISED} bits: faces are recognised", seen, "<= 25", "s")
    early = next(one for one in found if one[0])
    say("memory, the last step / the first score", resident / early[3], "<= 1.1")
    ratio = 1000 * cpu / STEPS / keras_step()
    say("a step, scores and drawings included / Keras's", ratio, "<= 3")
    say("without masks, bits at the end", liar[-1][1], f"< {faces.faces_entropy():.2f}")
