"""Counting: together, by the address that can be trusted, and only while limits are on."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, RequestFactory

from practice.models import Letter, UsageCount
from practice.security import limits
from practice.security.limits import TooMany, client_address, count_use, counting, visitor_key
from practice.testing import make_user

pytestmark = pytest.mark.engines

HOUR = dt.timedelta(hours=1)
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def request(forwarded: str = "", remote: str = "203.0.113.9"):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=remote, **headers)


@pytest.mark.django_db
def test_the_limit_is_reached_and_not_passed():
    assert [count_use("k", limit=2, window=HOUR, now=NOON) for _ in range(4)] == [True, True, False, False]
    assert UsageCount.objects.get().count == 2


@pytest.mark.django_db
def test_what_is_refused_is_taken_back_under_every_key(settings):
    settings.RATE_LIMITS = True
    for _ in range(3):
        with pytest.raises(ValueError, match="no"), counting({"a": 1, "b": 1}, window=HOUR, now=NOON):
            raise ValueError("no")
    assert {row.count for row in UsageCount.objects.all()} == {0}


@pytest.mark.django_db
def test_where_one_limit_is_reached_nothing_is_counted_and_it_is_named(settings):
    settings.RATE_LIMITS = True
    for who in "abc":
        with counting({who: 1, "all": 3}, window=HOUR, now=NOON):
            pass
    for keys, full in (({"a": 1, "all": 9}, "a"), ({"d": 1, "all": 3}, "all")):
        with (
            pytest.raises(TooMany) as stopped,
            counting(keys, window=HOUR, now=NOON + dt.timedelta(minutes=50)),
        ):
            pass
        assert (stopped.value.key, stopped.value.wait) == (full, 601)
    assert sorted(UsageCount.objects.values_list("count", flat=True)) == [0, 1, 1, 1, 3]


@pytest.mark.skipif(django_settings.SQLITE, reason="one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("first", "second", "may", "counts"),
    [
        ({"ann": 1, "network": 9}, {"ann": 1, "network": 9}, False, {"ann": 1, "network": 1}),
        ({"ann": 9, "network": 1}, {"ben": 9, "network": 1}, False, {"ann": 1, "ben": 0, "network": 1}),
        # Where two places are left, whoever waited gets the second.
        ({"ann": 9, "network": 2}, {"ben": 9, "network": 2}, True, {"ann": 1, "ben": 1, "network": 2}),
    ],
)
def test_of_two_for_the_last_place_the_loser_counts_nothing(
    first, second, may, counts, settings, monkeypatch
):
    settings.RATE_LIMITS = True
    with suppress(ValueError), counting({**first, **second}, window=HOUR, now=NOON):
        raise ValueError("The rows are there, and nothing is counted.")
    # Making them anew would wait for the winner as well, before anything is compared.
    monkeypatch.setattr(limits, "_ready", lambda *_rows: None)

    def late():
        try:
            with counting(second, window=HOUR, now=NOON):
                return True
        except TooMany:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            with counting(first, window=HOUR, now=NOON):
                waiting = pool.submit(late)
            waits_for_a_row()
        assert waiting.result(timeout=60) is may
    found = UsageCount.objects.values_list("key", "count")
    assert {key.partition("/")[0]: count for key, count in found} == counts


def waits_for_a_row():
    """Return once somebody waits for a row that this transaction holds."""
    with connection.cursor() as cursor:
        for _ in range(20_000):
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    pytest.fail("Nobody waits.")


@pytest.mark.django_db
def test_a_new_window_begins_again():
    count_use("k", limit=1, window=HOUR, now=NOON)

    assert not count_use("k", limit=1, window=HOUR, now=NOON + dt.timedelta(minutes=59))
    assert count_use("k", limit=1, window=HOUR, now=NOON + HOUR)


@pytest.mark.django_db
def test_one_key_does_not_spend_another():
    count_use("a", limit=1, window=HOUR, now=NOON)

    assert count_use("b", limit=1, window=HOUR, now=NOON)


@pytest.mark.django_db
def test_a_very_long_key_is_counted_too():
    assert count_use("k" * 10_000, limit=1, window=HOUR, now=NOON)
    assert not count_use("k" * 10_000, limit=1, window=HOUR, now=NOON)


@pytest.mark.django_db
def test_nothing_is_counted_while_limits_are_off(settings):
    settings.RATE_LIMITS = False

    assert all(count_use("k", limit=1, window=HOUR, now=NOON) for _ in range(5))
    assert not UsageCount.objects.exists()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.1", "203.0.113.9"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "203.0.113.9"),
        (1, "rubbish", "0.0.0.0"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
    ],
)
def test_only_what_our_proxies_wrote_is_believed(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXY_COUNT = proxies

    assert client_address(request(forwarded)) == expected


def test_the_visitor_is_counted_without_being_named():
    assert visitor_key(request()) == visitor_key(request())
    assert visitor_key(request()) != visitor_key(request(remote="203.0.113.10"))
    assert request().META["REMOTE_ADDR"] not in visitor_key(request())


@pytest.mark.django_db
def test_the_sixth_wrong_password_is_refused_from_any_address_and_so_is_the_right_one_then(client):
    make_user("Ann", password="one long password")
    for n in range(5):
        client.post(
            "/accounts/login/",
            {"login": "ann@example.com", "password": "wrong wrong wrong"},
            REMOTE_ADDR=f"203.0.113.{n}",
        )
    answer = client.post(
        "/accounts/login/",
        {"login": "ann@example.com", "password": "one long password"},
        REMOTE_ADDR="203.0.113.99",
    )

    assert "Too many tries" in answer.text
    assert "_auth_user_id" not in client.session


@pytest.fixture
def nothing_counted_yet(db):
    """The cache is a table that no model has: a test that commits leaves its counts to the next."""
    cache.clear()


def asks(n: int, email: str) -> int:
    """A new browser asks for a code, and pretends to come from elsewhere."""
    forwarded = {"x-forwarded-for": f"198.51.100.{n}"}
    return Client().post("/accounts/login/", {"login": email}, headers=forwarded).status_code


@pytest.mark.usefixtures("nothing_counted_yet")
@time_machine.travel(NOON, tick=False)  # twenty in a minute: on a busy machine they would take longer
def test_a_made_up_forwarded_for_resets_no_limit():
    assert [asks(n, f"zoe{n}@example.com") for n in range(21)] == [302] * 20 + [200]


@pytest.mark.usefixtures("nothing_counted_yet")
@time_machine.travel(NOON, tick=False)
def test_nobodys_email_box_is_filled_with_codes():
    make_user("Ann")
    assert [asks(n, "ann@example.com") for n in range(4)] == [302, 302, 302, 200]
    assert Letter.objects.count() == 3


# --- How often an address gets an email of signing in -------------------------------------------------------
def asks_from(
    place: str, email: str, path: str = "/accounts/login/", field: str = "login", **more: str
) -> int:
    return Client().post(path, {field: email, **more}, REMOTE_ADDR=place).status_code


@pytest.mark.usefixtures("nothing_counted_yet")
@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("/accounts/login/", "login", {}),
        ("/accounts/login/code/", "email", {}),
        ("/accounts/password/reset/", "email", {}),
        ("/accounts/signup/", "email", {"name": "Ann"}),
    ],
)
def test_one_place_has_ten_emails_of_a_kind_a_day_sent_to_an_address(path, field, more):
    make_user("Ann")
    with time_machine.travel(NOON, tick=False) as clock:
        answers = []
        for _ in range(12):
            answers.append(asks_from("203.0.113.1", "ann@example.com", path, field, **more))
            clock.shift(dt.timedelta(minutes=2))

    assert answers == [302] * 10 + [200] * 2
    assert Letter.objects.filter(to_address="ann@example.com").count() == 10


@pytest.mark.usefixtures("nothing_counted_yet")
@time_machine.travel(NOON, tick=False)
def test_however_many_places_ask_the_person_is_not_kept_from_asking_where_they_signed_in_before():
    ann = make_user("Ann")
    UserSession.objects.create(user=ann, ip="198.51.100.7", session_key="k")
    strangers = [asks_from(f"203.0.113.{n}", ann.email) for n in range(25)]

    assert strangers == [302] * 20 + [200] * 5
    assert asks_from("198.51.100.7", ann.email) == 302


@pytest.mark.usefixtures("nothing_counted_yet")
@time_machine.travel(NOON, tick=False)
def test_no_account_here_is_said_once_a_day():
    answers = [asks_from(f"203.0.113.{n}", "zoe@example.com") for n in range(3)]

    assert answers == [302, 302, 302]
    assert Letter.objects.count() == 1


@pytest.mark.django_db
def test_limits_at_sign_in_can_be_switched_off_for_measurements_only(settings):
    assert settings.RATE_LIMITS is True
    assert settings.ACCOUNT_RATE_LIMITS
    assert not hasattr(settings, "MFA_RATE_LIMITS")
