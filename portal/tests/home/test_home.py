"""The first page: one thing to do, the same as letters would name; rest when it hurts; nobody else's rows."""

import datetime as dt
import re
import uuid

import pytest
from django.utils import timezone

from booking.testing import make_appointment, make_session_type
from portal.models import ClientProfile, PracticeEntry, Question
from portal.practice_log.actions.exercise_done import exercise_done
from portal.testing import assign, make_exercise, make_lesson, make_recording
from practice.testing import make_practice, make_practitioner, make_user

NOW = dt.datetime(2026, 11, 24, 16, tzinfo=dt.UTC)  # nine in the morning in Denver
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def tess(db, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    make_practice()
    return make_practitioner()


@pytest.fixture
def ann(tess, client):
    ann = make_user("Ann Field", zone="America/Denver")
    client.force_login(ann)
    return ann


@pytest.fixture
def given(tess, ann):
    """A lesson and two exercises, in the order of work; last session three days ago."""
    floor, tilt, cat = lesson("floor", "The floor"), make_exercise("tilt"), make_exercise("cat")
    for order, what in enumerate((floor, tilt, cat)):
        assign(what, ann, by=tess, order=order)
    session(tess, ann, NOW - 3 * DAY)
    return floor, tilt, cat


def lesson(slug, title, **fields):
    made = make_lesson(slug, title=title, **fields)
    make_recording(made, slug.encode())
    return made


def session(tess, client, start, state="completed"):
    kind = tess.session_types.first() or make_session_type(tess)
    return make_appointment(
        session_type=kind, practitioner=tess, start=start, client=client, state=state, occupies=False
    )


def heard(client, what, when, *, minutes=21, finished=True, **said):
    """A play-through of a lesson that began at `when`."""
    end, ms = when + dt.timedelta(minutes=minutes), round(minutes * 60_000)
    return PracticeEntry.objects.create(
        client=client,
        lesson=what,
        recording=what.recordings.first(),
        since=when,
        started_at=when,
        last_at=end,
        finished_at=end if finished else None,
        heard_ms=ms,
        stopped_ms=ms,
        **said,
    )


def page(client):
    html = client.get("/portal/").content.decode()
    return html.partition("<main")[2].partition("</main")[0]


def thing_to_do(client):
    """Where the one button leads."""
    (address,) = re.findall(r'class="button" href="([^"]+)"', page(client))
    return address


# --- The one thing


def test_what_was_not_practiced_since_the_session_comes_first(client, ann, given):
    floor, tilt, _cat = given
    heard(ann, floor, NOW - 2 * DAY)
    exercise_done(ann, tilt, uid=uuid.uuid4(), now=NOW - 2 * DAY)
    assert thing_to_do(client) == "/portal/exercises/cat/"


def test_what_was_practiced_before_the_session_does_not_count(client, ann, given):
    heard(ann, given[0], NOW - 9 * DAY)
    assert thing_to_do(client) == "/portal/lessons/floor/"


def test_a_session_nobody_came_to_or_that_was_canceled_is_none(client, tess, ann, given):
    heard(ann, given[0], NOW - 2 * DAY)
    session(tess, ann, NOW - DAY, "no_show")
    session(tess, ann, NOW - DAY + HOUR, "cancelled")
    assert thing_to_do(client) == "/portal/exercises/tilt/"


def test_then_what_was_not_finished_and_then_the_first(client, ann, given):
    floor, tilt, cat = given
    stopped = heard(ann, floor, NOW - 2 * DAY, minutes=7, finished=False)
    for exercise in (tilt, cat):
        exercise_done(ann, exercise, uid=uuid.uuid4(), now=NOW - DAY)
    assert thing_to_do(client) == "/portal/lessons/floor/?at=420"
    PracticeEntry.objects.filter(pk=stopped.pk).update(finished_at=NOW)
    assert thing_to_do(client).startswith("/portal/lessons/floor/")


def test_a_lesson_they_are_in_the_middle_of_comes_before_everything_else(client, ann, given):
    floor, *_ = given
    heard(ann, floor, NOW - HOUR, minutes=5, finished=False)
    assert thing_to_do(client) == "/portal/lessons/floor/?at=300"


def test_the_drawing_is_of_how_it_is_begun(client, ann, given):
    given[0].__class__.objects.update(position="sitting on a chair")
    first_screen = page(client).split("<footer")[0]
    assert ("art--sitting" in first_screen, "art--lying" in first_screen) == (True, False)


def test_left_hours_ago_it_waits_its_turn(client, ann, given):
    floor, *_ = given
    heard(ann, floor, NOW - 3 * HOUR, minutes=5, finished=False)
    assert thing_to_do(client) == "/portal/exercises/tilt/"


def test_what_has_ended_is_not_published_or_not_recorded_is_not_offered(client, tess, ann):
    assign(lesson("old", "Old one"), ann, by=tess, ended_at=NOW)
    assign(lesson("draft", "Draft one", is_published=False), ann, by=tess)
    assign(make_lesson("silent", title="Silent one"), ann, by=tess)
    assign(make_exercise("bend", title="Secret bending", is_published=False), ann, by=tess)
    html = page(client)
    assert [
        words for words in ("Old one", "Draft one", "Silent one", "Secret bending") if words in html
    ] == []


def test_never_more_than_three_in_all(client, tess, ann, given):
    assign(make_exercise("fourth", title="One too many"), ann, by=tess, order=9)
    assert "One too many" not in page(client)


def test_the_others_are_boards(client, given):
    boards = re.findall(r'<li class="given">\s*<a class="boards__main" href="([^"]+)"', page(client))
    assert boards == ["/portal/exercises/tilt/", "/portal/exercises/cat/"]


def test_it_is_said_in_their_own_plan_word_for_word(client, ann, given):
    ClientProfile.objects.keep(ann, plan="after breakfast, <on> the rug", obstacle="two blankets")
    html = page(client)
    assert ("after breakfast, &lt;on&gt; the rug" in html, "two blankets" in html) == (True, True)


def test_with_the_practitioners_dosage_and_word(client, tess, ann):
    assign(lesson("floor", "The floor"), ann, by=tess, dosage="every second day.", word="Stop and enjoy it.")
    html = page(client)
    assert "Tess gave you “The floor”." in html
    assert "<p>every second day.</p>" in html
    assert "Tess wrote: “Stop and enjoy it.”" in html


def test_an_exercises_own_dosage_is_by_itself(client, tess, ann):
    assign(make_exercise("tilt", dosage="Ten times. The last two in mind."), ann, by=tess)
    html = page(client)
    assert "Tess gave you “Tilt”. Doing less than you can is enough." in html
    assert "<p>Ten times. The last two in mind.</p>" in html


def test_it_continues_where_they_stopped(client, ann, given):
    heard(ann, given[0], NOW - 2 * DAY, minutes=7 + 40 / 60, finished=False)
    for exercise in given[1:]:
        exercise_done(ann, exercise, uid=uuid.uuid4(), now=NOW - DAY)
    html = page(client)
    assert "You stopped at 7:40, on Sunday." in html
    assert "Continue at 7:40" in html


# --- Done with a tap, from here


def test_an_exercise_is_done_from_its_board_and_leads_back_here(client, ann, given):
    uid = re.search(r'tilt/done/.*?name="uid" value="([^"]+)"', page(client), re.S)[1]
    answer = client.post("/portal/exercises/tilt/done/", {"uid": uid, "on": "home"})
    assert answer.headers["Location"] == "/portal/#given"
    assert "Done at 9:00 AM." in page(client)


# --- Pain, pauses, nothing


def test_when_it_hurts_the_page_only_offers_rest_and_a_call(client, ann, given):
    heard(ann, given[0], NOW - DAY, needs_human="pain_rose", felt="worse")
    html = page(client)
    assert "Please rest, and talk to us." in html
    assert 'class="button" href="tel:+13035550142"' in html
    assert [words for words in ("/portal/exercises/tilt/", "Mark as done", "Welcome") if words in html] == []


def test_later_practice_does_not_hide_that_it_hurt(client, ann, given):
    heard(ann, given[0], NOW - 2 * DAY, needs_human="pain_rose")
    heard(ann, given[0], NOW - DAY)
    assert "Please rest, and talk to us." in page(client)


def test_once_someone_has_looked_at_it_there_is_something_to_do_again(client, ann, given):
    heard(ann, given[0], NOW - DAY, needs_human="pain_rose", cleared_at=NOW)
    assert "Please rest, and talk to us." not in page(client)


def test_after_weeks_away_they_are_welcome_and_nothing_is_counted(client, ann, given):
    heard(ann, given[0], NOW - 30 * DAY)
    html = page(client)
    assert "Welcome back, Ann." in html
    assert not re.search(r"streak|score|\bmissed|\d+ (days|weeks) (ago|without)|%", html, re.I)


def test_the_day_after_it_is_an_ordinary_morning(client, ann, given):
    heard(ann, given[0], NOW - DAY)
    assert "Good morning, Ann." in page(client)


def test_with_nothing_given_there_is_the_free_lesson(client, ann):
    lesson("free", "Free for everyone", is_free=True)
    assert thing_to_do(client) == "/portal/lessons/free/"


# --- What came back


def test_an_answer_is_announced_until_it_is_read(client, tess, ann):
    asked = Question.objects.create(client=ann, text="q", answer="a", answered_at=NOW, answered_by=tess.user)
    before = "Tess has answered you" in page(client)
    asked.seen_at = NOW
    asked.save()
    assert (before, "Tess has answered you" in page(client)) == (True, False)


def test_what_they_noticed_last_is_shown_with_its_day(client, ann, given):
    heard(ann, given[0], NOW - 9 * DAY, noticing="Older words.")
    heard(ann, given[0], dt.datetime(2026, 11, 22, 6, 50, tzinfo=dt.UTC), noticing="Left side longer.")
    heard(ann, given[0], NOW - DAY)
    html = page(client)
    assert ("Left side longer." in html, "Older words." in html) == (True, False)
    assert "Saturday, November 21" in html  # ten minutes to midnight, in Denver


def test_an_exercise_noticed_last_has_its_name(client, ann, given):
    entry = exercise_done(ann, given[1], uid=uuid.uuid4(), now=NOW)
    PracticeEntry.objects.filter(pk=entry.pk).update(noticing="Warm.")
    assert "Tuesday, November 24, Tilt" in page(client)


# --- Whose, and at what price


def test_nothing_of_another_client_appears(client, tess, ann):
    zoe, hips = make_user("Zoe"), lesson("hips", "Let the hips be wide")
    assign(hips, zoe, by=tess, word="Only for Zoe.")
    ClientProfile.objects.keep(zoe, plan="Zoe's plan")
    heard(zoe, hips, NOW - DAY, needs_human="pain_rose", noticing="Zoe's words")
    Question.objects.create(client=zoe, text="Zoe's question", answer="a", answered_at=NOW)
    html = page(client)
    assert [words for words in ("hips", "Zoe", "rest, and talk", "answered") if words in html] == []


@pytest.mark.parametrize("count", [1, 500])
def test_years_of_practice_cost_no_more_than_a_day(client, ann, given, django_assert_num_queries, count):
    floor = given[0]
    PracticeEntry.objects.bulk_create(
        PracticeEntry(
            client=ann,
            lesson=floor,
            since=NOW,
            started_at=NOW - number * HOUR,
            last_at=NOW - number * HOUR,
            heard_ms=60_000,
            noticing="words",
        )
        for number in range(count)
    )
    with django_assert_num_queries(23):
        client.get("/portal/")


# --- The way to the next session ---------------------------------------------------------------------------
def test_without_a_next_session_booking_one_is_the_second_thing(client, ann, given):
    html = client.get("/portal/").content.decode()
    order = [html.index(mark) for mark in ('id="now"', "Book your next session", 'id="given"')]
    assert order == sorted(order)


def test_with_one_it_is_after_what_is_given(client, tess, ann, given):
    session(tess, ann, NOW + DAY, state="booked")
    html = client.get("/portal/").content.decode()
    assert html.index('id="given"') < html.index('id="next"')


def test_the_menu_leads_to_appointments_and_the_foot_to_the_history(client, ann):
    html = client.get("/portal/").content.decode()
    menu = html[html.index("<nav") : html.index("</nav>")]
    foot = html[html.index("<footer") :]
    assert ("/portal/appointments/" in menu, "/portal/history/" in foot) == (True, True)
