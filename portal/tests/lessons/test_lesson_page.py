"""The lesson's page of a client: what is asked, what is kept, what is shown again, and to whom."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
import time_machine

from booking.intake.answers import Answers, write
from booking.models import Intake
from booking.testing import make_appointment, make_session_type
from portal.lessons.playback_token import words_ticket_for
from portal.models import ClientProfile, GuidelinesRead, Lesson, PracticeEntry, Question
from portal.testing import assign, make_lesson, make_recording
from practice.models import Letter
from practice.testing import at_work, make_practice, make_practitioner, make_user

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)  # 8 in the morning in Denver
PAGE = "/portal/lessons/floor/"
WORDS = f"{PAGE}words/"
ONE = str(uuid.UUID(int=1))

pytestmark = pytest.mark.django_db


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
    lesson = make_lesson("floor", guidelines="## Slowly\n\nSo slowly.", what_happened="It let go.")
    make_recording(lesson)
    return lesson


@pytest.fixture
def ann(tess, lesson, client):
    ann = make_user("Ann")
    assign(lesson, ann, by=tess, dosage="every second day", word="Half of it, Ann.")
    client.force_login(ann)
    return ann


@pytest.fixture
def wrote(client, ann, lesson):
    """Ann sends the form; what is not said is a new entry with nothing in it."""

    def write(*, path=WORDS, json=False, **words):
        ticket = words_ticket_for(ann, lesson, lesson.recordings.first(), now=NOW)
        accept = {"headers": {"accept": "application/json"}} if json else {}
        return client.post(path, {"entry": ONE, "ticket": ticket, **words}, **accept)

    return write


def page(client, rest=""):
    return client.get(PAGE + rest).content.decode()


def entry():
    return PracticeEntry.objects.get()


# --- Who ----------------------------------------------------------------------------------------------------
POSTS = [WORDS, f"{PAGE}guidelines/", f"{PAGE}ask/"]


@pytest.mark.parametrize("path", POSTS)
def test_only_by_post_and_only_by_whom_it_was_given_to(client, ann, lesson, tess, path):
    assert client.get(path).status_code == 405
    client.force_login(make_user("Zoe"))
    assert client.post(path, {"question": "?", "entry": ONE, "digest": "x"}).status_code == 404
    at_work(tess.user, client)
    assert client.post(path, {"question": "?", "entry": ONE, "digest": "x"}).status_code == 404
    client.logout()
    assert client.post(path).headers["Location"].startswith("/accounts/login/")


def test_staff_see_the_lesson_without_forms(client, lesson, tess):
    at_work(tess.user, client)
    assert ("So slowly." in page(client), "<textarea" in page(client)) == (True, False)


def test_the_public_page_asks_nothing_and_sets_no_cookie(client, ann, lesson):
    type(lesson).objects.update(is_free=True)
    client.logout()
    answer = client.get("/lessons/floor/")
    assert ("<form" in answer.content.decode(), len(answer.cookies)) == (False, 0)


def test_anothers_entry_is_not_there(client, wrote, lesson, tess):
    wrote(noticing="canary")
    ben = make_user("Ben")
    assign(lesson, ben, by=tess)
    client.force_login(ben)
    his = words_ticket_for(ben, lesson, None, now=NOW)
    assert client.post(WORDS, {"entry": ONE, "ticket": his, "noticing": "mine"}).status_code == 404
    assert "canary" not in page(client, f"?entry={ONE}")
    assert entry().noticing == "canary"


@pytest.mark.parametrize("whose", ["nobody's", "Ben's", "hips", "old", "missing"])
def test_a_ticket_that_is_not_for_this_keeps_nothing(client, ann, lesson, whose):
    tickets = {
        "nobody's": lambda: "W1:x",
        "Ben's": lambda: words_ticket_for(make_user("Ben"), lesson, None, now=NOW),
        "hips": lambda: words_ticket_for(ann, make_lesson("hips"), None, now=NOW),
        "old": lambda: words_ticket_for(ann, lesson, None, now=NOW - dt.timedelta(days=36)),
        "missing": lambda: "",
    }
    answer = client.post(WORDS, {"entry": ONE, "ticket": tickets[whose](), "noticing": "x"})
    assert (answer.status_code, PracticeEntry.objects.exists()) == (404, False)


@pytest.mark.parametrize(("hours", "status"), [(23, 302), (25, 404)])
def test_of_a_lesson_taken_back_yesterday_it_is_still_kept(wrote, ann, hours, status):
    ann.assignments.update(ended_at=NOW - dt.timedelta(hours=hours))
    answer = wrote(noticing="lighter")
    assert (answer.status_code, PracticeEntry.objects.exists()) == (status, status == 302)
    assert status == 404 or answer.headers["Location"] == "/portal/"


# --- Nonsense -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("json", [True, False])
@pytest.mark.parametrize(
    "words",
    [
        {"noticing": "n" * 2001},
        {"noticing": "n" * 100_000},
        {"pain_after": "NaN"},
        {"pain_after": "11"},
        {"pain_before": "-1", "noticing": "x"},
        {"felt": "wonderful"},
        {"entry": "x", "noticing": "x"},
    ],
)
def test_nonsense_is_refused_and_nothing_is_kept(wrote, words, json):
    answer = wrote(json=json, **words)
    assert (answer.status_code, PracticeEntry.objects.exists()) == (422, False)


def test_what_was_too_long_still_is_in_the_form(wrote):
    html = wrote(noticing="n" * 2001, lying_before="left longer").content.decode()
    assert ("n" * 2001 in html, "left longer" in html, "characters, and the limit is" in html) == (
        True,
        True,
        True,
    )


def test_a_nul_is_refused_before_any_view(wrote):
    assert wrote(noticing="a\x00b").status_code == 400


def test_far_too_much_is_refused(wrote):
    assert (wrote(noticing="n" * 1_500_000).status_code, PracticeEntry.objects.exists()) == (413, False)


def test_too_often_is_asked_to_wait_and_keeps_what_was_typed(wrote, monkeypatch):
    monkeypatch.setattr("portal.lessons.views.self_report.MOST", 1)
    wrote(noticing="lighter")
    answer = wrote(noticing="lighter and warm")
    assert (answer.status_code, "lighter and warm" in answer.content.decode()) == (429, True)


def test_no_word_of_it_is_logged(wrote, caplog):
    caplog.set_level("DEBUG")
    wrote(noticing="canary", felt="worse", pain_after="9")
    wrote(noticing="canary" * 400)
    assert "canary" not in caplog.text


# --- Guidelines ---------------------------------------------------------------------------------------------
def acknowledge(client, html):
    digest = re.search(r'name="digest" value="(\w+)"', html)[1]
    return client.post(f"{PAGE}guidelines/", {"digest": digest})


def test_guidelines_are_asked_once_and_folded_then(client, ann):
    acknowledge(client, page(client))
    html = page(client)
    assert ("last read on Tuesday, November 24" in html, "I have read this" in html) == (True, False)
    assert "So slowly." in html


def test_read_lately_they_are_one_line_and_a_place_leads_to_the_player(client, ann):
    """Without a script, too: the heading of the lesson takes the focus."""
    acknowledge(client, page(client))
    html = page(client, "?at=460")
    before = html[html.index('id="before"') : html.index('id="listen"')]
    assert "Do less than you can. Never push into pain." in before
    assert before.index("<details") < before.index("see a doctor first") < before.index("</details>")
    assert '<h2 id="listen" tabindex="-1" autofocus>' in html


def test_anyone_who_has_not_read_them_lands_at_the_beginning(client, ann):
    assert "autofocus" not in page(client, "?at=460")


def test_the_first_screen_has_one_button_that_leads_to_the_sound(client, ann):
    for query, words in (("", "Begin"), ("?at=460", "Continue at 7:40")):
        html = page(client, query)
        first_screen = html[html.index("<h1>") : html.index('id="before"')]
        (button,) = re.findall(r'<a class="button" href="#listen">.*?</a>', first_screen, re.DOTALL)
        assert re.sub(r"<[^>]+>|\s+", " ", button).split() == words.split()


@pytest.mark.parametrize(("days", "asked"), [(29, False), (30, True)])
def test_they_are_asked_again_after_thirty_days(client, ann, clock, days, asked):
    acknowledge(client, page(client))
    clock.shift(dt.timedelta(days=days))
    client.force_login(ann)
    assert ("I have read this" in page(client)) == asked


def test_they_are_asked_again_when_they_were_changed(client, ann, lesson):
    acknowledge(client, page(client))
    type(lesson).objects.update(guidelines="## Slower still")
    assert "I have read this" in page(client)


def test_what_was_changed_in_the_meantime_was_not_read(client, ann, lesson):
    html = page(client)
    type(lesson).objects.update(guidelines="## Slower still")
    acknowledge(client, html)
    assert not GuidelinesRead.objects.exists()


@pytest.mark.engines("portal.lessons.lesson_page")
def test_read_twice_is_one_row(client, ann):
    html = page(client)
    acknowledge(client, html)
    acknowledge(client, html)
    assert GuidelinesRead.objects.count() == 1


# --- What stands on the page --------------------------------------------------------------------------------
def test_opening_it_writes_nothing(client, ann):
    page(client)
    page(client, "?entry=new")
    assert (PracticeEntry.objects.exists(), GuidelinesRead.objects.exists()) == (False, False)


def test_the_order_of_the_ritual(client, ann, tess):
    ClientProfile.objects.keep(ann, plan="after breakfast, on the rug", obstacle="two blankets")
    html = page(client)
    order = [
        "Half of it, Ann.",
        "every second day",
        "after breakfast, on the rug",
        "So slowly.",
        "How are you lying right now?",
        "<audio",
        "Stay a moment longer",
        'id="id_lying_after"',
        "What did you notice?",
        "It let go.",
        "A question for Tess",
        "see available times",
    ]
    places = [html.find(words) for words in order]
    assert (-1 in places, places) == (False, sorted(places))


def test_the_next_session_is_at_the_end(client, ann, tess):
    make_appointment(
        client=ann, practitioner=tess, session_type=make_session_type(tess), start=NOW + dt.timedelta(days=3)
    )
    assert "Next time at the practice: Friday" in page(client).replace("\xa0", " ")


def test_a_lost_recording_leaves_the_rest(client, ann, lesson, wrote):
    lesson.recordings.all().delete()
    html = page(client)
    assert ("isn’t available right now" in html, "What did you notice?" in html) == (True, True)
    assert (wrote(noticing="I did it from memory").status_code, entry().recording) == (302, None)


def test_a_recording_withdrawn_in_the_meantime_loses_no_word(client, ann, lesson, wrote):
    ticket = words_ticket_for(ann, lesson, lesson.recordings.get(), now=NOW)
    lesson.recordings.all().delete()
    assert (wrote(ticket=ticket, noticing="lighter").status_code, entry().noticing) == (302, "lighter")


def test_words_cannot_run(client, wrote):
    wrote(noticing="<script>alert(1)</script>", lying_before="</textarea><script>alert(2)</script>")
    assert "<script>alert" not in page(client)


# --- Kept ---------------------------------------------------------------------------------------------------
def test_without_a_script_the_form_alone_makes_an_entry(client, wrote, lesson):
    answer = wrote(
        lying_before="left longer", pain_before="3", noticing="lighter", pain_after="2", felt="better"
    )
    assert answer.headers["Location"] == f"{PAGE}?entry={ONE}#after"
    kept = entry()
    assert (kept.lying_before, kept.pain_before, kept.noticing, kept.pain_after, kept.felt) == (
        *("left longer", "3", "lighter", "2", "better"),
    )
    assert (kept.heard_ms, kept.finished_at, kept.since) == (0, None, NOW)


def test_what_was_before_alone_is_not_kept_yet_and_still_is(wrote):
    answer = wrote(lying_before="left longer", pain_before="3")
    html = answer.content.decode()
    assert (answer.status_code, PracticeEntry.objects.exists()) == (200, False)
    assert ("left longer" in html, "once you write something afterward" in html) == (True, True)
    assert wrote(json=True, lying_before="left longer").json()["kept"] is False


def test_done_needs_no_words(wrote):
    wrote(said_done="1")
    assert entry().finished_at == NOW


def test_two_hours_long_the_page_continues_with_it(client, wrote, clock):
    wrote(noticing="lighter")
    clock.shift(dt.timedelta(hours=1, minutes=59))
    assert f'name="entry" value="{uuid.UUID(ONE).hex}"' in page(client)
    clock.shift(dt.timedelta(minutes=1))
    html = page(client)
    assert (uuid.UUID(ONE).hex in html, "2nd time. Last time you wrote:" in html) == (False, True)


def test_todays_may_be_opened_again_and_yesterdays_not(client, wrote, clock, ann):
    wrote(noticing="lighter")
    clock.shift(dt.timedelta(hours=5))
    assert (f"?entry={ONE}" in page(client), "today, 8:00 AM" in page(client)) == (True, True)
    assert f'value="{uuid.UUID(ONE).hex}"' in page(client, f"?entry={ONE}")
    clock.shift(dt.timedelta(days=1))
    client.force_login(ann)
    html = page(client, f"?entry={ONE}")
    link = f'href="?entry={ONE}'
    assert (uuid.UUID(ONE).hex in html, link in html, "Tuesday, November 24" in html) == (
        *(False, False, True),
    )


def test_a_few_earlier_noticings_newest_first(client, wrote, clock, ann):
    for number in range(5):
        wrote(entry=str(uuid.UUID(int=number + 1)), noticing=f"noticed {number}")
        clock.shift(dt.timedelta(days=1))
        client.force_login(ann)
    html = page(client)
    assert re.findall(r"<p>(noticed \d)", html) == ["noticed 4", "noticed 3", "noticed 2"]
    assert "6th time. Last time you wrote:" in html


def test_an_empty_page_may_be_asked_for_at_once(client, wrote):
    wrote(noticing="lighter")
    html = page(client, "?entry=new")
    assert (uuid.UUID(ONE).hex in html, "2nd time" in html) == (False, True)


def test_the_page_costs_the_same_after_many_times(client, wrote, ann, lesson, django_assert_max_num_queries):
    for _ in range(30):
        PracticeEntry.objects.create(client=ann, lesson=lesson, since=NOW, noticing="lighter")
    with django_assert_max_num_queries(12):
        page(client)


# --- Pain that rises ----------------------------------------------------------------------------------------
ROSE = "data-rose>"


def test_rising_pain_is_answered_at_once_without_praise(client, wrote):
    wrote(pain_before="3", pain_after="6", said_done="1")
    html = page(client, f"?entry={ONE}")
    assert (ROSE in html, "303 555 0142" in html, "hello@juniper.example" in html) == (True, True, True)
    shown = re.sub(r"<(div|section)[^>]*data-unless-rose hidden>.*?</div>", "", html, flags=re.DOTALL)
    shown = re.sub(r"<[^>]*>", " ", shown)
    assert [
        words for words in ("Saved.", "Come back another day", "well done", "letter") if words in shown
    ] == []


def test_the_script_is_told_that_it_rose(wrote):
    answer = wrote(json=True, felt="worse")
    assert answer.json() == {"kept": True, "rose": True, "done": False}
    assert Letter.objects.filter(kind="notice_pain").count() == 1


def test_the_next_time_it_is_said_before_and_after_someone_looked_no_more(client, wrote, clock, ann, tess):
    wrote(felt="worse")
    clock.shift(dt.timedelta(days=1))
    client.force_login(ann)
    html = page(client)
    assert ("Last time, it hurt more afterward" in html, ROSE in html) == (True, False)
    PracticeEntry.objects.update(cleared_at=NOW, cleared_by=tess.user)
    assert "Last time, it hurt more afterward" not in page(client)


def test_without_a_rise_nothing_is_said_of_it(client, wrote):
    wrote(pain_before="3", pain_after="4")
    assert ROSE not in page(client)


# --- Questions ----------------------------------------------------------------------------------------------
def test_a_question_goes_with_its_place(client, ann, lesson):
    client.post(f"{PAGE}ask/", {"question": "canary?", "at": "462"})
    asked = Question.objects.get()
    assert (asked.client, asked.lesson, asked.at_ms, asked.text) == (ann, lesson, 462_000, "canary?")


@pytest.mark.parametrize("at", ["", "x", "-5", "1e9", "9" * 40, "٣"])
def test_a_place_that_is_none_is_left_out(client, ann, at):
    client.post(f"{PAGE}ask/", {"question": "Here?", "at": at})
    assert Question.objects.get().at_ms is None


@pytest.mark.parametrize("text", ["", " ", "q" * 2001])
def test_a_question_that_is_none_is_answered_kindly(client, ann, text):
    answer = client.post(f"{PAGE}ask/", {"question": text})
    assert (answer.status_code, Question.objects.exists(), text in answer.content.decode()) == (
        422,
        False,
        True,
    )
    told = client.post(f"{PAGE}ask/", {"question": text}, headers={"accept": "application/json"})
    assert (told.status_code, bool(told.json()["error"])) == (422, True)


def test_many_questions_at_once_wait(client, ann, monkeypatch):
    monkeypatch.setattr("portal.lessons.views.self_report.MOST_QUESTIONS", 1)
    asked = [client.post(f"{PAGE}ask/", {"question": f"{n}?"}).status_code for n in range(2)]
    assert (asked, Question.objects.count()) == ([302, 429], 1)


# --- How it is begun, and where -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("position", "said", "drawn"),
    [
        ("lying on the back", "How are you lying right now?", "art--lying"),
        ("sitting on a chair", "How are you sitting right now?", "art--sitting"),
        ("standing, then lying on the back", "How are you standing right now?", "art--standing"),
    ],
)
def test_the_page_asks_and_draws_how_this_lesson_is_begun(client, ann, lesson, position, said, drawn):
    type(lesson).objects.update(position=position)
    html = page(client)
    assert (said in html, "art--lying" in html.split("<footer")[0]) == (True, drawn == "art--lying")
    assert drawn in html


def test_refused_it_asks_in_the_same_words(wrote, lesson):
    type(lesson).objects.update(position="sitting on a chair")
    assert "How are you sitting now?" in wrote(noticing="n" * 2001).content.decode()


@pytest.mark.parametrize("path", [PAGE, "/lessons/floor/", "/lessons/floor/floor/"])
def test_the_address_names_a_place(client, ann, lesson, path):
    type(lesson).objects.update(is_free=True)
    html = client.get(f"{path}?at=460").content.decode()
    assert ("#t=460" in html, 'data-at="460"' in html, "The audio starts at 7:40." in html) == (True,) * 3


@pytest.mark.parametrize("garbled", ["", "0", "-1", "x", "460<script>", "4" * 100, "%00"])
def test_a_garbled_place_is_the_beginning(client, ann, garbled):
    answer = client.get(f"{PAGE}?at={garbled}")
    assert ("data-at=" in answer.content.decode()) is False


def test_a_place_survives_that_the_guidelines_were_read(client, ann, lesson):
    html = page(client, "?at=460")
    digest = re.search(r'name="digest" value="([^"]+)"', html)[1]
    assert '<input type="hidden" name="at" value="460">' in html
    answer = client.post(f"{PAGE}guidelines/", {"digest": digest, "at": "460"})
    assert answer.headers["Location"] == f"{PAGE}?at=460#before"


def test_signed_out_the_way_in_keeps_the_place(client, ann):
    client.logout()
    answer = client.get(f"{PAGE}?at=460")
    assert answer.headers["Location"] == "/accounts/login/?next=/portal/lessons/floor/%3Fat%3D460"


def test_who_told_us_how_long_reads_that_first(client, ann, lesson):
    texts = "## A few days\nLighter.\n## Ten years\nA first page."
    Lesson.objects.filter(pk=lesson.pk).update(expectations=texts)
    answers = Answers().with_part("since", {"since": "years"}, version=1)
    Intake.objects.create(client=ann, answers=write(answers), handed_in_at=NOW)
    shown = page(client)
    assert shown.index("You told us you’ve had it for: several years.") < shown.index("A first page.")
    assert (
        shown.index("A first page.") < shown.index("For a shorter or longer time") < shown.index("Lighter.")
    )
