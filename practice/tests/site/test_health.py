"""/healthz says what is wrong in words; /livez asks nothing."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.utils import timezone

from practice.models import Heartbeat, Letter
from practice.site.processes.claim import claimed
from practice.site.processes.supervise import Ended
from practice.site.views import health

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def all_well(monkeypatch):
    """A broker that answers and a beat that ticks."""
    monkeypatch.setitem(health.CHECKS, "broker", lambda: "answers")
    Heartbeat.objects.create(name="beat", at=timezone.now())


def test_a_program_that_died_not_long_ago_is_named(client, all_well, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert client.get("/healthz").status_code == 200
    with claimed(tmp_path) as claim:
        claim.note({"web": 1}, {"letters": Ended("was ended by SIGKILL", time.time(), 3)})
        answer = client.get("/healthz")
        assert answer.status_code == 503
        assert "“letters” was ended by SIGKILL (in a row: 3)" in answer.json()["parts"]["programs"]["says"]
        claim.note({"web": 1}, {"letters": Ended("was ended by SIGKILL", time.time() - 121, 3)})
        assert client.get("/healthz").status_code == 200


def due(minutes: int, **fields) -> Letter:
    number = Letter.objects.count()
    return Letter.objects.create(
        key=f"k{number}",
        message_id=f"<{number}@x>",
        kind="reminder",
        category="appointment",
        to_address="ann@example.com",
        due_at=timezone.now() - dt.timedelta(minutes=minutes),
        **fields,
    )


def part(client, name: str) -> tuple[int, bool, str]:
    answer = client.get("/healthz")
    found = answer.json()["parts"][name]
    return answer.status_code, found["ok"], found["says"]


def test_all_well_is_200(client, all_well):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    parts = {"database", "no_overlap", "programs", "broker", "beat", "letters", "calendars", "bounces"}
    assert set(answer.json()["parts"]) == parts


def test_an_email_late_by_more_than_15_minutes_turns_it_red(client, all_well):
    due(17)

    assert part(client, "letters") == (503, False, "The oldest letter that should have gone is 17 min late.")


def test_emails_that_are_not_late_or_went_or_failed_do_not(client, all_well):
    due(14)
    due(99, state=Letter.State.SENT)
    due(99, state=Letter.State.FAILED)
    due(-99)

    assert client.get("/healthz").status_code == 200


def test_a_beat_that_never_ticked_turns_it_red(client, all_well):
    Heartbeat.objects.all().delete()

    assert part(client, "beat")[:2] == (503, False)


def test_a_beat_that_stopped_turns_it_red(client, all_well):
    Heartbeat.objects.update(at=timezone.now() - dt.timedelta(minutes=5))

    assert part(client, "beat")[2].startswith("The last tick was worked off 5 min ago.")


@pytest.mark.parametrize("url", ["redis://:topsecret@127.0.0.1:1/0", "unix:///nowhere/broker.sock"])
def test_a_broker_that_is_away_is_said_without_its_password(client, all_well, settings, url):
    settings.BROKER_URL = url
    health.CHECKS["broker"] = health.broker  # monkeypatch puts back what stood
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["parts"]["broker"]["ok"] is False
    assert "topsecret" not in answer.text


def test_a_missing_guard_turns_it_red(client, all_well, monkeypatch):
    monkeypatch.setattr(health.overlap_guard, "is_installed", lambda: False)

    assert part(client, "no_overlap")[:2] == (503, False)


def test_livez_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/livez").json() == {"ok": True}


def test_a_broker_that_falls_silent_is_given_a_second(settings, monkeypatch):
    settings.BROKER_URL = "redis://127.0.0.1:1"
    asked = {}

    class Silent:
        def ping(self):
            raise health.redis.TimeoutError

        def close(self):
            pass

    monkeypatch.setattr(health.redis.Redis, "from_url", lambda _url, **given: asked.update(given) or Silent())
    with pytest.raises(health.CheckFailed):
        health.broker()
    assert asked == {"socket_connect_timeout": 1, "socket_timeout": 1}
