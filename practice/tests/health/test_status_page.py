"""The owner's page says that all is well, or what is not, since when, and what to do; Today has one line."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from booking.models import ImportedCalendar
from portal.models import RecordingUpload
from portal.testing import make_lesson
from practice.health import findings
from practice.models import Heartbeat
from practice.site.views import health
from practice.testing import at_work, make_practice, make_practitioner
from practice.tests.mail.builders import make_letter

pytestmark = pytest.mark.django_db
PAGE = "/workspace/status/"
ALL_PARTS = [
    *(
        "database",
        "migrations",
        "programs",
        "broker",
        "beat",
        "media",
        "letters",
        "undecided",
        "bounces",
        "arrival",
        "append_only",
        "backup",
        "storage",
    ),
    *("email_set_up", "disk", "clock", "time_zones", "no_overlap", "calendars", "recordings"),
]


@pytest.fixture
def tess(monkeypatch, settings, tmp_path):
    """The owner of a practice in which all is well."""
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path
    settings.EMAIL_URL = "smtp://mail.example"
    answers = findings.Finding("answers", "Work is handed out.")
    well = findings.Part(lambda _now: answers, public=True, quick=False)
    monkeypatch.setitem(findings._parts, "broker", well)
    for name in ("time_zones", "disk", "clock"):
        monkeypatch.setitem(findings._parts, name, well)
    make_practice(is_demo=False)
    Heartbeat.objects.create(name="beat", at=timezone.now())
    return make_practitioner().user


def said(tess) -> str:
    return " ".join(at_work(tess).get(PAGE).content.decode().split())


def on_today(tess) -> str:
    return " ".join(at_work(tess).get("/workspace/").content.decode().split())


def test_every_part_is_checked(tess):
    assert health.programs  # registered with the pages
    assert {one.name for one in findings.look_at_all(timezone.now())} == set(ALL_PARTS)


def test_all_is_well(tess):
    assert "<h1>All is well</h1>" in said(tess)
    assert "Emails go out on time." in said(tess)
    assert f'<a href="{PAGE}">The site: all is well</a>' in on_today(tess)


def test_what_is_not_well_is_said_with_since_when_and_what_to_do(tess):
    make_letter(due_at=timezone.now() - dt.timedelta(hours=2))
    make_letter(state="failed", due_at=timezone.now() - dt.timedelta(days=2))
    page = said(tess)

    assert "<h1>2 things need attention</h1>" in page
    assert page.index("Emails are late.") < page.index("1 email failed or may not have been sent.")
    assert "Since Sunday, February 28" in page
    assert 'href="/workspace/letters/"' in page
    assert f'<a href="{PAGE}">The site: 2 things need attention</a>' in on_today(tess)


def test_a_dead_worker_a_silent_calendar_and_no_mail_server_are_each_a_thing(tess, settings):
    settings.EMAIL_URL = ""
    Heartbeat.objects.update(at=timezone.now() - dt.timedelta(minutes=5))
    Heartbeat.objects.create(name="media", at=timezone.now() - dt.timedelta(hours=2))
    long_ago = timezone.now() - dt.timedelta(days=2)
    url = "https://x.example/a.ics"
    mine = {"practitioner": tess.practitioner, "name": "Home"}
    ImportedCalendar.objects.create(**mine, url=url, added_at=long_ago)
    page = said(tess)

    assert "<h1>4 things need attention</h1>" in page
    for words in (
        "Emails and reminders wait: nothing picks them up.",
        "Recordings and other calendars wait: nothing picks them up.",
        "A calendar of yours can’t be read, so clients can book over what is in it.",
        "No mail server is set up, so no email reaches anyone.",
    ):
        assert words in page


def test_a_recording_that_waits_for_an_hour_is_one(tess):
    RecordingUpload.objects.create(lesson=make_lesson("floor"), name="floor.wav")
    RecordingUpload.objects.update(created_at=timezone.now() - dt.timedelta(minutes=59))
    assert "All is well" in said(tess)
    RecordingUpload.objects.update(created_at=timezone.now() - dt.timedelta(minutes=61))
    assert "A recording is waiting or could not be used." in said(tess)


def test_the_page_and_the_line_are_the_owners(tess):
    jonah = make_practitioner("Jonah Reyes", role="practitioner").user

    assert at_work(jonah).get(PAGE).status_code == 404
    assert PAGE not in on_today(jonah)


def test_today_asks_no_other_program(tess, monkeypatch):
    def asked(_now):
        raise AssertionError

    monkeypatch.setitem(findings._parts, "broker", findings.Part(asked, public=True, quick=False))
    assert "all is well" in on_today(tess)
