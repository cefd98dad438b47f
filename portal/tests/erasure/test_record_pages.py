"""A copy of the record and its erasure, on the client's pages and at work."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from booking.links import appointment_url, waitlist_url
from booking.models import Appointment, Package, WaitlistEntry
from booking.testing import make_appointment, make_session_type
from portal.erasure.actions.erase import RequestWithdrawn, erase
from portal.erasure.actions.request import WAITS, erase_due, request_erasure
from portal.models import ErasureRequest, RecordPermission
from practice.accounts.adapter import SIGNED_IN_AT
from practice.accounts.one_time_links import enter_url
from practice.mail.composing.keyless import KEY
from practice.mail.unsubscribe import unsubscribe_url
from practice.models import AccessLog, Letter, Practitioner, User
from practice.retention import chores
from practice.testing import at_work, both_parts, make_practice, make_practitioner, make_user
from practice.tests.accounts.signing_in import ask as ask_for_code
from practice.tests.accounts.signing_in import newest_code
from practice.tests.mail.builders import make_letter

pytestmark = pytest.mark.engines
COPY, ERASE, KEEP, DATA = (reverse(f"portal_{name}") for name in ("copy", "erase", "keep", "data"))


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    return make_practitioner()


@pytest.fixture
def ann(tess: Practitioner) -> User:
    ann = make_user("Ann Lee")
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    start = timezone.now() - dt.timedelta(days=3)
    make_appointment(
        session_type=make_session_type(tess), practitioner=tess, start=start, client=ann, state="completed"
    )
    return ann


def at_home(user: User, *, minutes: int = 0) -> Browser:
    """A browser in which somebody signed in so many minutes ago."""
    browser = Browser(headers={"origin": "http://testserver"})
    browser.force_login(user)
    session = browser.session
    session[SIGNED_IN_AT] = timezone.now().timestamp() - 60 * minutes
    session["account_authentication_methods"] = [
        {"method": "code", "at": session[SIGNED_IN_AT], "email": user.email, "reauthenticated": True}
    ]
    session.save()
    return browser


def opened(answer: Any) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as folder:
        found: dict[str, Any] = json.loads(folder.read("record.json"))
    return found


# --- The copy -----------------------------------------------------------------------------------------


def test_a_client_downloads_all_of_it_and_the_copy_is_noted_and_kept_nowhere(
    ann: User, monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    answer = at_home(ann).post(COPY)
    assert answer["Content-Disposition"] == 'attachment; filename="record-ann-lee.zip"'
    assert "no-store" in answer["Cache-Control"]
    record = opened(answer)
    assert (record["person"]["email"], len(record["appointments"])) == ("ann@example.com", 1)
    assert [(row.reader, row.words) for row in ann.access_log.all()] == [(ann, "a copy of the whole record")]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", [COPY, ERASE])
def test_anyone_who_signed_in_long_ago_signs_in_again_first(ann: User, path: str) -> None:
    browser = at_home(ann, minutes=60)
    assert browser.get(path)["Location"].startswith(reverse("account_request_reauthentication_code"))
    assert browser.post(path, {"word": "erase"})["Location"] == path
    assert not AccessLog.objects.exists()
    assert not ErasureRequest.objects.exists()


def test_a_copy_is_for_those_who_may_open_the_record_and_for_nobody_else(ann: User, tess: Any) -> None:
    path = reverse("workspace_record", args=[ann.pk])
    jonah = make_practitioner("Jonah Reyes", role="practitioner")
    desk = make_user("Dora", role="front_desk")
    ben = make_user("Ben Moss")
    for user in (jonah.user, desk, ben):
        browser = at_work(user) if user.is_staff else at_home(user)
        assert browser.get(path).status_code == 404
        assert browser.post(path, {"do": "copy"}).status_code == 404
    assert not AccessLog.objects.exists()
    assert opened(at_work_lately(tess.user).post(path, {"do": "copy"}))["person"]["name"] == "Ann Lee"
    assert AccessLog.objects.get().reader == tess.user


def at_work_lately(user: User) -> Browser:
    browser = at_work(user)
    session = browser.session
    session[SIGNED_IN_AT] = timezone.now().timestamp()
    session.save()
    return browser


def parts_of(answer: Any) -> dict[str, str]:
    """Each file of the copy as its text."""
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as folder:
        return {name: folder.read(name).decode() for name in folder.namelist()}


@pytest.mark.parametrize("whose", ["at work", "their own"])
def test_a_copy_holds_no_code_to_sign_in_and_no_key_of_a_link(ann: User, whose: str) -> None:
    ask_for_code(Browser(), ann.email)
    code, session = newest_code(ann.email), Appointment.objects.get()
    wish = WaitlistEntry(client=ann, session_type=session.session_type)
    keys = (
        appointment_url(session),
        unsubscribe_url(ann),
        waitlist_url(wish),
        enter_url(ann, now=timezone.now()),
    )
    letter = make_letter(user=ann, state="sent")
    Letter.objects.filter(pk=letter.pk).update(text="Wear wool.\n" + "\n".join(keys))
    jonah = make_practitioner("Jonah Reyes", role="practitioner")
    ann.appointments.update(practitioner=jonah)
    if whose == "at work":
        answer = at_work_lately(jonah.user).post(reverse("workspace_record", args=[ann.pk]), {"do": "copy"})
    else:
        answer = at_home(ann).post(COPY)
    parts = parts_of(answer)
    assert set(parts) == {"record.json", "record.html"}
    for said in parts.values():
        assert "Wear wool." in said
        told = [code, *(key.rstrip("/").rpartition("/")[2] for key in keys)]
        assert [one for one in told if one in said] == []
        assert KEY.search(said) is None


@pytest.mark.parametrize("kind", ["notice_booked", "digest"])
def test_what_a_colleague_is_sent_about_others_is_no_part_of_their_own_record(ann: User, kind: str) -> None:
    jonah = make_practitioner("Jonah Reyes", role="practitioner")
    ann.appointments.update(practitioner=jonah)
    User.objects.filter(pk=ann.pk).update(role="practitioner")  # she works here as well
    about_ben = make_letter(kind, user=ann, state="sent", subject="Ben Moss has booked")
    own = make_letter(user=ann, state="sent")
    browser = at_work_lately(jonah.user)
    copied = opened(browser.post(reverse("workspace_record", args=[ann.pk]), {"do": "copy"}))
    pages = [browser.get(reverse("workspace_letter", args=[one.pk])).status_code for one in (about_ben, own)]
    assert ([one["kind"] for one in copied["emails"]], pages) == (["confirmation"], [404, 200])


def reasons_in(copied: dict[str, Any]) -> list[str]:
    """Why a rule was passed, why a session moved, how a package was paid: as the copy says it."""
    (session,), (package,) = copied["appointments"], copied["packages"]
    notes = [session["why_a_rule_was_passed_over"], *(one["note"] for one in session["changes"])]
    return [said for said in (*notes, package["how_it_was_paid"]) if said]


def test_a_copy_gives_reasons_and_how_they_sign_in_only_to_whom_a_page_shows_them(
    ann: User, tess: Practitioner
) -> None:
    lee, jonah = (make_practitioner(name, role="practitioner") for name in ("Lee Hart", "Jonah Reyes"))
    session = Appointment.objects.get()
    Appointment.objects.update(practitioner=lee, override_note="She cannot sit.")
    session.changes.create(what="moved", by=tess.user, starts_at=session.starts_at, note="Her back.")
    sold = {"session_type": session.session_type, "sessions": 3, "price_cents": 9000}
    Package.objects.create(client=ann, note="Cash", **sold)
    until = timezone.now() + dt.timedelta(days=9)
    RecordPermission.objects.create(client=ann, practitioner=jonah, given_by=tess.user, until=until)
    UserSession.objects.create(user=ann, ip="192.0.2.1", session_key="s", user_agent="Hers")
    path, all_of_it = reverse("workspace_record", args=[ann.pk]), ["She cannot sit.", "Her back.", "Cash"]
    copies = {
        one.user.name: opened(at_work_lately(one.user).post(path, {"do": "copy"}))
        for one in (tess, lee, jonah)
    }
    copies["Ann Lee"] = opened(at_home(ann).post(COPY))
    assert {name: reasons_in(copied) for name, copied in copies.items()} == {
        "Tess Marlow": all_of_it,
        "Lee Hart": all_of_it,
        "Jonah Reyes": ["Cash"],
        "Ann Lee": [],
    }
    sign_in = {"signed_in_on", "second_factors", "last_sign_in"}
    shown = {name: sign_in & set(copied["person"]) for name, copied in copies.items()}
    assert shown == {"Tess Marlow": set(), "Lee Hart": set(), "Jonah Reyes": set(), "Ann Lee": sign_in}


# --- The client's wish --------------------------------------------------------------------------------


def test_a_typed_request_to_be_erased_waits_seven_days_and_an_email_says_so(ann: User) -> None:
    browser = at_home(ann)
    assert browser.post(ERASE, {"word": "yes"}).status_code == 422
    assert not ErasureRequest.objects.exists()
    assert browser.post(ERASE, {"word": " Erase "})["Location"] == DATA
    row = ErasureRequest.objects.get()
    assert row.due_at - row.asked_at == WAITS
    letter = Letter.objects.get()
    letter.open_words()
    assert "March 9" in both_parts(letter)
    page = browser.get(DATA).content.decode()
    assert "Keep my record" in page
    assert "March 9" in page


def test_asking_twice_neither_delays_it_nor_sends_a_second_email(ann: User) -> None:
    first = request_erasure(ann, now=timezone.now())
    again = request_erasure(ann, now=timezone.now() + dt.timedelta(days=3))
    assert again.due_at == first.due_at
    assert Letter.objects.count() == 1


def test_the_front_desk_does_not_read_that_someone_asked_to_be_erased(ann: User) -> None:
    request_erasure(ann, now=timezone.now())
    asked, desk = Letter.objects.get(), at_work(make_user("Dora", role="front_desk"))
    for page in (reverse("workspace_letters"), reverse("admin:practice_letter_changelist")):
        assert asked.subject not in desk.get(page).content.decode()
    assert desk.get(reverse("workspace_letter", args=[asked.pk])).status_code == 404


def test_on_its_day_the_chore_erases_and_not_before(ann: User) -> None:
    due = request_erasure(ann, now=timezone.now()).due_at
    assert chores.tidy(due - dt.timedelta(seconds=1))["erase_due"] == 0
    assert chores.tidy(due)["erase_due"] == 1
    assert not User.objects.filter(pk=ann.pk).exists()
    assert Browser().get(DATA).status_code == 302


def test_taken_back_everything_stays_also_at_the_last_moment(ann: User) -> None:
    due = request_erasure(ann, now=timezone.now()).due_at
    assert at_home(ann, minutes=60).post(KEEP)["Location"] == DATA
    assert erase_due(due) == 0
    with pytest.raises(RequestWithdrawn):  # the chore had read the wish before it was withdrawn
        erase(ann, now=due, if_asked=True)
    assert User.objects.filter(pk=ann.pk).exists()


def test_one_that_cannot_be_erased_now_does_not_keep_the_others(ann: User) -> None:
    ben = make_user("Ben Moss")
    due = max(request_erasure(one, now=timezone.now()).due_at for one in (ann, ben))
    make_letter(user=ann, state="claimed", leased_until=timezone.now() + dt.timedelta(days=9999))
    assert erase_due(due) == 1
    assert set(User.objects.filter(pk__in=(ann.pk, ben.pk))) == {ann}


# --- At work ------------------------------------------------------------------------------------------


def test_the_owner_erases_at_once_and_a_practitioner_cannot(ann: User, tess: Practitioner) -> None:
    path = reverse("workspace_record", args=[ann.pk])
    jonah = make_practitioner("Jonah Reyes", role="practitioner")
    ann.appointments.update(practitioner=jonah)
    browser = at_work_lately(jonah.user)
    assert b"Erase the record now" not in browser.get(path).content
    browser.post(path, {"do": "erase", "word": "erase"})
    assert User.objects.filter(pk=ann.pk).exists()

    owner = at_work_lately(tess.user)
    assert owner.post(path, {"do": "erase", "word": "no"}).status_code == 422
    assert owner.post(path, {"do": "erase", "word": "erase"})["Location"] == reverse("workspace_clients")
    assert not User.objects.filter(pk=ann.pk).exists()
