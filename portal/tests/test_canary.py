"""The canary: whatever somebody writes about a body is found nowhere it was not meant for.

A practitioner and a client walk through all pages that take words, once for all tests here. Each field holds
a word of its own, which then must not be in any log, address, cookie, email header, message or table.
`test_canary_planted.py` shows that a word in each of these places would be found.
"""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from kombu import Connection

from booking.links import appointment_url
from booking.models import Appointment, CalendarFeed, IdempotencyKey, Offer, Package, WaitlistEntry
from portal.erasure.actions.erase import erase, foresee
from portal.export.actions import export
from portal.tests.canary import (
    CANARIES,
    HOUR,
    QUOTED,
    Walk,
    decrypted_fields,
    files,
    left_of,
    new_walk,
    packed,
    tables,
    traces_of,
)
from practice.celery import app
from practice.mail.channels.message_bytes import as_bytes
from practice.mail.channels.outbox import write_whole
from practice.mail.channels.smtp import message_for
from practice.models import Letter, Suppression, UsageCount, User
from practice.testing import both_parts
from practice.tests.mail.builders import make_letter

pytestmark = pytest.mark.long  # one walk through all pages, with every statement and log line kept


@pytest.fixture(scope="module")
def walked(module_db: None, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """All of it, walked once for the tests that only look; with the database's statements in the log."""
    connection.force_debug_cursor = True
    try:
        with new_walk(tmp_path_factory.mktemp("media")) as walk:
            for turn in (
                walk.wrap_up,
                walk.follow_up,
                walk.practise,
                walk.fill_in_intake,
                walk.answer_requests,
                walk.be_visited,
                walk.override_rules,
                walk.be_refused,
                walk.read,
            ):
                turn()
            walk.mailed = [*mail.outbox]  # each test begins with an empty one
    finally:
        connection.force_debug_cursor = False
    return walk


# --- What is so ---------------------------------------------------------------------------------------


def test_no_word_about_a_body_is_found_outside_of_its_encrypted_field(walked: Walk) -> None:
    assert walked.recorder.statements  # they were listened to
    assert walked.found_words() == set()


def test_every_word_was_written_and_can_be_read_where_it_belongs(walked: Walk) -> None:
    shown = "".join(
        answer.content.decode(errors="replace")
        for answer in (*walked.desk.answers, *walked.home.answers)
        if answer.status_code == 200 and not answer.streaming
    )
    assert {field for field, canary in CANARIES.items() if canary not in shown} == set()


def test_an_email_about_a_warning_sign_says_only_that_there_is_something(walked: Walk) -> None:
    letter = Letter.objects.get(kind="notice_intake")
    letter.open_words()
    said = f"{letter.subject} {both_parts(letter)} {letter.headers} {letter.key} {letter.about}"
    told = {"Ann", "fever", "warning", "doctor", "intake-", *CANARIES.values()}
    assert {word for word in told if word in said.replace("notice_intake", "")} == set()
    assert "it is only in the workspace" in letter.text


def test_an_email_between_sessions_quotes_what_it_may(walked: Walk) -> None:
    (sent,) = [one for one in walked.mailed if CANARIES["plan"] in one.body]
    body = f"{sent.body} {[part.content for part in sent.alternatives]}"
    assert {field for field, canary in CANARIES.items() if canary in body} <= QUOTED


def test_all_these_answers_are_kept_nowhere_and_tell_no_address(walked: Walk) -> None:
    answers = [*walked.desk.answers, *walked.home.answers]
    loose = {
        (answer.request["PATH_INFO"], name)
        for answer, (name, wanted) in itertools.product(
            answers, (("Cache-Control", "no-store"), ("Referrer-Policy", ""))
        )
        if name not in answer.headers or wanted not in answer[name]
    }
    assert loose == set()
    assert {answer["Referrer-Policy"] for answer in answers} <= {"no-referrer", "same-origin"}


def test_a_tick_carries_nothing() -> None:
    with Connection("memory://") as line:
        for tick in app.conf.beat_schedule.values():
            app.send_task(tick["task"], connection=line, queue="canary")
            with line.SimpleQueue("canary") as queue:
                args, kwargs, _ = queue.get(timeout=5).payload
            assert (tick.get("args", ()), args, kwargs) == ((), [], {})


def test_no_page_hands_work_to_the_broker(walked: Walk) -> None:
    assert walked.published == []


# --- After an erasure ---------------------------------------------------------------------------------


@pytest.fixture
def planted(walked: Walk, settings: Any, tmp_path: Path) -> Path:
    """Ann in each place that is not a row of hers; the folder of the outbox."""
    settings.OUTBOX_DIR = tmp_path
    for letter in Letter.objects.filter(blanked_at=None)[:3]:
        letter.open_words()
        write_whole(tmp_path, as_bytes(message_for(letter)))
    cache.set("asked:ann@example.com", ["ann@example.com"])
    session = SessionStore()
    session["account_login_code"] = {"email": "ann@example.com"}
    session.save()
    appointment = appointment_url(walked.session)
    IdempotencyKey.objects.create(key="k", body_hash="h", status=201, answer={"url": appointment})
    Suppression.objects.create(address="ann@example.com", cause="complaint", detail="ann@example.com")
    UsageCount.objects.create(key="codes:ann@example.com", window=timezone.now())
    notice = make_letter("digest", user=walked.tess.user, to_address="tess@example.com", state="sent")
    Letter.objects.filter(pk=notice.pk).update(text="Ann Lee has booked", html="<p>Ann Lee has booked</p>")
    entry = WaitlistEntry.objects.create(
        client=walked.ann,
        address=CANARIES["address"],
        attendee_name="Ann Lee",
        session_type=walked.session.session_type,
        last_day=timezone.now().date(),
    )
    kept = {"starts_at": timezone.now() + HOUR * 800, "ends_at": timezone.now() + HOUR * 801}
    offered = {"session_type": entry.session_type, "practitioner": walked.tess, "minutes": 60}
    held = Appointment.objects.create(**kept, **offered, attendee_name="Ann Lee")
    Offer.objects.create(entry=entry, appointment=held, expires_at=timezone.now() + HOUR)
    sam = User.objects.create_user(name="Sam Smith", correspondent=walked.ann)
    his = {"client": sam, "correspondent": walked.ann, "attendee_name": sam.name, "state": "booked"}
    kept = {"starts_at": timezone.now() + HOUR * 900, "ends_at": timezone.now() + HOUR * 901}
    booked = Appointment.objects.create(**kept, **offered, **his, phone=str(walked.ann.phone))
    told = make_letter("notice_booked", user=walked.tess.user, to_address="tess@example.com", state="sent")
    words = {"text": "Sam Smith, booked by ann@example.com", "about": booked.about}
    Letter.objects.filter(pk=told.pk).update(**words)
    CalendarFeed.objects.create(owner=walked.ann, key="f")
    UserSession.objects.create(user=walked.ann, ip="192.0.2.1", session_key="s", user_agent="Ann Lee")
    EmailAddress.objects.create(user=walked.ann, email="ann@example.com", verified=True)
    return tmp_path


def everywhere(outbox: Path) -> Iterator[tuple[str, str]]:
    return itertools.chain(tables(), packed(), decrypted_fields(), files(outbox))


def test_of_an_erased_client_no_word_is_left_in_any_table_file_or_log(walked: Walk, planted: Path) -> None:
    traces = traces_of(walked.ann)
    before = {place for place, _ in left_of(traces, everywhere(planted))}
    assert {"table practice_user.name", "cache", "session", "table django_admin_log.object_repr"} <= before
    assert {"sealed practice.Letter.text", "sealed booking.AppointmentChange.note"} <= before
    assert {"sealed booking.Appointment.address", "sealed booking.WaitlistEntry.address"} <= before
    assert any(place.startswith("file") for place in before)

    heard = len(walked.recorder.lines)
    erase(walked.ann, now=timezone.now())

    assert left_of(traces, everywhere(planted)) == set()
    assert left_of(traces, (("log", line) for line in walked.recorder.lines[heard:])) == set()
    assert not IdempotencyKey.objects.exists()  # what opens something of theirs, without naming them


def test_what_the_law_asks_for_stays_as_numbers(walked: Walk, planted: Path) -> None:
    def numbers() -> list[Any]:
        rows = Appointment.objects.order_by("pk").values_list("pk", "starts_at", "ends_at", "price_cents")
        return [*rows, *Package.objects.values_list("pk", "sold_at", "price_cents", "sessions")]

    before = numbers()
    erase(walked.ann, now=timezone.now())
    assert numbers() == before
    assert Package.objects.count() == 1


def test_showing_what_would_go_changes_nothing_and_counts_what_goes(walked: Walk, planted: Path) -> None:
    before = sorted(everywhere(planted))
    foreseen = foresee(walked.ann)
    assert sorted(everywhere(planted)) == before
    done = erase(walked.ann, now=timezone.now())
    assert {**foreseen.gone, **foreseen.elsewhere} == {**done.gone, **done.elsewhere}


def test_a_copy_of_the_record_holds_every_word_that_is_theirs(walked: Walk) -> None:
    owner = walked.tess.user  # who reads the reasons too
    with zipfile.ZipFile(export(walked.ann, by=owner, now=timezone.now())) as folder:
        assert folder.namelist() == ["record.json", "record.html"]
        data, page = (folder.read(name).decode() for name in folder.namelist())
    kept_by_us = {
        "why_closed",
        "why_blocked",
        "yes_word",
        "no_word",
    }  # a word with an answer stands in its email, as text
    asked = {field for field in CANARIES if field not in kept_by_us}
    assert {field for field in asked if CANARIES[field] not in data} == set()
    assert {field for field in asked if CANARIES[field] not in page} == set()
    assert {"http:", "https:", "<script", "<link", "<img", "<style"} & set(re.findall(r"<\w+", page)) == set()
    assert {"name", "signed_at", "access_log", "audio"} <= set(re.findall(r'"(\w+)":', data))
