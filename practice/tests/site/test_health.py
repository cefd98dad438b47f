"""/healthz says what is wrong in words; /livez asks nothing."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from booking.locking import overlap_guard
from practice.health import findings, heartbeat, machine
from practice.models import Heartbeat, Letter
from practice.site.processes.claim import claimed
from practice.site.processes.program import Ended

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def all_well(monkeypatch):
    """A broker that answers and a beat that ticks."""
    part = findings.Part(lambda _now: findings.Finding("answers", ""), public=True, quick=False)
    monkeypatch.setitem(findings._parts, "broker", part)
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
    parts |= {"migrations", "disk", "backup", "append_only", "storage", "arrival"}
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
    findings.register("broker", machine.broker, public=True, quick=False)  # monkeypatch puts back what stood
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["parts"]["broker"]["ok"] is False
    assert "topsecret" not in answer.text


def test_a_missing_guard_turns_it_red(client, all_well, monkeypatch):
    monkeypatch.setattr(overlap_guard, "is_installed", lambda: False)

    assert part(client, "no_overlap")[:2] == (503, False)


def test_livez_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/livez").json() == {"ok": True}


def test_a_broker_that_falls_silent_is_given_a_second(settings, monkeypatch):
    settings.BROKER_URL = "redis://127.0.0.1:1"
    asked = {}

    class Silent:
        def ping(self):
            raise machine.redis.TimeoutError

        def close(self):
            pass

    monkeypatch.setattr(
        machine.redis.Redis, "from_url", lambda _url, **given: asked.update(given) or Silent()
    )
    assert machine.broker(timezone.now()).state == findings.State.DOWN
    assert asked == {"socket_connect_timeout": 1, "socket_timeout": 1}


# --- Bad input --------------------------------------------------------------------------------------


def test_a_clock_that_was_set_back_is_said_and_the_next_tick_mends_it(client, all_well):
    now = timezone.now()
    Heartbeat.objects.update(at=now + dt.timedelta(days=1))
    assert part(client, "beat")[2].startswith("The last tick was worked off in the future")

    heartbeat.record_beat("beat", now)
    assert client.get("/healthz").status_code == 200


def test_a_migration_that_was_not_run_turns_it_red_and_is_named(client, all_well, monkeypatch):
    shipped = machine.shipped_migrations()
    monkeypatch.setattr(machine, "shipped_migrations", lambda: shipped | {("practice", "9999_later")})

    assert part(client, "migrations")[2].startswith("Migrations are pending: practice.9999_later.")


@pytest.mark.parametrize(("free", "status"), [(99_000_000, 503), (500_000_000, 200)])
def test_a_disk_turns_it_red_only_when_it_is_full(client, all_well, monkeypatch, free, status):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _place: type("Usage", (), {"free": free}))

    answer = client.get("/healthz")
    assert answer.status_code == status
    assert answer.json()["parts"]["disk"]["says"] == f"{free // 1_000_000} MB are free. Make room."


def test_a_database_that_is_gone_is_said_and_it_is_green_again_by_itself(client, all_well, monkeypatch):
    def gone(*_args, **_more):
        raise OperationalError("no route to ann@example.com")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(connection, "cursor", gone)
        answer = client.get("/healthz")
        assert answer.status_code == 503
        assert answer.json()["parts"]["database"]["says"] == "The database does not answer this."
        assert "ann@" not in answer.text
    assert client.get("/healthz").status_code == 200


def test_a_database_that_can_only_be_read_turns_it_red(client, all_well):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        found = machine.database(timezone.now())
    else:
        with pytest.MonkeyPatch.context() as meanwhile:
            meanwhile.setattr(machine.Path, "is_file", lambda _path: True)
            meanwhile.setattr(machine.os, "access", lambda _path, _mode: False)
            found = machine.database(timezone.now())

    assert (found.state, found.says) == (findings.State.DOWN, "The database can be read, but not written.")


def test_a_database_with_another_clock_is_noticed():
    found = machine.clock(timezone.now())  # a test's day is not the server's

    apart = findings.State.ATTENTION if connection.vendor == "postgresql" else findings.State.WELL
    assert found.state == apart
