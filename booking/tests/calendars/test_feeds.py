"""Feeds: one's own sessions by a secret address, with no more than it may show, until it is revoked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from icalendar import Calendar

from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.calendars.actions.feeds import new_feed, revoke
from booking.calendars.feeds import as_file, sessions_in
from booking.calendars.ics import uid_of
from booking.models import CalendarFeed
from booking.testing import make_appointment
from booking.tests.people import NOW, TEN, booked, minutes
from practice.testing import at_work, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def ann(practice):
    return make_user("Ann Lee")


@pytest.fixture
def ahead(session, tess, ann):
    start = timezone.now().replace(microsecond=0) + dt.timedelta(days=5)
    return make_appointment(session_type=session, practitioner=tess, start=start, client=ann)


def address_of(owner, **options):
    return "/calendar/" + new_feed(owner, **options)[1].rpartition("/")[2]


def events(client, address):
    answer = client.get(address)
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


@pytest.mark.parametrize(("shows", "summary"), [("busy", "Busy"), ("initials", "A.L."), ("names", "Ann Lee")])
def test_a_practitioners_feed_shows_what_was_chosen_and_no_more(client, tess, ahead, shows, summary):
    address = address_of(tess.user, practitioner=tess, shows=shows)
    [event] = events(client, address)
    assert event["SUMMARY"] == summary
    assert event["UID"] == uid_of(ahead)
    assert b"Session" not in client.get(address).content


def test_a_clients_feed_holds_their_own_and_nobody_elses(client, session, tess, ann, ahead):
    other = make_appointment(
        session_type=session,
        practitioner=tess,
        start=ahead.starts_at + dt.timedelta(days=1),
        client=make_user("Ben"),
    )
    found = [event["UID"] for event in events(client, address_of(ann))]
    assert found == [uid_of(ahead)]
    assert uid_of(other) not in found


def test_a_canceled_session_leaves_it(client, ann, ahead):
    address = address_of(ann)
    cancel(ahead, now=timezone.now())
    assert events(client, address) == []


def test_a_revoked_address_is_as_one_that_never_was(client, ann, ahead):
    address = address_of(ann)
    revoke(ann, CalendarFeed.objects.get().pk, now=timezone.now())
    assert [client.get(address).status_code, client.get("/calendar/never-was.ics").status_code] == [404, 404]


def test_the_secret_does_not_rest_in_the_database(ann):
    secret = address_of(ann).removeprefix("/calendar/").removesuffix(".ics")
    assert secret not in str(list(CalendarFeed.objects.values()))


@pytest.mark.parametrize("role", ["client", "front_desk", "practitioner"])
def test_who_keeps_that_calendar_no_more_reads_no_practitioners_day(client, tess, ahead, role):
    nora = make_user("Nora", role="owner")
    address = address_of(nora, practitioner=tess)
    assert client.get(address).status_code == 200
    nora.role = role
    nora.save(update_fields=["role"])
    assert client.get(address).status_code == 404


def test_unchanged_it_is_not_sent_again(client, ann, ahead):
    address = address_of(ann)
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_move_is_a_later_entry_with_a_higher_number(session, tess):
    """Programs keep the newer of two entries: some by SEQUENCE, some by DTSTAMP."""
    first = booked(session, tess)
    feed, _ = new_feed(first.client)

    def entry():
        [event] = Calendar.from_ical(as_file(feed, sessions_in(feed, now=NOW))).walk("VEVENT")
        return event["SEQUENCE"], event["DTSTAMP"].dt

    before = entry()
    move(first, start=TEN + minutes(60), now=NOW + minutes(5))
    assert (before, entry()) == ((0, NOW), (1, NOW + minutes(5)))


def test_it_is_a_message_to_nobody(client, ann, ahead):
    """A METHOD would make one of it, and ask for an ORGANIZER (RFC 5546, 3.2.1)."""
    calendar = Calendar.from_ical(client.get(address_of(ann)).content)
    assert ("METHOD" in calendar, "X-WR-CALNAME" in calendar) == (False, True)


def test_its_lines_are_folded_and_end_as_the_standard_says(client, ann, ahead):
    body = client.get(address_of(ann)).content
    assert body.count(b"\n") == body.count(b"\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 75


@pytest.mark.parametrize("rows", [1, 30])
def test_it_costs_the_same_for_one_and_for_thirty(
    client, session, tess, ann, rows, django_assert_num_queries
):
    for number in range(rows):
        start = timezone.now() + dt.timedelta(days=number + 1)
        make_appointment(session_type=session, practitioner=tess, start=start, client=ann)
    address = address_of(ann)
    with django_assert_num_queries(4):
        client.get(address)


def test_a_client_makes_one_and_revokes_it(client, ann):
    client.force_login(ann)
    page = client.post("/portal/appointments/calendar/").content.decode()
    assert "/calendar/" in page
    assert "/calendar/" not in client.get("/portal/appointments/calendar/").content.decode().replace(
        "/appointments/calendar/", ""
    )
    client.post("/portal/appointments/calendar/", {"revoke": CalendarFeed.objects.get().pk})
    assert CalendarFeed.objects.get().revoked_at


@pytest.mark.parametrize("number", ["0", "999999", "x", "-1", "9" * 40])
def test_nobody_revokes_anothers(client, ann, tess, number):
    new_feed(tess.user, practitioner=tess)
    client.force_login(ann)
    assert client.post("/portal/appointments/calendar/", {"revoke": number}).status_code == 404
    theirs = str(CalendarFeed.objects.get().pk)
    assert client.post("/portal/appointments/calendar/", {"revoke": theirs}).status_code == 404


def test_the_desk_makes_one_and_sees_its_address_once(tess):
    desk = at_work(tess.user)
    page = desk.post(
        "/workspace/settings/calendars/", {"practitioner": "tess", "feed": "1", "shows": "names"}
    )
    assert ".ics" in page.content.decode()
    assert CalendarFeed.objects.get().shows == "names"
