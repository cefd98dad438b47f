"""News of one appointment arrives in order, and what the mail server delayed never contradicts what is so."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from icalendar import Calendar

from booking.appointments.actions.approve import approve, decline
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.appointments.actions.restore import restore
from booking.letters import send_check
from booking.models import Appointment
from booking.series.actions import book_series, cancel_from
from booking.testing import make_session_type
from booking.tests.people import ANN, NOW, TEN, booked
from booking.time_off.actions.hand_over import hand_over
from practice.mail.channels.smtp import Postbox
from practice.mail.channels.transport import Later
from practice.mail.delivery import deliver
from practice.mail.delivery.claims import claim_one
from practice.mail.queries import read_about
from practice.models import Letter, Practitioner, User
from practice.testing import is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
HOUR, DAY, MINUTE = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(minutes=1)
SERIES = uuid.UUID("6f2c1a52-7a4e-4f0a-9f3e-0f4f6b1d2c3a")


class Server:
    """A mail server that takes letters, or says "not now" to those of some kinds."""

    def __init__(self) -> None:
        self.later: set[str] = set()


@pytest.fixture
def server(monkeypatch) -> Server:
    found, send = Server(), Postbox.send

    def answer(postbox, letter):
        if letter.kind in found.later:
            raise Later("451 4.7.1 come back")
        send(postbox, letter)

    monkeypatch.setattr(Postbox, "send", answer)
    return found


def leave(now=NOW):
    """Whatever is due, until nothing is."""
    for _ in range(40):
        if not deliver.step(now=now):
            return
    raise AssertionError("the line never ends")


def delayed(server, *kinds):
    """Letters of these kinds are tried once, and put off."""
    server.later = set(kinds)
    leave()
    server.later = set()


def received(to="ann@example.com", skip=("Before we meet",)):
    """The subjects of what a reader got, in order, without the questions before a first session."""
    return [
        one.subject.partition(":")[0].partition(" to ")[0]
        for one in mail.outbox
        if to in one.to[0] and not one.subject.startswith(skip)
    ]


def calendars(to="ann@example.com"):
    """Method and number of each calendar file a reader got, in order."""
    found = []
    for message in mail.outbox:
        if to not in message.to[0]:
            continue
        for part in message.alternatives:
            if part.mimetype.startswith("text/calendar"):
                file = Calendar.from_ical(part.content)
                found.append((str(file["METHOD"]), int(file.events[0]["SEQUENCE"])))
    return found


def row(kind, **fields):
    return Letter.objects.get(kind=kind, **fields)


LATE = NOW + HOUR


def test_a_delayed_confirmation_never_comes_after_the_cancel(server, tess, session):
    appointment = booked(session, tess)
    delayed(server, "confirmation")
    cancel(appointment, now=NOW + MINUTE)
    leave(NOW + MINUTE)
    leave(LATE)
    assert received() == ["Canceled"]
    assert calendars() == [("CANCEL", 1)]
    assert (row("confirmation").state, row("confirmation").reason[-1]) == ("cancelled", ".")


def test_nor_after_the_move(server, tess, session):
    appointment = booked(session, tess)
    delayed(server, "confirmation")
    move(appointment, start=TEN + DAY, now=NOW + MINUTE)
    leave(LATE)
    assert received() == ["Moved"]
    assert calendars() == [("REQUEST", 1)]


def test_even_if_the_confirmation_is_due_first_the_cancel_is_all_that_is_said(server, tess, session):
    cancel(booked(session, tess), now=NOW)
    leave()
    assert received() == ["Canceled"]


@pytest.mark.engines
def test_moved_twice_the_last_move_alone_is_told_and_from_the_time_they_know(server, tess, session):
    appointment = booked(session, tess)
    leave()
    moved = move(appointment, start=TEN + HOUR, now=NOW + MINUTE)
    server.later = {"moved"}
    leave(NOW + MINUTE)
    server.later = set()
    move(moved, start=TEN + 2 * HOUR, now=NOW + 2 * MINUTE)
    leave(LATE)
    assert received() == ["Booked", "Moved"]
    assert "It was Tuesday, March 16, 10:00 – 11:00 AM" in row("moved", state="sent").text
    assert calendars()[-1] == ("REQUEST", 2)


def test_moved_twice_and_told_each_time_it_was_the_time_told_last(server, tess, session):
    appointment = booked(session, tess)
    leave()
    moved = move(appointment, start=TEN + HOUR, now=NOW + MINUTE)
    leave(NOW + MINUTE)
    move(moved, start=TEN + 2 * HOUR, now=NOW + 2 * MINUTE)
    leave(NOW + 2 * MINUTE)
    assert "It was Tuesday, March 16, 11:00 AM – 12:00 PM" in row("moved", event__sequence=2).text


def test_moved_away_and_back_before_anything_was_told_says_nothing(server, tess, session):
    appointment = booked(session, tess)
    leave()
    moved = move(appointment, start=TEN + HOUR, now=NOW + MINUTE)
    move(moved, start=TEN, now=NOW + 2 * MINUTE)
    leave(LATE)
    assert received() == ["Booked"]


def given_then_moved(both, tess, jonah, start):
    """Told of ten with Tess; then it went to Jonah at eleven, and to `start`, in the same minute."""
    dee = make_user("Dee", role=User.Role.FRONT_DESK)
    appointment = booked(both, tess)
    leave()
    given = move(appointment, start=TEN + HOUR, to=jonah, by=dee, now=NOW + MINUTE)
    return move(given, start=start, by=dee, now=NOW + MINUTE)


@pytest.mark.parametrize("start", [TEN, TEN + 2 * HOUR])
def test_a_move_that_replaces_a_handover_says_who_gives_it_now(start, server, both, tess, jonah):
    given_then_moved(both, tess, jonah, start)
    leave(LATE)
    letter = row("moved", state="sent")
    assert is_in_both_parts(letter, "Your session is now with Jonah:")
    assert is_in_both_parts(letter, "It was Tuesday, March 16, 10:00 – 11:00 AM, with Tess Marlow")


def test_handed_over_after_a_move_that_nobody_told_it_says_the_time_they_knew(server, both, tess, jonah):
    appointment = booked(both, tess)
    leave()
    given = move(appointment, start=TEN + HOUR, by=tess.user, now=NOW + MINUTE)
    hand_over(given, to=jonah, by=tess.user, now=NOW + MINUTE)
    leave(LATE)
    letter = row("handed_over", state="sent")
    assert is_in_both_parts(letter, "It was Tuesday, March 16, 10:00 – 11:00 AM. The price stays the same.")
    assert "The day, time and price stay" not in letter.text


def test_each_of_the_two_practitioners_is_told_too(server, both, tess, jonah):
    given_then_moved(both, tess, jonah, TEN + 2 * HOUR)
    leave(LATE)
    to_tess, to_jonah = (row("notice_moved", user=one.user, state="sent") for one in (tess, jonah))
    assert is_in_both_parts(to_tess, "It is now with Jonah Reyes.")
    assert is_in_both_parts(to_jonah, "with Tess Marlow.")


def taken_by_move(appointment, jonah, by):
    return move(appointment, start=TEN + HOUR, to=jonah, by=by, now=NOW + MINUTE)


def taken_by_hand_over(appointment, jonah, by):
    return hand_over(appointment, to=jonah, by=by, now=NOW + MINUTE)


@pytest.fixture
def dee(practice) -> User:
    return make_user("Dee", role=User.Role.FRONT_DESK)


@pytest.mark.parametrize("take", [taken_by_move, taken_by_hand_over])
def test_anyone_who_gave_a_session_away_and_was_not_told_yet_learns_that_it_was_canceled(
    take, server, both, tess, jonah, dee
):
    """They have heard that it is theirs, and news of its end goes to the colleague alone."""
    appointment = booked(both, tess)
    leave()
    cancel(take(appointment, jonah, dee), now=NOW + 2 * MINUTE)
    leave(LATE)
    assert received("tess@example.com") == ["Booked", "Canceled"]
    assert "has since been canceled." in Letter.objects.filter(user=tess.user, state="sent").latest("pk").text
    assert received("jonah@example.com") == ["Canceled"]


def test_so_is_a_practitioner_who_was_not_told_but_had_it_in_their_day(server, both, tess, jonah, dee):
    cancel(taken_by_move(booked(both, tess), jonah, dee), now=NOW + 2 * MINUTE)
    leave(LATE)
    to_tess = row("notice_moved", user=tess.user)
    assert received("tess@example.com") == ["Canceled"]
    assert is_in_both_parts(to_tess, "It went to Jonah Reyes, and has since been canceled.")
    assert is_in_both_parts(to_tess, "It was Tuesday, March 16, 10:00 – 11:00 AM, with you.")


@pytest.mark.parametrize("by_tess", [True, False])
def test_who_knows_that_a_colleague_has_it_hears_nothing_of_its_end(by_tess, server, both, tess, jonah, dee):
    appointment = booked(both, tess)
    leave()
    given = taken_by_move(appointment, jonah, tess.user if by_tess else dee)
    leave(NOW + MINUTE)
    cancel(given, now=NOW + 2 * MINUTE)
    leave(LATE)
    assert received("tess@example.com") == (["Booked"] if by_tess else ["Booked", "Moved"])


@pytest.mark.engines
def test_who_has_it_again_is_told_of_its_end_once(server, both, tess, jonah, dee):
    appointment = booked(both, tess)
    leave()
    back = hand_over(taken_by_hand_over(appointment, jonah, dee), to=tess, by=dee, now=NOW + MINUTE)
    cancel(back, now=NOW + 2 * MINUTE)
    leave(LATE)
    assert received("tess@example.com") == ["Booked", "Canceled"]
    assert row("notice_handed_over", event__reader=tess.pk).state == "cancelled"


@pytest.mark.parametrize("take", [taken_by_move, taken_by_hand_over])
def test_a_request_that_was_passed_on_and_declined_is_said_to_be_declined(take, server, tess, jonah, dee):
    asked = booked(make_session_type(tess, jonah, slug="asked", needs_approval=True), tess)
    leave()
    decline(take(asked, jonah, dee), by=dee, now=NOW + 2 * MINUTE)
    leave(LATE)
    assert received("tess@example.com") == ["New request", "Declined"]
    last = Letter.objects.filter(user=tess.user, state="sent").latest("pk")
    assert is_in_both_parts(last, "has since been declined.")
    assert "request for you" in last.text


def test_given_away_and_back_before_anything_was_told_says_nothing(server, both, tess, jonah):
    back = given_then_moved(both, tess, jonah, TEN + 2 * HOUR)
    move(back, start=TEN, to=tess, by=tess.user, now=NOW + MINUTE)
    leave(LATE)
    assert (received(), received("tess@example.com")) == (["Booked"], ["Booked"])


@pytest.mark.engines
def test_brought_back_while_its_cancel_was_delayed_nothing_but_the_booking_is_told(server, tess, session):
    appointment = booked(session, tess)
    leave()
    gone = cancel(appointment, now=NOW + MINUTE)
    server.later = {"cancelled"}
    leave(NOW + MINUTE)
    server.later = set()
    restore(gone, now=NOW + 2 * MINUTE)
    leave(LATE)
    assert received() == ["Booked"]


@pytest.mark.engines
def test_a_booking_nobody_heard_of_is_confirmed_once_it_is_brought_back(server, tess, session):
    appointment = booked(session, tess)
    delayed(server, "confirmation")
    gone = cancel(appointment, now=NOW + MINUTE)
    server.later = {"cancelled"}
    leave(NOW + MINUTE)
    server.later = set()
    restore(gone, now=NOW + 2 * MINUTE)
    leave(LATE)
    assert received() == ["Booked"]
    assert calendars() == [("REQUEST", 2)]


@pytest.mark.engines
def test_restored_after_its_cancel_went_the_last_email_says_it_takes_place(server, tess, session):
    appointment = booked(session, tess)
    delayed(server, "confirmation")
    gone = cancel(appointment, now=NOW + MINUTE)
    leave(NOW + MINUTE)
    restore(gone, now=NOW + 2 * MINUTE)
    leave(LATE)
    assert received() == ["Canceled", "Back on"]


@pytest.mark.engines
@pytest.mark.parametrize(("answer", "told"), [(approve, ["Booked"]), (decline, ["Not booked"])])
def test_a_request_is_not_said_to_wait_after_its_answer(server, tess, answer, told):
    asked = booked(make_session_type(tess, slug="asked", needs_approval=True), tess)
    delayed(server, "request_received")
    answer(asked, by=tess.user, now=NOW + MINUTE)
    leave(LATE)
    assert received() == told


def test_the_practitioner_is_told_in_order_too(server, tess, session):
    appointment = booked(session, tess)
    delayed(server, "notice_booked")
    cancel(move(appointment, start=TEN + HOUR, now=NOW + MINUTE), now=NOW + 2 * MINUTE)
    leave(LATE)
    assert received("tess@example.com") == ["Canceled"]


def test_who_wants_no_notices_anymore_gets_none_that_was_delayed(server, tess, session):
    booked(session, tess)
    delayed(server, "notice_booked")
    Practitioner.objects.update(notices="none")
    leave(LATE)
    assert received("tess@example.com") == []


def test_what_a_sender_holds_is_waited_for(tess, session):
    appointment = booked(session, tess)
    Letter.objects.exclude(kind="confirmation").delete()
    held = claim_one(NOW)
    cancel(appointment, now=NOW)
    leave()
    assert received() == []
    assert row("cancelled").state == "planned"
    deliver.record_end(held, "sent", "", sent_at=NOW)
    leave(NOW + MINUTE)
    assert received() == ["Canceled"]


@pytest.mark.engines
def test_what_a_sender_takes_while_it_is_looked_at_is_waited_for(tess, session, monkeypatch):
    appointment = booked(session, tess)
    Letter.objects.exclude(kind="confirmation").delete()
    cancel(appointment, now=NOW)
    Letter.objects.exclude(kind__in=("confirmation", "cancelled")).delete()
    looks = iter([True])

    def seen_then_claimed(*subjects):
        found = read_about(*subjects)
        if next(looks, False):
            assert [one.state for one in found if one.kind == "confirmation"] == ["planned"]
            Letter.objects.filter(kind="confirmation").update(state="claimed")
        return found

    monkeypatch.setattr(send_check, "read_about", seen_then_claimed)
    Letter.objects.filter(kind="confirmation").update(due_at=NOW + MINUTE)
    assert deliver.step(now=NOW)
    assert (row("confirmation").state, row("cancelled").state) == ("claimed", "planned")
    assert received() == []


def test_a_dead_sender_blocks_nobody(tess, session):
    appointment = booked(session, tess)
    Letter.objects.exclude(kind="confirmation").delete()
    claim_one(NOW)
    cancel(appointment, now=NOW)
    Letter.objects.filter(kind="confirmation").update(leased_until=NOW - 9 * 365 * DAY)
    leave(NOW + MINUTE)
    assert received() == ["Canceled"]


def test_sent_again_by_hand_an_outdated_one_is_called_off(tess, session):
    appointment = booked(session, tess)
    Letter.objects.filter(kind="confirmation").update(state="failed")
    cancel(appointment, now=NOW)
    leave()
    Letter.objects.filter(kind="confirmation").update(state="planned")
    leave(LATE)
    assert received() == ["Canceled"]


def together(session, tess):
    booked(session, tess, TEN - 7 * DAY)  # so that nobody is new
    client = Appointment.objects.get().client
    starts = [TEN, TEN + 7 * DAY, TEN + 14 * DAY]
    made = book_series(
        session,
        practitioner=tess,
        starts=starts,
        attendee=ANN,
        client=client,
        consent=True,
        series=SERIES,
        by=client,
        now=NOW,
    )
    Letter.objects.exclude(kind="series").update(state="sent")
    return made


@pytest.mark.engines
def test_a_delayed_email_about_a_series_lists_what_is_still_booked_and_when(server, tess, session):
    made = together(session, tess)
    delayed(server, "series")
    cancel(made[0], now=NOW + MINUTE)
    move(made[1], start=TEN + 8 * DAY, now=NOW + MINUTE)
    leave(LATE)
    (letter,) = [one for one in mail.outbox if "sessions" in one.subject]
    assert letter.subject.startswith("Booked: 2 sessions, the first on Wednesday, March 24")
    assert len(letter.attachments) == 2


@pytest.mark.engines
def test_a_series_that_is_canceled_by_then_is_not_said_to_be_booked(server, tess, session):
    made = together(session, tess)
    delayed(server, "series")
    cancel_from(made[0], by=made[0].client, now=NOW + MINUTE)
    leave(LATE)
    assert [one for one in mail.outbox if one.subject.startswith("Booked")] == []
