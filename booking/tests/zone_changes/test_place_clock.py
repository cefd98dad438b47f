"""A session in a room is told in the clock of that room, to whoever reads it from wherever.

Each time on a page and in an email is the practice's, or names its zone; and each time without a day lies on
the day that is named before it.
"""

import datetime as dt
import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from booking import links
from booking.appointments.actions.approve import decline
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.appointments.actions.restore import restore
from booking.calendars.ics import calendar_file
from booking.models import Appointment, Offer, WaitlistEntry
from booking.policy.terms import limits_of
from booking.testing import make_session_type
from booking.tests.people import BEN, DENVER, NOW, TEN, Attendee, booked
from booking.tests.web_client import browser, words_of
from booking.waitlist.actions.join import WaitlistChoices, join
from practice.core.formatting import zone_name
from practice.mail.delivery import deliver
from practice.models import Letter, User
from practice.testing import as_it_leaves

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# Behind Denver, and so far ahead that the day is another one; the third has both, less far.
ZONES = ["Pacific/Honolulu", "Pacific/Kiritimati", pytest.param("Asia/Tokyo", marks=pytest.mark.proof)]
MONTHS = ("March", "April")
A_DAY = rf"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?:{'|'.join(MONTHS)}) \d+"
A_ZONE = r"(?: (M[DS]T|HST|JST|UTC\+14)\b)?"
A_TIME = rf"(\d{{1,2}}):(\d\d) (AM|PM){A_ZONE}"
MENTION = re.compile(rf"(?:({A_DAY})(?:,| at) )?{A_TIME}|({A_DAY})")
A_STRETCH = re.compile(rf"(\d{{1,2}}:\d\d) – (?=\d{{1,2}}:\d\d (AM|PM){A_ZONE})")


def day_named(words):
    month, day = re.search(r"(\w+) (\d+)$", words).groups()
    return dt.date(2027, 3 + MONTHS.index(month), int(day))


def spelled_out(text):
    """The text with both ends of "10:00 – 11:00 AM MDT" in full."""
    return A_STRETCH.sub(lambda found: " ".join(filter(None, found.groups())) + " – ", text)


def mentions(text):
    """Each time in a text: the day it stands with or after, its own day or none, the wall time, its zone."""
    last = None
    for found in MENTION.finditer(spelled_out(text)):
        own, hour, minute, half, zone, alone = found.groups()
        if alone:
            last = day_named(alone)
            continue
        if own and not zone_of_reader(zone):
            last = day_named(own)
        wall = dt.time(int(hour) % 12 + 12 * (half == "PM"), int(minute))
        yield (day_named(own) if own else last), wall, zone


def zone_of_reader(zone):
    return zone is not None and not zone.startswith("M")


def instants():
    """All that a page or an email can tell of."""
    for one in Appointment.objects.all():
        yield from (one.starts_at, one.ends_at, *limits_of(one))
        yield from (at for at in (one.answer_by, one.cancelled_at) if at)
        yield from (change.was_starts_at for change in one.changes.all() if change.was_starts_at)
        if one.cancelled_at:
            yield one.cancelled_at + dt.timedelta(minutes=3)
    for letter in Letter.objects.all():
        yield from (letter.due_at, *([letter.sent_at] if letter.sent_at else []))
    yield from Offer.objects.values_list("expires_at", flat=True)
    for quarter in range(4 * 24 * 60):
        yield NOW + quarter * HOUR / 4


def told_rightly(text, reader, known):
    """What in a text is neither the practice's time nor names its zone, or lies on another day."""
    wrong = []
    for day, wall, zone in mentions(text):
        clock = reader if zone_of_reader(zone) else DENVER
        if (day, wall, zone and zone_name(NOW, clock)[:1]) not in known[clock.key]:
            wrong.append((day, wall, zone))
    return wrong


def known_in(clock):
    found = set()
    for instant in set(instants()):
        local = instant.astimezone(clock)
        wall = local.time().replace(second=0, microsecond=0)
        for day in (local.date(), None):
            found |= {(day, wall, None), (day, wall, zone_name(NOW, clock)[:1])}
    return found


def the_world(session, tess, zone):
    """One client who reads in that zone, with everything that can happen to a session."""
    ann = Attendee("Ann Lee", "ann@example.com", "", zone)
    made = booked(session, tess, attendee=ann)
    User.objects.filter(pk=made.client_id).update(zone=zone)
    late = dt.datetime(2027, 3, 18, 15, tzinfo=DENVER)  # the next day in Tokyo
    moved = move(booked(session, tess, late, attendee=ann), start=late + HOUR, now=NOW)
    back = restore(cancel(booked(session, tess, late + DAY, attendee=ann), now=NOW), now=NOW)
    kind = make_session_type(tess, slug="asked", needs_approval=True, preparation="Wear wool.")
    asked = booked(kind, tess, late + 4 * DAY, attendee=ann)
    decline(booked(kind, tess, late + 5 * DAY, attendee=ann), by=tess.user, now=NOW)
    others = booked(session, tess, late + 2 * DAY, attendee=BEN)
    join(session, WaitlistChoices(last_day=dt.date(2027, 4, 10)), attendee=ann, now=NOW)
    noon = NOW.astimezone(ZoneInfo(zone)).replace(hour=12) + DAY  # offers are made by day
    cancel(others, now=noon)
    return made.client, [made, moved, back, asked]


def everything_leaves():
    while (letter := Letter.objects.filter(state="planned").order_by("due_at").first()) is not None:
        deliver.step(now=max(NOW, letter.due_at))


@pytest.mark.parametrize("zone", ZONES)
def test_every_email_tells_the_time_of_the_room_or_names_its_zone(zone, session, tess):
    the_world(session, tess, zone)
    everything_leaves()
    reader = ZoneInfo(zone)
    known = {clock.key: known_in(clock) for clock in (DENVER, reader)}
    kinds = set(Letter.objects.filter(state="sent", user__zone=zone).values_list("kind", flat=True))
    assert kinds >= {"confirmation", "reminder", "moved", "request_received", "declined", "offer", "intake"}
    for letter in mail.outbox:
        for text in (letter.subject, letter.body):
            assert told_rightly(text, reader, known) == [], f"{letter.subject}: {text}"


@pytest.mark.parametrize("zone", ZONES)
def test_no_subject_holds_a_time_of_another_zone(zone, session, tess):
    the_world(session, tess, zone)
    everything_leaves()
    to_ann = [one.subject for one in mail.outbox if "ann@" in one.to[0]]
    assert [one for one in to_ann if re.search("HST|JST|UTC", one)] == []
    times = [one for one in to_ann if re.search("[AP]M", one)]
    assert times
    assert [one for one in times if " MDT" not in one and " MST" not in one] == []


@pytest.mark.parametrize("zone", ZONES)
def test_every_page_tells_the_time_of_the_room_or_names_its_zone(zone, session, tess, client):
    ann, sessions = the_world(session, tess, zone)
    visitor, reader = browser(), ZoneInfo(zone)
    visitor.force_login(ann)
    pages = [f"/book/session/?tz={zone}&day=2027-03-17", f"/book/session/wait/?tz={zone}"]
    pages += ["/portal/", "/portal/appointments/"]
    for one in sessions:
        path = links.appointment_path(one)
        pages += [f"{path}{page}" for page in ("", "move/", "cancel/", "?new", "?moved")]
    pages += [urlsplit(links.offer_url(offer)).path for offer in Offer.objects.all()]
    pages += [links.waitlist_path(entry) for entry in WaitlistEntry.objects.all()]
    kept = visitor.post(
        "/book/session/hold/", {"start": (TEN + DAY).isoformat(), "practitioner": "tess", "tz": zone}
    )
    pages.append(kept["Location"])
    known = {clock.key: known_in(clock) for clock in (DENVER, reader)}
    seen = 0
    for page in pages:
        answer = visitor.get(page)
        assert answer.status_code in (200, 302), page
        text = words_of(answer)
        seen += len(list(mentions(text)))
        assert told_rightly(text, reader, known) == [], f"{page}: {text}"
    assert seen > 100


def test_the_day_of_the_small_line_is_said_where_it_is_another(session, tess):
    text = words_of(browser().get("/book/session/?tz=Asia/Tokyo&day=2027-03-16"))
    assert "9:00 AM Wednesday, March 17 at 12:00 AM JST in Tokyo" in text


def test_where_both_clocks_agree_no_zone_is_named(session, tess):
    text = words_of(browser().get("/book/session/?tz=America/Boise&day=2027-03-16"))
    assert (re.search(r"\d [AP]M MDT", text), "in Boise" in text) == (None, False)


def test_the_calendar_says_what_the_clock_of_the_room_shows(session, tess):
    made = booked(session, tess, attendee=Attendee("Ann Lee", "ann@example.com", "", "Asia/Tokyo"))
    file = calendar_file(made, method="PUBLISH", now=NOW).replace("\r\n ", "")
    assert "DTSTART:20270316T160000Z" in file
    assert "Tuesday\\, March 16 at 10:00 AM MDT\\, practice time." in file


def test_a_devices_zone_is_not_the_persons_for_good(session, tess):
    made = booked(session, tess, attendee=Attendee("Ann Lee", "ann@example.com", "", "Europe/Athens"))
    assert (made.zone, made.client.zone) == ("Europe/Athens", "")


TOKYO = Attendee("Ann Lee", "ann@example.com", "303 555 0101", "Asia/Tokyo", address="12 Birch Lane")


def test_a_visit_at_the_clients_is_told_in_the_practices_clock(session, tess):
    session.place = "client"
    session.save(update_fields=["place"])
    made = booked(session, tess, attendee=TOKYO)
    letter = as_it_leaves(Letter.objects.get(about=made.about, kind="confirmation"))
    assert letter.subject == "Booked: Tuesday, March 16 at 10:00 AM MDT, with Tess"


@pytest.mark.parametrize("place", ["phone", "video"])
def test_a_session_without_a_place_is_told_in_the_readers_clock(place, session, tess):
    session.place = place
    session.save(update_fields=["place"])
    made = booked(session, tess, attendee=TOKYO)
    letter = as_it_leaves(Letter.objects.get(about=made.about, kind="confirmation"))
    assert letter.subject == "Booked: Wednesday, March 17 at 1:00 AM JST, with Tess"
    assert "(Tuesday, March 16 at 10:00 AM MDT in Denver)" in letter.text
