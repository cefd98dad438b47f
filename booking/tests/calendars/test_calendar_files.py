"""Calendar files: one UID, a rising SEQUENCE, the method equal inside and out, nothing about health."""

import pytest
from icalendar import Calendar

from booking.appointments.actions.book import Attendee
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.calendars.ics import calendar_file
from booking.testing import make_session_type
from booking.tests.people import NOW, TEN, booked, minutes
from practice.models import Letter
from practice.testing import all_emails_leave

pytestmark = pytest.mark.django_db


def files(appointment) -> list[tuple[Calendar, str]]:
    """Every calendar part that went with its letters to the client, in order."""
    letters = Letter.objects.filter(about=appointment.about).order_by("id")
    return [
        (Calendar.from_ical(part["content"]), part["content_type"])
        for letter in letters
        for part in letter.attachments
    ]


@pytest.fixture
def whole_life(tess, session):
    """A session whose every change was told of before the next."""
    appointment = booked(session, tess)
    all_emails_leave(NOW)
    for later in (60, 120):
        appointment = move(appointment, start=TEN + minutes(later), now=NOW)
        all_emails_leave(NOW)
    cancel(appointment, now=NOW)
    all_emails_leave(NOW)
    return appointment


def test_case_29_book_move_move_cancel(whole_life):
    found = files(whole_life)
    events = [calendar.events[0] for calendar, _ in found]
    assert [int(event["SEQUENCE"]) for event in events] == [0, 1, 2, 3]
    assert [calendar["METHOD"] for calendar, _ in found] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert {str(event["UID"]) for event in events} == {f"{whole_life.uid}@localhost"}
    assert [event.start for event in events] == [TEN + minutes(m) for m in (0, 60, 120, 120)]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED"] * 3 + ["CANCELLED"]


def test_the_method_is_equal_inside_and_out(whole_life):
    assert all(
        f"method={calendar['METHOD']}; charset=UTF-8" in outside for calendar, outside in files(whole_life)
    )


def test_case_29_two_installations_have_different_uids(tess, session, settings):
    appointment = booked(session, tess)
    here = calendar_file(appointment, method="REQUEST")
    settings.SITE_URL = "https://elsewhere.example:8443/"
    there = calendar_file(appointment, method="REQUEST")
    assert f"UID:{appointment.uid}@localhost" in here
    assert f"UID:{appointment.uid}@elsewhere.example\r\n" in there


def test_times_are_utc_and_there_is_a_stamp(tess, session):
    text = calendar_file(booked(session, tess), method="REQUEST", now=NOW)
    assert "DTSTART:20270316T160000Z\r\nDTEND:20270316T170000Z" in text
    assert "DTSTAMP:20270301T150000Z" in text


def test_one_organizer_one_attendee_and_none_in_a_download(tess, session):
    appointment = booked(session, tess)
    event = Calendar.from_ical(calendar_file(appointment, method="REQUEST")).events[0]
    assert (event["ORGANIZER"], event["ATTENDEE"]) == (
        "mailto:hello@juniper.example",
        "mailto:ann@example.com",
    )
    assert "ATTENDEE" not in calendar_file(appointment, method="PUBLISH")


def test_lines_are_folded_at_75_octets_and_end_in_crlf(tess, session, practice):
    practice.address = "Ünderwäßer-Straße " * 12
    practice.save()
    raw = calendar_file(booked(session, tess), method="REQUEST").encode()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert raw.count(b"\n") == raw.count(b"\r\n")


def test_nobodys_health_is_in_a_calendar(tess, practice):
    sore = make_session_type(tess, slug="low-back", name="Low back pain session", description="For sciatica")
    text = calendar_file(booked(sore, tess), method="REQUEST").replace("\r\n ", "")
    assert "SUMMARY:Juniper Street Myopractic\\, with Tess" in text
    assert not [word for word in ("pain", "back", "sciatica") if word in text.lower()]


def test_a_name_cannot_write_lines_of_its_own(tess, session):
    typed = Attendee('Ann"\r\nMETHOD:CANCEL', "ann@example.com")
    calendar = Calendar.from_ical(calendar_file(booked(session, tess, attendee=typed), method="REQUEST"))
    assert (calendar["METHOD"], calendar.events[0]["ATTENDEE"].params["CN"]) == (
        "REQUEST",
        "Ann' METHOD:CANCEL",
    )


def test_the_place_is_the_address(tess, session):
    event = Calendar.from_ical(calendar_file(booked(session, tess), method="REQUEST")).events[0]
    assert event["LOCATION"] == "1184 Juniper Street, upstairs, Denver, Colorado"


def test_what_is_only_asked_for_is_tentative(tess):
    asked = booked(make_session_type(tess, slug="first", needs_approval=True), tess)
    event = Calendar.from_ical(calendar_file(asked, method="PUBLISH")).events[0]
    assert str(event["STATUS"]) == "TENTATIVE"
