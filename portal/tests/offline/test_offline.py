"""What a device asks of the practice: the worker, the manifest, the copy of a page, who is signed in."""

from __future__ import annotations

import datetime as dt
import struct
import uuid

import pytest
import time_machine
from django.contrib.staticfiles import finders

from portal.lessons.playback_token import words_ticket_for
from portal.models import Assignment, PracticeEntry, Question
from portal.offline.views import ICONS
from portal.testing import assign, make_lesson, make_recording
from practice.security.device_name import device_name
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]

STATE = "/offline/state/"
NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
JSON = {"accept": "application/json"}


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def tess(db, settings, tmp_path, clock):
    settings.MEDIA_ROOT = tmp_path
    make_practice()
    return make_practitioner()


@pytest.fixture
def lesson(tess):
    lesson = make_lesson("floor", guidelines="## Slowly")
    make_recording(lesson)
    return lesson


@pytest.fixture
def ann(lesson, tess, client):
    ann = make_user("Ann")
    assign(lesson, ann, by=tess, word="Half of it, Ann.")
    client.force_login(ann)
    return ann


def state(client, *slugs):
    return client.get(STATE, {"lesson": slugs}).json()


# --- The worker and the app -------------------------------------------------------------------------------
def test_the_worker_is_asked_for_again_each_time_and_serves_the_whole_site(client, db, settings):
    on = client.get("/sw.js")
    assert (
        on.headers["Content-Type"],
        on.headers["Service-Worker-Allowed"],
        on.headers["Cache-Control"],
    ) == (
        "text/javascript; charset=utf-8",
        "/",
        "no-cache",
    )
    policy = on.headers["Content-Security-Policy"].split("; ")
    assert {"worker-src 'self'", "manifest-src 'self'", "default-src 'self'"} <= set(policy)
    settings.OFFLINE_LESSONS = False
    off = client.get("/sw.js")
    assert ("fetch" in on.text, "fetch" in off.text, "unregister()" in off.text) == (True, False, True)
    assert on.text.splitlines()[0] != off.text.splitlines()[0]
    assert not on.cookies


def test_the_manifest_names_the_practice_and_icons_that_are_there(client, tess):
    answer = client.get("/manifest.webmanifest")
    said = answer.json()
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (said["name"], said["start_url"], said["scope"], said["display"]) == (
        "Juniper Street Myopractic",
        "/portal/",
        "/",
        "standalone",
    )
    assert {(one["sizes"], one["purpose"]) for one in said["icons"]} == {
        (f"{side}x{side}", purpose) for side in (192, 512) for purpose in ("any", "maskable")
    }
    for file, side, _purpose in (*ICONS, ("icons/app-touch-180.png", 180, "")):
        with open(finders.find(file), "rb") as icon:
            head = icon.read(24)
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", head[16:24]) == (side, side)
    assert 'rel="manifest" href="/manifest.webmanifest"' in client.get("/").text


# --- The copy ----------------------------------------------------------------------------------------------
def test_a_copy_is_the_page_without_what_leads_elsewhere_or_was_written_before(client, ann, lesson):
    words = {
        "entry": uuid.uuid4(),
        "ticket": words_ticket_for(ann, lesson, None, now=_now()),
        "noticing": "canary",
    }
    assert client.post("/portal/lessons/floor/words/", words).status_code == 302
    assert "canary" in client.get("/portal/lessons/floor/").text
    copy = client.get("/portal/lessons/floor/copy/")
    assert "no-store" in copy.headers["Cache-Control"]
    held = (
        "Half of it, Ann.",
        "data-copy-notice",
        "data-ticket",
        "data-queues",
        'action="/portal/lessons/floor/words/"',
    )
    assert [one for one in held if one not in copy.text] == []
    left_out = ("canary", "data-last-entry", 'href="/book/"', "?entry=", "data-kept>", "I have read this")
    assert [one for one in left_out if one in copy.text] == []


def test_a_copy_is_for_its_client_alone_and_a_free_one_for_everybody(client, ann, lesson, tess, settings):
    assert client.get("/lessons/floor/copy/").status_code == 200  # hers, and not free
    client.force_login(make_user("Ben"))
    paths = ("/portal/lessons/floor/copy/", "/lessons/floor/copy/")
    assert [client.get(path).status_code for path in paths] == [404, 404]
    at_work(tess.user, client)
    assert client.get(paths[0]).status_code == 404
    client.logout()
    assert client.get(paths[1]).status_code == 404
    type(lesson).objects.update(is_free=True)
    free = client.get(paths[1])
    assert (free.status_code, "<form" in free.text, len(free.cookies)) == (200, False, 0)
    settings.OFFLINE_LESSONS = False
    assert client.get(paths[1]).status_code == 404
    assert "data-keep" not in client.get("/lessons/floor/").text


def test_the_download_says_its_size_and_nobody_who_works_here_is_offered_it(client, ann, tess, lesson):
    lesson.recordings.update(size=14_200_000)
    assert "14 MB" in client.get("/portal/lessons/floor/").text
    at_work(tess.user, client)
    assert "data-keep" not in client.get("/portal/lessons/floor/").text


# --- What has become of it ---------------------------------------------------------------------------------
def test_a_device_learns_who_is_signed_in_and_which_lessons_are_still_theirs(client, ann, lesson, tess):
    make_lesson("hips")
    told = state(client, "floor", "hips", "nowhere")
    assert (told["whose"], told["lessons"]["hips"], told["lessons"]["nowhere"]) == (
        device_name(ann),
        None,
        None,
    )
    assert told["lessons"]["floor"]["sha"] == lesson.recordings.get().sha256
    new = make_recording(lesson, b"new" * 300)
    new.created_at = dt.datetime(2026, 11, 3, 18, tzinfo=dt.UTC)
    new.save()
    now = state(client, "floor")["lessons"]["floor"]
    assert (now["sha"], now["since"]) == (new.sha256, "Tuesday, November 3")
    Assignment.objects.update(ended_at=_now())
    assert state(client, "floor")["lessons"] == {"floor": None}
    client.logout()
    signed_out = client.get(STATE, {"lesson": "floor"})
    assert signed_out.json() | {"lessons": 0} == {
        "whose": "",
        "is_staff": False,
        "on": True,
        "lessons": 0,
        "csrf": "",
    }
    assert (signed_out.headers["Cache-Control"], len(signed_out.cookies)) == ("no-store, private", 0)


def test_asking_for_a_hundred_lessons_answers_for_forty(client, ann):
    assert len(state(client, *(f"lesson-{number}" for number in range(100)))["lessons"]) == 40


# --- What a device sends late -----------------------------------------------------------------------------
def test_a_question_is_one_however_often_and_late_it_is_sent(client, ann, lesson, clock):
    asked = {"question": "Should it pull?", "at": "602", "uid": uuid.uuid4().hex}
    for _time in range(2):
        assert client.post("/portal/lessons/floor/ask/", asked, headers=JSON).json() == {"asked": True}
        clock.shift(dt.timedelta(hours=3))
    assert [(one.text, one.at_ms, one.uid.hex) for one in Question.objects.all()] == [
        ("Should it pull?", 602_000, asked["uid"])
    ]
    again = client.post("/portal/lessons/floor/ask/", asked | {"uid": uuid.uuid4().hex}, headers=JSON)
    assert (again.json(), Question.objects.count()) == ({"asked": True}, 2)


def test_a_question_named_like_anothers_is_refused_and_tells_nothing(client, ann, lesson, tess):
    uid = uuid.uuid4()
    Question.objects.create(client=make_user("Ben"), lesson=lesson, text="canary", uid=uid)
    answer = client.post(
        "/portal/lessons/floor/ask/",
        {"question": "Mine?", "uid": uid.hex},
        headers=JSON,
    )
    assert (answer.status_code, "canary" in answer.text, Question.objects.count()) == (422, False, 1)


@pytest.mark.parametrize("uid", ["", "x", "٣" * 32, "a" * 4000])
def test_a_question_with_an_unreadable_name_is_asked_all_the_same(client, ann, uid):
    client.post("/portal/lessons/floor/ask/", {"question": "Mine?", "uid": uid})
    assert Question.objects.get().uid is None


@pytest.mark.parametrize(
    ("age", "days_ago"),
    [("259200", 3), ("999999999", 5), ("-5", 0), ("x", 0), ("9" * 30, 0), ("", 0), ("0", 0)],
)
def test_words_are_dated_when_they_were_written_never_before_their_page(
    client, ann, lesson, clock, age, days_ago
):
    ticket = words_ticket_for(ann, lesson, None, now=_now())
    clock.shift(dt.timedelta(days=5))
    sent = {"entry": uuid.uuid4(), "ticket": ticket, "noticing": "snow", "age": age, "said_done": "1"}
    client.post("/portal/lessons/floor/words/", sent, headers=JSON)
    entry = PracticeEntry.objects.get()
    when = {_days_since(moment) for moment in (entry.started_at, entry.last_at, entry.finished_at)}
    assert (when, entry.noticing) == ({days_ago}, "snow")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _days_since(moment: dt.datetime) -> int:
    return round((_now() - moment) / dt.timedelta(days=1))
