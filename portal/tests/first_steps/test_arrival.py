"""A test email is done when its reader says so: not when it was planned, sent, or opened."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.first_steps.queries import ARRIVED, KIND
from practice.mail.delivery import deliver
from practice.models import Letter, Practice, Practitioner, User
from practice.testing import at_work, make_practice, make_practitioner

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
SEND = reverse("workspace_test_email")


@pytest.fixture
def june(settings) -> Practitioner:
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    make_practice(is_demo=False)
    return make_practitioner("June Park")


def leave_all() -> None:
    while deliver.step(now=timezone.now()):
        pass


def link_sent() -> str:
    """The path of the link in the email that left."""
    (letter,) = mail.outbox
    assert letter.body.count("/test-email/") == 1
    return urlsplit(re.search(r"\S+/test-email/\S+", letter.body)[0]).path


def has_arrived() -> bool:
    return ARRIVED in Letter.objects.get(kind=KIND).event


def test_only_the_button_behind_the_link_says_that_it_arrived(june):
    owner = at_work(june.user)
    owner.post(SEND)
    leave_all()
    assert not has_arrived()  # sent is not arrived
    phone = Client(headers={"origin": "http://testserver"})  # where nobody is signed in
    asked = phone.get(link_sent())
    assert "Did the test email arrive?" in asked.text
    assert not has_arrived()  # mail scanners open links
    assert "Emails from your website arrive." in phone.post(link_sent()).text
    assert has_arrived()
    assert "Email that really arrives<span" in owner.get("/workspace/").text


def test_today_says_what_became_of_the_last_one(june):
    owner = at_work(june.user)
    assert "A test email to june@example.com shows" in owner.get("/workspace/").text
    owner.post(SEND)
    assert "is on its way" in owner.get("/workspace/").text
    leave_all()
    assert "check your spam folder" in owner.get("/workspace/").text
    Letter.objects.update(state=Letter.State.FAILED)
    assert "was not sent" in owner.get("/workspace/").text


def test_pressing_twice_sends_one(june):
    for _press in range(2):
        at_work(june.user).post(SEND)
    assert Letter.objects.count() == 1


def test_where_no_email_leaves_none_is_planned(june, settings):
    settings.EMAIL_URL = ""
    assert "none was sent" in at_work(june.user).post(SEND, follow=True).text
    assert not Letter.objects.exists()


def test_no_page_of_the_workspace_shows_its_link(june):
    owner = at_work(june.user)
    owner.post(SEND)
    page = reverse("workspace_letter", args=[Letter.objects.get().pk])
    assert "/test-email/" not in owner.get(page).text
    leave_all()
    assert Letter.objects.values_list("text", "html").get() == ("", "")  # nothing of it is kept


def test_a_link_of_no_email_of_ours_is_not_there(june):
    at_work(june.user).post(SEND)
    leave_all()
    link = link_sent()
    browser = Client(headers={"origin": "http://testserver"})
    assert browser.post(link.replace("/test-email/", "/test-email/x")).status_code == 404
    assert Client(headers={"origin": "https://evil.example"}).post(link).status_code == 403
    Letter.objects.all().delete()
    assert browser.post(link).status_code == 404


def test_who_no_longer_owns_the_practice_gets_none(june):
    at_work(june.user).post(SEND)
    User.objects.filter(pk=june.user.pk).update(role=User.Role.PRACTITIONER)
    leave_all()
    assert mail.outbox == []
    assert Letter.objects.get().state == Letter.State.CANCELLED


@pytest.mark.parametrize("name", ["workspace_test_email", "workspace_copied"])
def test_the_buttons_are_the_owners(june, name):
    ned = make_practitioner("Ned Low", role=User.Role.PRACTITIONER)
    assert at_work(ned.user).post(reverse(name)).status_code == 404
    assert at_work(june.user).get(reverse(name)).status_code == 405
    assert (Letter.objects.count(), Practice.objects.get().copied_on) == (0, None)
