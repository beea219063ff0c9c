"""Every chapter in Firefox, driven by Mozilla's own client: figures come alive, no script fails."""

import shutil
import time

import pytest
from browser import HTML

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
NOWHERE = {"network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9}
ALIVE = """
const all = [...document.querySelectorAll("[data-live], [data-predict]")];
for (const button of document.querySelectorAll("[data-live] button:enabled")) button.click();
return all.map((one) => [
  one.dataset.live || one.dataset.predict,
  one.matches("[data-alive]") || one.querySelectorAll("button").length > 0,
]);
"""
ERRORS = """
return Services.console.getMessageArray()
  .filter((one) => one instanceof Ci.nsIScriptError && !(one.flags & 1))
  .filter((one) => one.sourceName.startsWith("file:"))
  .map((one) => one.errorMessage);
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FIREFOX, reason="Firefox is not installed"),
    pytest.mark.filterwarnings("ignore"),  # of the client's own code
]


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    from marionette_driver.marionette import Marionette

    log = tmp_path_factory.mktemp("firefox") / "log"  # the client deletes a file of this name first
    driver = Marionette(bin=FIREFOX, headless=True, prefs=NOWHERE, gecko_log=str(log))
    driver.start_session()
    yield driver
    driver.quit()
    driver.cleanup()


def test_every_chapter_comes_alive(firefox):
    pages = sorted((HTML / "chapters").glob("*.html"))
    assert pages, "run `make book` first"
    for path in pages:
        firefox.navigate(path.as_uri())
        found = firefox.execute_script(ALIVE)
        assert found and all(alive for _, alive in found), f"{path.name}: {found}"
    with firefox.using_context("chrome"):
        assert firefox.execute_script(ERRORS) == []


def test_a_network_learns_and_is_kept(firefox):
    """As in Chromium; see test_live_train.py."""
    firefox.navigate((HTML / "alone" / "train.html").as_uri())
    press = "[...document.querySelectorAll('button')].find((one) => one.textContent === arguments[0]).click()"
    bits = "return Number(document.querySelector('.opat').dataset.bits ?? 9999)"
    firefox.execute_script(press, ["Train"])
    end = time.monotonic() + 200
    while firefox.execute_script(bits) > 60 and time.monotonic() < end:
        time.sleep(1)
    firefox.execute_script(press, ["Stop"])
    assert firefox.execute_script(bits) <= 60
    time.sleep(2)  # the last score
    assert "opat-own" in firefox.execute_script("return Object.keys(localStorage)")
