"""Helpers for tests: the people of the practice, and questions about emails.

Tess is a practitioner; Ann and Ben are clients; Zoe sees nothing.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.test import Client

from practice.access.pages import SECOND_FACTOR
from practice.mail.composing.render import Rendered
from practice.mail.delivery import deliver
from practice.mail.send_check import Send, check_before_sending
from practice.models import Letter, Practice, Practitioner, Room, User


def make_practice(**fields: Any) -> Practice:
    """Create the practice Juniper Street, with the given fields changed."""
    practice = Practice(
        **{
            "name": "Juniper Street Myopractic",
            "address": "1184 Juniper Street, upstairs\nDenver, Colorado",
            "phone": "303 555 0142",
            "email": "hello@juniper.example",
            "zone": "America/Denver",
            **fields,
        }
    )
    practice.save()
    return practice


def make_user(name: str, **fields: Any) -> User:
    """Create a user named `name`, at name@example.com unless said otherwise."""
    fields.setdefault("email", f"{name.partition(' ')[0].lower()}@example.com")
    return User.objects.create_user(name=name, **fields)


def make_practitioner(
    name: str = "Tess Marlow", *, role: str = User.Role.OWNER, **fields: Any
) -> Practitioner:
    """Create a practitioner in Denver with a room of their own."""
    first = name.partition(" ")[0]
    fields.setdefault("slug", first.lower())
    fields.setdefault("zone", "America/Denver")
    if "room" not in fields:
        fields["room"] = Room.objects.get_or_create(name=f"{first}'s room")[0]
    return Practitioner.objects.create(user=make_user(name, role=role), **fields)


def both_parts(letter: Letter) -> str:
    """Return text and HTML of an email as one; asserts that neither is empty."""
    assert letter.text.strip()
    assert letter.html.strip()
    return f"{letter.text}\n{letter.html}"


def as_it_leaves(letter: Letter, now: datetime | None = None) -> Letter:
    """Give an email, in memory, the words and files with which it leaves when due, or at `now`."""
    verdict = check_before_sending(letter, now or letter.due_at)
    assert isinstance(verdict, Send), verdict
    if fresh := verdict.fresh:
        letter.subject, letter.text, letter.html = fresh.words.subject, fresh.words.text, fresh.words.html
        letter.attachments = [asdict(each) for each in fresh.attachments or ()]
    return letter


def all_emails_leave(now: datetime) -> None:
    """Send all that is due at `now`."""
    while deliver.step(now=now):
        pass


def is_in_both_parts(letter: Letter | Rendered, words: str) -> bool:
    """Return whether the words are in the text part and in the HTML part, whatever blanks join them."""
    return words in letter.text and words in letter.html.replace("&nbsp;", " ")


def at_work(user: User, browser: Client | None = None) -> Client:
    """Return a browser in which staff signed in and used their second factor."""
    browser = browser or Client()
    browser.force_login(user)
    session = browser.session
    session[SECOND_FACTOR] = str(user.pk)
    session.save()
    return browser


#: America/Vancouver as of 2025b: it still changes its clocks.
OLD_RULES = Path(__file__).parent / "tests" / "zones" / "2025b"


@contextmanager
def old_rules(folder: Path = OLD_RULES) -> Iterator[None]:
    """Read zones from `folder` in place of our own data, as on a machine with old data.

    Only the zones it holds are made anew: all others stay the objects that constants of other tests hold.
    """
    held = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    zoneinfo.reset_tzpath(to=[str(folder)])
    zoneinfo.ZoneInfo.clear_cache(only_keys=held)
    try:
        yield
    finally:
        zoneinfo.reset_tzpath(to=())
        zoneinfo.ZoneInfo.clear_cache(only_keys=held)
