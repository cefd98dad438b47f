"""A signed note is only added to, and shown without a word of it elsewhere."""

from __future__ import annotations

import json
import logging

import pytest
from django.utils import timezone

from portal.models import (
    NoteAmendment,
    NoteClosed,
    SessionNote,
)
from portal.session_notes.actions.assign import NewAssignment
from portal.session_notes.actions.wrap_up import LONGEST, Empty, NotSigned, TooLong, amend
from portal.testing import assign, make_exercise
from portal.tests.session_notes.wrap_up.steps import (
    SECRET,
    autosave,
    kept,
    note_page,
    page_of,
    posted,
    signed,
)
from practice.models import AccessLog
from practice.testing import at_work

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


def test_a_signed_note_cannot_be_saved_again(session, tess) -> None:
    kept(session, tess, foundation="As it was.")
    old_copy = SessionNote.objects.get()
    note = signed(session, tess, foundation="Signed.")
    for copy in (note, old_copy):
        copy.foundation = "Changed."
        with pytest.raises(NoteClosed):
            copy.save()
    assert SessionNote.objects.get().foundation == "Signed."


def test_amendments_only_append(session, tess) -> None:
    note = signed(session, tess, foundation="Signed.")
    first = amend(note, "The left one, not the right.", by=tess.user, now=timezone.now())
    amend(note, "And slower.", by=tess.user, now=timezone.now())
    first.text = "Changed."
    with pytest.raises(NoteClosed):
        first.save()
    assert [one.text for one in NoteAmendment.objects.all()] == [
        "The left one, not the right.",
        "And slower.",
    ]
    assert SessionNote.objects.get().foundation == "Signed."


def test_a_draft_is_not_amended(session, tess) -> None:
    with pytest.raises(NotSigned):
        amend(kept(session, tess), "Too early.", by=tess.user, now=timezone.now())


@pytest.mark.parametrize(("text", "error"), [("  \n ", Empty), ("a" * (LONGEST + 1), TooLong)])
def test_an_amendment_has_words_and_an_end(text, error, session, tess) -> None:
    note = signed(session, tess)
    with pytest.raises(error):
        amend(note, text, by=tess.user, now=timezone.now())


def test_the_signed_note_is_added_to_and_not_changed(session, tess) -> None:
    signed(session, tess, foundation="Signed.", touched={"knee-left": 1})
    browser = at_work(tess.user)
    assert browser.get(page_of(session)).url == note_page(session)
    browser.post(note_page(session), {"text": "The right one."})
    page = browser.get(note_page(session)).content.decode()
    assert "Signed." in page
    assert "The right one." in page
    assert "Left knee, briefly" in page
    assert 'name="foundation"' not in page


def test_an_amendment_that_is_too_long_stays_on_the_page(session, tess) -> None:
    signed(session, tess)
    long = "word " * 20_000
    answer = at_work(tess.user).post(note_page(session), {"text": long})
    assert answer.status_code == 422
    assert long in answer.content.decode()


def test_no_word_of_it_is_in_an_address_a_log_or_the_access_log(session, tess, caplog) -> None:
    browser = at_work(tess.user)
    with caplog.at_level(logging.DEBUG):
        autosave(browser, session, foundation=SECRET, plan=SECRET)
        autosave(browser, session, foundation=SECRET)  # stale
        answer = browser.post(page_of(session), posted(version="1", foundation=SECRET, plan=SECRET))
        browser.post(note_page(session), {"text": SECRET})
        browser.get(note_page(session))
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("django.db")]
    assert SECRET not in answer.url
    assert SECRET not in json.dumps(ours)
    assert SECRET not in str(list(AccessLog.objects.values()))


def test_the_back_office_shows_no_word_of_a_note_and_changes_none(session, tess) -> None:
    note = signed(session, tess, foundation=SECRET)
    browser = at_work(tess.user)
    address = f"/backoffice/portal/sessionnote/{note.pk}/change/"
    page = browser.get(address).content.decode()
    assert note_page(session) in page
    assert SECRET not in page
    assert browser.post(address, {"foundation": "Changed."}).status_code == 403


def test_another_practitioner_finds_neither_note_nor_assignment_there(session, tess, jonah) -> None:
    signed(session, tess, home=[NewAssignment(make_exercise())])
    browser = at_work(jonah.user)
    for model in ("sessionnote", "assignment"):
        assert "Ann Lee" not in browser.get(f"/backoffice/portal/{model}/").content.decode()


def test_an_assignment_is_ended_there_and_not_deleted(session, tess, ann) -> None:
    given = assign(make_exercise(), ann, by=tess)
    signed(session, tess, came=False)
    at_work(tess.user).post(
        "/backoffice/portal/assignment/", {"action": "end", "_selected_action": [given.pk]}
    )
    given.refresh_from_db()
    assert given.ended_at


@pytest.mark.parametrize("of", ["wrap-up", "note"])
def test_a_page_shown_again_for_a_mistake_counts_as_opened(session, tess, ann, of) -> None:
    if of == "note":
        signed(session, tess)
        answer = at_work(tess.user).post(note_page(session), {"text": ""})
    else:
        answer = at_work(tess.user).post(page_of(session), {"came": ""})
    assert answer.status_code == 422
    assert AccessLog.objects.filter(whose=ann, code="access:note").exists()


def test_an_amendment_pressed_twice_is_one(session, tess) -> None:
    note = signed(session, tess)
    for _press in range(2):
        amend(note, "The right one.", by=tess.user, now=timezone.now())
    assert NoteAmendment.objects.count() == 1
