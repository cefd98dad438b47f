"""A request is answered once: by a yes, by a no, or by nobody in time; what follows belongs to the winner."""

import datetime as dt

import pytest
from icalendar import Calendar

from booking.appointments.actions import approve as answering
from booking.appointments.actions.approve import approve, decline, decline_unanswered
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.errors import AlreadyApproved, AlreadyCancelled, AlreadyOver
from booking.models import Appointment, SessionType
from booking.testing import make_session_type
from booking.tests.people import BEN, NOW, TEN, booked, kinds, noted
from practice.models import AccessLog, Letter
from practice.testing import as_it_leaves, at_work, is_in_both_parts

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def asked(tess) -> Appointment:
    """Ann asks for a first session, which Tess wants to look at before it is booked."""
    return booked(first_of(tess), tess)


def first_of(tess) -> SessionType:
    return make_session_type(tess, slug="first", name="First session", step=15, needs_approval=True)


def what_happened(appointment):
    return [change.what for change in appointment.changes.all()]


def test_a_yes_books_it_with_everything_a_booking_brings(asked, tess):
    after = approve(asked, by=tess.user, now=NOW + HOUR)
    assert (after.state, after.booked_at, after.occupies) == ("booked", NOW + HOUR, True)
    assert sorted(set(kinds(after))) == [
        "confirmation",
        "intake",
        "notice_requested",
        "reminder",
        "request_received",
    ]
    assert kinds(after).count("reminder") == 2
    assert what_happened(after) == ["requested", "approved"]


def test_the_confirmation_says_that_it_was_a_yes_and_brings_the_calendar_file(asked, tess):
    approve(asked, by=tess.user, now=NOW, word="Bring the letter from your doctor.\nSee you then.")
    letter = as_it_leaves(Letter.objects.get(kind="confirmation"))
    assert is_in_both_parts(letter, "Yes, you’re booked.")
    assert is_in_both_parts(letter, "Bring the letter from your doctor.")
    (part,) = letter.attachments
    calendar = Calendar.from_ical(part["content"])
    assert (calendar["METHOD"], str(calendar.events[0]["STATUS"])) == ("REQUEST", "CONFIRMED")


def test_a_second_yes_changes_nothing_and_writes_nothing(asked, tess, jonah):
    approve(asked, by=tess.user, now=NOW)
    again = approve(asked, by=jonah.user, now=NOW + HOUR)
    assert (again.booked_at, again.sequence, kinds(again).count("confirmation")) == (NOW, 1, 1)


@pytest.mark.parametrize("address", ["", "preview/"])
def test_who_reads_why_it_was_a_no_is_in_the_clients_record(address, asked, tess):
    decline(asked, by=tess.user, now=NOW, word="Please let a doctor look at the numbness first.")
    at_work(tess.user).get(f"/workspace/letters/{Letter.objects.get(kind='declined').pk}/{address}")
    (noted,) = AccessLog.objects.all()
    assert (noted.reader, noted.whose) == (tess.user, asked.client)
    assert noted.words == "an email that declined a request"


def test_a_no_frees_the_time_at_once_and_says_why_in_an_email_alone(asked, tess):
    after = decline(asked, by=tess.user, now=NOW, word="Please let a doctor look at the numbness first.")
    assert (after.state, after.state_words, after.occupies) == ("cancelled", "declined", False)
    assert is_in_both_parts(
        as_it_leaves(Letter.objects.get(kind="declined")), "Please let a doctor look at the numbness first."
    )
    assert noted(after, "declined") == ""  # unsealed: no place for words about a body
    assert booked(SessionType.objects.get(), tess, attendee=BEN).starts_at == TEN


def test_a_no_takes_nothing_out_of_a_calendar_that_never_had_it(asked, tess):
    decline(asked, by=tess.user, now=NOW)
    assert as_it_leaves(Letter.objects.get(kind="declined")).attachments == []


def test_a_second_no_changes_nothing_and_writes_nothing(asked, tess):
    decline(asked, by=tess.user, now=NOW)
    again = decline(asked, by=tess.user, now=NOW + HOUR)
    assert (again.cancelled_at, again.sequence, kinds(again).count("declined")) == (NOW, 1, 1)


def test_a_no_after_a_yes_is_refused_in_a_sentence(asked, tess):
    approve(asked, by=tess.user, now=NOW)
    with pytest.raises(AlreadyApproved, match="approved in the meantime"):
        decline(asked, by=tess.user, now=NOW)
    assert Appointment.objects.get().state == "booked"


def test_a_yes_after_a_no_is_refused_in_a_sentence(asked, tess):
    decline(asked, by=tess.user, now=NOW)
    with pytest.raises(AlreadyCancelled, match="already declined"):
        approve(asked, by=tess.user, now=NOW)
    assert Appointment.objects.get().occupies is False


def test_what_was_taken_back_cannot_be_answered(asked, tess):
    cancel(asked, now=NOW)
    for answer in (approve, decline):
        with pytest.raises(AlreadyCancelled, match="already canceled"):
            answer(asked, by=tess.user, now=NOW)


def test_nobody_says_yes_to_what_has_begun(asked, tess):
    with pytest.raises(AlreadyOver):
        approve(asked, by=tess.user, now=TEN)


def test_staff_who_cancel_a_request_decline_it(asked, tess):
    after = cancel(asked, by=tess.user, now=NOW)
    assert (after.declined, what_happened(after)) == (True, ["requested", "declined"])
    assert "declined" in kinds(after)


def test_a_colleagues_answer_is_told_to_whose_session_it_is(asked, tess, jonah):
    approve(asked, by=jonah.user, now=NOW)
    assert is_in_both_parts(
        as_it_leaves(Letter.objects.get(kind="notice_booked")), "Jonah Reyes approved a request for you:"
    )


def test_nobodys_answer_is_a_no_with_an_email_and_not_a_minute_early(asked, tess):
    assert asked.answer_by == NOW + 48 * HOUR
    assert decline_unanswered(now=asked.answer_by - HOUR / 60) == 0
    assert decline_unanswered(now=asked.answer_by) == 1
    after = Appointment.objects.get()
    assert (after.state_words, noted(after, "declined")) == (
        "declined",
        "No one answered in time.",
    )
    assert is_in_both_parts(
        as_it_leaves(Letter.objects.get(kind="declined")), "we didn’t answer your request in time"
    )
    assert is_in_both_parts(
        as_it_leaves(Letter.objects.get(kind="notice_declined")), "No one answered this request in time"
    )


def test_a_second_tick_finds_nothing_to_decline(asked):
    decline_unanswered(now=asked.answer_by)
    assert decline_unanswered(now=asked.answer_by) == 0
    assert kinds(asked).count("declined") == 1


def test_a_yes_is_still_heard_after_its_time_while_nothing_else_has_happened(asked, tess):
    assert approve(asked, by=tess.user, now=asked.answer_by + HOUR).state == "booked"
    assert decline_unanswered(now=asked.answer_by + HOUR) == 0


def test_the_tick_judges_again_under_the_lock(asked):
    seen_by_tick = Appointment.objects.get()
    move(asked, start=TEN + HOUR, now=asked.answer_by - HOUR)
    assert answering.decline_one(seen_by_tick, now=asked.answer_by) is False
    assert Appointment.objects.get().state == "pending"


def test_one_request_that_cannot_be_declined_does_not_hold_up_the_others(asked, tess, monkeypatch):
    other = booked(SessionType.objects.get(), tess, TEN + HOUR, attendee=BEN)
    turn_down = answering.turn_down

    def poisoned(before, **how):
        if before.pk == asked.pk:
            raise RuntimeError("poisoned")
        return turn_down(before, **how)

    monkeypatch.setattr(answering, "turn_down", poisoned)
    assert decline_unanswered(now=asked.answer_by) == 1
    assert Appointment.objects.get(pk=other.pk).state_words == "declined"
