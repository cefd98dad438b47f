"""After set-up the owner's Today says what a practice still needs; each step is judged by the database."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from booking.models import AppointmentChange, OpeningHours, SessionType
from booking.testing import make_appointment, make_session_type, open_every_day
from booking.tests.people import TEN
from portal.first_steps.actions import note_arrival, send_test_email
from portal.first_steps.steps import first_steps
from practice.append_only.door import Why, open_door
from practice.models import Practice, Practitioner, User
from practice.testing import at_work, make_practitioner, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
TODAY = "/workspace/"
PUBLIC = "https://book.willow.org"


@pytest.fixture(autouse=True)
def server(settings) -> None:
    """A site that others can reach, and that sends email."""
    settings.EMAIL_URL, settings.SITE_URL = "smtp://127.0.0.1:9", PUBLIC


@pytest.fixture
def june() -> Practitioner:
    """The owner of a practice that was set up a minute ago."""
    Practice.objects.create(pk=1, name="Willow Lane", zone="America/Denver")
    return make_practitioner("June Park")


def part(browser: Client, path: str = TODAY) -> str:
    """The list, as HTML; "" without one."""
    return browser.get(path).content.decode().partition('id="first-steps"')[2].partition("</section>")[0]


def steps(browser: Client, path: str = TODAY) -> dict[str, bool]:
    """Each step of the page, and whether it is done."""
    found = re.findall(r'<li class="first-steps__(done|open)">(.*?)</(?:li|p)>', part(browser, path), re.S)
    words = [(how, " ".join(re.sub(r"<[^>]+>", "", one).split())) for how, one in found]
    return {re.sub(r"( \(optional\)|: done)$", "", one): how == "done" for how, one in words}


def done(browser: Client) -> list[str]:
    return [name for name, is_done in steps(browser).items() if is_done]


def book_as_a_stranger(june: Practitioner) -> None:
    """A session that nobody at work booked."""
    made = make_appointment(
        session_type=SessionType.objects.get(), practitioner=june, start=TEN, client=make_user("Ann Lee")
    )
    AppointmentChange.objects.create(appointment=made, what="booked", starts_at=TEN)


def ready(june: Practitioner) -> None:
    """All that a practice needs."""
    Practice.objects.update(phone="303 555 0199", email="hello@willow.org", standfirst="We work quietly.")
    make_session_type(june)
    open_every_day(june)
    book_as_a_stranger(june)
    note_arrival(send_test_email(june.user, now=timezone.now()).key, now=timezone.now())
    Practice.objects.update(copied_on="2027-03-02")


def test_a_new_practice_is_told_all_of_it_and_each_link_leads_to_a_page(june, settings):
    settings.SITE_URL = "http://localhost:8000"
    browser = at_work(june.user)
    assert list(steps(browser)) == [
        *(
            "Name and phone number",
            "Hours",
            "Services",
            "People who work with you",
            "Text for your home page",
        ),
        *("A test booking", "A web address that people can reach", "Email that really arrives", "A backup"),
    ]
    assert done(browser) == []
    html = part(browser)
    assert "0 of 8 done." in html
    links = re.findall(r'href="([^"]+)"', html)
    assert {reverse(f"workspace_{one}") for one in ("details", "hours", "services", "people", "words")} < set(
        links
    )
    assert {browser.get(link).status_code for link in links} == {200}


def test_each_is_done_by_what_is_there(june):
    browser = at_work(june.user)
    assert done(browser) == ["A web address that people can reach"]
    Practice.objects.update(phone="303 555 0199")
    make_session_type(june)
    make_user("Faye Doll", role=User.Role.FRONT_DESK)
    assert done(browser) == [
        *("Name and phone number", "Services", "People who work with you"),
        "A web address that people can reach",
    ]
    assert "3 of 8 done." in part(browser)  # colleagues are not counted


def test_what_can_no_longer_be_booked_is_no_service(june):
    make_session_type(june)
    SessionType.objects.update(is_active=False)
    assert "Services" not in done(at_work(june.user))


def test_only_a_booking_that_staff_did_not_make_is_a_test_booking(june):
    make_session_type(june)
    book_as_a_stranger(june)
    with open_door(Why.DEMO):
        AppointmentChange.objects.update(by_staff=True)
    assert "A test booking" not in done(at_work(june.user))
    with open_door(Why.DEMO):
        AppointmentChange.objects.update(by_staff=False)
    assert "A test booking" in done(at_work(june.user))


def test_an_owner_whose_emails_reach_nobody_is_told_what_to_set_and_gets_no_button(june, settings):
    ready(june)
    settings.EMAIL_URL = ""
    html = part(at_work(june.user))
    assert "No email leaves this machine yet" in html
    assert "EMAIL_URL" in html
    assert "Send me a test email" not in html


def test_an_owner_whose_emails_all_wait_for_an_address_is_told(june):
    Practice.objects.update(email="")
    User.objects.filter(pk=june.user.pk).update(email="jüne@willow.example")  # mail servers refuse it
    assert "Until then all emails wait" in part(at_work(User.objects.get(pk=june.user.pk)))


def test_an_address_that_others_cannot_open_is_named(june, settings):
    ready(june)
    settings.SITE_URL = "http://localhost:8000"
    assert "begin with http://localhost:8000" in part(at_work(june.user))


def test_the_places_to_copy_are_named_without_a_key_and_go_once_a_copy_is_confirmed(june, settings):
    browser = at_work(june.user)
    html = part(browser)
    assert str(settings.VAR_DIR) in html
    assert str(settings.KEYS_DIR) in html
    assert settings.SECRET_KEY not in html
    assert not any(str(key) in html for key in settings.FIELD_KEYS)
    browser.post(reverse("workspace_copied"))
    assert "A backup, confirmed on March 2" in done(browser)
    assert str(settings.KEYS_DIR) not in part(browser)


def test_the_list_is_gone_when_all_needed_steps_are_done_and_back_when_one_is_open(june):
    ready(june)
    assert steps(at_work(june.user)) == {}
    OpeningHours.objects.all().delete()
    assert not steps(at_work(june.user))["Hours"]


def test_the_demo_has_no_first_steps(june):
    Practice.objects.update(is_demo=True)
    assert steps(at_work(june.user)) == {}


def test_only_the_owner_sees_it_and_only_today(june):
    ned = make_practitioner("Ned Low", role=User.Role.PRACTITIONER)
    assert steps(at_work(ned.user)) == {}
    assert steps(at_work(june.user), f"{TODAY}?day={timezone.now().year + 3}-01-01") == {}


def test_one_query_tells_them_all(june):
    practice = Practice.objects.get()
    with CaptureQueriesContext(connection) as queries:
        assert first_steps(june.user, practice)
    assert len(queries) == 1
