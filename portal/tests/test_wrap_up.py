"""The wrap-up: kept while it is written, signed once, then only added to; and who may see it."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from booking.actions.cancel import cancel
from booking.errors import AlreadyCancelled, NotBegun
from booking.models import Appointment
from booking.testing import make_appointment, make_session_type
from portal.actions.assign import Given, TooMany
from portal.actions.wrap_up import (
    LONGEST,
    Empty,
    NotSigned,
    Signed,
    Stale,
    TooLong,
    WrapUp,
    amend,
    keep_draft,
    sign,
)
from portal.desk.following import to_follow
from portal.followups.gather import gather
from portal.followups.queue import plan_letters, steps_of
from portal.models import (
    Assignment,
    Client,
    Closed,
    FollowUp,
    FollowUpPlan,
    NoteAmendment,
    SessionNote,
)
from portal.testing import assign, make_exercise, make_lesson, make_recording
from practice.actions.wishes import agree_to_letters, decline_letters
from practice.models import AccessLog, Letter, Practice, Practitioner, User
from practice.queries import wants_letters
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.mail.builders import make_letter

pytestmark = pytest.mark.django_db
SECRET = "Sacroiliac-marker"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    return make_practitioner()


@pytest.fixture
def jonah(tess: Practitioner) -> Practitioner:
    return make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, order=1)


@pytest.fixture
def ann(db: None) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def session(tess: Practitioner, ann: User, now: dt.datetime) -> Appointment:
    """Ann's session with Tess; it ended an hour ago."""
    return make_appointment(
        session_type=make_session_type(tess), practitioner=tess, start=now - 2 * HOUR, client=ann
    )


def kept(session: Appointment, tess: Practitioner, *, version: int = 0, **words: str) -> SessionNote:
    return keep_draft(session, words, touched={}, rest={}, by=tess.user, version=version, now=timezone.now())


def signed(session: Appointment, tess: Practitioner, **fields: Any) -> SessionNote:
    return sign(session, WrapUp(**fields), by=tess.user, now=timezone.now())


def posted(**fields: Any) -> dict[str, Any]:
    """The form as the page sends it."""
    return {"came": "yes", "letters": "yes", "version": "0"} | fields


def page_of(session: Appointment) -> str:
    return f"/workspace/appointments/{session.uid}/wrap-up/"


def note_page(session: Appointment) -> str:
    return f"/workspace/appointments/{session.uid}/note/"


def autosave(browser: Browser, session: Appointment, **fields: Any) -> Any:
    return browser.post(page_of(session), posted(draft="1", **fields), headers={"accept": "application/json"})


# --- The letters it would make ------------------------------------------------------------------------
@pytest.mark.parametrize("case", ["", "quiet", "a letter lately", "a later session"])
def test_the_page_promises_the_letters_that_signing_plans(session, tess, ann, now, case) -> None:
    agree_to_letters(ann, now=now)
    assign(make_lesson(), ann, by=tess)
    if case == "quiet":
        Practice.objects.update(quiet_until=dt.time(11))
    elif case == "a letter lately":
        make_letter("follow_up", key="x", user=ann)
        Letter.objects.filter(key="x").update(state=Letter.State.SENT, sent_at=now, due_at=now)
    elif case == "a later session":
        later = {"start": session.ends_at, "client": ann, "state": Appointment.State.COMPLETED}
        make_appointment(session_type=session.session_type, practitioner=tess, **later)
    known = gather(session, ann, steps=(), made_at=now, now=now)
    promised = to_follow(known, steps_of(None, ann), now=now)
    planned = plan_letters(session, now=now)
    assert [one.due_at for one in promised] == [one.letter.due_at for one in planned if one.letter]


# --- Keeping -----------------------------------------------------------------------------------------
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
    assert (session.state, Assignment.objects.count(), Client.objects.count()) == ("booked", 0, 0)


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


# --- Signing -----------------------------------------------------------------------------------------
def test_a_session_that_has_not_begun_cannot_be_signed(session, tess, now) -> None:
    with pytest.raises(NotBegun):
        sign(session, WrapUp(foundation="x"), by=tess.user, now=now - 3 * HOUR)
    assert not SessionNote.objects.exists()


def test_a_cancelled_session_cannot_be_signed(session, tess, now) -> None:
    cancel(session, by=tess.user, now=now - 3 * HOUR)
    with pytest.raises(AlreadyCancelled):
        signed(session, tess)
    assert not SessionNote.objects.exists()


def test_signing_twice_is_the_same_note(session, tess) -> None:
    first = signed(session, tess, foundation="Once.")
    second = signed(session, tess, foundation="Twice.", came=False)
    session.refresh_from_db()
    assert (second.pk, second.foundation, second.signed_at) == (first.pk, "Once.", first.signed_at)
    assert session.state == "completed"
    assert list(session.changes.values_list("what", flat=True)) == ["completed"]


def test_four_things_to_take_home_sign_nothing(session, tess) -> None:
    four = [Given(make_exercise(slug)) for slug in ("one", "two", "three", "four")]
    with pytest.raises(TooMany):
        signed(session, tess, foundation="x", home=four)
    session.refresh_from_db()
    assert (session.state, SessionNote.objects.count()) == ("booked", 0)


def test_signed_it_is_all_there(session, tess, ann) -> None:
    kept(session, tess, foundation="A draft.")
    note = signed(
        session,
        tess,
        foundation="Slow to answer.",
        touched={"pelvis": 2},
        home=[Given(make_exercise(), "once a day", "Slowly.")],
        plan="After breakfast.",
        obstacle="Two blankets.",
    )
    session.refresh_from_db()
    page = Client.objects.get(user=ann)
    assert (note.foundation, note.touched, note.draft) == ("Slow to answer.", "pelvis:2", "")
    assert (note.signed_by, note.author, session.state) == (tess.user, tess, "completed")
    assert (page.plan, page.obstacle) == ("After breakfast.", "Two blankets.")
    assert Assignment.objects.get(client=ann).word == "Slowly."
    assert wants_letters(ann)


def test_a_no_show_gives_and_plans_nothing(session, tess, ann) -> None:
    had = assign(make_exercise(), ann, by=tess)
    signed(session, tess, came=False, home=[Given(make_exercise("other"))], plan="Never.")
    session.refresh_from_db()
    assert session.state == "no_show"
    assert [one.pk for one in Assignment.objects.filter(ended_at=None)] == [had.pk]
    assert not Client.objects.exists()
    assert not wants_letters(ann)


def test_who_declined_letters_is_not_made_to_want_them(session, tess, ann, now) -> None:
    decline_letters(ann, now=now, why="They said so.")
    signed(session, tess, letters=True)
    assert not wants_letters(ann)


def test_no_letters_asks_for_no_consent(session, tess, ann) -> None:
    signed(session, tess, letters=False)
    assert not wants_letters(ann)


def test_letters_are_planned_once_by_the_plan_that_was_chosen(session, tess, ann) -> None:
    plan = FollowUpPlan.objects.create(name="Short")
    plan.steps.create(days=2)
    for _time in range(2):
        signed(session, tess, follow_up_plan=plan)
    assert list(FollowUp.objects.values_list("client", "days", "letter__state")) == [(ann.pk, 2, "planned")]


@pytest.mark.parametrize("fields", [{"came": False}, {"letters": False}])
def test_who_did_not_come_or_is_rung_gets_no_letters(fields, session, tess) -> None:
    signed(session, tess, **fields)
    assert not FollowUp.objects.exists()


def test_who_will_be_rung_gets_none_of_an_earlier_session_either(session, tess, ann, now) -> None:
    before = make_appointment(
        session_type=session.session_type, practitioner=tess, start=now - dt.timedelta(days=2), client=ann
    )
    signed(before, tess)
    signed(session, tess, letters=False)
    assert set(Letter.objects.filter(kind="follow_up").values_list("state", flat=True)) == {"cancelled"}


def test_what_fails_while_signing_leaves_nothing_behind(session, tess, monkeypatch) -> None:
    def broken(*args: object, **options: object) -> None:
        raise RuntimeError("planning failed")

    monkeypatch.setattr("portal.actions.wrap_up.plan_letters", broken)
    with pytest.raises(RuntimeError):
        signed(session, tess, plan="At noon.", home=[Given(make_exercise())])
    session.refresh_from_db()
    assert (session.state, session.changes.count()) == ("booked", 0)
    assert [model.objects.count() for model in (SessionNote, Assignment, Client)] == [0, 0, 0]


# --- Signed ------------------------------------------------------------------------------------------
def test_a_signed_note_cannot_be_saved_again(session, tess) -> None:
    kept(session, tess, foundation="As it was.")
    old_copy = SessionNote.objects.get()
    note = signed(session, tess, foundation="Signed.")
    for copy in (note, old_copy):
        copy.foundation = "Changed."
        with pytest.raises(Closed):
            copy.save()
    assert SessionNote.objects.get().foundation == "Signed."


def test_amendments_only_append(session, tess) -> None:
    note = signed(session, tess, foundation="Signed.")
    first = amend(note, "The left one, not the right.", by=tess.user, now=timezone.now())
    amend(note, "And slower.", by=tess.user, now=timezone.now())
    first.text = "Changed."
    with pytest.raises(Closed):
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


# --- Who ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", [page_of, note_page])
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_all_others_there_is_no_such_page(path, method, session, tess, jonah, ann) -> None:
    if path is note_page:
        signed(session, tess, foundation=SECRET)
    desk = make_user("Dora Desk", role=User.Role.FRONT_DESK)
    client = Browser()
    client.force_login(ann)
    for stranger in (at_work(jonah.user), at_work(desk), client):
        assert getattr(stranger, method)(path(session), posted(text="x")).status_code == 404
    assert NoteAmendment.objects.count() == 0
    assert not SessionNote.objects.filter(signed_by=None).exists()


def test_who_is_not_signed_in_is_sent_to_the_door(session) -> None:
    answer = Browser().get(page_of(session))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")


def test_the_owner_wraps_up_for_another(session, tess, jonah, ann, now) -> None:
    his = make_appointment(
        session_type=session.session_type, practitioner=jonah, start=now - 2 * HOUR, client=ann
    )
    assert at_work(tess.user).post(page_of(his), posted()).url == note_page(his)
    note = SessionNote.objects.get()
    assert (note.author, note.signed_by) == (jonah, tess.user)


def test_a_session_that_is_not_there_is_not_found(tess) -> None:
    assert at_work(tess.user).get(f"/workspace/appointments/{uuid.uuid4()}/wrap-up/").status_code == 404


def test_opening_it_is_noted_without_a_word_of_it(session, tess, ann) -> None:
    kept(session, tess, foundation=SECRET)
    browser = at_work(tess.user)
    browser.get(page_of(session))
    browser.get(page_of(session))
    noted = AccessLog.objects.get(reader=tess.user, whose=ann)
    assert noted.what == "the note of a session"


# --- The page ----------------------------------------------------------------------------------------
def test_it_suggests_what_is_so_now(session, tess, ann) -> None:
    lesson = make_lesson("floor", title="Let the floor hold you")
    make_recording(lesson)
    assign(lesson, ann, by=tess, dosage="every second day", word="Less than you can.")
    Client.objects.keep(ann, plan="After breakfast, on the rug.")
    page = at_work(tess.user).get(page_of(session)).content.decode()
    assert 'value="lesson:floor" selected>Let the floor hold you, 21 min, lying on the back' in page
    for words in ("every second day", "Less than you can.", "After breakfast, on the rug.", "What Ann takes"):
        assert words in page


def test_what_went_home_and_was_unpublished_is_said_to_end(session, tess, ann) -> None:
    assign(make_exercise("old", is_published=False), ann, by=tess)
    assert "“Old” is not published any more" in at_work(tess.user).get(page_of(session)).content.decode()


def test_letters_are_told_ahead(session, tess) -> None:
    page = at_work(tess.user).get(page_of(session)).content.decode()
    assert page.count("<time datetime") == 3
    assert "The day after the session" in page


def answers_chosen(browser: Browser, session: Appointment) -> list[str]:
    """Which answer about letters the page has chosen already."""
    page = browser.get(page_of(session)).content.decode()
    return re.findall(r'name="letters" value="(\w+)"[^>]*checked', page)


def test_nobody_is_made_to_say_yes_to_letters_by_leaving_the_page_as_it_is(session, tess, ann) -> None:
    browser = at_work(tess.user)
    assert answers_chosen(browser, session) == []
    answer = browser.post(page_of(session), posted(letters="", foundation="Kept."))
    assert answer.status_code == 422
    assert "Ask Ann: is a letter like these welcome" in answer.content.decode()
    assert "Kept." in answer.content.decode()
    assert not SessionNote.objects.exists()
    assert not wants_letters(ann)


def test_a_draft_does_not_need_the_answer_and_keeps_it_open(session, tess) -> None:
    browser = at_work(tess.user)
    assert browser.post(page_of(session), posted(draft="1", letters="")).status_code == 302
    assert answers_chosen(browser, session) == []


@pytest.mark.parametrize("fields", [{"came": "no"}, {}])
def test_nobody_is_asked_about_letters_that_cannot_be(fields, session, tess, ann) -> None:
    if not fields:
        User.objects.filter(pk=ann.pk).update(email=None)
        page = at_work(tess.user).get(page_of(session)).content.decode()
        assert "We have no email address of Ann" in page
        assert 'name="letters"' not in page
    at_work(tess.user).post(page_of(session), posted(letters="", **fields))
    assert SessionNote.objects.get().signed_at
    assert not wants_letters(ann)


@pytest.mark.parametrize(("said", "then"), [(True, ["yes"]), (False, ["no"])])
def test_once_answered_the_answer_is_there_the_next_time(said, then, session, tess, ann, now) -> None:
    before = make_appointment(
        session_type=session.session_type, practitioner=tess, start=now - dt.timedelta(days=7), client=ann
    )
    signed(before, tess, letters=said)
    assert answers_chosen(at_work(tess.user), session) == then


def test_after_a_session_they_missed_they_are_still_to_be_asked(session, tess, ann, now) -> None:
    before = make_appointment(
        session_type=session.session_type, practitioner=tess, start=now - dt.timedelta(days=7), client=ann
    )
    signed(before, tess, came=False)
    assert answers_chosen(at_work(tess.user), session) == []


def test_the_letters_of_each_plan_are_told_and_those_of_the_chosen_one_shown(session, tess) -> None:
    plan = FollowUpPlan.objects.create(name="Short")
    plan.steps.create(days=2)
    browser = at_work(tess.user)
    browser.post(page_of(session), posted(draft="1", follow_up_plan=str(plan.pk)))
    page = browser.get(page_of(session)).content.decode()
    assert re.findall(r'data-plan="(\d*)"( hidden)?', page) == [("", " hidden"), (str(plan.pk), "")]
    assert "2 days after the session" in page


def test_who_declined_letters_is_said_to_have(session, tess, ann, now) -> None:
    decline_letters(ann, now=now, why="They said so.")
    page = at_work(tess.user).get(page_of(session)).content.decode()
    assert "Ann does not want letters" in page
    assert 'name="letters"' not in page


def test_the_next_session_is_told(session, tess, ann, now) -> None:
    browser = at_work(tess.user)
    assert "Nothing is booked for Ann" in browser.get(page_of(session)).content.decode()
    ahead = make_appointment(
        session_type=session.session_type,
        practitioner=tess,
        start=now + dt.timedelta(days=7),
        client=ann,
    )
    assert f"/workspace/appointments/{ahead.uid}/" in browser.get(page_of(session)).content.decode()


def test_what_was_wished_for_this_time_stands_there(session, tess, ann, now) -> None:
    before = make_appointment(
        session_type=session.session_type, practitioner=tess, start=now - dt.timedelta(days=7), client=ann
    )
    signed(before, tess, next_time="Look at the ribs.")
    assert "Look at the ribs." in at_work(tess.user).get(page_of(session)).content.decode()


def test_signing_on_the_page_leads_to_the_note(session, tess, ann) -> None:
    make_exercise("tilt", dosage="six times, once a day")
    answer = at_work(tess.user).post(
        page_of(session),
        posted(
            foundation="Slow to answer.",
            what_0="exercise:tilt",
            region=["pelvis"],
            **{"strength-pelvis": "3"},
        ),
    )
    assert (answer.status_code, answer.url) == (302, note_page(session))
    assert SessionNote.objects.get().touched == "pelvis:3"
    assert Assignment.objects.get(client=ann).dosage == "six times, once a day"


def test_a_draft_comes_back_as_it_was_left_even_with_four_things(session, tess) -> None:
    for slug in ("one", "two", "three", "four"):
        make_exercise(slug)
    four = {
        f"what_{number}": f"exercise:{slug}" for number, slug in enumerate(("one", "two", "three", "four"))
    }
    browser = at_work(tess.user)
    browser.post(page_of(session), posted(draft="1", came="no", plan="At noon.", word_3="Slowly.", **four))
    page = browser.get(page_of(session)).content.decode()
    assert page.count(" selected>") == 4
    assert "At noon." in page
    assert "Slowly." in page
    refused = browser.post(page_of(session), posted(version="1", foundation="Kept.", **four))
    assert refused.status_code == 422
    assert "Three things at the most" in refused.content.decode()
    assert "Kept." in refused.content.decode()


@pytest.mark.parametrize("field", ["foundation", "plan", "word_0"])
def test_a_hundred_thousand_letters_are_refused_and_stay_on_the_page(field, session, tess) -> None:
    long = "word " * 20_000
    answer = at_work(tess.user).post(page_of(session), posted(**{field: long}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Please shorten it." in page
    assert long.strip() in page
    assert not SessionNote.objects.filter(signed_at__isnull=False).exists()


@pytest.mark.parametrize(
    "text", ["{{ user.email }} {% debug %}", "<script>alert(1)</script>", "a\x07b\x1b[31m"]
)
def test_a_plan_with_a_wrong_word_is_only_text(text, session, tess, ann) -> None:
    browser = at_work(tess.user)
    browser.post(page_of(session), posted(plan=text, foundation=text))
    assert Client.objects.get(user=ann).plan == text
    page = browser.get(note_page(session)).content.decode()
    assert "<script>alert" not in page
    assert ann.email not in page


def test_a_place_that_no_body_has_takes_none_of_the_others_along(session, tess) -> None:
    assert autosave(at_work(tess.user), session, region=["tail", "pelvis"]).status_code == 200
    assert SessionNote.objects.get().touched == "pelvis:2"


def test_nothing_is_signed_with_a_place_that_no_body_has(session, tess) -> None:
    answer = at_work(tess.user).post(page_of(session), posted(region=["tail", "pelvis"]))
    assert answer.status_code == 422
    assert "Please look at the marks again" in answer.content.decode()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({}, "Signed."),
        ({"foundation": "Quick to answer."}, "add it here"),
        ({"came": "no"}, "add it here"),
        ({"region": ["neck"]}, "add it here"),
    ],
)
def test_whoever_signs_what_is_signed_is_told_if_their_own_words_are_not_in_it(
    other, said, session, tess
) -> None:
    browser = at_work(tess.user)
    browser.post(page_of(session), posted(foundation="Slow to answer.", region=["pelvis"]))
    browser.get(note_page(session))
    fields = {"foundation": "Slow to answer.", "region": ["pelvis"]} | other
    assert said in browser.post(page_of(session), posted(**fields), follow=True).content.decode()


def test_something_that_is_not_given_any_more_is_said_at_its_place(session, tess) -> None:
    answer = at_work(tess.user).post(page_of(session), posted(what_0="exercise:gone", foundation="Kept."))
    assert answer.status_code == 422
    assert "cannot be given any more" in answer.content.decode()
    assert "Kept." in answer.content.decode()


def test_before_it_has_begun_the_page_says_so_and_keeps_the_words(session, tess, now) -> None:
    Appointment.objects.update(starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    answer = at_work(tess.user).post(page_of(session), posted(foundation="Early words."))
    assert answer.status_code == 422
    assert "has not begun yet" in answer.content.decode()
    assert "Early words." in answer.content.decode()


def test_a_cancelled_session_leads_back_with_a_sentence(session, tess, now) -> None:
    cancel(session, by=tess.user, now=now - 3 * HOUR)
    answer = at_work(tess.user).get(page_of(session), follow=True)
    assert "nothing to wrap up" in answer.content.decode()


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


def test_no_word_of_it_stands_in_an_address_a_log_or_the_access_log(session, tess, caplog) -> None:
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


def test_the_appointments_page_leads_there(session, tess) -> None:
    browser = at_work(tess.user)
    page = f"/workspace/appointments/{session.uid}/"
    assert page_of(session) in browser.get(page).content.decode()
    signed(session, tess)
    assert note_page(session) in browser.get(page).content.decode()
    desk = at_work(make_user("Dora Desk", role=User.Role.FRONT_DESK))
    assert note_page(session) not in desk.get(page).content.decode()


# --- The back office ---------------------------------------------------------------------------------
def test_the_back_office_shows_no_word_of_a_note_and_changes_none(session, tess) -> None:
    note = signed(session, tess, foundation=SECRET)
    browser = at_work(tess.user)
    address = f"/backoffice/portal/sessionnote/{note.pk}/change/"
    page = browser.get(address).content.decode()
    assert note_page(session) in page
    assert SECRET not in page
    assert browser.post(address, {"foundation": "Changed."}).status_code == 403


def test_another_practitioner_finds_neither_note_nor_assignment_there(session, tess, jonah) -> None:
    signed(session, tess, home=[Given(make_exercise())])
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
    assert AccessLog.objects.filter(whose=ann, what="the note of a session").exists()


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


def test_who_signs_too_late_with_other_words_is_told_that_they_are_not_in_it(
    session, tess, monkeypatch
) -> None:
    signed(session, tess, foundation="First.")
    monkeypatch.setattr("portal.views.wrap_up.note_of", lambda _appointment: None)  # it came in between
    answer = at_work(tess.user).post(page_of(session), posted(foundation="Second."))
    said = [str(one) for one in get_messages(answer.wsgi_request)]
    assert "not in it" in said[0]
