"""A wrap-up is signed once: all that follows from it, or nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.appointments.actions.cancel import cancel
from booking.errors import AlreadyCancelled, NotBegun
from booking.testing import make_appointment
from portal.models import (
    Assignment,
    ClientProfile,
    FollowUp,
    FollowUpPlan,
    SessionNote,
)
from portal.session_notes.actions.assign import NewAssignment, TooMany
from portal.session_notes.actions.wrap_up import WrapUp, sign
from portal.testing import assign, make_exercise
from portal.tests.session_notes.wrap_up.steps import kept, signed
from practice.consents.actions.letter_preferences import decline_letters
from practice.models import Letter
from practice.queries import wants_letters

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
HOUR = dt.timedelta(hours=1)


def test_a_session_that_has_not_begun_cannot_be_signed(session, tess, now) -> None:
    with pytest.raises(NotBegun):
        sign(session, WrapUp(foundation="x"), by=tess.user, now=now - 3 * HOUR)
    assert not SessionNote.objects.exists()


def test_a_canceled_session_cannot_be_signed(session, tess, now) -> None:
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
    four = [NewAssignment(make_exercise(slug)) for slug in ("one", "two", "three", "four")]
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
        home=[NewAssignment(make_exercise(), "once a day", "Slowly.")],
        plan="After breakfast.",
        obstacle="Two blankets.",
    )
    session.refresh_from_db()
    page = ClientProfile.objects.get(user=ann)
    assert (note.foundation, note.touched, note.draft) == ("Slow to answer.", "pelvis:2", "")
    assert (note.signed_by, note.author, session.state) == (tess.user, tess, "completed")
    assert (page.plan, page.obstacle) == ("After breakfast.", "Two blankets.")
    assert Assignment.objects.get(client=ann).word == "Slowly."
    assert wants_letters(ann)


def test_a_no_show_gives_and_plans_nothing(session, tess, ann) -> None:
    had = assign(make_exercise(), ann, by=tess)
    signed(session, tess, came=False, home=[NewAssignment(make_exercise("other"))], plan="Never.")
    session.refresh_from_db()
    assert session.state == "no_show"
    assert [one.pk for one in Assignment.objects.filter(ended_at=None)] == [had.pk]
    assert not ClientProfile.objects.exists()
    assert not wants_letters(ann)


def test_who_declined_emails_is_not_made_to_want_them(session, tess, ann, now) -> None:
    decline_letters(ann, now=now, why="They said so.")
    signed(session, tess, letters=True)
    assert not wants_letters(ann)


def test_no_emails_asks_for_no_consent(session, tess, ann) -> None:
    signed(session, tess, letters=False)
    assert not wants_letters(ann)


def test_emails_are_planned_once_by_the_plan_that_was_chosen(session, tess, ann) -> None:
    plan = FollowUpPlan.objects.create(name="Short")
    plan.steps.create(days=2)
    for _time in range(2):
        signed(session, tess, follow_up_plan=plan)
    assert list(FollowUp.objects.values_list("client", "days", "letter__state")) == [(ann.pk, 2, "planned")]


@pytest.mark.parametrize("fields", [{"came": False}, {"letters": False}])
def test_who_did_not_come_or_is_rung_gets_no_emails(fields, session, tess) -> None:
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

    monkeypatch.setattr("portal.session_notes.actions.wrap_up.plan_letters", broken)
    with pytest.raises(RuntimeError):
        signed(session, tess, plan="At noon.", home=[NewAssignment(make_exercise())])
    session.refresh_from_db()
    assert (session.state, session.changes.count()) == ("booked", 0)
    assert [model.objects.count() for model in (SessionNote, Assignment, ClientProfile)] == [0, 0, 0]
