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
from portal.practice_log.actions.self_report import SelfReport, write_down
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
def send_batch(client, ann, recording):
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


def test_a_minute_is_kept_with_its_entry(send_batch, ann, lesson, recording):
    answer = send_batch(span(0, 0, 60, age=600))
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


def test_the_same_beacon_thrice_and_five_before_four(send_batch):
    uid = str(uuid.uuid4())
    four, five = span(4, 0, 60), span(5, 60, 90)
    for batch in ([five], [four], [five], [four, five]):
        answer = send_batch(*batch, entry=uid)
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
def test_a_lie_is_refused_whole(send_batch, segment, status):
    answer = send_batch(span(1, 0, 30), segment)
    assert (answer.status_code, nothing_kept()) == (status, True)


def test_called_done_again_on_another_day_it_stays_when_it_was(client, ann, recording, clock):
    body = {"entry": str(uuid.uuid4()), "ticket": ticket_for(ann, recording, now=OPENED), "done": True}
    for day in range(2):
        clock.move_to(LATER + dt.timedelta(days=day))
        assert client.post(PATH, body, content_type="application/json").json()["done"]
    entry = PracticeEntry.objects.get()
    assert (entry.started_at, entry.last_at, entry.finished_at) == (LATER, LATER, LATER)


def test_twenty_minutes_two_seconds_after_opening_are_refused(send_batch, clock):
    clock.move_to(OPENED + dt.timedelta(seconds=2))
    assert (send_batch(span(0, 0, 1200)).status_code, nothing_kept()) == (422, True)


def test_a_lie_leaves_what_was_there(send_batch):
    uid = str(uuid.uuid4())
    send_batch(span(0, 0, 60), entry=uid)
    assert send_batch(span(1, 60, 90), span(2, 0, 9999), entry=uid).status_code == 422
    assert (PracticeEntry.objects.get().heard_ms, Segment.objects.count()) == (60_000, 1)


@pytest.mark.parametrize(
    "words",
    [{"entry": "x"}, {"entry": None}, {"entry": 7}, {"segments": []}, {"done": "yes"}, {"continues": "x"}],
)
def test_what_is_no_batch_is_refused(send_batch, words):
    assert (send_batch(**words).status_code, nothing_kept()) == (400, True)


@pytest.mark.parametrize("body", ["", "[]", "7", "null", '{"segments":', "[" * 100_000])
def test_what_is_no_json_is_refused(client, send_batch, body):
    answer = client.post(PATH, body, content_type="application/json")
    assert (answer.status_code in (400, 413), nothing_kept()) == (True, True)


def test_a_finished_one_stays_finished_and_a_replay_is_another(send_batch):
    send_batch(span(0, 0, 1200))
    send_batch(span(0, 0, 60))
    replay, finished = PracticeEntry.objects.order_by("heard_ms")
    assert (finished.finished_at, replay.finished_at) == (LATER, None)


def test_more_of_a_finished_one_does_not_move_the_moment(send_batch, clock):
    uid = str(uuid.uuid4())
    send_batch(span(0, 0, 1200), entry=uid)
    clock.shift(600)
    assert send_batch(span(1, 0, 60), entry=uid).json()["done"]
    assert PracticeEntry.objects.get().finished_at == LATER


def test_called_done_without_having_played(send_batch):
    assert send_batch(segments=[], done=True).json() | {"entry": ""} == {
        "entry": "", "heard": 0, "covered": 0, "done": True,
    }  # fmt: skip


def test_continued_on_another_device_the_second_half_finishes_it(send_batch):
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    send_batch(span(0, 0, 600, age=600), entry=first)
    answer = send_batch(span(0, 600, 1200), entry=second, continues=first)
    assert (answer.json()["done"], answer.json()["heard"]) == (True, 600)
    assert str(PracticeEntry.objects.get(uid=second).first.uid) == first


def test_offline_a_finished_b_played_and_a_came_later(send_batch):
    send_batch(span(0, 0, 120))
    send_batch(span(0, 0, 1200, age=1800))
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


def test_anothers_entry_is_not_there(send_batch, client, ben, recording):
    uid = str(uuid.uuid4())
    send_batch(entry=uid)
    client.force_login(ben)
    his = ticket_for(ben, recording, now=OPENED)
    assert send_batch(span(1, 60, 90), entry=uid, ticket=his).status_code == 404
    assert send_batch(continues=uid, ticket=his).status_code == 404
    assert Segment.objects.count() == 1


def test_a_queue_left_behind_is_worth_nothing_to_the_next_at_this_machine(send_batch, client, ben):
    client.force_login(ben)
    assert (send_batch().status_code, nothing_kept()) == (404, True)


@pytest.mark.parametrize("ticket", ["", "x", None, 7, "W10:abc", "a" * 4000])
def test_without_a_ticket_of_ours_nothing_is_kept(send_batch, ticket):
    assert (send_batch(ticket=ticket).status_code, nothing_kept()) == (404, True)


@pytest.mark.parametrize(("days", "status"), [(34, 200), (36, 404)])
def test_a_ticket_lives_for_five_weeks(send_batch, client, ann, clock, days, status):
    clock.move_to(OPENED + dt.timedelta(days=days))
    client.force_login(ann)  # no session lives that long
    assert send_batch().status_code == status


def test_of_a_lesson_never_given_nothing_is_kept(send_batch, ann):
    ann.assignments.all().delete()
    assert (send_batch().status_code, nothing_kept()) == (404, True)


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 404)])
def test_of_a_lesson_taken_back_yesterdays_queue_is_kept(send_batch, ann, hours, status):
    ann.assignments.update(ended_at=LATER - dt.timedelta(hours=hours))
    assert send_batch().status_code == status


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 404)])
def test_of_a_withdrawn_lesson_yesterdays_queue_is_kept(send_batch, lesson, hours, status):
    withdrawn_at = LATER - dt.timedelta(hours=hours)
    type(lesson).objects.update(is_published=False, withdrawn_at=withdrawn_at)
    assert send_batch().status_code == status


def test_a_free_lesson_counts_for_the_person_who_is_signed_in(send_batch, ann, lesson):
    ann.assignments.all().delete()
    type(lesson).objects.update(is_free=True)
    assert send_batch().status_code == 200


def test_under_another_lessons_address_nothing_is_kept(send_batch, tess, ann):
    assign(make_lesson("hips"), ann, by=tess)
    assert (send_batch(path="/portal/lessons/hips/heard/").status_code, nothing_kept()) == (404, True)


def test_an_entry_keeps_to_its_recording(send_batch, ann, lesson):
    uid = str(uuid.uuid4())
    send_batch(entry=uid)
    newer = ticket_for(ann, make_recording(lesson, b"newer" * 200), now=OPENED)
    assert send_batch(span(1, 0, 9), entry=uid, ticket=newer).json()["error"]["code"] == "recording"


def test_a_recording_replaced_in_the_meantime_is_still_counted(send_batch, lesson):
    make_recording(lesson, b"newer" * 200)
    assert send_batch().status_code == 200


def test_one_withdrawn_is_not_and_what_was_heard_of_it_stays(send_batch, recording):
    send_batch()
    recording.delete()
    assert send_batch().status_code == 404
    assert PracticeEntry.objects.get().heard_ms == 60_000


def test_staff_practice_under_no_clients_name(send_batch, client, tess):
    at_work(tess.user, client)
    assert (send_batch().status_code, nothing_kept()) == (404, True)


def test_signed_out_it_leads_to_sign_in(send_batch, client):
    client.logout()
    assert send_batch().headers["Location"] == f"/accounts/login/?next={PATH}"


# --- How it comes -----------------------------------------------------------------------------------------
@pytest.fixture
def tab(ann):
    """A browser that asks for the token, and knows it."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ann)
    browser.cookies["csrf"] = "1" * 32
    return browser


@pytest.fixture
def batch(ann, recording):
    ticket = ticket_for(ann, recording, now=OPENED)
    return {"entry": str(uuid.uuid4()), "ticket": ticket, "segments": [span(0, 0, 60)]}


def test_with_the_token_in_a_header(tab, batch):
    send = {"content_type": "application/json"}
    assert tab.post(PATH, batch, **send).status_code == 403
    assert tab.post(PATH, batch, headers={"x-csrftoken": "1" * 32}, **send).status_code == 200


def test_with_the_token_in_the_body_as_a_beacon_must(tab, batch):
    form = {"batch": json.dumps(batch)}
    assert tab.post(PATH, form).status_code == 403
    assert tab.post(PATH, form | {"csrfmiddlewaretoken": "1" * 32}).status_code == 200


@pytest.mark.parametrize("value", ["", "NaN", '{"segments": [NaN]}', "[" * 60_000, "x" * 70_000])
def test_a_beacons_nonsense_is_refused(client, send_batch, value):
    answer = client.post(PATH, {"batch": value})
    assert (answer.status_code in (400, 413), nothing_kept()) == (True, True)


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_by_post(client, ann, method):
    assert getattr(client, method)(PATH).status_code == 405


def test_too_many_beacons_are_asked_to_wait(send_batch, monkeypatch):
    monkeypatch.setattr("portal.lessons.views.heard.BEACONS", 1)
    assert [send_batch().status_code, send_batch().status_code] == [200, 429]


@pytest.mark.parametrize("count", [1, 100])
def test_a_beacon_costs_the_same_late_in_a_lesson(send_batch, django_assert_num_queries, count):
    uid = str(uuid.uuid4())
    send_batch(*[span(n, n, n + 1) for n in range(count)], entry=uid)
    with django_assert_num_queries(15):
        send_batch(span(500, 0, 15), entry=uid)


def test_no_word_of_it_is_logged(send_batch, caplog):
    caplog.set_level("DEBUG")
    send_batch(span(0, 0, 99_999, noticing="canary-left-side"), noticing="canary-left-side")
    assert "canary" not in caplog.text


# --- Over -------------------------------------------------------------------------------------------------
def test_begun_at_its_second_part_the_next_day_it_is_not_written_into_yesterdays(
    send_batch, clock, client, ann
):
    uid = str(uuid.uuid4())
    send_batch(span(0, 0, 14), done=True, entry=uid)
    clock.shift(dt.timedelta(days=1))
    client.force_login(ann)
    answer = send_batch(span(1, 215, 222), entry=uid)
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["from"]) == (
        409,
        "over",
        1,
    )
    assert (Segment.objects.count(), PracticeEntry.objects.get().heard_ms) == (1, 14_000)


@pytest.mark.parametrize(("hours", "status"), [(2, 200), (3, 409)])
def test_two_hours_of_silence_end_what_was_never_finished_too(send_batch, clock, hours, status):
    uid = str(uuid.uuid4())
    send_batch(span(0, 0, 60), entry=uid)
    clock.shift(dt.timedelta(hours=hours, seconds=10))
    assert send_batch(span(1, 60, 70), entry=uid).status_code == status


def test_told_late_what_was_heard_in_time_is_kept_and_what_came_later_named(send_batch, clock):
    uid = str(uuid.uuid4())
    send_batch(span(0, 0, 60), entry=uid)
    clock.shift(dt.timedelta(hours=4))
    hour = 3600
    late = [span(1, 60, 70, age=4 * hour - 60), span(2, 215, 230, age=hour), span(3, 230, 240, age=hour - 20)]
    assert send_batch(*late, entry=uid).json()["error"]["from"] == 2
    assert send_batch(late[0], entry=uid).json()["heard"] == 70


def test_words_of_yesterday_that_made_an_entry_take_nothing_of_today(
    send_batch, clock, client, ann, lesson, recording
):
    uid = uuid.uuid4()
    said = SelfReport(noticing="left side longer")
    write_down(ann, said, uid=uid, lesson=lesson, recording=recording, since=OPENED, now=LATER)
    clock.shift(dt.timedelta(days=1))
    client.force_login(ann)
    assert send_batch(span(0, 0, 60), entry=str(uid)).status_code == 409


@pytest.mark.parametrize(("hours", "linked"), [(1, True), (26, False)])
def test_gone_on_with_long_after_it_was_finished_it_is_a_second_listening(
    send_batch, clock, client, ann, hours, linked
):
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    send_batch(span(0, 0, 1200), entry=first)
    clock.shift(dt.timedelta(hours=hours))
    client.force_login(ann)
    send_batch(span(0, 1200, 1230), entry=second, continues=first)
    assert (PracticeEntry.objects.get(uid=second).first is not None) == linked


def test_gone_on_with_days_later_what_was_not_finished_is_one_play_through(send_batch, clock, client, ann):
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    send_batch(span(0, 0, 460), entry=first)
    clock.shift(dt.timedelta(days=3))
    client.force_login(ann)
    send_batch(span(0, 460, 500), entry=second, continues=first)
    assert str(PracticeEntry.objects.get(uid=second).first.uid) == first


def test_after_words_it_still_continues_from_where_it_says(send_batch, ann, lesson, recording):
    first, second = str(uuid.uuid4()), uuid.uuid4()
    send_batch(entry=first)
    said = SelfReport(noticing="lighter")
    write_down(ann, said, uid=second, lesson=lesson, recording=recording, since=OPENED, now=LATER)
    send_batch(span(0, 60, 90), entry=str(second), continues=first)
    assert str(PracticeEntry.objects.get(uid=second).first.uid) == first


def test_going_on_from_what_never_arrived_loses_nothing(send_batch):
    assert send_batch(span(0, 60, 90), continues=str(uuid.uuid4())).json()["heard"] == 30


# --- No minute twice --------------------------------------------------------------------------------------
def test_two_lessons_at_once_are_no_more_minutes_than_the_clock_went(send_batch, client, tess, ann):
    hips = make_lesson("hips")
    assign(hips, ann, by=tess)
    ticket = ticket_for(ann, make_recording(hips, b"hips" * 200), now=OPENED)
    send_batch(span(0, 0, 600))
    answer = send_batch(span(0, 0, 600, age=300), path="/portal/lessons/hips/heard/", ticket=ticket)
    assert (answer.json()["heard"], answer.json()["covered"]) == (300, 600)


def test_the_same_minute_told_again_by_its_own_device_is_not_taken_away(send_batch):
    uid, other = str(uuid.uuid4()), str(uuid.uuid4())
    send_batch(span(0, 0, 60), entry=uid)
    send_batch(span(0, 0, 60, age=30), entry=other)
    answers = [send_batch(span(0, 0, 60), entry=uid), send_batch(span(0, 0, 60, age=30), entry=other)]
    assert [answer.json()["heard"] for answer in answers] == [60, 30]


def test_someone_elses_minutes_are_theirs(send_batch, client, ben, recording):
    send_batch(span(0, 0, 600))
    client.force_login(ben)
    assert send_batch(span(0, 0, 600), ticket=ticket_for(ben, recording, now=OPENED)).json()["heard"] == 600
