"""A whole practice that is up: broker, workers, clock, web server, the demo's people and a mail server."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from practice.site.processes import broker
from practice.tests.mail.server import MailServer, mail_server
from practice.tests.processes.database_template import copy_file, copy_in_postgres, only_one
from practice.tests.processes.shifted_clock import TUESDAY_AT_TEN, Shift, shift_to
from practice.tests.processes.up_runner import ROOT, Up, free_port, running, wait_for

# How long anything is waited for, in milliseconds. What is there at once costs none of it; a machine with
# other work to do may need a good part.
PATIENT = 60_000
DEMO_MADE = TUESDAY_AT_TEN - dt.timedelta(minutes=5)
DEMO_DATABASE = "portal_demo"


class PracticeShell:
    """A process inside the practice that runs pieces of code for the tests."""

    def __init__(self, up: Up) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "practice.tests.processes.shell"],
            cwd=ROOT,
            env=up.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> str:
        """What the code prints, without the white space around it."""
        self._process.stdin.write(json.dumps(code) + "\n")
        self._process.stdin.flush()
        printed, failed = json.loads(self._process.stdout.readline())
        assert not failed, failed
        return str(printed).strip()

    def end(self) -> None:
        """It ends when nothing more can come."""
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


@dataclasses.dataclass
class DemoSite:
    """A practice that is up, and the post office its letters go to."""

    up: Up
    post: MailServer
    inside: PracticeShell

    @property
    def url(self) -> str:
        """Where the site is."""
        return self.up.url

    @property
    def var(self) -> Path:
        """Everything this practice keeps on the disk."""
        return Path(self.up.environ["VAR_DIR"])

    def run(self, code: str) -> str:
        """What a piece of code prints inside the practice."""
        return self.inside.run(code)

    def call(self, name: str, *words: str) -> str:
        """What a function of `inside_practice.py` returns, called inside the practice."""
        return self.run(
            f"from practice.tests.browser import inside_practice\nprint(inside_practice.{name}(*{words!r}))"
        )

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


def code_in(letter: EmailMessage) -> str:
    """The code in a letter by which somebody signs in."""
    return re.search(r"^\s*([A-Z0-9]{3,6}-?[A-Z0-9]{3,6})\s*$", text_of(letter), re.M)[1]


def calendar_of(letter: EmailMessage) -> str:
    """The calendar file of a letter."""
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    return part.get_payload(decode=True).decode()


@contextlib.contextmanager
def open_demo_site(folder: Path, clock: Shift) -> Iterator[DemoSite]:
    """The demo's practice, moved to a real mail server; staff need their second factor here.

    On PostgreSQL with a broker of its own over TCP too: the same by settings only.
    """
    with (
        mail_server() as post,
        running(folder) as up,
        a_redis(folder, wanted=up.environ["DATABASE_URL"]) as url,
    ):
        set_up_practice(up)
        up.environ |= clock.environ
        up.environ |= {"EMAIL_URL": f"smtp://127.0.0.1:{post.port}", "REDIS_URL": url}
        with started(up, post) as site:
            yield site


@contextlib.contextmanager
def open_new_site(folder: Path, clock: Shift) -> Iterator[DemoSite]:
    """A practice nobody has set up yet: its tables are empty, and it was never a demo."""
    with mail_server() as post, running(folder, migrated=True) as up:
        up.environ |= clock.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{post.port}"}
        with started(up, post) as site:
            yield site


@contextlib.contextmanager
def started(up: Up, post: MailServer) -> Iterator[DemoSite]:
    """The practice, from the moment it answers; its shell ends with it."""
    up.start()
    inside = PracticeShell(up)
    try:
        up.ready()
        yield DemoSite(up, post, inside)
    finally:
        inside.end()


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


def set_up_practice(up: Up) -> None:
    """Give a practice without tables all that the demo's has. It is made once for a run of the tests."""
    folder, own = Path(os.environ["PYTEST_VAR"], "demo"), up.environ["DATABASE_URL"]
    with only_one(folder):  # while somebody copies a database, nobody else may
        if own:
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
                if not (folder / "made").exists():
                    copy_in_postgres(server, own, DEMO_DATABASE)
                    make_demo(folder, up, urlsplit(own)._replace(path=f"/{DEMO_DATABASE}").geturl())
                name = urlsplit(own).path.strip("/")
                server.execute(f"DROP DATABASE {name}")
                server.execute(f"CREATE DATABASE {name} TEMPLATE {DEMO_DATABASE}")
        elif not (folder / "made").exists():
            copy_file(folder / "var" / "portal.sqlite3")
            make_demo(folder, up, "")
            with contextlib.closing(sqlite3.connect(folder / "var" / "portal.sqlite3")) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all of it into the one file
        for name in ("", "-keys"):
            shutil.copytree(folder / f"var{name}", f"{up.environ['VAR_DIR']}{name}", dirs_exist_ok=True)


def make_demo(folder: Path, up: Up, database_url: str) -> None:
    """The demo in a folder, to copy, made a little before any practice opens that it is copied to."""
    environ = {**up.environ, **shift_to(DEMO_MADE).environ}
    environ |= {"VAR_DIR": str(folder / "var"), "DATABASE_URL": database_url}
    done = subprocess.run(
        [sys.executable, "manage.py", "demo"], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (folder / "made").touch()
