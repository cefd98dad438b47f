"""From an empty database to a stranger's first booking, by the forms of the pages alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.models import Appointment, OpeningHours, SessionType
from booking.tests.web_client import ANN_TYPES, browser, hidden, sent_by, starts_on, words_of
from practice.accounts import one_time_links
from practice.models import Letter, Practice, User
from practice.testing import as_it_leaves, at_work

pytestmark = pytest.mark.django_db
JUNE = {"name": "June Park", "email": "june@willow.org", "practice_name": "Willow Lane"}
WEEKDAYS = range(1, 5)


@pytest.fixture(autouse=True)
def server(settings) -> None:
    settings.EMAIL_URL, settings.SITE_URL = "smtp://127.0.0.1:9", "https://book.willow.org"


def fill(owner: Client, page: str, **typed: Any) -> HttpResponse:
    """Send the form of a page with these fields changed; it has to be taken."""
    answer = owner.post(page, {**sent_by(owner.get(page)), **typed})
    assert answer.status_code == 302, words_of(answer)
    return answer


def set_up() -> Client:
    """The owner, who came by the link in the terminal."""
    link = one_time_links.set_up_url(now=timezone.now()).removeprefix("https://book.willow.org")
    asked = browser()
    fill(asked, link, **JUNE)
    owner = User.objects.get()
    assert asked.get(reverse("account_email")).wsgi_request.user == owner
    return at_work(owner, asked)


def open_for_booking(owner: Client) -> None:
    """What the first steps ask for: details, hours, a service and a text."""
    fill(owner, reverse("workspace_details"), phone="303 555 0199", email="hello@willow.org")
    week = {f"d{day}-0-opens": "9:00 AM" for day in WEEKDAYS}
    week |= {f"d{day}-0-closes": "5:00 PM" for day in WEEKDAYS}
    fill(owner, reverse("workspace_hours"), **week, do="save")
    who = User.objects.get().practitioner.pk
    session = {"name": "First session", "minutes": "60", "price": "95", "is_active": "on"}
    fill(owner, reverse("workspace_service_new"), **session, practitioners=who)
    fill(owner, reverse("workspace_words"), standfirst="We work quietly. We take our time.")


def book_as_a_stranger() -> Appointment:
    """Ann's way, from the home page to "You're booked."""
    ann, kind = browser(), SessionType.objects.get()
    assert "We work quietly." in words_of(ann.get("/"))
    assert f'href="/book/{kind.slug}/"' in ann.get("/book/").text
    times = ann.get(f"/book/{kind.slug}/?day=2027-03-10")
    form = ann.post(f"/book/{kind.slug}/hold/", {**hidden(times), "start": starts_on(times)[0]}, follow=True)
    done = ann.post(form.request["PATH_INFO"], {**hidden(form), **ANN_TYPES}, follow=True)
    assert "You’re booked." in words_of(done)
    return Appointment.objects.get()


def test_an_owner_alone_with_the_pages_gets_a_strangers_first_booking():
    owner = set_up()
    assert (OpeningHours.objects.count(), SessionType.objects.count()) == (0, 0)
    assert "1 of 8 done." in words_of(owner.get("/workspace/"))
    open_for_booking(owner)
    assert "5 of 8 done." in words_of(owner.get("/workspace/"))

    booked = book_as_a_stranger()
    assert (booked.attendee_name, booked.minutes, booked.price_cents) == ("Ann Lee", 60, 9500)
    assert booked.practitioner.user == User.objects.get(email="june@willow.org")
    planned = set(Letter.objects.filter(about=booked.about).values_list("kind", "to_address"))
    assert ("confirmation", "ann@example.com") in planned
    assert Letter.objects.filter(kind="digest", to_address="june@willow.org").exists()
    confirmation = as_it_leaves(Letter.objects.get(kind="confirmation"))
    assert Practice.objects.get().phone_shown in confirmation.text
    assert "https://book.willow.org/appointments/" in confirmation.text
    assert "6 of 8 done." in words_of(owner.get("/workspace/"))


def test_the_owner_may_book_as_a_visitor_to_try_it():
    owner = set_up()
    open_for_booking(owner)
    kind = SessionType.objects.get()
    times = owner.get(f"/book/{kind.slug}/?day=2027-03-10")
    form = owner.post(
        f"/book/{kind.slug}/hold/", {**hidden(times), "start": starts_on(times)[0]}, follow=True
    )
    owner.post(form.request["PATH_INFO"], {**hidden(form), **ANN_TYPES}, follow=True)
    assert "6 of 8 done." in words_of(owner.get("/workspace/"))
