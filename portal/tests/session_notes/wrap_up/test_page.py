"""The page of the wrap-up: who sees it, what it suggests, how it refuses."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.test import Client as Browser

from booking.appointments.actions.cancel import cancel
from booking.models import Appointment
from booking.testing import make_appointment
from portal.followups.loading import load_facts
from portal.followups.queue import plan_letters, steps_of
from portal.followups.wrap_up_preview import expected_emails
from portal.models import (
    Assignment,
    ClientProfile,
    FollowUpPlan,
    NoteAmendment,
    SessionNote,
)
from portal.session_notes.actions.wrap_up import keep_draft
from portal.testing import assign, make_exercise, make_lesson, make_recording
from portal.tests.session_notes.wrap_up.steps import (
    SECRET,
    autosave,
    kept,
    note_page,
    page_of,
    posted,
    signed,
)
from practice.consents.actions.letter_preferences import agree_to_letters, decline_letters
from practice.models import AccessLog, Letter, Practice, User
from practice.queries import wants_letters
from practice.testing import at_work, make_user
from practice.tests.mail.builders import make_letter

# long: each test draws and posts the whole wrap-up
pytestmark = [pytest.mark.django_db, pytest.mark.long]
BUILT_IN = "They follow the standard plan, which is built in."
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize("case", ["", "quiet", "a letter lately", "a later session"])
def test_the_page_promises_the_emails_that_signing_plans(session, tess, ann, now, case) -> None:
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
    known = load_facts(session, ann, steps=(), made_at=now, now=now)
    promised = expected_emails(known, steps_of(None, ann), now=now)
    planned = plan_letters(session, now=now)
    assert [one.due_at for one in promised] == [one.letter.due_at for one in planned if one.letter]


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


def test_a_stranger_is_sent_to_the_sign_in_page(session) -> None:
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
    assert noted.words == "a session note"


def test_it_suggests_what_is_so_now(session, tess, ann) -> None:
    lesson = make_lesson("floor", title="Let the floor hold you")
    make_recording(lesson)
    assign(lesson, ann, by=tess, dosage="every second day", word="Less than you can.")
    ClientProfile.objects.keep(ann, plan="After breakfast, on the rug.")
    page = at_work(tess.user).get(page_of(session)).content.decode()
    assert 'value="lesson:floor" selected>Let the floor hold you, 21 min, lying on the back' in page
    for words in (
        "every second day",
        "Less than you can.",
        "After breakfast, on the rug.",
        "Practice at home for Ann",
    ):
        assert words in page


def test_what_went_home_and_was_unpublished_is_said_to_end(session, tess, ann) -> None:
    assign(make_exercise("old", is_published=False), ann, by=tess)
    assert "“Old” is no longer published" in at_work(tess.user).get(page_of(session)).content.decode()


def test_emails_are_told_ahead(session, tess) -> None:
    page = at_work(tess.user).get(page_of(session)).content.decode()
    assert page.count("<time datetime") == 3
    assert "The day after the session" in page


def answers_chosen(browser: Browser, session: Appointment) -> list[str]:
    """Which answer about letters the page has chosen already."""
    page = browser.get(page_of(session)).content.decode()
    return re.findall(r'name="letters" value="(\w+)"[^>]*checked', page)


def test_nobody_is_made_to_say_yes_to_emails_by_leaving_the_page_as_it_is(session, tess, ann) -> None:
    browser = at_work(tess.user)
    assert answers_chosen(browser, session) == []
    answer = browser.post(page_of(session), posted(letters="", foundation="Kept."))
    assert answer.status_code == 422
    assert "Ask Ann whether emails like these are welcome" in answer.content.decode()
    assert "Kept." in answer.content.decode()
    assert not SessionNote.objects.exists()
    assert not wants_letters(ann)


def test_a_draft_does_not_need_the_answer_and_keeps_it_open(session, tess) -> None:
    browser = at_work(tess.user)
    assert browser.post(page_of(session), posted(draft="1", letters="")).status_code == 302
    assert answers_chosen(browser, session) == []


@pytest.mark.parametrize("fields", [{"came": "no"}, {}])
def test_nobody_is_asked_about_emails_that_cannot_be(fields, session, tess, ann) -> None:
    if not fields:
        User.objects.filter(pk=ann.pk).update(email=None)
        page = at_work(tess.user).get(page_of(session)).content.decode()
        assert "We have no email address for Ann" in page
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


def test_the_emails_of_each_plan_are_told_and_those_of_the_chosen_one_shown(session, tess) -> None:
    plan = FollowUpPlan.objects.create(name="Short")
    plan.steps.create(days=2)
    browser = at_work(tess.user)
    browser.post(page_of(session), posted(draft="1", follow_up_plan=str(plan.pk)))
    page = browser.get(page_of(session)).content.decode()
    assert re.findall(r'data-plan="(\d*)"( hidden)?', page) == [("", " hidden"), (str(plan.pk), "")]
    assert "2 days after the session" in page
    assert BUILT_IN not in page


def test_where_the_practice_has_no_plan_the_built_in_one_is_named(session, tess, ann) -> None:
    assert BUILT_IN in at_work(tess.user).get(page_of(session)).content.decode()


def test_who_declined_emails_is_said_to_have(session, tess, ann, now) -> None:
    decline_letters(ann, now=now, why="They said so.")
    page = at_work(tess.user).get(page_of(session)).content.decode()
    assert "Ann does not want emails" in page
    assert 'name="letters"' not in page


def test_the_next_session_is_told(session, tess, ann, now) -> None:
    browser = at_work(tess.user)
    assert "Ann has no upcoming session" in browser.get(page_of(session)).content.decode()
    ahead = make_appointment(
        session_type=session.session_type,
        practitioner=tess,
        start=now + dt.timedelta(days=7),
        client=ann,
    )
    assert f"/workspace/appointments/{ahead.uid}/" in browser.get(page_of(session)).content.decode()


def test_the_last_note_for_next_time_is_shown(session, tess, ann, now) -> None:
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
    assert "Three assignments at most" in refused.content.decode()
    assert "Kept." in refused.content.decode()


@pytest.mark.parametrize("field", ["foundation", "plan", "word_0"])
def test_a_hundred_thousand_emails_are_refused_and_stay_on_the_page(field, session, tess) -> None:
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
    assert ClientProfile.objects.get(user=ann).plan == text
    page = browser.get(note_page(session)).content.decode()
    assert "<script>alert" not in page
    assert ann.email not in page


def test_a_place_that_no_body_has_takes_none_of_the_others_along(session, tess) -> None:
    assert autosave(at_work(tess.user), session, region=["tail", "pelvis"]).status_code == 200
    assert SessionNote.objects.get().touched == "pelvis:2"


def test_nothing_is_signed_with_a_place_that_no_body_has(session, tess) -> None:
    answer = at_work(tess.user).post(page_of(session), posted(region=["tail", "pelvis"]))
    assert answer.status_code == 422
    assert "Please check them again" in answer.content.decode()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({}, "Signed."),
        ({"foundation": "Quick to answer."}, "add it here"),
        ({"came": "no"}, "add it here"),
        ({"region": ["neck"]}, "add it here"),
    ],
)
def test_anyone_who_signs_what_is_signed_is_told_if_their_own_words_are_not_in_it(
    other, said, session, tess
) -> None:
    browser = at_work(tess.user)
    browser.post(page_of(session), posted(foundation="Slow to answer.", region=["pelvis"]))
    browser.get(note_page(session))
    fields = {"foundation": "Slow to answer.", "region": ["pelvis"]} | other
    assert said in browser.post(page_of(session), posted(**fields), follow=True).content.decode()


def test_something_that_is_not_given_anymore_is_said_at_its_place(session, tess) -> None:
    answer = at_work(tess.user).post(page_of(session), posted(what_0="exercise:gone", foundation="Kept."))
    assert answer.status_code == 422
    assert "can no longer be assigned" in answer.content.decode()
    assert "Kept." in answer.content.decode()


def test_before_it_has_begun_the_page_says_so_and_keeps_the_words(session, tess, now) -> None:
    Appointment.objects.update(starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    answer = at_work(tess.user).post(page_of(session), posted(foundation="Early words."))
    assert answer.status_code == 422
    assert "has not started yet" in answer.content.decode()
    assert "Early words." in answer.content.decode()


def test_a_canceled_session_leads_back_with_a_sentence(session, tess, now) -> None:
    cancel(session, by=tess.user, now=now - 3 * HOUR)
    answer = at_work(tess.user).get(page_of(session), follow=True)
    assert "nothing to wrap up" in answer.content.decode()


def test_the_appointments_page_leads_there(session, tess) -> None:
    browser = at_work(tess.user)
    page = f"/workspace/appointments/{session.uid}/"
    assert page_of(session) in browser.get(page).content.decode()
    signed(session, tess)
    assert note_page(session) in browser.get(page).content.decode()
    desk = at_work(make_user("Dora Desk", role=User.Role.FRONT_DESK))
    assert note_page(session) not in desk.get(page).content.decode()


def test_who_signs_too_late_with_other_words_is_told_that_they_are_not_in_it(
    session, tess, monkeypatch
) -> None:
    signed(session, tess, foundation="First.")
    monkeypatch.setattr(
        "portal.session_notes.workspace_views.note_of", lambda _appointment: None
    )  # it came in between
    answer = at_work(tess.user).post(page_of(session), posted(foundation="Second."))
    said = [str(one) for one in get_messages(answer.wsgi_request)]
    assert "without the text on yours" in said[0]
    assert (answer.status_code, "Second.</textarea>" in answer.text) == (409, True)
    monkeypatch.undo()
    added = at_work(tess.user).post(note_page(session), {"text": "Second."})
    assert (added.status_code, NoteAmendment.objects.get().text) == (302, "Second.")


def read_it(session, tess, now) -> list[str]:
    """The emails as the page lets one read them."""
    html = at_work(tess.user).get(page_of(session)).content.decode()
    return [unescape(one) for one in re.findall(r'<pre class="letter-text">(.*?)</pre>', html, re.S)]


def test_the_emails_can_be_read_before_signing_with_what_the_draft_says(session, tess, ann, now) -> None:
    agree_to_letters(ann, now=now)
    lesson = make_lesson()
    make_recording(lesson)
    rest = {"what_0": f"lesson:{lesson.slug}", "dosage_0": "Most evenings", "plan": "On the rug, after tea."}
    keep_draft(session, {}, touched={}, rest=rest, by=tess.user, version=0, now=now)
    first, *later = read_it(session, tess, now)
    assert lesson.title in first
    assert "We said: Most evenings." in first
    assert "On the rug, after tea." in first
    assert (len(later), first not in later) == (2, True)
    assert not Assignment.objects.exists()
    assert ClientProfile.objects.of(ann).plan == ""


def test_where_nothing_goes_home_there_is_no_email_to_read(session, tess, ann, now) -> None:
    agree_to_letters(ann, now=now)
    assert read_it(session, tess, now) == []
    assert "no emails will follow" in at_work(tess.user).get(page_of(session)).content.decode()
