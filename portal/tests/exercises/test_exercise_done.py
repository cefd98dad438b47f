"""An exercise done: once however often it arrives, withdrawn for ten minutes, and never somebody else's."""

import datetime as dt
import re
import uuid

import pytest
from django.utils import timezone

from portal.models import Exercise, PracticeEntry
from portal.practice_log.actions.exercise_done import UndoTooLate, exercise_done, undo_exercise
from portal.practice_log.actions.listen import OtherClientsEntry
from portal.practice_log.actions.self_report import ReportRejected
from portal.testing import assign, make_exercise, make_lesson
from practice.models import Letter
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = pytest.mark.engines

NOW = dt.datetime(2026, 11, 24, 15, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def tess(db):
    make_practice()
    return make_practitioner()


@pytest.fixture
def ann(tess, client):
    ann = make_user("Ann Field", zone="America/Denver")
    client.force_login(ann)
    return ann


@pytest.fixture
def tilt(tess):
    return make_exercise("tilt", title="The pelvis as a clock")


def tap(client, uid, slug="tilt", **said):
    return client.post(f"/portal/exercises/{slug}/done/", {"uid": uid, **said})


def page(client, path="/portal/exercises/tilt/"):
    return client.get(path).content.decode()


def name_of_the_tap(html):
    return re.search(r'/done/.*?name="uid" value="([^"]+)"', html, re.S)[1]


# --- Once


def test_a_double_tap_is_once(client, ann, tilt):
    uid = uuid.uuid4()
    for _ in range(3):
        assert tap(client, uid).headers["Location"] == "/portal/exercises/tilt/#done"
    assert PracticeEntry.objects.count() == 1


def test_a_page_shown_again_carries_a_new_name(client, ann, tilt):
    first = name_of_the_tap(page(client))
    tap(client, first)
    again = re.findall(r'name="uid" value="([^"]+)"', page(client))
    assert first in again
    tap(client, next(uid for uid in again if uid != first))
    assert PracticeEntry.objects.count() == 2


def test_what_is_written_down_is_done_finished_and_no_minute_of_sound(ann, tilt):
    entry = exercise_done(ann, tilt, uid=uuid.uuid4(), now=NOW)
    told = (entry.started_at, entry.finished_at, entry.said_done, entry.heard_ms, entry.needs_human)
    assert told == (NOW, NOW, True, 0, "")


@pytest.mark.parametrize("uid", ["", "nothing", "1"])
def test_a_tap_without_a_name_is_none(client, ann, tilt, uid):
    assert tap(client, uid).status_code == 404
    assert not PracticeEntry.objects.exists()


def test_reading_writes_nothing(client, ann, tilt):
    assert client.get("/portal/exercises/tilt/done/").status_code == 405
    assert client.get("/portal/exercises/tilt/not-done/").status_code == 405
    page(client)
    assert not PracticeEntry.objects.exists()


def test_very_many_taps_are_stopped(client, ann, tilt, settings):
    settings.RATE_LIMITS = True
    answers = [tap(client, uuid.uuid4()).status_code for _ in range(130)]
    assert answers[0] == 302
    assert answers[-1] == 429


# --- Whose


def test_the_name_of_someone_elses_entry_is_nobodys(client, ann, tilt):
    zoe = make_user("Zoe")
    hers = exercise_done(zoe, tilt, uid=uuid.uuid4(), now=timezone.now())
    assert tap(client, hers.uid, felt="worse").status_code == 404
    client.post("/portal/exercises/tilt/not-done/", {"uid": hers.uid})
    hers.refresh_from_db()
    assert (PracticeEntry.objects.get(), hers.felt) == (hers, "")


def test_a_name_means_one_exercise(ann, tilt):
    uid = exercise_done(ann, tilt, uid=uuid.uuid4(), now=NOW).uid
    with pytest.raises(OtherClientsEntry):
        exercise_done(ann, make_exercise("cat"), uid=uid, now=NOW)


def test_a_lessons_entry_is_not_taken_back_here(ann):
    lesson = make_lesson()
    entry = PracticeEntry.objects.create(client=ann, lesson=lesson, since=NOW, created_at=NOW)
    undo_exercise(ann, entry.uid, now=NOW)
    assert PracticeEntry.objects.exists()


def test_one_not_published_cannot_be_done(client, ann):
    make_exercise("draft", is_published=False)
    assert tap(client, uuid.uuid4(), "draft").status_code == 404


def test_anyone_who_works_here_practices_elsewhere(client, tess, tilt):
    at_work(tess.user, client)
    assert tap(client, uuid.uuid4()).headers["Location"] == "/workspace/"
    assert "Mark as done" not in page(client)


def test_a_stranger_is_asked_to_sign_in(client, tess, tilt):
    assert tap(client, uuid.uuid4()).headers["Location"].startswith("/accounts/login/")


def test_nobody_sees_that_someone_else_has_done_it(client, ann, tilt):
    exercise_done(make_user("Zoe"), tilt, uid=uuid.uuid4(), now=timezone.now())
    assert "Done at" not in page(client)


# --- Taken back


def test_after_eleven_minutes_it_stays_and_says_so(client, ann, tilt):
    entry = exercise_done(ann, tilt, uid=uuid.uuid4(), now=timezone.now() - 11 * MINUTE)
    assert "Undo" not in page(client)
    answer = client.post("/portal/exercises/tilt/not-done/", {"uid": entry.uid}, follow=True)
    assert "been more than ten minutes" in answer.content.decode()
    assert PracticeEntry.objects.exists()


def test_within_ten_minutes_it_is_gone(ann, tilt):
    uid = exercise_done(ann, tilt, uid=uuid.uuid4(), now=NOW).uid
    undo_exercise(ann, uid, now=NOW + 10 * MINUTE)
    undo_exercise(ann, uid, now=NOW + 11 * MINUTE)  # pressed twice: nothing left to take back, and no quarrel
    assert not PracticeEntry.objects.exists()


def test_pain_that_was_told_stays(ann, tilt):
    uid = exercise_done(ann, tilt, uid=uuid.uuid4(), felt="worse", now=NOW).uid
    with pytest.raises(UndoTooLate, match="hurts more"):
        undo_exercise(ann, uid, now=NOW + MINUTE)


# --- How it felt


def test_worse_is_marked_told_to_the_practitioner_once_and_leads_to_rest(client, tess, ann, tilt):
    assign(tilt, ann, by=tess)
    uid = uuid.uuid4()
    for _ in range(2):
        tap(client, uid, felt="worse")
    entry = PracticeEntry.objects.get()
    assert (entry.needs_human, Letter.objects.filter(kind="notice_pain").count()) == ("pain_rose", 1)
    html = page(client)
    assert "Rest, and talk to us" in html
    assert ('class="button" href="tel:' in html, html.count('class="button"')) == (True, 1)


def test_after_worse_the_advice_comes_before_anything_to_do_and_is_announced(client, tess, ann, tilt):
    assign(tilt, ann, by=tess, dosage="twice")
    tap(client, uuid.uuid4(), felt="worse")
    html = page(client)
    assert html.index("Rest, and talk to us") < html.index('class="lead"') < html.index("What to do")
    assert re.search(r'id="done" tabindex="-1" role="alert"', html)


def test_no_email_says_that_anyone_hurts(tess, ann, tilt):
    assign(tilt, ann, by=tess)
    exercise_done(ann, tilt, uid=uuid.uuid4(), felt="worse", now=NOW)
    letter = Letter.objects.get(kind="notice_pain")
    said = f"{letter.subject} {letter.text}".lower()
    assert [word for word in ("worse", "hurt", "pain", "pelvis", "ann field") if word in said] == []


def test_a_rise_of_two_is_marked_too(ann, tilt):
    once = exercise_done(ann, tilt, uid=uuid.uuid4(), pain_before=3, pain_after=4, now=NOW)
    twice = exercise_done(ann, tilt, uid=uuid.uuid4(), pain_before=3, pain_after=5, now=NOW)
    assert (once.needs_human, twice.needs_human) == ("", "pain_rose")


def test_a_mind_may_be_changed_but_not_from_worse(ann, tilt):
    uid = uuid.uuid4()
    felt = [
        exercise_done(ann, tilt, uid=uid, felt=word, now=NOW).felt
        for word in ("better", "", "worse", "better")
    ]
    assert felt == ["better", "better", "worse", "worse"]


def test_a_word_that_is_none_of_the_three_is_not_kept(client, ann, tilt):
    tap(client, uuid.uuid4(), felt="glorious")
    assert PracticeEntry.objects.get().felt == ""
    with pytest.raises(ReportRejected):
        exercise_done(ann, tilt, uid=uuid.uuid4(), felt="glorious", now=NOW)


# --- What the page says


def test_the_page_says_when_and_how_often_without_a_score(client, ann, tilt, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for ago in (60, 30, 0):
        exercise_done(ann, tilt, uid=uuid.uuid4(), now=NOW - ago * MINUTE)
    html = page(client)
    assert "Done at 8:12 AM" in html
    assert "3 times so far." in html
    assert not re.search(
        "streak|score|goal|well done|%", html.partition("<main")[2].partition("</main")[0], re.I
    )


def test_the_next_morning_it_can_be_tapped_again(client, ann, tilt):
    exercise_done(ann, tilt, uid=uuid.uuid4(), now=timezone.now() - dt.timedelta(hours=13))
    html = page(client)
    assert ("Done at" in html, "Mark as done" in html) == (False, True)


# --- The sheet


def test_what_is_given_comes_first_with_its_dosage_and_word(client, tess, ann, tilt):
    make_exercise("cat", title="Cat and cow", order=1)
    tilt.order = 2
    tilt.save()
    assign(tilt, ann, by=tess, dosage="twice, before bed", word="Smaller than you think.")
    html = page(client, "/portal/exercises/")
    assert html.index("Your exercises") < html.index("The pelvis as a clock") < html.index("Cat and cow")
    assert ("twice, before bed" in html, "Smaller than you think." in html) == (True, True)
    assert html.count(">The pelvis as a clock</a>") == 1


def test_what_is_given_to_someone_else_or_no_longer_is_not_said(client, tess, ann, tilt):
    assign(tilt, make_user("Zoe"), by=tess, word="Only for Zoe.")
    assign(tilt, ann, by=tess, word="Long ago.", ended_at=NOW)
    html = page(client, "/portal/exercises/") + page(client)
    assert [words for words in ("Only for Zoe.", "Long ago.", "Your lessons") if words in html] == []


def test_the_sheet_of_ones_own_has_only_those(client, tess, ann, tilt):
    make_exercise("cat", title="Cat and cow")
    assign(tilt, ann, by=tess)
    html = page(client, "/portal/exercises/?mine")
    assert ("The pelvis as a clock" in html, "Cat and cow" in html) == (True, False)


def test_a_region_shows_its_exercises_and_an_unknown_one_all(client, ann):
    make_exercise("cat", title="Cat and cow", regions=["ribs"])
    make_exercise("head", title="Turning the head", regions=["neck"])
    neck, unknown = (
        page(client, "/portal/exercises/?region=neck"),
        page(client, "/portal/exercises/?region=tail"),
    )
    shown = [("Cat and cow" in html, "Turning the head" in html) for html in (neck, unknown)]
    assert shown == [(False, True), (True, True)]


def test_a_region_without_any_says_so(client, ann, tilt):
    assert "There is no exercise for this region yet." in page(client, "/portal/exercises/?region=knees")


# --- The back office


def test_one_that_is_used_cannot_be_deleted_and_the_way_to_put_it_away_is_said(tess, ann, tilt):
    exercise_done(ann, tilt, uid=uuid.uuid4(), now=NOW)
    desk = at_work(tess.user)
    html = desk.get(f"/backoffice/portal/exercise/{tilt.pk}/change/").content.decode()
    assert "uncheck “published” instead" in html
    assert desk.post(f"/backoffice/portal/exercise/{tilt.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Exercise.objects.exists()


def test_one_that_nobody_used_can_be_deleted(tess, tilt):
    at_work(tess.user).post(f"/backoffice/portal/exercise/{tilt.pk}/delete/", {"post": "yes"})
    assert not Exercise.objects.exists()


def test_many_at_once_are_not_deleted(tess, tilt):
    said = {"action": "delete_selected", "_selected_action": [tilt.pk], "post": "yes"}
    at_work(tess.user).post("/backoffice/portal/exercise/", said)
    assert Exercise.objects.exists()
