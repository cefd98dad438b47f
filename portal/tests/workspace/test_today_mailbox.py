"""Today tells the owner, and no one else, that the mailbox for bounced emails can't be read."""

from __future__ import annotations

import pytest
import time_machine

from portal.tests.practice_day import NOW, make_scenario, page
from practice.core.reasons import because
from practice.mail_events.queries import MAILBOX, SHOWN_AFTER
from practice.mail_events.sources import Mailbox
from practice.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_the_owner_reads_since_when_why_and_what_to_do(settings):
    settings.BOUNCE_MAILBOX = Mailbox("mail.example", 993, "bounces", "a password")
    with time_machine.travel(NOW, tick=False):
        scenario = make_scenario()
        why = because("mailbox_sign_in", said="Invalid credentials")
        Heartbeat.objects.create(name=MAILBOX, at=NOW - SHOWN_AFTER, why=why)
        owner, colleague = (page(one.user) for one in (scenario.tess, scenario.jonah))

    assert "Not read since Monday, March 8 at 8:00 AM." in owner.replace("\u00a0", " ")
    assert "Its mail server rejects our user or password: Invalid credentials." in owner
    assert "BOUNCE_MAILBOX" in owner
    assert "mailbox" not in colleague
