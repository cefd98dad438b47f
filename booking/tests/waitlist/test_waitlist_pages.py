"""The pages of the waitlist: a wish, its link, an offer and its answer, without a script or a cookie."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from booking.appointments.actions.cancel import cancel
from booking.links import offer_url, waitlist_path
from booking.models import Appointment, Offer, WaitlistEntry
from booking.offers import queries as offers_queries
from booking.testing import make_appointment
from booking.tests.web_client import browser, stored, words_of
from practice.models import User
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
JOIN = "/book/session/wait/"
NEXT_MONTH = (timezone.now() + dt.timedelta(days=40)).date()


@pytest.fixture
def noon(time_machine):
    """A Wednesday, noon in Denver."""
    time_machine.move_to(dt.datetime(2027, 3, 3, 19, 0, tzinfo=dt.UTC), tick=False)
    return timezone.now()


@pytest.fixture
def taken(session, tess, noon):
    """Zoe's session, next week at ten."""
    start = dt.datetime(2027, 3, 10, 17, 0, tzinfo=dt.UTC)
    return make_appointment(session_type=session, practitioner=tess, start=start, client=make_user("Zoe"))


def wish(**fields):
    return {
        "weekdays": ["2"],
        "last_day": "2027-04-01",
        "name": "Ann Lee",
        "email": "ann@example.com",
        "agree": "on",
        "tz": "America/Denver",
        **fields,
    }


def joined(**fields):
    return browser().post(JOIN, wish(**fields))


@pytest.fixture
def offered(taken, noon):
    """Ann waits, Zoe cancels: the address of Ann's offer."""
    joined()
    cancel(taken, now=noon)
    return (
        offer_url(offers_queries.open_offers().get())
        .removeprefix("http://localhost:8000")
        .partition("/offers")[2]
    )


def offer_page(offered):
    return f"/offers{offered}"


FOLD = re.compile(r'<details class="form__more"( open)?>(.*?)</details>', re.DOTALL)


def folded(answer):
    """Whether the second part is open, and the names of its fields; those of the first part."""
    text = answer.text.partition("<form")[2]
    whole = FOLD.search(text)
    names = re.compile(r'name="(?!tz|csrf)(\w+)"')
    return bool(whole[1]), set(names.findall(whole[2])), set(names.findall(text.replace(whole[0], "")))


def test_at_first_only_days_and_who_waits_are_asked(session, noon):
    is_open, more, first = folded(browser().get(JOIN))
    assert not is_open
    assert first == {"weekdays", "name", "email", "agree"}
    assert more == {"earliest", "latest", "last_day", "phone"}


@pytest.mark.parametrize(
    ("fields", "opens"),
    [({}, False), ({"earliest": "14:00"}, True), ({"last_day": ""}, True), ({"phone": "303 555 0100"}, True)],
)
def test_after_a_mistake_nothing_that_was_chosen_is_folded_away(session, noon, fields, opens):
    last = folded_day(browser().get(JOIN))
    answer = joined(**{"last_day": last, "name": "", **fields})
    assert (answer.status_code, folded(answer)[0]) == (422, opens)
    assert all(f'value="{value}"' in answer.text for value in fields.values() if value)


def folded_day(answer):
    """The day the form suggests."""
    return re.search(r'name="last_day" value="([^"]+)"', answer.text)[1]


def test_whom_a_link_names_is_seen_to_be_chosen(both, noon):
    page = browser().get("/book/session/wait/?with=jonah")
    assert (folded(page)[0], 'value="jonah"' in page.text) == (True, True)


def test_the_page_of_times_leads_to_the_list(session, noon):
    page = browser().get("/book/session/")
    assert JOIN in page.content.decode()


def test_the_waitlist_says_what_it_needs_the_email_address_for(session, noon):
    said = words_of(browser().get(JOIN))
    assert ("We’ll email you here when a time opens up." in said, "calendar file" in said) == (True, False)


def test_reading_and_joining_set_no_cookie(session, noon):
    assert not browser().get(JOIN).cookies
    assert not joined().cookies


def test_a_waitlist_entry_is_saved_and_an_email_planned(session, noon):
    answer = joined()
    assert "ann@example.com" in words_of(answer)
    assert stored()["Letter"] == 1
    assert WaitlistEntry.objects.get().weekdays == [2]


def test_a_known_and_an_unknown_address_are_answered_alike(session, noon):
    User.objects.create_user("ann@example.com", name="Ann Lee")
    known, unknown = joined(), joined(email="new@example.com")
    assert words_of(known) == words_of(unknown).replace("new@example.com", "ann@example.com")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"last_day": ""}, "Please choose a day"),
        ({"last_day": "31.12."}, "a date like"),
        ({"last_day": "9999-12-31"}, "a date like"),
        ({"last_day": "2027-03-01"}, "has already passed"),
        ({"weekdays": ["7"]}, "from these days"),
        ({"earliest": "25:00"}, "a time like"),
        ({"earliest": "14:00", "latest": "09:00"}, "before the earliest"),
        ({"email": "ann.example.com"}, "is missing the @"),
        ({"agree": ""}, "agree to the cancellation policy"),
        ({"name": ""}, "tell us your name"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(session, noon, fields, said):
    answer = joined(**fields)
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert stored()["User"] == 1  # Tess
    assert answer.context["form"]["weekdays"].value() == wish(**fields)["weekdays"]


def test_another_sites_form_joins_nobody(session, noon):
    answer = browser().post(JOIN, wish(), headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_an_offer_shows_its_time_and_its_end_and_reading_takes_nothing(offered):
    before = stored()
    for _look in range(5):
        page = browser().get(offer_page(offered))
        browser().head(offer_page(offered))
    assert "Wednesday, March 10 at 10:00 AM" in words_of(page)
    assert "until 1:00 PM" in words_of(page)
    assert stored() == before
    assert Offer.objects.get().state == "open"


def test_one_button_takes_it(offered):
    answer = browser().post(offer_page(offered), {"accept": "1"})
    assert answer.status_code == 302
    made = Appointment.objects.get(client__email="ann@example.com", state="booked")
    assert "You’re booked." in words_of(browser().get(answer.url))
    assert "You booked this time" in words_of(browser().get(offer_page(offered)))
    assert browser().post(offer_page(offered), {"accept": "1"}).url == answer.url
    assert made.attendee_name == "Ann Lee"


def test_the_other_button_lets_it_go(offered):
    browser().post(offer_page(offered), {"decline": "1"})
    assert "You declined this offer" in words_of(browser().get(offer_page(offered)))
    late = browser().post(offer_page(offered), {"accept": "1"})
    assert late.status_code == 409
    assert "still on the waitlist" in words_of(late)


def test_after_its_end_it_says_so_and_books_nothing(offered, noon, time_machine):
    time_machine.move_to(noon + dt.timedelta(minutes=61), tick=False)
    assert "This offer has expired" in words_of(browser().get(offer_page(offered)))
    assert browser().post(offer_page(offered), {"accept": "1"}).status_code == 409


@pytest.mark.parametrize("token", ["x", "a.b", "0" * 32, "0" * 32 + ".x"])
@pytest.mark.parametrize("path", ["offers", "waiting"])
def test_a_foreign_token_opens_nothing(session, token, path):
    assert browser().get(f"/{path}/{token}/").status_code == 404
    assert browser().post(f"/{path}/{token}/", {"accept": "1"}).status_code == 404


def test_the_token_of_a_waitlist_entry_opens_no_offer(offered):
    token = waitlist_path(WaitlistEntry.objects.get()).split("/")[2]
    assert browser().get(f"/offers/{token}/").status_code == 404


def test_a_waitlist_entry_is_left_by_its_link(session, noon):
    joined()
    path = waitlist_path(WaitlistEntry.objects.get())
    assert "You’re on the waitlist" in words_of(browser().get(path))
    browser().post(path)
    assert "You’re off the waitlist" in words_of(browser().get(path))


def test_a_client_names_the_session_they_would_give_up(session, tess, noon):
    ann = make_user("Ann Lee")
    mine = make_appointment(
        session_type=session, practitioner=tess, start=noon + dt.timedelta(days=20), client=ann
    )
    signed_in = browser()
    signed_in.force_login(ann)
    assert "Yes, the one on" in words_of(signed_in.get(JOIN))
    signed_in.post(JOIN, {"last_day": "2027-04-01", "swaps": mine.pk, "agree": "on"})
    assert WaitlistEntry.objects.get().swaps == mine


def test_a_client_finds_waitlist_entries_among_their_appointments(session, noon):
    joined()
    signed_in = browser()
    signed_in.force_login(User.objects.get(email="ann@example.com"))
    page = signed_in.get("/portal/appointments/")
    assert "Session with anyone available: Wednesday, until Thursday, April 1" in words_of(page)
    assert waitlist_path(WaitlistEntry.objects.get()) in page.content.decode()


def test_nobody_names_another_persons_session(session, taken, noon):
    signed_in = browser()
    signed_in.force_login(make_user("Ann Lee"))
    answer = signed_in.post(JOIN, {"last_day": "2027-04-01", "swaps": taken.pk, "agree": "on"})
    assert answer.status_code == 422 or WaitlistEntry.objects.get().swaps is None


def test_the_workspace_shows_who_waits_and_who_is_asked(offered, tess):
    page = words_of(at_work(tess.user).get("/workspace/waitlist/"))
    assert "Ann Lee" in page
    assert "Has an offer for" in page


def test_a_practitioner_sees_nobody_who_waits_for_another(session, tess, jonah, noon):
    joined()
    entry = WaitlistEntry.objects.get()
    assert "Ann Lee" not in words_of(at_work(jonah.user).get("/workspace/waitlist/"))
    assert at_work(jonah.user).post(f"/workspace/waitlist/{entry.pk}/remove/").status_code == 404


def test_staff_take_someone_off_the_list(session, tess, noon):
    joined()
    entry = WaitlistEntry.objects.get()
    at_work(tess.user).post(f"/workspace/waitlist/{entry.pk}/remove/")
    entry.refresh_from_db()
    assert entry.state == WaitlistEntry.State.LEFT


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(session, tess, rows, django_assert_num_queries, noon):
    for number in range(rows):
        WaitlistEntry.objects.create(
            client=make_user(f"Person{number}"), session_type=session, last_day=NEXT_MONTH
        )
    at_desk = at_work(tess.user)
    at_desk.get("/workspace/waitlist/")
    with django_assert_num_queries(7):
        at_desk.get("/workspace/waitlist/")
