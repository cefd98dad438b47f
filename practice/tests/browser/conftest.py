"""A real browser, in front of a whole practice: broker, workers, clock, web server and a mail server."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from practice.processes import broker
from practice.tests.mail.server import MailServer, mail_server
from practice.tests.processes.up_runner import ROOT, Up, free_port, running, wait_for

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# How long anything is waited for, in milliseconds. What is there at once costs none of it; a machine with
# other work to do may need a good part.
PATIENT = 60_000
expect.set_options(timeout=PATIENT / 2)


@dataclasses.dataclass
class Town:
    """A practice that is up, and the post office its letters go to."""

    up: Up
    post: MailServer

    @property
    def url(self) -> str:
        """Where the site is."""
        return self.up.url

    def letters(self, address: str, subject: str) -> list[EmailMessage]:
        """All that went to `address` so far whose subject holds the words."""
        accepted = list(self.post.accepted)
        return [one for one in accepted if address in one["To"] and subject in one["Subject"]]

    def letter(self, address: str, subject: str, *, known: int = 0) -> EmailMessage:
        """The last of them, as soon as there are more than are known."""
        assert self.post.wait_until(lambda: len(self.letters(address, subject)) > known, PATIENT / 1000), [
            (one["To"], one["Subject"]) for one in self.post.accepted
        ]
        return self.letters(address, subject)[-1]


def text_of(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    return letter.get_body(("plain",)).get_content()


def link_in(letter: EmailMessage, holding: str) -> str:
    """The first address in a letter's text that holds the words."""
    return re.search(rf"https?://\S*{holding}\S*", text_of(letter))[0]


def calendar_of(letter: EmailMessage) -> str:
    """The calendar file of a letter."""
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    return part.get_payload(decode=True).decode()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's own Chromium, quiet and offline."""
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium"), "args": FLAGS}


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demo's practice, moved to a real mail server; staff need their second factor here.

    On PostgreSQL with a broker of its own over TCP too: the same by settings only.
    """
    folder = tmp_path_factory.mktemp("town")
    with (
        mail_server() as post,
        running(folder, migrated=True) as up,
        a_redis(folder, wanted=up.environ["DATABASE_URL"]) as url,
    ):
        manage(up, "demo")
        up.environ |= {"EMAIL_URL": f"smtp://127.0.0.1:{post.port}", "REDIS_URL": url}
        up.start().ready()
        yield Town(up, post)


@contextlib.contextmanager
def a_redis(folder: Path, *, wanted: str) -> Iterator[str]:
    """The address of a broker with a password on a port of its own; "" (the built-in one) when not wanted."""
    if not wanted:
        yield ""
        return
    port = free_port()
    command = [broker.binary(), "--port", str(port), "--bind", "127.0.0.1", "--requirepass", "a secret"]
    process = subprocess.Popen([*command, "--dir", str(folder), "--save", ""], stdout=subprocess.DEVNULL)
    url = f"redis://:a%20secret@127.0.0.1:{port}/0"
    try:
        wait_for(lambda: broker.answers(url), seconds=60)
        yield url
    finally:
        process.terminate()
        process.wait(60)


def manage(up: Up, *words: str) -> str:
    """Run one of its commands to the end."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=up.environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def errors(page: Any) -> Iterator[list[str]]:
    """What the browser complains about: a broken policy, a failing script, a request to elsewhere."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    expected = [line for line in heard if "status of 4" not in line]  # an answer with 4xx is said twice
    assert expected == []


@pytest.fixture
def shot(page: Any) -> Callable[[str], None]:
    """Keep a picture when SHOTS names a folder."""
    folder = os.environ.get("SHOTS", "")

    def keep(name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    return keep
