"""Firefox and WebKit as Debian has them, with a sound card that leads nowhere: what a test asks of a browser.

Firefox is driven by WebDriver BiDi over a WebSocket, WebKitGTK's MiniBrowser by WebDriver over HTTP, and
Chromium by Playwright. All three answer the same few calls.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import urllib.error
import urllib.request
from typing import Any, Protocol

from playwright.sync_api import Page

from practice.tests.processes.up_runner import wait_for

WAITS = 60
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name of an element's reference, from the standard
KEYS = {"Enter": "\ue007", "ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Escape": "\ue00c", "Space": " "}


class Browser(Protocol):
    """What these tests ask of any browser. `run` returns what a function body returns, awaited, as JSON."""

    def open(self, url: str) -> None: ...
    def run(self, body: str, *words: Any) -> Any: ...
    def click(self, selector: str) -> None: ...
    def press(self, key: str) -> None: ...


def until(browser: Browser, body: str, *words: Any) -> Any:
    """What the function body returns, as soon as that is something."""
    found: list[Any] = []

    def there() -> bool:
        found[:] = [browser.run(body, *words)]
        return bool(found[0])

    wait_for(there, seconds=WAITS)
    return found[0]


class Chromium:
    """Chromium, through Playwright."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, url: str) -> None:
        """Open an address and wait until it has loaded."""
        self.page.goto(url)

    def run(self, body: str, *words: Any) -> Any:
        """What the function body returns."""
        return self.page.evaluate(f"words => (async function () {{ {body} }})(...words)", [*words])

    def click(self, selector: str) -> None:
        """Click the first visible element."""
        self.page.locator(f"{selector}:visible").first.click()

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        self.page.keyboard.press(key)


class WebKit:
    """WebKitGTK's MiniBrowser, through WebDriver."""

    def __init__(self, port: int, program: str) -> None:
        self.home = f"http://127.0.0.1:{port}"
        wait_for(self._answers, seconds=WAITS)
        options = {"binary": program, "args": ["--automation"]}
        asked = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.home += f"/session/{self._ask('POST', '/session', asked)['sessionId']}"

    def _answers(self) -> bool:
        try:
            return bool(self._ask("GET", "/status")["ready"])
        except OSError:
            return False

    def _ask(self, method: str, path: str, said: dict[str, Any] | None = None) -> Any:
        data = None if said is None else json.dumps(said).encode()
        request = urllib.request.Request(self.home + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=WAITS) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refusal:
            raise AssertionError(refusal.read().decode()) from refusal

    def open(self, url: str) -> None:
        """Open an address and wait until it has loaded."""
        self._ask("POST", "/url", {"url": url})

    def run(self, body: str, *words: Any) -> Any:
        """What the function body returns."""
        script = (
            "const done = arguments[arguments.length - 1];"
            f"(async function () {{ {body} }})(...arguments).then(done, wrong => done(`wrong: ${{wrong}}`));"
        )
        return self._ask("POST", "/execute/async", {"script": script, "args": [*words]})

    def click(self, selector: str) -> None:
        """Click the first visible element."""
        found = self._ask("POST", "/elements", {"using": "css selector", "value": selector})
        for element in [next(iter(one.values())) for one in found]:
            if self._ask("GET", f"/element/{element}/displayed"):
                there = {ELEMENT: element}  # where the page scrolls smoothly, it would be clicked on the way
                self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", there)
                self._ask("POST", f"/element/{element}/click", {})
                return
        raise AssertionError(f"no visible {selector}")

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        does = [{"type": kind, "value": KEYS.get(key, key)} for kind in ("keyDown", "keyUp")]
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": does}]})

    def end(self) -> None:
        """Close the browser."""
        self._ask("DELETE", "")


class WebSocket:
    """The little of RFC 6455 that a client needs: text out, text in."""

    def __init__(self, port: int, path: str) -> None:
        self._line = socket.create_connection(("127.0.0.1", port), timeout=WAITS)
        key = base64.b64encode(os.urandom(16)).decode()
        self._line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._file = self._line.makefile("rb")
        assert b" 101 " in self._file.readline()
        while self._file.readline().strip():
            pass

    def send(self, text: str) -> None:
        """Send one message."""
        data = text.encode()
        length = len(data)
        size = bytes([0x80 | length]) if length < 126 else struct.pack(">BH", 0xFE, length)
        if length > 0xFFFF:
            size = struct.pack(">BQ", 0xFF, length)
        mask = os.urandom(4)
        self._line.sendall(b"\x81" + size + mask + bytes(one ^ mask[at % 4] for at, one in enumerate(data)))

    def receive(self) -> str:
        """Return the next message."""
        whole, is_last = b"", False
        while not is_last:
            first, length = self._file.read(2)
            is_last = bool(first & 0x80)
            if length == 126:
                (length,) = struct.unpack(">H", self._file.read(2))
            elif length == 127:
                (length,) = struct.unpack(">Q", self._file.read(8))
            data = self._file.read(length)
            if first & 0x0F in (0, 1):
                whole += data
            else:
                is_last = False  # a ping between two frames
        return whole.decode()

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._line.close()


class Firefox:
    """Firefox, through WebDriver BiDi."""

    def __init__(self, port: int) -> None:
        self._number = 0
        self._line = WebSocket(port, "/session")
        self._ask("session.new", capabilities={})
        self._here = {"context": self._ask("browsingContext.getTree")["contexts"][0]["context"]}

    def _ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        self._line.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._line.receive())
            if answer.get("id") == self._number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def _call(self, function: str, *words: Any) -> dict[str, Any]:
        asked = [{"type": "string", "value": json.dumps(words)}]
        answer = self._ask(
            "script.callFunction",
            functionDeclaration=function,
            arguments=asked,
            target=self._here,
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, url: str) -> None:
        """Open an address and wait until it has loaded."""
        self._ask("browsingContext.navigate", **self._here, url=url, wait="complete")

    def run(self, body: str, *words: Any) -> Any:
        """What the function body returns."""
        function = (
            "async words => JSON.stringify("
            f"await (async function () {{ {body} }})(...JSON.parse(words)) ?? null)"
        )
        return json.loads(self._call(function, *words)["value"])

    def click(self, selector: str) -> None:
        """Click the first visible element."""
        find = (
            "words => { const found = [...document.querySelectorAll(JSON.parse(words)[0])]"
            ".find(one => one.checkVisibility());"
            "found.scrollIntoView({block: 'center', behavior: 'instant'}); return found; }"
        )
        element = {"type": "element", "element": {"sharedId": self._call(find, selector)["sharedId"]}}
        does: list[dict[str, Any]] = [{"type": "pointerMove", "x": 0, "y": 0, "origin": element}]
        does += [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._act({"type": "pointer", "id": "mouse", "actions": does})

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        does = [{"type": kind, "value": KEYS.get(key, key)} for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": does})

    def _act(self, source: dict[str, Any]) -> None:
        self._ask("input.performActions", **self._here, actions=[source])

    def end(self) -> None:
        """Close the browser."""
        self._ask("browser.close")
        self._line.close()
