"""After set-up the owner's Today says what a practice still needs; each step is ticked by the database."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from booking.models import OpeningHours, SessionType
from booking.testing import make_session_type, open_every_day
from portal.models import RecordingUpload
from portal.testing import make_lesson
from practice.models import Practice, Practitioner, User
from practice.testing import at_work, make_practitioner, make_user

pytestmark = pytest.mark.django_db
TODAY = "/workspace/"


@pytest.fixture(autouse=True)
def mail_server(settings) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:9"


@pytest.fixture
def june() -> Practitioner:
    """The owner of a practice that was set up a minute ago."""
    Practice.objects.create(pk=1, name="Willow Lane", zone="America/Denver")
    return make_practitioner("June Park")


def steps(browser: Client, path: str = TODAY) -> dict[str, bool]:
    """Each step of the page, and whether it is done."""
    html = browser.get(path).content.decode()
    part = html.partition('id="first-steps"')[2].partition("</ol>")[0]
    found = re.findall(r'<span class="boards__main">(.*?)</span>\s*<span class="soft">', part, re.S)
    return {re.sub(r"<[^>]+>", "", one).split(":")[0].strip(): "<a " not in one for one in found}


def ready(june: Practitioner) -> None:
    """All that a practice needs to be booked."""
    Practice.objects.update(
        address="1 Willow Lane",
        phone="303 555 0199",
        email="hello@willow.example",
        standfirst="We work quietly.",
    )
    make_session_type(june)
    open_every_day(june)


def test_a_new_practice_is_told_all_of_it_and_each_step_leads_to_a_page(june):
    browser = at_work(june.user)
    assert set(steps(browser).values()) == {False}
    html = browser.get(TODAY).content.decode().partition('id="first-steps"')[2].partition("</ol>")[0]
    links = re.findall(r'href="([^"]+)"', html)
    assert len(links) == 7
    assert {browser.get(link).status_code for link in links} == {200}


def test_each_is_ticked_by_what_is_there(june):
    browser = at_work(june.user)
    Practice.objects.update(address="1 Willow Lane")
    assert not steps(browser)["Address and phone"]  # half of it
    Practice.objects.update(phone="303 555 0199")
    assert [name for name, done in steps(browser).items() if done] == ["Address and phone"]
    make_session_type(june)
    lesson = make_lesson()
    assert not steps(browser)["A lesson of your own"]  # as at the start: somebody else's voice
    RecordingUpload.objects.create(lesson=lesson, file="uploads/x", name="me.wav", state="published")
    make_user("Faye Doll", role=User.Role.FRONT_DESK)
    Practice.objects.update(email="hello@willow.example")
    assert [name for name, done in steps(browser).items() if done] == [
        *("Address and phone", "A session type", "An email address of the practice"),
        *("People who work with you", "A lesson of your own"),
    ]


def about_email(browser: Client) -> str:
    """What the list says of the practice's email."""
    html = browser.get(TODAY).content.decode()
    return html.partition("An email address of the practice")[2].partition("</li>")[0]


def test_an_owner_whose_emails_reach_nobody_is_told_and_the_list_stays(june, settings):
    ready(june)
    settings.EMAIL_URL = ""
    browser = at_work(june.user)
    assert "No email reaches anyone yet" in about_email(browser)
    assert not steps(browser)["An email address of the practice"]


def test_an_owner_whose_emails_all_wait_for_an_address_is_told(june):
    ready(june)
    Practice.objects.update(email="")
    User.objects.filter(pk=june.user.pk).update(email="jüne@willow.example")  # mail servers refuse it
    browser = at_work(User.objects.get(pk=june.user.pk))
    assert "All emails wait until you enter one" in about_email(browser)


def test_emails_under_the_owners_own_address_are_named_and_hold_nothing_up(june):
    ready(june)
    Practice.objects.update(email="")
    assert steps(at_work(june.user)) == {}
    OpeningHours.objects.all().delete()
    assert june.user.email in about_email(at_work(june.user))


def test_what_can_no_longer_be_booked_is_no_session(june):
    make_session_type(june)
    SessionType.objects.update(is_active=False)
    assert not steps(at_work(june.user))["A session type"]


def test_the_list_is_gone_when_the_practice_can_be_booked_though_a_step_nobody_needs_is_open(june):
    ready(june)
    assert steps(at_work(june.user)) == {}
    OpeningHours.objects.all().delete()
    assert not steps(at_work(june.user))["Opening hours"]


def test_only_the_owner_sees_it_and_only_today(june):
    ned = make_practitioner("Ned Low", role=User.Role.PRACTITIONER)
    assert steps(at_work(ned.user)) == {}
    assert steps(at_work(june.user), f"{TODAY}?day={timezone.now().year + 3}-01-01") == {}
