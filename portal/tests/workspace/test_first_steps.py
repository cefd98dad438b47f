"""After set-up the owner's Today says what a practice still needs; each step is ticked by the database."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from booking.models import OpeningHours, SessionType
from booking.testing import make_session_type, open_every_day
from portal.testing import make_lesson
from practice.models import Practice, Practitioner, User
from practice.testing import at_work, make_practitioner, make_user

pytestmark = pytest.mark.django_db
TODAY = "/workspace/"


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
    Practice.objects.update(address="1 Willow Lane", phone="303 555 0199", standfirst="We work quietly.")
    make_session_type(june)
    open_every_day(june)


def test_a_new_practice_is_told_all_of_it_and_each_step_leads_to_a_page(june):
    browser = at_work(june.user)
    assert set(steps(browser).values()) == {False}
    html = browser.get(TODAY).content.decode().partition('id="first-steps"')[2].partition("</ol>")[0]
    links = re.findall(r'href="([^"]+)"', html)
    assert len(links) == 6
    assert {browser.get(link).status_code for link in links} == {200}


def test_each_is_ticked_by_what_is_there(june):
    browser = at_work(june.user)
    Practice.objects.update(address="1 Willow Lane")
    assert not steps(browser)["Address and phone"]  # half of it
    Practice.objects.update(phone="303 555 0199")
    assert [name for name, done in steps(browser).items() if done] == ["Address and phone"]
    make_session_type(june)
    make_lesson()
    make_user("Faye Doll", role=User.Role.FRONT_DESK)
    done = [name for name, done in steps(browser).items() if done]
    assert done == ["Address and phone", "A session type", "People who work with you", "A lesson"]


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
