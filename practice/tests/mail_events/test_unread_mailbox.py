"""A mailbox for bounces that nobody can read is shown to the owner after a day, with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone

from practice.mail_events import health_check
from practice.mail_events.actions.read_bounces import MailboxSilent, read_bounces
from practice.mail_events.queries import unread_mailbox
from practice.mail_events.sources import Mailbox
from practice.models import Heartbeat
from practice.tests.mail_events.imap_server import ImapServer, imap_server

pytestmark = [pytest.mark.django_db, pytest.mark.engines("practice.health.heartbeat")]
A_DAY = dt.timedelta(days=1, minutes=1)


@pytest.fixture
def imap(settings) -> Iterator[ImapServer]:
    with imap_server() as server:
        settings.BOUNCE_MAILBOX = server.mailbox
        yield server


def fails(mailbox: Mailbox) -> None:
    with pytest.raises(MailboxSilent):
        read_bounces(mailbox)


def a_day_later() -> Heartbeat | None:
    return unread_mailbox(timezone.now() + A_DAY)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "another"}, "Its mail server rejects our user or password: done."),
        ({"folder": "Elsewhere"}, "Its mail server doesn’t open the folder: done."),
        ({"encrypted": True}, "The connection to its mail server isn’t secure: "),
        ({"port": 1}, "The mail server that keeps it doesn’t answer: "),
    ],
)
def test_what_keeps_it_from_being_read_is_said(imap, change, sentence):
    fails(replace(imap.mailbox, **change))

    assert a_day_later().reason.startswith(sentence)


def test_it_is_shown_after_a_day_without_a_reading_and_no_sooner(imap):
    read_bounces(imap.mailbox)
    read_at = Heartbeat.objects.get().at
    with time_machine.travel(read_at + dt.timedelta(hours=23), tick=False):
        fails(replace(imap.mailbox, password="another"))

    assert unread_mailbox(read_at + dt.timedelta(hours=23, minutes=59)) is None
    assert unread_mailbox(read_at + A_DAY).at == read_at


def test_a_reading_that_succeeds_ends_it(imap):
    fails(replace(imap.mailbox, password="another"))
    with time_machine.travel(timezone.now() + A_DAY, tick=False):
        read_bounces(imap.mailbox)

        assert a_day_later() is None


def test_without_the_setting_nothing_is_shown(imap, settings):
    fails(replace(imap.mailbox, password="another"))
    settings.BOUNCE_MAILBOX = None

    assert a_day_later() is None


def test_the_health_page_says_so_and_stays_green(imap):
    fails(replace(imap.mailbox, password="another"))
    assert health_check.bounces(timezone.now()).says == "are read"
    with time_machine.travel(timezone.now() + A_DAY, tick=False):
        assert health_check.bounces(timezone.now()).says == "not read for a day"
