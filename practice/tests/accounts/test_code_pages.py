"""A code that opens nothing any more says so, and keeps the way on; codes are told apart, and read kindly."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from practice.models import Letter, User
from practice.testing import make_practice, make_user
from practice.tests.accounts.signing_in import ASK_AGAIN, CONFIRM, CONFIRM_AGAIN, SIGN_IN, is_in, newest_code

pytestmark = pytest.mark.django_db
ONWARD = "/portal/lessons/big-key/?at=2:00"
REQUEST = "/accounts/login/code/"
RESEND = {"action": "resend"}


@pytest.fixture
def ann() -> User:
    make_practice()
    return make_user("Ann")


@pytest.fixture
def asked(ann: User, client: Client) -> Client:
    """A browser on its way to a lesson, where a code is awaited."""
    client.post(f"{SIGN_IN}?next={ONWARD}", {"login": "ann@example.com", "next": ONWARD})
    return client


def said(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_code_that_is_too_old_says_so_and_keeps_address_and_way(asked: Client) -> None:
    code = newest_code()
    with time_machine.travel(time.time() + 700, tick=True):
        answer = asked.post(CONFIRM, {"code": code, "next": ONWARD}, follow=True)
        assert "That code has expired" in said(answer)
        assert 'value="ann@example.com"' in answer.content.decode()
        asked.post(answer.redirect_chain[-1][0], {"email": "ann@example.com", "next": ONWARD})
        done = asked.post(CONFIRM, {"code": newest_code(), "next": ONWARD})
    assert (done.url, is_in(asked)) == (ONWARD, True)


def test_three_slips_say_so_and_keep_address_and_way(asked: Client) -> None:
    for _ in range(2):
        assert "This code is not right" in said(asked.post(CONFIRM, {"code": "ZZZZZZ", "next": ONWARD}))
    answer = asked.post(CONFIRM, {"code": "ZZZZZZ", "next": ONWARD}, follow=True)
    assert "three times" in said(answer)
    assert "Too many tries" not in said(answer)
    assert 'value="ann@example.com"' in answer.content.decode()
    assert "next=" in answer.redirect_chain[-1][0]
    assert not is_in(asked)


def test_a_single_slip_is_called_one_before_anything_else(asked: Client) -> None:
    assert "This code is not right. Use the one in our newest email" in said(
        asked.post(CONFIRM, {"code": "ZZZZZZ"})
    )


@pytest.mark.parametrize(
    "between", ["-", " ", "\u2013", "\u2011", "\u2014", "\u2212", "\u00a0", ".", "\t", ""]
)
def test_whatever_is_between_its_signs_is_ignored(asked: Client, between: str) -> None:
    signs = re.sub("[^A-Z0-9]", "", newest_code())
    asked.post(CONFIRM, {"code": between.join(signs.lower())})
    assert is_in(asked)


def test_the_subject_tells_the_time_by_the_readers_clock_and_never_the_code(ann: User) -> None:
    User.objects.update(zone="Asia/Tokyo")
    with time_machine.travel(dt.datetime(2027, 3, 2, 20, 5, tzinfo=dt.UTC)):
        Client().post(SIGN_IN, {"login": "ann@example.com"})
    letter = Letter.objects.get(kind="sign_in_code")
    assert letter.subject == "Your code, 5:05 AM"
    assert newest_code() not in letter.subject


def test_without_a_zone_of_theirs_it_is_the_practices(ann: User) -> None:
    with time_machine.travel(dt.datetime(2027, 3, 2, 20, 5, tzinfo=dt.UTC)):
        Client().post(SIGN_IN, {"login": "ann@example.com"})
        assert timezone.now().hour == 20
    assert Letter.objects.get(kind="sign_in_code").subject == "Your code, 1:05 PM"


def test_the_page_says_what_to_do_when_nothing_comes(asked: Client) -> None:
    assert "call us: 303 555 0142" in said(asked.get(CONFIRM))


def test_and_says_the_same_of_an_address_nobody_knows(ann: User) -> None:
    pages = []
    for email in ("ann@example.com", "nobody@example.com"):
        browser = Client()
        browser.post(SIGN_IN, {"login": email})
        pages.append(said(browser.get(CONFIRM)).replace(email, "X"))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("email", ["ann@example.com", "nobody@example.com"])
def test_a_new_code_counts_once_like_the_first_asking(ann: User, settings, email: str) -> None:
    settings.RATE_LIMITS = True
    first, second, third = Client(), Client(), Client()
    first.post(SIGN_IN, {"login": email})
    sent = first.post(CONFIRM, RESEND, follow=True)
    second.post(SIGN_IN, {"login": email})
    late = [one.post(CONFIRM, RESEND, follow=True) for one in (first, second)]
    asked = third.post(SIGN_IN, {"login": email})
    told = ["Too many tries in a short time" in said(answer) for answer in (sent, *late, asked)]
    assert told == [False, True, True, True]
    assert Letter.objects.filter(kind="sign_in_code").count() == (3 if email == ann.email else 0)


def test_a_new_code_before_something_that_matters_counts_too(ann: User, settings) -> None:
    settings.RATE_LIMITS = True
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    browser = Client()
    browser.force_login(ann)
    for _ in range(3):
        browser.post(ASK_AGAIN, {"recipient": ann.email})
        browser.post(CONFIRM_AGAIN, RESEND)
    answer = browser.post(CONFIRM_AGAIN, RESEND, follow=True)
    assert "Too many tries in a short time" in said(answer)


# --- Signed in as somebody else ---------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/portal/lessons/not-yours/", "/portal/nothing/at/all/"])
def test_a_link_meant_for_someone_else_says_who_is_signed_in(ann: User, page: str) -> None:
    browser = Client()
    browser.force_login(ann)
    answer = browser.get(page)
    assert answer.status_code == 404
    assert "You’re signed in as Ann" in said(answer)
    assert f"/accounts/login/?next={page.replace('/', '%2F')}" in answer.content.decode()


def test_one_press_signs_out_and_keeps_the_way(ann: User) -> None:
    browser = Client()
    browser.force_login(ann)
    onward = f"{SIGN_IN}?next=%2Fportal%2Flessons%2Fnot-yours%2F"
    answer = browser.post("/accounts/logout/", {"next": onward})
    assert (answer.url, is_in(browser)) == (onward, False)


def test_elsewhere_a_404_is_a_404(ann: User) -> None:
    browser = Client()
    browser.force_login(ann)
    assert "You’re signed in as" not in said(browser.get("/nothing/"))
