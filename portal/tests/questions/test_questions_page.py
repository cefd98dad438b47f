"""A client's questions: only theirs, pinned where they were asked, new until they say they have read them."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.models import Question
from portal.testing import assign, make_exercise, make_lesson
from practice.testing import at_work, make_practice, make_practitioner, make_user

NOW = dt.datetime(2026, 11, 24, 16, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PATH = "/portal/questions/"


@pytest.fixture
def tess(db, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    make_practice()
    return make_practitioner()


@pytest.fixture
def ann(tess, client):
    ann = make_user("Ann Field", zone="America/Denver")
    client.force_login(ann)
    return ann


def page(client, path=PATH):
    html = client.get(path).content.decode()
    return html.partition("<main")[2].partition("</main")[0]


def asked(client, text="May I do it in bed?", **fields):
    return Question.objects.create(client=client, text=text, **{"asked_at": NOW - DAY, **fields})


def answered(client, by, **fields):
    return asked(client, answer="You may.", answered_at=NOW - DAY / 2, answered_by=by.user, **fields)


# --- Whose


def test_another_clients_questions_never_appear_and_stay_new(client, tess, ann):
    hers = answered(make_user("Zoe"), tess, text="Zoe's question")
    client.post("/portal/questions/read/")
    hers.refresh_from_db()
    assert ("Zoe" in page(client), hers.seen_at) == (False, None)


@pytest.mark.parametrize("path", [PATH, "/portal/questions/read/"])
def test_closed_to_strangers_and_staff_have_their_own(client, tess, path):
    assert client.post(path).headers["Location"] == f"/accounts/login/?next={path}"
    at_work(tess.user, client)
    assert client.post(path).headers["Location"] == "/workspace/"


# --- Asking


def test_a_question_is_kept_and_is_shown_unanswered(client, ann):
    answer = client.post(PATH, {"text": " May I do it in bed? "}, follow=True)
    assert (Question.objects.get().text, answer.redirect_chain) == ("May I do it in bed?", [(PATH, 302)])
    assert "Not answered yet." in page(client)


def test_a_double_press_asks_once(client, ann):
    for _ in range(2):
        client.post(PATH, {"text": "May I do it in bed?"})
    assert Question.objects.count() == 1


def test_an_empty_one_is_refused_kindly(client, ann):
    html = client.post(PATH, {"text": "  "}).content.decode()
    assert ("Please write your question first." in html, Question.objects.exists()) == (True, False)


def test_one_too_long_is_refused_and_what_was_typed_stays(client, ann):
    html = client.post(PATH, {"text": "ä" * 2001}).content.decode()
    assert ("characters, and the limit is" in html, "ä" * 2001 in html) == (True, True)
    assert not Question.objects.exists()


def test_very_many_are_stopped(client, ann, settings):
    settings.RATE_LIMITS = True
    answers = [client.post(PATH, {"text": f"{number}?"}).status_code for number in range(45)]
    assert (answers[0], answers[-1]) == (302, 429)


def test_words_are_shown_as_words(client, tess, ann):
    answered(ann, tess, text="<script>a</script>")
    assert "&lt;script&gt;a" in page(client)


# --- Where it is pinned


def test_a_place_in_a_lesson_is_named_and_leads_there(client, tess, ann):
    lesson = make_lesson("floor", title="Let the floor hold you")
    assign(lesson, ann, by=tess)
    asked(ann, lesson=lesson, at_ms=460_000)
    html = page(client)
    assert '<a href="/portal/lessons/floor/?at=460">Let the floor hold you</a>, at 7:40' in html


def test_the_first_second_is_a_place_too(client, tess, ann):
    asked(ann, lesson=make_lesson("floor", is_free=True), at_ms=0)
    html = page(client)
    assert ("at 0:00" in html, "?at=" in html) == (True, False)


@pytest.mark.parametrize("fields", [{"is_published": False, "is_free": True}, {}])
def test_a_lesson_that_is_not_open_anymore_keeps_its_name_without_a_link(client, tess, ann, fields):
    lesson = make_lesson("floor", title="Let the floor hold you", **fields)
    assign(lesson, ann, by=tess, ended_at=NOW)
    asked(ann, lesson=lesson, at_ms=1)
    html = page(client)
    assert ("Let the floor hold you" in html, "/portal/lessons/floor/" in html) == (True, False)


def test_an_exercise_leads_to_its_page(client, ann):
    asked(ann, exercise=make_exercise("tilt"))
    assert 'href="/portal/exercises/tilt/"' in page(client)


def test_asked_from_an_exercise_it_is_pinned_to_it(client, ann):
    tilt = make_exercise("tilt", title="The pelvis as a clock")
    html = page(client, f"{PATH}?about=tilt")
    assert ('name="about" value="tilt"' in html, ">The pelvis as a clock</a>" in html) == (True, True)
    client.post(PATH, {"text": "How slowly?", "about": "tilt"})
    assert Question.objects.get().exercise == tilt


def test_after_a_mistake_it_still_knows_what_it_is_about(client, ann):
    make_exercise("tilt")
    assert 'name="about" value="tilt"' in client.post(PATH, {"text": "", "about": "tilt"}).content.decode()


@pytest.mark.parametrize("about", ["nothing-like-it", "hidden"])
def test_an_exercise_that_is_not_there_pins_nothing_and_loses_no_question(client, ann, about):
    make_exercise("hidden", is_published=False)
    client.post(PATH, {"text": "How slowly?", "about": about})
    assert Question.objects.get().exercise is None


# --- Read


def test_looking_does_not_mark_it_read_a_press_does(client, tess, ann):
    one = answered(ann, tess)
    page(client)
    one.refresh_from_db()
    assert (one.seen_at, "new answer" in page(client)) == (None, True)
    client.post("/portal/questions/read/", {"shown_at": NOW.isoformat()})
    assert ("new answer" in page(client), "I have read" in page(client)) == (False, False)


def test_an_answer_that_came_after_the_page_was_shown_is_still_new(client, tess, ann):
    answered(ann, tess)
    client.post("/portal/questions/read/", {"shown_at": (NOW - DAY).isoformat()})
    assert "new answer" in page(client)


@pytest.mark.parametrize(
    "shown_at", ["", "soon", "2026-11-24T16:00:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+23:59"]
)
def test_a_page_that_does_not_say_when_it_was_shown_means_now(client, tess, ann, shown_at):
    one = answered(ann, tess)
    client.post("/portal/questions/read/", {"shown_at": shown_at})
    one.refresh_from_db()
    assert one.seen_at == NOW


def test_reading_by_address_is_refused(client, ann):
    assert client.get("/portal/questions/read/").status_code == 405


@pytest.mark.parametrize("text", ["", "  ", "x" * 2_001])
def test_what_is_no_question_is_said_so_and_kept_on_the_page(client, ann, text):
    answer = client.post(PATH, {"text": text})
    assert (answer.status_code, text.strip() in answer.text, Question.objects.exists()) == (422, True, False)


# --- Order and price


def test_newest_first(client, ann):
    asked(ann, "Older?", asked_at=NOW - 3 * DAY)
    asked(ann, "Newer?", asked_at=NOW - 2 * DAY)
    html = page(client)
    assert html.index("Newer?") < html.index("Older?")


@pytest.mark.parametrize("count", [1, 60])
def test_many_cost_as_many_queries_as_one(client, tess, ann, django_assert_num_queries, count):
    lesson = make_lesson("floor")
    for number in range(count):
        answered(ann, tess, text=f"{number}?", lesson=lesson)
    # session, user, practice (view, page), the questions (count, page), whether one is new
    with django_assert_num_queries(6):
        client.get(PATH)
