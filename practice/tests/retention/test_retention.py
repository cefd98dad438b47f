"""What nobody throws away by hand is not kept for ever: one chore for each, which can tell beforehand."""

from __future__ import annotations

import datetime as dt
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from booking.models import Appointment
from booking.testing import make_appointment, make_session_type
from practice.accounts.address_changes import note_change
from practice.models import AddressChange, EmailEvent, Letter, TextNumber, UsageCount, User
from practice.retention import chores
from practice.testing import make_practice, make_practitioner, make_user
from practice.tests.mail.builders import make_letter

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
DAY = dt.timedelta(days=1)
#: What is kept of each kind: made a moment ago. What goes: made when all of it was young, three years ago.
LONG_AGO = dt.datetime(2024, 3, 1, 12, 0, tzinfo=dt.UTC)


def one_of_everything(outbox: Path) -> None:
    """One thing of each kind, as old as the clock says."""
    now = timezone.now()
    who = f"{now:%Y}@example.com"
    user = make_user("Ann Lee", email=f"ann-{who}")
    browser = Client()
    browser.force_login(user)
    key = browser.session.session_key
    UserSession.objects.update_or_create(session_key=key, defaults={"user": user, "ip": "192.0.2.1"})
    cache.set(f"asked:{who}", [who], 60)
    sent = make_letter(to_address=who, state="sent", due_at=now)
    EmailEvent.objects.create(letter=sent, what="delivered", at=now, source="mailbox", report_id=who)
    make_letter("notice_booked", to_address=who, state="sent", due_at=now, subject="Booked: Ann Lee")
    make_letter("round_trip", to_address=f"bounces-{who}", state="sent", due_at=now, created_at=now)
    LogEntry.objects.create(user=user, action_flag=2, object_repr="Ann Lee", action_time=now)
    UsageCount.objects.create(key=who, window=now)
    note_change(user, f"before-{who}", now=now)
    TextNumber.objects.create(user=user, number=f"+130355501{now:%y}", created_at=now)
    path = outbox / f"{who}.eml"
    path.write_text(who)
    os.utime(path, (now.timestamp(), now.timestamp()))
    never = make_user("Never Here", email=f"never-{who}", created_at=now)
    EmailAddress.objects.create(user=never, email=never.email or "", primary=True)
    held = {"session_type": make_session_type(slug=f"s{now:%Y}"), "client": None, "state": "released"}
    tess = make_practitioner(f"Tess{now:%Y} Marlow", role="practitioner")
    make_appointment(practitioner=tess, start=now, visitor="abc", created_at=now, occupies=False, **held)


@pytest.fixture
def scenario(db: None, settings: Any, tmp_path: Path) -> Path:
    """A practice with one of everything of three years ago, and one of today."""
    settings.OUTBOX_DIR = tmp_path
    make_practice()
    with time_machine.travel(LONG_AGO, tick=False):
        one_of_everything(tmp_path)
    one_of_everything(tmp_path)
    return tmp_path


GOES = {
    "expired_sessions": 1,
    "ended_sign_ins": 1,
    "expired_cache": 1,
    "old_addresses": 3,
    "old_email_events": 1,
    "old_office_log": 1,
    "old_outbox": 1,
    "old_round_trips": 1,
    "unconfirmed_numbers": 1,
    "forget_unconfirmed": 1,
    "forget_visitors": 1,
    "forget_visitor_questions": 0,
    "forget_unfinished": 0,
    "remove_leftovers": 0,
    "forget_tallies": 1,
    "forget_changes": 1,
    "blank_old_bodies": 3,
    "forget_unfinished_intakes": 0,
    "forget_imported_files": 0,
    "forget_ledgers": 0,
    "move_late_rows": 0,
    "erase_due": 0,
    "forget_inactive": 0,
}


def things(outbox: Path) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM practice_cache ORDER BY cache_key")
        cached = cursor.fetchall()
    return {
        "cache": cached,
        "outbox": sorted(path.name for path in outbox.iterdir()),
        "sessions": Session.objects.count(),
        "signed in": UserSession.objects.count(),
        "addresses": sorted(Letter.objects.values_list("to_address", "subject")),
        "office": LogEntry.objects.count(),
        "people": sorted(User.objects.values_list("email", flat=True)),
        "visitors": sorted(Appointment.objects.values_list("visitor", flat=True)),
        "counts": UsageCount.objects.count(),
        "numbers": sorted(TextNumber.objects.values_list("number", flat=True)),
        "changes": sorted(AddressChange.objects.values_list("old", flat=True)),
    }


def test_telling_what_would_go_changes_nothing(scenario: Path) -> None:
    before = things(scenario)
    assert chores.foresee(timezone.now()) == GOES
    out = StringIO()
    call_command("tidy", "--dry-run", stdout=out)
    assert "Nothing was changed." in out.getvalue()
    assert things(scenario) == before


def test_what_is_old_goes_and_what_is_young_stays(scenario: Path) -> None:
    assert chores.tidy(timezone.now()) | {"erase_due": 0} == GOES
    left = things(scenario)
    assert (left["sessions"], left["signed in"], left["office"], left["counts"]) == (1, 1, 1, 1)
    assert left["outbox"] == ["2027@example.com.eml"]
    assert not any("2024" in key for (key,) in left["cache"])
    assert left["addresses"].count(("", "A time for you")) == 1
    assert left["addresses"].count(("", "")) == 1
    assert ("2027@example.com", "Booked: Ann Lee") in left["addresses"]
    assert "never-2024@example.com" not in left["people"]
    assert {"never-2027@example.com", "ann-2024@example.com"} <= set(left["people"])
    assert left["visitors"] == ["", "abc"]
    assert left["changes"] == ["before-2027@example.com"]
    assert set(chores.tidy(timezone.now()).values()) == {0}


@pytest.mark.parametrize("has", ["a booking", "a confirmed address", "signed in once", "works here"])
def test_anyone_who_did_anything_else_is_kept(has: str, scenario: Path) -> None:
    never = User.objects.get(email="never-2024@example.com")
    if has == "a booking":
        Appointment.objects.filter(created_at__lt=LONG_AGO + DAY).update(client=never)
    elif has == "a confirmed address":
        EmailAddress.objects.filter(user=never).update(verified=True)
    elif has == "signed in once":
        User.objects.filter(pk=never.pk).update(last_login=LONG_AGO)
    else:
        User.objects.filter(pk=never.pk).update(role=User.Role.FRONT_DESK)
    chores.tidy(timezone.now())
    assert User.objects.filter(pk=never.pk).exists()


def test_the_page_does_not_claim_what_is_not_kept() -> None:
    """When somebody was here last is noted when they sign in, and not with each page."""
    assert b"When you were here last" not in Client().get("/privacy/").content
