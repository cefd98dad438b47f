"""A wrap-up is kept while it is written: by hand, by itself, from two pages at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from booking.models import Appointment
from booking.testing import make_appointment
from portal.models import (
    Assignment,
    ClientProfile,
    SessionNote,
)
from portal.session_notes.actions.wrap_up import LONGEST, Signed, Stale, TooLong, WrapUp, keep_draft, sign
from portal.testing import assign, make_exercise, make_lesson, make_recording
from portal.tests.session_notes.wrap_up.steps import SECRET, autosave, kept, page_of, posted, signed
from practice.testing import at_work

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


def test_of_two_open_pages_the_second_overwrites_nothing(session, tess) -> None:
    kept(session, tess, foundation="From the first page.")
    with pytest.raises(Stale) as stale:
        kept(session, tess, foundation="From the second page.")
    assert stale.value.note.foundation == "From the first page."
    note = SessionNote.objects.get()
    assert (note.foundation, note.version) == ("From the first page.", 1)


def test_a_stale_page_signs_nothing_over(session, tess, now) -> None:
    kept(session, tess, foundation="From the other page.")
    with pytest.raises(Stale):
        sign(session, WrapUp(foundation="Older."), by=tess.user, now=now, version=0)
    session.refresh_from_db()
    note = SessionNote.objects.get()
    assert (note.foundation, note.signed_at, session.state) == ("From the other page.", None, "booked")


def test_the_same_words_from_another_page_are_no_quarrel(session, tess) -> None:
    kept(session, tess, foundation="From a page whose answer was lost.")
    again = kept(session, tess, foundation="From a page whose answer was lost.")
    assert (again.foundation, again.version) == ("From a page whose answer was lost.", 1)


def test_what_another_page_saved_is_signed_if_it_is_the_very_same(session, tess, now) -> None:
    kept(session, tess, foundation="The same.")
    assert sign(session, WrapUp(foundation="The same."), by=tess.user, now=now, version=0).signed_at == now


def test_with_other_things_to_do_at_home_it_is_not_the_same(session, tess, now) -> None:
    kept(session, tess, foundation="The same.")
    with pytest.raises(Stale):
        sign(
            session, WrapUp(foundation="The same."), by=tess.user, now=now, version=0, rest={"what_1": "e-9"}
        )


def test_each_saving_counts(session, tess) -> None:
    kept(session, tess, low_back="Guarded.")
    assert kept(session, tess, version=1, low_back="Softer.").version == 2


def test_what_is_signed_is_not_saved_over(session, tess) -> None:
    signed(session, tess, low_back="Signed.")
    with pytest.raises(Signed):
        kept(session, tess, version=1, low_back="Later.")
    assert SessionNote.objects.get().low_back == "Signed."


def test_a_draft_changes_nothing_else(session, tess) -> None:
    kept(session, tess, low_back="Guarded.")
    session.refresh_from_db()
    assert (session.state, Assignment.objects.count(), ClientProfile.objects.count()) == ("booked", 0, 0)


def test_what_is_longer_than_we_keep_is_refused_whole(session, tess) -> None:
    with pytest.raises(TooLong, match="20,001 characters"):
        kept(session, tess, foundation="a" * (LONGEST + 1))
    assert kept(session, tess, foundation="a" * LONGEST).version == 1


def test_the_note_cannot_be_read_in_the_database(session, tess) -> None:
    keep_draft(
        session,
        dict.fromkeys(("foundation", "low_back", "whole_body", "next_time"), SECRET),
        touched={"knee-left": 1},
        rest={"plan": SECRET},
        by=tess.user,
        version=0,
        now=timezone.now(),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_sessionnote")
        columns = [column[0] for column in cursor.description]
        row = dict(zip(columns, cursor.fetchone(), strict=True))
    assert all(
        row[name] for name in ("foundation", "low_back", "whole_body", "next_time", "touched", "draft")
    )
    assert SECRET not in str(row)
    assert "knee" not in str(row)


def test_two_pages_without_javascript_show_both(session, tess) -> None:
    browser = at_work(tess.user)
    browser.post(page_of(session), posted(draft="1", foundation="From the first."))
    answer = browser.post(page_of(session), posted(foundation="From the second."))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "From the first." in page
    assert "From the second." in page
    assert 'name="version" value="1"' in page
    assert SessionNote.objects.get().foundation == "From the first."


def test_autosave_says_when_and_gives_the_next_version(session, tess) -> None:
    browser = at_work(tess.user)
    answer = autosave(browser, session, foundation="Half a sent")
    assert answer.json()["version"] == 1
    assert answer.json()["saved"].startswith("Saved ")
    assert autosave(browser, session, version="1", foundation="Half a sentence.").json()["version"] == 2


@pytest.mark.parametrize("version", ["0", "", "x", "-1", "99"])
def test_autosave_of_a_stale_page_is_refused(version, session, tess) -> None:
    kept(session, tess, foundation="What stands.")
    answer = autosave(at_work(tess.user), session, version=version, foundation="Older.")
    assert answer.status_code in {409, 422}
    assert SessionNote.objects.get().foundation == "What stands."


def test_autosave_after_signing_is_refused(session, tess) -> None:
    signed(session, tess, foundation="Signed.")
    answer = autosave(at_work(tess.user), session, version="1", foundation="Later.")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "signed")


def test_autosave_without_a_token_is_refused(session, tess) -> None:
    browser = at_work(tess.user)
    browser.handler.enforce_csrf_checks = True
    assert autosave(browser, session).status_code == 403


def test_autosave_after_the_session_ended_is_refused_in_words(session) -> None:
    """Not as our mistake: the page tells it from a lost connection."""
    assert (
        autosave(Browser(enforce_csrf_checks=True, raise_request_exception=False), session).status_code == 403
    )


def test_a_draft_from_before_a_later_wrap_up_does_not_take_home_back(session, tess, ann) -> None:
    browser, lesson = at_work(tess.user), make_lesson("older")
    make_recording(lesson)
    autosave(browser, session, what_0="lesson:older", foundation="The sacrum leans.")
    assign(make_exercise("newer"), ann, by=tess)
    later = {"start": session.ends_at, "client": ann, "state": Appointment.State.COMPLETED}
    make_appointment(session_type=session.session_type, practitioner=tess, **later)
    form = browser.get(page_of(session)).context["form"]
    assert form["what_0"].value() == "exercise:newer"
    assert form["foundation"].value() == "The sacrum leans."
