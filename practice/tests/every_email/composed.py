"""Every email of the product in both languages, as the bytes that a mail server gets."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache, cached_property

import time_machine
from django.core import mail
from django.db import transaction
from django.test import override_settings

from practice.core.locales.readers import CODES
from practice.mail.channels.message_bytes import as_bytes
from practice.mail.channels.smtp import message_for
from practice.mail.delivery import deliver
from practice.models import Letter
from practice.tests.every_email import other_emails, to_clients, to_staff
from practice.tests.every_email.scene import CLOCK, SITE, Compose, Scene, make_scene, read_in

State = Letter.State


@dataclass(frozen=True)
class Composed:
    """One email. `name`: what it tells, and which of several; `raw`: its bytes."""

    name: str
    kind: str
    language: str
    raw: bytes

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    @cached_property
    def message(self) -> EmailMessage:
        """Return it as a mail program reads it. Many checks read it: it must not be changed."""
        return parsed(self.raw)

    @cached_property
    def text(self) -> str:
        """Return its text part."""
        return body_of(self.message, "plain")

    @cached_property
    def html(self) -> str:
        """Return its HTML part."""
        return body_of(self.message, "html")


def parsed(raw: bytes) -> EmailMessage:
    """Return the bytes as a mail program reads them."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body_of(message: EmailMessage, subtype: str) -> str:
    """Return the text of the part of this subtype; "" if there is none."""
    part = message.get_body((subtype,))
    return str(part.get_content()) if part else ""


@cache
def compose_all() -> list[Composed]:
    """Return every email, by language; once for all files of tests in a process.

    Within a transaction: what each one writes is taken back.
    """
    mail_settings = {
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        "SITE_URL": SITE,
        "DEFAULT_FROM_EMAIL": "hello@juniper.example",
    }
    with override_settings(**mail_settings), time_machine.travel(CLOCK, tick=False):
        scene = make_scene()
        return [one for language in sorted(CODES) for one in in_language(scene, language)]


def in_language(scene: Scene, language: str) -> Iterator[Composed]:
    """Yield every email in this language."""
    read_in(scene, language)
    sent_by = {
        "client": (to_clients.CASES, delivered),
        "staff": (to_staff.CASES, delivered),
        "other": (other_emails.CASES, delivered),
        "follow-up": (other_emails.VARIANTS, as_planned),
    }
    for reader, (cases, bytes_of) in sent_by.items():
        for case in cases:
            name = f"{reader} {named(case)}"
            with taken_back():
                case(scene)
                found = list(bytes_of())
            assert found, f"{name} is not sent"
            for number, (kind, raw) in enumerate(found):
                yield Composed(f"{name} {number + 1}" if number else name, kind, language, raw)


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back what is written in the block, in which an email is claimed as if nothing was around it."""
    block = transaction.atomic()
    block._from_testcase = True  # as Django's TestCase marks its own
    with block:
        yield
        transaction.set_rollback(True)


def named(case: Compose) -> str:
    """Return the name of a case, with its first text if it has one."""
    function = getattr(case, "func", case)
    which = [str(one) for one in getattr(case, "args", ())][-1:]
    return " ".join([function.__name__.replace("_", " "), *which])


def delivered() -> Iterator[tuple[str, bytes]]:
    """Yield what the queue sends, each email at its time. An email that it holds back fails the test."""
    for letter in Letter.objects.filter(state=State.PLANNED).order_by("due_at", "pk"):
        mail.outbox = []
        assert deliver.step(now=letter.due_at)
        letter.refresh_from_db()
        assert letter.state == State.SENT, f"{letter.kind}: {letter.state}, {letter.why}"
        (sent,) = mail.outbox
        yield letter.kind, as_bytes(sent)


def as_planned() -> Iterator[tuple[str, bytes]]:
    """Yield what is planned, as it is on its row."""
    for letter in Letter.objects.filter(state=State.PLANNED):
        yield letter.kind, as_bytes(message_for(letter))
