"""Reminders and offers as text messages, with an email behind each reminder: one of the two arrives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core import mail
from django.utils import translation
from pytest_django.fixtures import Settings

from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.appointments.views.emails import emails_to
from booking.letters.before_session.text_reminders import key_of_text
from booking.models import Appointment, SessionType
from booking.owner_settings.actions.resync_reminders import plan_texts, resync
from booking.tests.people import NOW, TEN, booked, denver
from booking.time_zones.clocks import clocks_of
from practice.core.texts.length import MOST_SEGMENTS, length_of
from practice.mail.delivery import deliver
from practice.models import Letter, Practice, Practitioner, TextNumber, User
from practice.queries import the_practice
from practice.tests.mail.text_gateway import TextGateway, text_gateway
from practice.texting.actions.reports import note_status

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
State = Letter.State
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
ANNS = "+13035550101"
FIRST = TEN - 48 * HOUR


@pytest.fixture
def gateway(settings: Settings, practice: Practice) -> Iterator[TextGateway]:
    """The gateway that the setting names."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with text_gateway() as found:
        settings.TEXT_MESSAGES_URL = found.url
        yield found


@pytest.fixture
def appointment(gateway: TextGateway, session: SessionType, tess: Practitioner) -> Appointment:
    """Ann's session at ten; she has confirmed a number, and wants texts in place of emails."""
    made = booked(session, tess)
    give_number(made)
    Letter.objects.exclude(kind__contains="reminder").update(state=State.SENT)
    return made


def give_number(appointment: Appointment, number: str = ANNS, **fields: object) -> User:
    reader = appointment.contact
    assert reader is not None
    TextNumber.objects.create(user=reader, number=number, **{"given_at": NOW, **fields})
    plan_texts(reader, now=NOW)
    return reader


def texts() -> list[Letter]:
    return list(Letter.objects.filter(kind="text_reminder").order_by("due_at"))


def the_email(hours: int = 48) -> Letter:
    return Letter.objects.get(kind="reminder", key__contains=f"reminder-{hours}h:")


def run(now: dt.datetime) -> None:
    """Deliver all that is due at that moment."""
    for _ in range(20):
        if not deliver.step(now=now):
            return


def test_a_confirmed_number_gets_the_texts_of_what_is_booked_already(appointment: Appointment) -> None:
    assert [one.due_at for one in texts()] == [FIRST, TEN - 2 * HOUR]
    assert [one.to_address for one in texts()] == [ANNS, ANNS]
    contact = appointment.contact
    assert contact is not None
    plan_texts(contact, now=NOW)
    assert len(texts()) == 2


def test_the_text_says_who_when_and_where_to_cancel_and_nothing_of_the_body(
    appointment: Appointment, gateway: TextGateway
) -> None:
    run(FIRST)
    (text,) = gateway.taken
    assert appointment.session_type.name not in text["body"]
    assert "Tuesday, March 16 at 10:00 AM" in text["body"]
    assert "/appointments/" in text["body"]
    assert length_of(text["body"]).segments <= MOST_SEGMENTS
    assert length_of(text["body"]).is_plain


def test_whoever_causes_it_the_text_is_in_its_readers_language_dates_and_all(
    appointment: Appointment, gateway: TextGateway
) -> None:
    User.objects.filter(pk=appointment.contact.pk).update(language="es")
    with translation.override("en"):
        run(FIRST)
    (text,) = gateway.taken
    assert ("16 de marzo" in text["body"], "March" in text["body"]) == (True, False)
    assert length_of(text["body"]).segments <= MOST_SEGMENTS
    assert length_of(text["body"]).is_plain


@pytest.mark.parametrize("name", ["The Elm Street Practice of Hands and Patience " * 4, "Ж" * 120])
def test_it_has_two_segments_at_most_whatever_the_name(
    appointment: Appointment, gateway: TextGateway, practice: Practice, name: str
) -> None:
    practice.name = name[:120]
    practice.save(update_fields=["name"])
    run(FIRST)
    (text,) = gateway.taken
    assert length_of(text["body"]).segments <= MOST_SEGMENTS
    assert "Tuesday, March 16 at 10:00 AM" in text["body"]


def test_a_text_that_arrived_replaces_the_email(appointment: Appointment, gateway: TextGateway) -> None:
    run(FIRST)
    assert (len(gateway.taken), mail.outbox) == (1, [])
    note_status(texts()[0].message_id, sid=gateway.taken[0]["sid"], said="delivered", error="", now=FIRST)
    run(FIRST + 21 * MINUTE)
    assert (the_email().state, mail.outbox) == (State.CANCELLED, [])
    assert the_email().reason == "A text message went instead."


def test_no_report_in_time_is_good_news(appointment: Appointment, gateway: TextGateway) -> None:
    run(FIRST)
    run(FIRST + 21 * MINUTE)
    assert (the_email().state, len(gateway.taken)) == (State.CANCELLED, 1)


@pytest.mark.parametrize("code", [21610, 21614, 21606])
def test_a_refused_text_sends_the_email(appointment: Appointment, gateway: TextGateway, code: int) -> None:
    gateway.answer = lambda _form: (400, {"code": code, "message": "no"})
    run(FIRST)
    run(FIRST + 3 * MINUTE)
    assert (the_email().state, len(mail.outbox)) == (State.SENT, 1)
    assert not Letter.objects.filter(state=State.FAILED).exists()  # no person is asked


def test_a_text_reported_as_lost_sends_the_email_even_late(
    appointment: Appointment, gateway: TextGateway
) -> None:
    run(FIRST)
    run(FIRST + 21 * MINUTE)
    for _ in range(3):  # reports repeat
        note_status(
            *(texts()[0].message_id,),
            sid=gateway.taken[0]["sid"],
            said="undelivered",
            error="30003",
            now=FIRST + HOUR,
        )
        run(FIRST + HOUR)
    assert (the_email().state, len(mail.outbox)) == (State.SENT, 1)


def test_a_lost_text_sends_no_email_about_a_session_that_is_canceled(
    appointment: Appointment, gateway: TextGateway
) -> None:
    run(FIRST)
    run(FIRST + 21 * MINUTE)
    cancel(appointment, now=FIRST + HOUR)
    Letter.objects.exclude(kind__contains="reminder").update(state=State.SENT)
    sid, reference = gateway.taken[0]["sid"], texts()[0].message_id
    note_status(reference, sid=sid, said="failed", error="30003", now=FIRST + HOUR)
    run(FIRST + HOUR)
    assert mail.outbox == []


def test_a_silent_gateway_delays_the_email_by_a_quarter_of_an_hour_and_no_text_follows(
    appointment: Appointment, gateway: TextGateway, settings: Settings
) -> None:
    right = settings.TEXT_MESSAGES_URL
    settings.TEXT_MESSAGES_URL = right.replace(f":{gateway.port}", ":9")
    with pytest.raises(deliver.NoAnswer):
        run(FIRST)
    later = FIRST + 16 * MINUTE
    while deliver.step(now=later, silent={"text"}):
        pass
    assert (the_email().state, len(mail.outbox)) == (State.SENT, 1)
    settings.TEXT_MESSAGES_URL = right
    run(later)
    assert (texts()[0].state, gateway.taken) == (State.CANCELLED, [])


def test_the_appointments_page_lists_the_text_and_not_the_email_behind_it(appointment: Appointment) -> None:
    clocks = clocks_of(appointment, the_practice())

    def listed() -> list[str]:
        rows = [row["subject"] for row in emails_to(appointment, clocks, NOW)]
        return [one for one in rows if one.startswith(("A reminder", "Text message"))]

    assert listed() == ["Text message: a reminder"] * 2
    TextNumber.objects.update(way="both")
    assert len(listed()) == 4


def test_both_means_both(appointment: Appointment, gateway: TextGateway) -> None:
    TextNumber.objects.update(way="both")
    run(FIRST)
    assert (len(gateway.taken), len(mail.outbox)) == (1, 1)


def test_by_email_means_no_text(appointment: Appointment, gateway: TextGateway) -> None:
    TextNumber.objects.update(way="email")
    run(FIRST)
    assert (gateway.taken, len(mail.outbox)) == ([], 1)


def test_stop_before_the_reminder_sends_the_email(appointment: Appointment, gateway: TextGateway) -> None:
    TextNumber.objects.update(stopped_at=NOW, stopped_why="reply")
    run(FIRST)
    assert (gateway.taken, len(mail.outbox)) == ([], 1)


def test_without_the_setting_there_is_only_the_email(
    appointment: Appointment, gateway: TextGateway, settings: Settings
) -> None:
    settings.TEXT_MESSAGES_URL = ""
    run(FIRST)
    assert (gateway.taken, len(mail.outbox)) == ([], 1)


def test_reminders_turned_off_are_off_for_texts_too(appointment: Appointment, gateway: TextGateway) -> None:
    User.objects.update(wants_reminders=False)
    run(FIRST)
    assert (gateway.taken, mail.outbox) == ([], [])


def test_a_session_that_moved_is_texted_at_its_new_time_alone(
    appointment: Appointment, gateway: TextGateway
) -> None:
    move(appointment, start=TEN + 4 * HOUR, now=NOW + HOUR)
    Letter.objects.exclude(kind__contains="reminder").update(state=State.SENT)
    assert [one.state for one in texts() if one.due_at < TEN - 44 * HOUR] == [State.CANCELLED]
    run(TEN - 44 * HOUR)
    assert ["2:00 PM" in one["body"] for one in gateway.taken] == [True]


def test_the_owners_other_hours_hold_for_texts_too(appointment: Appointment, practice: Practice) -> None:
    practice.reminder_hours = [24]
    practice.save(update_fields=["reminder_hours"])
    resync(now=NOW)
    assert [one.due_at for one in texts() if one.state == State.PLANNED] == [TEN - 24 * HOUR]


def test_a_text_due_at_night_goes_the_evening_before(
    gateway: TextGateway, session: SessionType, tess: Practitioner
) -> None:
    early = booked(session, tess, denver("2027-03-16 09:00"))
    tokyo = early.contact
    assert tokyo is not None
    give_number(early)
    # Two hours before nine is seven, in quiet hours; eight is an hour before the session.
    assert texts()[-1].due_at == denver("2027-03-16 08:00")
    User.objects.filter(pk=tokyo.pk).update(zone="America/Los_Angeles")  # where it is an hour earlier
    Letter.objects.filter(kind="text_reminder").delete()
    tokyo.refresh_from_db()
    plan_texts(tokyo, now=NOW)
    assert texts()[-1].due_at == denver("2027-03-15 20:30")  # 7:30 in the evening there


def test_a_text_delayed_into_the_night_waits_and_is_never_sent_in_it(
    appointment: Appointment, gateway: TextGateway
) -> None:
    night = denver("2027-03-14 23:00")
    text = texts()[0]
    Letter.objects.filter(pk=text.pk).update(due_at=night, not_after=night + 12 * HOUR)
    Letter.objects.filter(kind="reminder").update(due_at=night + 24 * HOUR)
    run(night)
    text.refresh_from_db()
    assert (gateway.taken, text.due_at) == ([], denver("2027-03-15 08:00"))
    run(text.due_at)
    assert len(gateway.taken) == 1


def test_the_key_of_a_text_names_its_email() -> None:
    assert key_of_text("appointment:1:reminder-48h:0") == "appointment:1:text-reminder-48h:0"
