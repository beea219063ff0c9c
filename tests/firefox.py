"""Firefox for tests, driven by WebDriver BiDi: what the shared checks use of a Playwright page.

Playwright drives the Firefox that it downloads, and others from version 143 on; Debian's
firefox-esr is older. Selenium needs geckodriver, which Debian does not package.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import REPORTED
from websocket import create_connection

FIREFOX = next(filter(None, map(shutil.which, ["firefox-esr", "firefox"])), "")
NEEDED = pytest.mark.skipif(
    not FIREFOX, reason="Firefox is not installed: no page was opened in it"
)
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "ArrowDown": "\ue015"}
PATIENCE = 120  # seconds, for Firefox to begin and for each of its answers


class Connection:
    """Commands to a running Firefox, and its events: `on_event(name, values)` gets each of them."""

    def __init__(self, address):
        self.socket = create_connection(address, timeout=PATIENCE, suppress_origin=True)
        self.sent, self.on_event = 0, lambda name, values: None

    def send(self, method, **values):
        """Send a command without waiting for its answer; returns its number."""
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": values}))
        return self.sent

    def call(self, method, **values):
        """Send a command; returns its result. Events that come before it are dealt with first."""
        number = self.send(method, **values)
        while (said := json.loads(self.socket.recv())).get("id") != number:
            if said["type"] == "event":
                self.on_event(said["method"], said["params"])
        if said["type"] == "error":
            raise RuntimeError(f"{method}: {said['message']}")
        return said["result"]


class Page:
    """A tab of Firefox: `outside`, addresses asked, and `errors`, as `browser.watched_page` has them."""

    def __init__(self, connection, allowed):
        self.connection, self.allowed = connection, allowed
        self.outside, self.errors = [], []
        self.keyboard = self.mouse = self  # so that `page.keyboard.press` means `page.press`
        connection.on_event = self.note
        self.profile = connection.call("browser.createUserContext")  # with a storage of its own
        self.tab = connection.call("browsingContext.create", type="tab", **self.profile)["context"]

    def note(self, event, values):
        """Collect errors, and stop requests to other hosts."""
        if event == "log.entryAdded" and values["level"] == "error":
            places = (values.get("stackTrace") or {}).get("callFrames", [])
            lines = [f"{one['functionName']} {one['url']}:{one['lineNumber']}" for one in places]
            error = "\n".join([values["text"] or "", *lines])
            self.errors.append(error)
            REPORTED.append(error)
        if event == "network.beforeRequestSent" and values["isBlocked"]:
            request = values["request"]
            allowed = request["url"].startswith(self.allowed) or values["context"] is None
            if not allowed:
                self.outside.append(request["url"])
            verb = "continueRequest" if allowed else "failRequest"
            self.connection.send(f"network.{verb}", request=request["request"])

    def goto(self, address, wait_until="load"):
        self.call("browsingContext.navigate", url=address, wait="complete")

    def reload(self, wait_until="load"):
        self.call("browsingContext.reload", wait="complete")

    def set_viewport_size(self, size):
        self.call("browsingContext.setViewport", viewport=size)

    def evaluate(self, function, value=None):
        """Call a function in JavaScript with one value; both it and the result are JSON."""
        done = self.connection.call(
            "script.callFunction",
            functionDeclaration=f"async text => JSON.stringify(await ({function})(JSON.parse(text)))",
            arguments=[{"type": "string", "value": json.dumps(value)}],
            target={"context": self.tab},
            awaitPromise=True,
        )
        assert done["type"] == "success", done["exceptionDetails"]["text"]
        return json.loads(done["result"].get("value", "null"))

    def press(self, key):
        parts = [{"type": kind, "value": KEYS[key]} for kind in ("keyDown", "keyUp")]
        self.act({"type": "key", "id": "keyboard", "actions": parts})

    def click(self, x, y):
        move = {"type": "pointerMove", "x": round(x), "y": round(y)}
        parts = [move, *({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))]
        self.act({"type": "pointer", "id": "mouse", "actions": parts})

    def act(self, *actions):
        self.call("input.performActions", actions=actions)

    def call(self, method, **values):
        return self.connection.call(method, context=self.tab, **values)

    def close(self):
        self.connection.call("browser.removeUserContext", **self.profile)


def begin(folder):
    """Start Firefox with a new profile in `folder`; returns (process, address of its socket)."""
    log = Path(folder) / "log"
    command = [FIREFOX, "--headless", "--no-remote", "--remote-debugging-port=0"]
    with log.open("wb") as out:
        home = {**os.environ, "HOME": folder}
        process = subprocess.Popen(
            [*command, "--profile", folder], stdout=out, stderr=out, env=home
        )
    for _ in range(10 * PATIENCE):
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)\n", log.read_text()):
            return process, f"{found[1]}/session"
        if process.poll() is not None:
            break
        time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"Firefox did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def firefox():
    """A connection to a Firefox of its own, for the tests of one module."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process, address = begin(folder)
        try:
            connection = Connection(address)
            connection.call("session.new", capabilities={})
            events = ["log.entryAdded", "network.beforeRequestSent"]
            connection.call("session.subscribe", events=events)
            connection.call("network.addIntercept", phases=["beforeRequestSent"])
            yield connection
            connection.socket.close()
        finally:
            process.terminate()
            process.wait(PATIENCE)


@contextmanager
def watched_page(connection, allowed=("file:", "data:", "blob:")):
    """A page that collects what goes wrong, as `browser.watched_page` gives one of Chromium."""
    page = Page(connection, allowed)
    yield page
    page.close()
