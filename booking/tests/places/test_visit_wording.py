"""Where a session is, as its client and people at work read it: pages, emails, calendar files."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking import links
from booking.appointments.actions.approve import approve
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.appointments.actions.restore import restore
from booking.calendars import feeds
from booking.calendars.ics import calendar_file
from booking.models import Appointment, CalendarFeed, Place, SessionType
from booking.owner_settings.actions.new_address import notify_clients
from booking.testing import make_appointment, make_session_type
from booking.tests.people import ANN, NOW, TEN, Attendee, booked
from booking.tests.web_client import browser, words_of
from practice.mail.send_check import preview_of
from practice.models import Letter, Practice, User
from practice.testing import all_emails_leave, at_work, make_user

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
LANE = "12 Birch Lane\nDenver"
VISITED = Attendee(ANN.name, ANN.email, ANN.phone, ANN.zone, address=LANE)
OWN, OF_THE_TYPE = "https://video.example/tess", "https://video.example/all"
STREET = "1184 Juniper Street"
PLACES = [Place.CLIENT, Place.PHONE, Place.VIDEO]
TOLD = {
    Place.CLIENT: ["Tess comes to you", "12 Birch Lane"],
    Place.PHONE: ["By phone", "Tess calls 303 555 0101."],
    Place.VIDEO: ["By video", OWN],
}


@pytest.fixture
def street(practice):
    practice.address = f"{STREET}\nDenver"
    practice.save()


@pytest.fixture
def made(request, street, tess):
    """A session away from the practice, with all that is told about it."""
    tess.video_link = OWN
    tess.save(update_fields=["video_link"])
    kind = make_session_type(tess, place=request.param, video_link=OF_THE_TYPE)
    return booked(kind, tess, attendee=VISITED)


each = pytest.mark.parametrize("made", PLACES, indirect=True, ids=str)


def of_body(letter):
    """An email without the lines about who sends it."""
    return letter.text.partition("\n-- \n")[0]


def told_to(person, **fields):
    """All emails to somebody, opened; those that wait with what they would say now.

    Without those that were canceled: they never got words.
    """
    found = list(Letter.objects.filter(user=person, **fields).exclude(state=Letter.State.CANCELLED))
    for one in found:
        one.open_words()
        if ahead := preview_of(one, NOW):
            one.subject, one.text, one.html = ahead.subject, ahead.text, ahead.html
    return found


# Emails


@pytest.mark.engines
@each
def test_every_email_to_the_client_says_where_and_none_names_the_practices_street(made, tess):
    all_emails_leave(NOW)
    move(made, start=TEN + dt.timedelta(hours=1), now=NOW)
    all_emails_leave(NOW)
    cancel(made, now=NOW)
    all_emails_leave(NOW)
    restore(made, now=NOW)
    letters = told_to(made.client, kind__in=("confirmation", "moved", "restored", "reminder"))
    assert {one.kind for one in letters} == {"confirmation", "moved", "restored", "reminder"}
    for one in letters:
        assert [said for said in TOLD[made.place] if said not in of_body(one) or said not in one.html] == []
        assert STREET not in of_body(one)


@each
def test_a_first_session_is_prepared_for_where_it_is(made):
    [letter] = told_to(made.client, kind="confirmation")
    said = {
        Place.CLIENT: "clear a space on the floor",
        Place.PHONE: "won’t be disturbed",
        Place.VIDEO: "set up the camera",
    }
    assert said[made.place] in letter.text
    assert "five minutes early" not in letter.text


@pytest.mark.parametrize("made", [Place.PHONE], indirect=True)
def test_anyone_who_is_called_is_not_told_that_we_see_them(made):
    assert all(of_body(one).count("I’ll call you") for one in told_to(made.client, kind="reminder"))


@pytest.mark.engines
@pytest.mark.parametrize("made", [Place.CLIENT], indirect=True)
def test_no_notice_to_a_practitioner_carries_the_address(made, tess):
    all_emails_leave(NOW)
    move(made, start=TEN + dt.timedelta(hours=1), now=NOW)
    letters = told_to(tess.user)
    assert len(letters) == 2
    for one in letters:
        assert "At the client's; the address is on the session's page" in one.text
        assert "Birch" not in f"{one.subject}{one.text}{one.html}"


@pytest.mark.engines
def test_a_request_for_a_visit_says_where_it_would_be(tess):
    kind = make_session_type(tess, place=Place.CLIENT, needs_approval=True)
    asked = booked(kind, tess, attendee=VISITED)
    all_emails_leave(NOW)
    approve(asked, by=tess.user, now=NOW)
    for one in told_to(asked.client, kind__in=("request_received", "confirmation")):
        assert "12 Birch Lane" in one.text


@pytest.mark.engines
@pytest.mark.parametrize("made", [Place.VIDEO], indirect=True)
def test_an_email_has_the_link_of_the_hour_at_which_it_leaves(made, tess, mailoutbox):
    tess.video_link = "https://video.example/new"
    tess.save(update_fields=["video_link"])
    all_emails_leave(NOW)
    [sent] = [one for one in mailoutbox if one.subject.startswith("Booked") and "ann@" in one.to[0]]
    assert ("https://video.example/new" in sent.body, OWN in sent.body) == (True, False)


@pytest.mark.engines
@pytest.mark.parametrize("made", [Place.CLIENT], indirect=True)
def test_nobody_is_told_of_our_new_street_for_a_visit(made, practice):
    Practice.objects.update(moved_at=NOW)
    assert notify_clients(now=NOW) == 0


# Calendar files


def read(file):
    """The lines of a calendar file."""
    return file.replace("\r\n ", "").split("\r\n")


def test_at_the_practice_the_calendar_names_its_street(street, session, tess):
    assert f"LOCATION:{STREET}\\, Denver" in read(calendar_file(booked(session, tess), method="REQUEST"))


@each
def test_the_calendar_says_how_one_meets_and_no_address(made):
    lines = read(calendar_file(made, method="REQUEST"))
    assert f"LOCATION:{TOLD[made.place][0]}" in lines
    assert (f"URL:{OWN}" in lines) == (made.place == Place.VIDEO)
    [described] = [line for line in lines if line.startswith("DESCRIPTION")]
    assert ("Tess calls 303 555 0101." in described) == (made.place == Place.PHONE)
    assert (OWN in described) == (made.place == Place.VIDEO)
    assert ("practice time" in described) == (made.place == Place.CLIENT)
    assert not any("Birch" in line or STREET in line for line in lines)


@pytest.mark.engines
@pytest.mark.parametrize("made", [Place.VIDEO], indirect=True)
def test_what_is_canceled_opens_no_call(made):
    cancelled = cancel(made, now=NOW)
    assert OWN not in calendar_file(cancelled, method="CANCEL")
    assert OWN not in browser().get(links.appointment_path(cancelled)).content.decode()


@each
def test_a_feed_tells_no_address_either(made, tess):
    feed = CalendarFeed(owner=made.client, key="k")
    file = feeds.as_file(feed, feeds.sessions_in(feed, now=NOW)).decode()
    assert (f"LOCATION:{TOLD[made.place][0]}" in file, "Birch" in file, STREET in file) == (
        True,
        False,
        False,
    )


# Pages of the client


@each
def test_the_booked_page_says_where(made):
    page = words_of(browser().get(f"{links.appointment_path(made)}?new"))
    assert [said for said in TOLD[made.place] if said not in page] == []
    where = re.search(r"Where (.*?) (?:Add to your calendar|Move appointment)", page)[1]
    assert STREET not in where


@each
def test_the_clients_own_pages_say_where(made):
    her = browser()
    User.objects.filter(pk=made.client_id).update(is_active=True)
    her.force_login(made.client)
    for path in ("/portal/", "/portal/appointments/"):
        page = words_of(her.get(path))
        assert [said for said in TOLD[made.place] if said not in page] == []
        assert "Next time at the practice" not in page


@pytest.mark.engines
@each
def test_before_it_is_booked_the_pages_say_where_it_will_be(made, tess):
    visitor = browser()
    named = {Place.CLIENT: "At your place", Place.PHONE: "By phone", Place.VIDEO: "By video"}[made.place]
    assert named in words_of(visitor.get("/book/"))
    assert named in words_of(visitor.get("/book/session/"))
    kept = visitor.post("/book/session/hold/", {"start": (TEN + dt.timedelta(hours=2)).isoformat()})
    page = words_of(visitor.get(kept["Location"]))
    told = {
        Place.CLIENT: "Tess comes to you.",
        Place.PHONE: "Tess calls you.",
        Place.VIDEO: "You’ll meet by video",
    }
    assert (told[made.place] in page, "You’ll pay at the practice" in page) == (True, False)


@pytest.mark.engines
def test_a_request_by_video_has_no_link_yet(tess):
    kind = make_session_type(tess, place=Place.VIDEO, video_link=OF_THE_TYPE, needs_approval=True)
    asked = booked(kind, tess)
    assert OF_THE_TYPE not in browser().get(links.appointment_path(asked)).content.decode()
    approve(asked, by=tess.user, now=NOW)
    assert OF_THE_TYPE in browser().get(links.appointment_path(asked)).content.decode()


def test_without_any_link_the_client_is_told_that_it_comes(tess):
    made = booked(make_session_type(tess, place=Place.VIDEO), tess)
    assert "Tess will send you the link before the session." in words_of(
        browser().get(links.appointment_path(made))
    )


@pytest.mark.engines
@pytest.mark.parametrize("made", [Place.CLIENT], indirect=True)
def test_a_visit_whose_key_was_lost_asks_to_call_and_breaks_no_page(made, tess, settings):
    settings.FIELD_KEYS = ["8" * 43 + "="]
    page = browser().get(links.appointment_path(made))
    assert "We still need this from you." in words_of(page)
    assert "no address yet" in words_of(at_work(tess.user).get("/workspace/", {"day": "2027-03-16"}))


# Pages at work


@each
@pytest.mark.parametrize("role", ["tess", "desk"])
def test_today_and_the_sessions_page_say_where_to_be(role, made, tess):
    reader = tess.user if role == "tess" else make_user("Dee Desk", role=User.Role.FRONT_DESK)
    desk = at_work(reader)
    own = {Place.CLIENT: "12 Birch Lane", Place.PHONE: "By phone", Place.VIDEO: OWN}[made.place]
    for page in ("/workspace/?day=2027-03-16", f"/workspace/appointments/{made.uid}/"):
        assert own in words_of(desk.get(page))


TODAY, OWN_PAGE = {"day": "2027-03-16"}, "/portal/appointments/"


@pytest.fixture
def visits(tess):
    """Each call: one more visit of Ann's that day, and how many queries each of what shows it takes."""
    kind, ann, feed = make_session_type(tess, place=Place.CLIENT), make_user("Ann Lee"), CalendarFeed()
    feed.owner, her, desk = ann, browser(), at_work(tess.user)
    her.force_login(ann)
    shows = [
        lambda: desk.get("/workspace/", TODAY),
        lambda: her.get(OWN_PAGE),
        lambda: feeds.as_file(feed, feeds.sessions_in(feed, now=NOW)),
    ]

    def one_more():
        start = TEN + dt.timedelta(hours=Appointment.objects.count())
        make_appointment(session_type=kind, practitioner=tess, start=start, client=ann, address=LANE)
        return [costs(show) for show in shows]

    return one_more


def costs(show):
    with CaptureQueriesContext(connection) as asked:
        show()
    return len(asked)


@pytest.mark.engines
def test_many_visits_are_shown_with_as_many_queries_as_one(visits):
    visits()  # what is read once is read
    one, _two, three = visits(), visits(), visits()
    assert three == one


@pytest.mark.engines
def test_a_visit_whose_key_was_lost_holds_up_no_other_of_its_day(tess, settings):
    kind, ann, keys = make_session_type(tess, place=Place.CLIENT), make_user("Ann Lee"), settings.FIELD_KEYS
    for hours, settings.FIELD_KEYS in enumerate([["8" * 43 + "="], keys]):
        start = TEN + dt.timedelta(hours=hours)
        make_appointment(session_type=kind, practitioner=tess, start=start, client=ann, address=LANE)
    page = words_of(at_work(tess.user).get("/workspace/", TODAY))
    assert ("no address yet" in page, "12 Birch Lane" in page) == (True, True)


@pytest.mark.engines
def test_a_feed_of_visits_opens_no_address(visits, monkeypatch):
    visits()
    monkeypatch.setattr("practice.models.encrypted.decrypt", lambda _text: pytest.fail("It was opened."))
    ann = User.objects.get(email="ann@example.com")
    feed = CalendarFeed(owner=ann)
    assert b"Tess comes to you" in feeds.as_file(feed, feeds.sessions_in(feed, now=NOW))


@pytest.mark.engines
def test_today_tells_how_long_the_way_is(tess):
    kind = make_session_type(tess, place=Place.CLIENT, travel_before=40, travel_after=20)
    booked(kind, tess, attendee=VISITED)
    page = words_of(at_work(tess.user).get("/workspace/", {"day": "2027-03-16"}))
    assert "Travel time: 40 min before, 20 min after." in page


def test_the_back_office_of_a_session_type_says_where_it_is(tess, session):
    owner = at_work(tess.user)
    page = owner.get(f"/backoffice/booking/sessiontype/{session.pk}/change/").content.decode()
    assert all(
        f'name="{field}"' in page for field in ("place", "travel_before", "travel_after", "video_link")
    )
    assert SessionType.objects.get().place == Place.PRACTICE
