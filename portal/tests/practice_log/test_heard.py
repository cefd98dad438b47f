"""What a player says it played: kept once, whole or not at all, and only for whom it belongs to."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
import time_machine
from django.test import Client

from portal.lessons.playback_token import ticket_for
from portal.models import PracticeEntry, Segment
from portal.practice_log.actions.self_report import Said, write_down
from portal.testing import assign, make_lesson, make_recording
from practice.testing import at_work, make_practice, make_practitioner, make_user

OPENED = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
LATER = OPENED + dt.timedelta(hours=1)
PATH = "/portal/lessons/floor/heard/"

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def clock():
    """An hour after the page was opened."""
    with time_machine.travel(LATER, tick=False) as travelled:
        yield travelled


@pytest.fixture
def tess(db, settings, tmp_path, clock):
    settings.MEDIA_ROOT = tmp_path
    make_practice()
    return make_practitioner()


@pytest.fixture
def lesson(tess):
    return make_lesson("floor")


@pytest.fixture
def recording(lesson):
    return make_recording(lesson)


@pytest.fixture
def ann(tess, lesson, client):
    ann = make_user("Ann")
    assign(lesson, ann, by=tess)
    client.force_login(ann)
    return ann


@pytest.fixture
def told(client, ann, recording):
    """Send a batch of Ann's; what is not said is a new entry with one honest minute."""
    ticket = ticket_for(ann, recording, now=OPENED)

    def tell(*segments, path=PATH, **words):
        body = {
            "entry": str(uuid.uuid4()),
            "ticket": ticket,
            "segments": segments or [span(0, 0, 60)],
            **words,
        }
        return client.post(path, body, content_type="application/json")

    return tell


def span(seq, start, end, **words):
    return {"seq": seq, "start": start, "end": end, "rate": 1, "elapsed": end - start, "age": 0, **words}


def nothing_kept():
    return not PracticeEntry.objects.exists() and not Segment.objects.exists()


def test_a_minute_is_kept_with_its_entry(told, ann, lesson, recording):
    answer = told(span(0, 0, 60, age=600))
    entry = PracticeEntry.objects.get()
    assert (answer.status_code, answer.json()) == (
        200,
        {"entry": str(entry.uid), "heard": 60.0, "covered": 60.0, "done": False},
    )
    assert (entry.client, entry.lesson, entry.recording) == (ann, lesson, recording)
    assert (entry.since, entry.last_at, entry.stopped_ms) == (
        OPENED,
        LATER - dt.timedelta(minutes=10),
        60_000,
    )
    assert entry.started_at == LATER - dt.timedelta(minutes=11)


def test_the_same_beacon_thrice_and_five_before_four(told):
    uid = str(uuid.uuid4())
    four, five = span(4, 0, 60), span(5, 60, 90)
    for batch in ([five], [four], [five], [four, five]):
        answer = told(*batch, entry=uid)
    assert (answer.json()["heard"], Segment.objects.count(), PracticeEntry.objects.count()) == (90, 2, 1)
    assert PracticeEntry.objects.get().stopped_ms == 90_000


@pytest.mark.parametrize(
    ("segment", "status"),
    [
        (span(0, 0, 1.7e9), 422),
        (span(0, -5, 10), 422),
        (span(0, 60, 0), 422),
        (span(0, 0, 60, elapsed=1), 422),
        (span(0, 0, 60, rate="1"), 422),
        (span(None, 0, 60), 422),
        ("x", 422),
        (span(0, 0, 60, age=float("nan")), 400),
        (span(0, 0, 60, note="n" * 66_000), 413),
    ],
    ids=["far", "negative", "backwards", "too fast", "words", "no number", "no segment", "NaN", "64 KB"],
)
def test_a_lie_is_refused_whole(told, segment, status):
    answer = told(span(1, 0, 30), segment)
    assert (answer.status_code, nothing_kept()) == (status, True)


def test_called_done_again_on_another_day_it_stays_when_it_was(client, ann, recording, clock):
    body = {"entry": str(uuid.uuid4()), "ticket": ticket_for(ann, recording, now=OPENED), "done": True}
    for day in range(2):
        clock.move_to(LATER + dt.timedelta(days=day))
        assert client.post(PATH, body, content_type="application/json").json()["done"]
    entry = PracticeEntry.objects.get()
    assert (entry.started_at, entry.last_at, entry.finished_at) == (LATER, LATER, LATER)


def test_twenty_minutes_two_seconds_after_opening_are_refused(told, clock):
    clock.move_to(OPENED + dt.timedelta(seconds=2))
    assert (told(span(0, 0, 1200)).status_code, nothing_kept()) == (422, True)


def test_a_lie_leaves_what_was_there(told):
    uid = str(uuid.uuid4())
    told(span(0, 0, 60), entry=uid)
    assert told(span(1, 60, 90), span(2, 0, 9999), entry=uid).status_code == 422
    assert (PracticeEntry.objects.get().heard_ms, Segment.objects.count()) == (60_000, 1)


@pytest.mark.parametrize(
    "words",
    [{"entry": "x"}, {"entry": None}, {"entry": 7}, {"segments": []}, {"done": "yes"}, {"continues": "x"}],
)
def test_what_is_no_batch_is_refused(told, words):
    assert (told(**words).status_code, nothing_kept()) == (400, True)


@pytest.mark.parametrize("body", ["", "[]", "7", "null", '{"segments":', "[" * 100_000])
def test_what_is_no_json_is_refused(client, told, body):
    answer = client.post(PATH, body, content_type="application/json")
    assert (answer.status_code in (400, 413), nothing_kept()) == (True, True)


def test_a_finished_one_stays_finished_and_a_replay_is_another(told):
    told(span(0, 0, 1200))
    told(span(0, 0, 60))
    replay, finished = PracticeEntry.objects.order_by("heard_ms")
    assert (finished.finished_at, replay.finished_at) == (LATER, None)


def test_more_of_a_finished_one_does_not_move_the_moment(told, clock):
    uid = str(uuid.uuid4())
    told(span(0, 0, 1200), entry=uid)
    clock.shift(600)
    assert told(span(1, 0, 60), entry=uid).json()["done"]
    assert PracticeEntry.objects.get().finished_at == LATER


def test_called_done_without_having_played(told):
    assert told(segments=[], done=True).json() | {"entry": ""} == {
        "entry": "", "heard": 0, "covered": 0, "done": True,
    }  # fmt: skip


def test_continued_on_another_device_the_second_half_finishes_it(told):
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    told(span(0, 0, 600, age=600), entry=first)
    answer = told(span(0, 600, 1200), entry=second, continues=first)
    assert (answer.json()["done"], answer.json()["heard"]) == (True, 600)
    assert str(PracticeEntry.objects.get(uid=second).first.uid) == first


def test_offline_a_finished_b_played_and_a_came_later(told):
    told(span(0, 0, 120))
    told(span(0, 0, 1200, age=1800))
    one, other = PracticeEntry.objects.order_by("heard_ms")
    assert (one.heard_ms, other.heard_ms, other.finished_at) == (
        120_000,
        1_200_000,
        LATER - dt.timedelta(minutes=30),
    )


# --- Whose it is ------------------------------------------------------------------------------------------
@pytest.fixture
def ben(tess, lesson):
    ben = make_user("Ben")
    assign(lesson, ben, by=tess)
    return ben


def test_anothers_entry_is_not_there(told, client, ben, recording):
    uid = str(uuid.uuid4())
    told(entry=uid)
    client.force_login(ben)
    his = ticket_for(ben, recording, now=OPENED)
    assert told(span(1, 60, 90), entry=uid, ticket=his).status_code == 404
    assert told(continues=uid, ticket=his).status_code == 404
    assert Segment.objects.count() == 1


def test_a_queue_left_behind_is_worth_nothing_to_the_next_at_this_machine(told, client, ben):
    client.force_login(ben)
    assert (told().status_code, nothing_kept()) == (404, True)


@pytest.mark.parametrize("ticket", ["", "x", None, 7, "W10:abc", "a" * 4000])
def test_without_a_ticket_of_ours_nothing_is_kept(told, ticket):
    assert (told(ticket=ticket).status_code, nothing_kept()) == (404, True)


@pytest.mark.parametrize(("days", "status"), [(34, 200), (36, 404)])
def test_a_ticket_lives_for_five_weeks(told, client, ann, clock, days, status):
    clock.move_to(OPENED + dt.timedelta(days=days))
    client.force_login(ann)  # no session lives that long
    assert told().status_code == status


def test_of_a_lesson_never_given_nothing_is_kept(told, ann):
    ann.assignments.all().delete()
    assert (told().status_code, nothing_kept()) == (404, True)


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 404)])
def test_of_a_lesson_taken_back_yesterdays_queue_is_kept(told, ann, hours, status):
    ann.assignments.update(ended_at=LATER - dt.timedelta(hours=hours))
    assert told().status_code == status


def test_a_free_lesson_counts_for_whoever_is_signed_in(told, ann, lesson):
    ann.assignments.all().delete()
    type(lesson).objects.update(is_free=True)
    assert told().status_code == 200


def test_under_another_lessons_address_nothing_is_kept(told, tess, ann):
    assign(make_lesson("hips"), ann, by=tess)
    assert (told(path="/portal/lessons/hips/heard/").status_code, nothing_kept()) == (404, True)


def test_an_entry_keeps_to_its_recording(told, ann, lesson):
    uid = str(uuid.uuid4())
    told(entry=uid)
    newer = ticket_for(ann, make_recording(lesson, b"newer" * 200), now=OPENED)
    assert told(span(1, 0, 9), entry=uid, ticket=newer).json()["error"]["code"] == "recording"


def test_a_recording_replaced_meanwhile_is_still_counted(told, lesson):
    make_recording(lesson, b"newer" * 200)
    assert told().status_code == 200


def test_one_withdrawn_is_not_and_what_was_heard_of_it_stays(told, recording):
    told()
    recording.delete()
    assert told().status_code == 404
    assert PracticeEntry.objects.get().heard_ms == 60_000


def test_staff_practise_under_no_clients_name(told, client, tess):
    at_work(tess.user, client)
    assert (told().status_code, nothing_kept()) == (404, True)


def test_signed_out_it_leads_to_sign_in(told, client):
    client.logout()
    assert told().headers["Location"] == f"/accounts/login/?next={PATH}"


# --- How it comes -----------------------------------------------------------------------------------------
@pytest.fixture
def tab(ann):
    """A browser that asks for the token, and knows it."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ann)
    browser.cookies["csrf"] = "a" * 32
    return browser


@pytest.fixture
def batch(ann, recording):
    ticket = ticket_for(ann, recording, now=OPENED)
    return {"entry": str(uuid.uuid4()), "ticket": ticket, "segments": [span(0, 0, 60)]}


def test_with_the_token_in_a_header(tab, batch):
    send = {"content_type": "application/json"}
    assert tab.post(PATH, batch, **send).status_code == 403
    assert tab.post(PATH, batch, headers={"x-csrftoken": "a" * 32}, **send).status_code == 200


def test_with_the_token_in_the_body_as_a_beacon_must(tab, batch):
    form = {"batch": json.dumps(batch)}
    assert tab.post(PATH, form).status_code == 403
    assert tab.post(PATH, form | {"csrfmiddlewaretoken": "a" * 32}).status_code == 200


@pytest.mark.parametrize("value", ["", "NaN", '{"segments": [NaN]}', "[" * 60_000, "x" * 70_000])
def test_a_beacons_nonsense_is_refused(client, told, value):
    answer = client.post(PATH, {"batch": value})
    assert (answer.status_code in (400, 413), nothing_kept()) == (True, True)


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_by_post(client, ann, method):
    assert getattr(client, method)(PATH).status_code == 405


def test_too_many_beacons_are_asked_to_wait(told, monkeypatch):
    monkeypatch.setattr("portal.lessons.views.heard.BEACONS", 1)
    assert [told().status_code, told().status_code] == [200, 429]


@pytest.mark.parametrize("count", [1, 100])
def test_a_beacon_costs_the_same_late_in_a_lesson(told, django_assert_num_queries, count):
    uid = str(uuid.uuid4())
    told(*[span(n, n, n + 1) for n in range(count)], entry=uid)
    with django_assert_num_queries(16):
        told(span(500, 0, 15), entry=uid)


def test_no_word_of_it_is_logged(told, caplog):
    caplog.set_level("DEBUG")
    told(span(0, 0, 99_999, noticing="canary-left-side"), noticing="canary-left-side")
    assert "canary" not in caplog.text


# --- Over -------------------------------------------------------------------------------------------------
def test_begun_at_its_second_part_the_next_day_it_is_not_written_into_yesterdays(told, clock, client, ann):
    uid = str(uuid.uuid4())
    told(span(0, 0, 14), done=True, entry=uid)
    clock.shift(dt.timedelta(days=1))
    client.force_login(ann)
    answer = told(span(1, 215, 222), entry=uid)
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["from"]) == (
        409,
        "over",
        1,
    )
    assert (Segment.objects.count(), PracticeEntry.objects.get().heard_ms) == (1, 14_000)


@pytest.mark.parametrize(("hours", "status"), [(2, 200), (3, 409)])
def test_two_hours_of_silence_end_what_was_never_finished_too(told, clock, hours, status):
    uid = str(uuid.uuid4())
    told(span(0, 0, 60), entry=uid)
    clock.shift(dt.timedelta(hours=hours, seconds=10))
    assert told(span(1, 60, 70), entry=uid).status_code == status


def test_told_late_what_was_heard_in_time_is_kept_and_what_came_later_named(told, clock):
    uid = str(uuid.uuid4())
    told(span(0, 0, 60), entry=uid)
    clock.shift(dt.timedelta(hours=4))
    hour = 3600
    late = [span(1, 60, 70, age=4 * hour - 60), span(2, 215, 230, age=hour), span(3, 230, 240, age=hour - 20)]
    assert told(*late, entry=uid).json()["error"]["from"] == 2
    assert told(late[0], entry=uid).json()["heard"] == 70


def test_words_of_yesterday_that_made_an_entry_take_nothing_of_today(
    told, clock, client, ann, lesson, recording
):
    uid = uuid.uuid4()
    said = Said(noticing="left side longer")
    write_down(ann, said, uid=uid, lesson=lesson, recording=recording, since=OPENED, now=LATER)
    clock.shift(dt.timedelta(days=1))
    client.force_login(ann)
    assert told(span(0, 0, 60), entry=str(uid)).status_code == 409


@pytest.mark.parametrize(("hours", "linked"), [(1, True), (26, False)])
def test_gone_on_with_long_after_it_was_finished_it_is_a_second_listening(
    told, clock, client, ann, hours, linked
):
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    told(span(0, 0, 1200), entry=first)
    clock.shift(dt.timedelta(hours=hours))
    client.force_login(ann)
    told(span(0, 1200, 1230), entry=second, continues=first)
    assert (PracticeEntry.objects.get(uid=second).first is not None) == linked


def test_gone_on_with_days_later_what_was_not_finished_is_one_play_through(told, clock, client, ann):
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    told(span(0, 0, 460), entry=first)
    clock.shift(dt.timedelta(days=3))
    client.force_login(ann)
    told(span(0, 460, 500), entry=second, continues=first)
    assert str(PracticeEntry.objects.get(uid=second).first.uid) == first


def test_words_first_it_still_goes_on_from_where_it_says(told, ann, lesson, recording):
    first, second = str(uuid.uuid4()), uuid.uuid4()
    told(entry=first)
    said = Said(noticing="lighter")
    write_down(ann, said, uid=second, lesson=lesson, recording=recording, since=OPENED, now=LATER)
    told(span(0, 60, 90), entry=str(second), continues=first)
    assert str(PracticeEntry.objects.get(uid=second).first.uid) == first


def test_going_on_from_what_never_arrived_loses_nothing(told):
    assert told(span(0, 60, 90), continues=str(uuid.uuid4())).json()["heard"] == 30


# --- No minute twice --------------------------------------------------------------------------------------
def test_two_lessons_at_once_are_no_more_minutes_than_the_clock_went(told, client, tess, ann):
    hips = make_lesson("hips")
    assign(hips, ann, by=tess)
    ticket = ticket_for(ann, make_recording(hips, b"hips" * 200), now=OPENED)
    told(span(0, 0, 600))
    answer = told(span(0, 0, 600, age=300), path="/portal/lessons/hips/heard/", ticket=ticket)
    assert (answer.json()["heard"], answer.json()["covered"]) == (300, 600)


def test_the_same_minute_told_again_by_its_own_device_is_not_taken_away(told):
    uid, other = str(uuid.uuid4()), str(uuid.uuid4())
    told(span(0, 0, 60), entry=uid)
    told(span(0, 0, 60, age=30), entry=other)
    answers = [told(span(0, 0, 60), entry=uid), told(span(0, 0, 60, age=30), entry=other)]
    assert [answer.json()["heard"] for answer in answers] == [60, 30]


def test_somebody_elses_minutes_are_theirs(told, client, ben, recording):
    told(span(0, 0, 600))
    client.force_login(ben)
    assert told(span(0, 0, 600), ticket=ticket_for(ben, recording, now=OPENED)).json()["heard"] == 600
