"""Signing up with a known and an unknown address: the same answer, with the same work, in the same time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from practice.mail.composing import render
from practice.models import Letter, User
from practice.testing import make_practice, make_user
from practice.tests.sampling import proof_only
from practice.tests.security.timing import Timed, is_distinguishable

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
KNOWN, NEW = "ann@example.com", "new@example.com"
SIGN_UP, PAIRS = "/accounts/signup/", 400


@pytest.fixture(autouse=True)
def world(db: None, settings: Any) -> None:
    make_practice()
    make_user("Ann Lee", password="a long password of hers")
    make_user("Ben Moss")
    for email in ("warm@example.com", "ben@example.com"):
        sign_up(email)  # templates are read, content types known
    Letter.objects.all().delete()


def sign_up(email: str) -> Any:
    return Client(headers={"origin": "http://testserver"}).post(SIGN_UP, {"email": email, "name": "Mallory"})


def test_the_answer_and_the_page_behind_it_are_the_same() -> None:
    said = []
    for email in (KNOWN, NEW):
        browser = Client(headers={"origin": "http://testserver"})
        answer = browser.post(SIGN_UP, {"email": email, "name": "Mallory"})
        page = browser.get(answer["Location"])
        body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
        said.append((answer.status_code, answer["Location"], page.status_code, body.replace(email, "")))
    assert said[0] == said[1]


@pytest.fixture
def work(monkeypatch: Any) -> Callable[[str], dict[str, int]]:
    """How much is done for an address: statements, emails worded, passwords hashed."""
    done = {"worded": 0, "hashed": 0}
    word, hashed = render.render, hashers.make_password

    def counting(name: str, function: Any) -> Any:
        def counted(*args: Any, **options: Any) -> Any:
            done[name] += 1
            return function(*args, **options)

        return counted

    monkeypatch.setattr("practice.mail.post.render", counting("worded", word))
    monkeypatch.setattr("django.contrib.auth.base_user.make_password", counting("hashed", hashed))

    def of(email: str) -> dict[str, int]:
        done.update(worded=0, hashed=0)
        with CaptureQueriesContext(connection) as queries:
            assert sign_up(email).status_code == 302
        statements = sum("SAVEPOINT" not in one["sql"] for one in queries)
        return {**done, "statements": statements}

    return of


def test_a_known_address_takes_the_same_work_as_a_new_one(work: Any) -> None:
    assert work(KNOWN) == work(NEW)


def test_of_what_is_only_done_for_the_same_time_nothing_stays() -> None:
    before = User.objects.count()
    sign_up(KNOWN)
    assert User.objects.count() == before
    assert Letter.objects.get().kind == "account_notice"
    Letter.objects.all().delete()
    sign_up(NEW)
    assert User.objects.count() == before + 1
    assert Letter.objects.get().kind == "sign_in_code"
    assert not User.objects.filter(email__endswith="nobody.invalid").exists()


@proof_only
def test_a_watch_does_not_tell_a_known_address_from_a_new_one(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False

    def signs_up(email: str) -> Callable[[], None]:
        def do() -> None:
            with transaction.atomic():
                assert sign_up(email).status_code == 302
                transaction.set_rollback(True)

        return do

    timed = Timed(signs_up(KNOWN), signs_up(NEW))
    timed.run(PAIRS)
    print(timed)
    assert is_distinguishable(timed.first, timed.second) == []
