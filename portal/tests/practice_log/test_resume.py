"""Finished on one device is finished on the other: the page says the last thing that happened, and when."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.utils import timezone

from portal.practice_log.actions.listen import Batch, listen
from portal.practice_log.actions.self_report import SelfReport, write_down
from portal.practice_log.listening import Report
from portal.practice_log.queries import last_of, resume_point
from portal.testing import assign, make_lesson, make_recording
from practice.testing import make_practice, make_practitioner, make_user

NOW = dt.datetime(2026, 11, 24, 16, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
LAPTOP, PHONE = uuid.UUID(int=1), uuid.UUID(int=2)

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def floor(db, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    make_practice()
    lesson = make_lesson("floor")
    make_recording(lesson)
    return lesson


@pytest.fixture
def ann(floor, client):
    ann = make_user("Ann")
    assign(floor, ann, by=make_practitioner())
    client.force_login(ann)
    return ann


@pytest.fixture
def heard(ann, floor):
    """Ann hears a stretch that ends `ago` minutes ago; in seconds of the recording."""

    def hear(uid, start, end, *, ago, **words):
        report = Report(0, start * 1000, end * 1000, 1, (end - start) * 1000, round(ago * 60_000))
        since = NOW - 600 * MINUTE
        return listen(
            ann, Batch(uid, [report], **words), recording=floor.recordings.get(), since=since, now=NOW
        )

    return hear


def last_on_page(client):
    """What the lesson's page tells its player of the last thing that happened."""
    html = client.get("/portal/lessons/floor/").content.decode()
    found = {name: re.search(rf'data-last-{name}="(\w+)"', html) for name in ("entry", "at", "when")}
    said = {name: one[1] for name, one in found.items() if one}
    return said | {"done": "data-last-done" in html}


def ms(moment):
    return str(int(moment.timestamp() * 1000))


def test_stopped_on_the_laptop(client, heard):
    heard(LAPTOP, 0, 460, ago=10)
    assert last_on_page(client) == {
        "entry": LAPTOP.hex,
        "at": "460",
        "when": ms(NOW - 10 * MINUTE),
        "done": False,
    }


def test_finished_on_the_phone_while_the_laptop_still_knows_its_place(client, ann, floor, heard):
    heard(LAPTOP, 0, 460, ago=30)
    heard(PHONE, 440, 480, ago=20, continues=LAPTOP)
    said = SelfReport(said_done=True)
    write_down(ann, said, uid=LAPTOP, lesson=floor, recording=None, since=NOW, now=NOW - 19 * MINUTE)
    assert last_on_page(client) == {
        "entry": LAPTOP.hex,
        "at": "460",
        "when": ms(NOW - 19 * MINUTE),
        "done": True,
    }
    assert resume_point(ann, floor.recordings.get()) is None
    assert "Continue at" not in client.get("/portal/").content.decode()


def test_heard_to_the_end_on_two_devices_together(client, heard):
    heard(LAPTOP, 0, 600, ago=20)
    heard(PHONE, 600, 1268, ago=1, continues=LAPTOP)
    assert (last_on_page(client)["done"], last_on_page(client)["when"]) == (True, ms(NOW - MINUTE))


def test_called_done_it_is_finished_when_that_was_said(ann, floor, heard):
    heard(LAPTOP, 0, 460, ago=60)
    said = SelfReport(said_done=True)
    entry = write_down(ann, said, uid=LAPTOP, lesson=floor, recording=None, since=NOW, now=NOW)
    assert (entry.finished_at, last_of(ann, floor.pk).stop.when) == (NOW, NOW)


def test_a_second_listening_after_it_has_a_place_of_its_own(ann, client, floor, heard):
    heard(LAPTOP, 0, 1268, ago=200)
    heard(PHONE, 0, 300, ago=5)
    assert (last_on_page(client)["at"], last_on_page(client)["done"]) == ("300", False)
    assert resume_point(ann, floor.recordings.get()).stop.at_ms == 300_000


def test_before_the_first_time_it_says_nothing(client, ann):
    assert last_on_page(client) == {"done": False}
