"""`/metrics`: closed by default, by route and never by address, added up over processes; and its alerts."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.utils import timezone

from practice.core.env import BadSetting
from practice.models import Heartbeat
from practice.observability import measures, metrics
from practice.observability.metrics_access import MetricsAccess, metrics_access
from practice.testing import make_practice, make_user
from practice.tests.mail.builders import make_letter

BASE = Path(__file__).resolve().parents[3]
TOKEN = "a-token-that-is-long-enough"
COUNTS = """
import json, os, sys
from django.conf import settings
import django
django.setup()
from django.test import Client
children = []
for _ in range(2):
    if not (child := os.fork()):
        for _ in range(3):
            Client(headers={"host": "localhost"}).get("/livez")
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
asked = {"host": "localhost", "authorization": "Bearer a-token-that-is-long-enough"}
answer = Client(headers=asked).get("/metrics")
print(json.dumps(answer.content.decode()))
"""


def run(code: str, var: Path, **more: str) -> str:
    given = {"PATH": os.environ["PATH"], "VAR_DIR": str(var), **more}
    given["DJANGO_SETTINGS_MODULE"] = "practice.settings"
    words = [sys.executable, "-c", code]
    ended = subprocess.run(words, cwd=BASE, env=given, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What two processes counted, as a third shows it; its database is empty."""
    said = run(COUNTS, tmp_path_factory.mktemp("var"), METRICS=f"token:{TOKEN}")
    return json.loads(said.splitlines()[-1])


# --- Who may ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_a_setting_nobody_may(client):
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    ("setting", "asks", "may"),
    [
        (f"token:{TOKEN}", {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, True),
        (f"token:{TOKEN}", {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}x"}, False),
        (f"token:{TOKEN}", {"HTTP_AUTHORIZATION": "Bearer ä"}, False),
        (f"token:{TOKEN}", {}, False),
        ("10.0.0.0/8, ::1", {"REMOTE_ADDR": "10.2.3.4"}, True),
        ("10.0.0.0/8, ::1", {"REMOTE_ADDR": "::1"}, True),
        ("10.0.0.0/8", {"REMOTE_ADDR": "11.0.0.1"}, False),
        # Through a proxy the address is the proxy's, and would let in everybody.
        ("127.0.0.1", {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ("127.0.0.1", {"REMOTE_ADDR": ""}, False),
    ],
)
def test_who_may(rf, setting, asks, may):
    access = metrics_access("METRICS", setting)
    request = rf.get("/metrics", **asks)
    allowed = access.allows(
        authorization=request.headers.get("authorization", ""),
        address=request.META["REMOTE_ADDR"],
        forwarded="X-Forwarded-For" in request.headers,
    )
    assert allowed is may


WRONG = ["token:short", f"token:{'ä' * 30}", "everybody", "10.0.0.0/99", f"token:a {'b' * 20}"]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_setting_that_says_neither_stops_the_start(wrong):
    with pytest.raises(BadSetting, match="METRICS"):
        metrics_access("METRICS", wrong)


def test_empty_is_off():
    assert not metrics_access("METRICS", "")
    assert MetricsAccess() == metrics_access("METRICS", "")


# --- What is shown ----------------------------------------------------------------------------------


def test_what_several_processes_counted_is_added_up(exported):
    assert 'portal_requests_total{route="livez",status="200"} 6.0' in exported
    assert 'portal_request_seconds_count{route="livez"} 6.0' in exported


def test_a_database_that_answers_nothing_leaves_the_rest(exported):
    assert 'portal_check_state{check="beat"} 2.0' in exported
    assert "portal_emails{" not in exported


def test_nothing_of_it_is_loaded_while_it_is_off(tmp_path):
    code = """
import sys, django
django.setup()
from django.test import Client
assert Client(headers={"host": "localhost"}).get("/livez").status_code == 200
print([name for name in sys.modules if name.split(".")[0] in ("prometheus_client", "sentry_sdk")])
"""
    assert run(code, tmp_path).splitlines()[-1] == "[]"


def test_what_counts_is_there_before_the_first_two_requests_come_at_once(tmp_path):
    code = """
import django
django.setup()
from practice import wsgi
from practice.observability.metrics import instruments
print(instruments.cache_info().currsize)
"""
    assert run(code, tmp_path, METRICS=f"token:{TOKEN}").splitlines()[-1] == "1"


@pytest.mark.engines("practice.observability.site_measures")
@pytest.mark.django_db
def test_measures_name_nobody_and_count_what_is_there(django_assert_max_num_queries):
    make_practice()
    make_user("Ann")
    now = timezone.now()
    Heartbeat.objects.create(name="beat", at=now - dt.timedelta(seconds=7))
    make_letter(due_at=now - dt.timedelta(seconds=100))
    make_letter(state="failed", due_at=now - dt.timedelta(days=1))
    make_letter(state="sent", sent_at=now - dt.timedelta(minutes=59))
    make_letter(state="sent", sent_at=now - dt.timedelta(minutes=61))
    with django_assert_max_num_queries(40):
        found = {measure.name: dict(values) for measure, values in measures.readings(now)}

    assert found["portal_emails"] == {"due": 1, "planned": 1, "sending": 0, "failed": 1, "unknown": 0}
    assert found["portal_emails_oldest_due_seconds"] == {"": 100}
    assert found["portal_emails_sent_last_hour"] == {"": 1}
    assert found["portal_heartbeat_age_seconds"] == {"beat": 7.0}
    assert found["portal_check_state"]["undecided"] == 1
    assert found["portal_database_bytes"][""] > 0
    assert "Ann" not in str(found)
    assert "example.com" not in str(found)


def test_an_earlier_starts_counts_are_forgotten(tmp_path):
    (tmp_path / "metrics").mkdir()
    metrics.forget_counts(tmp_path / "metrics")
    metrics.forget_counts(tmp_path / "metrics")
    assert not (tmp_path / "metrics").exists()


# --- Alerts -----------------------------------------------------------------------------------------


def names_in(rules: list[dict]) -> set[str]:
    return {name for rule in rules for name in re.findall(r"portal_\w+", rule["expr"])}


@pytest.fixture(scope="module")
def rules() -> list[dict]:
    read = yaml.safe_load((BASE / "deploy" / "alerts.yml").read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def test_every_metric_that_an_alert_names_is_exported(rules, exported):
    shown = set(re.findall(r"^# TYPE (\w+)", exported, re.M))
    shown |= {f"{name}_{end}" for name in ("portal_request_seconds",) for end in ("bucket", "count", "sum")}
    shown |= {one.name for one in measures._measures.values()} | {"portal_requests_total"}

    assert names_in(rules) - shown == set()
    assert names_in([{"expr": "portal_nothing > 1"}]) - shown == {"portal_nothing"}


def test_every_alert_says_how_grave_it_is_and_what_to_do(rules):
    assert {rule["alert"] for rule in rules if set(rule["annotations"]) != {"summary", "to_do"}} == set()
    assert {rule["labels"]["severity"] for rule in rules} == {"page", "ticket"}
    assert len({rule["alert"] for rule in rules}) == len(rules)


def test_the_documents_name_every_metric():
    told = (BASE / "docs" / "observability.md").read_text(encoding="utf-8")
    shown = {"portal_requests_total", "portal_request_seconds", *measures._measures}

    assert {name for name in shown if f"`{name}`" not in told} == set()
