"""The canary: whatever somebody writes about a body is found nowhere it was not meant for.

A practitioner and a client walk through all pages that take words, once for all tests here. Each field holds
a word of its own, which then must not be in any log, address, cookie, email header, message or table.
`test_canary_planted.py` shows that a word in each of these places would be found.
"""

from __future__ import annotations

import itertools

import pytest
from django.core import mail
from django.db import connection
from kombu import Connection

from portal.tests.canary import CANARIES, QUOTED, Walk, a_walk
from practice.celery import app
from practice.models import Letter
from practice.testing import both_parts

pytestmark = pytest.mark.long  # one walk through all pages, with every statement and log line kept


@pytest.fixture(scope="module")
def walked(module_db: None, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """All of it, walked once for the tests that only look; with the database's statements in the log."""
    connection.force_debug_cursor = True
    try:
        with a_walk(tmp_path_factory.mktemp("media")) as walk:
            for turn in (
                walk.wrap_up,
                walk.follow_up,
                walk.practise,
                walk.tell_beforehand,
                walk.answer_requests,
                walk.go_past_rules,
                walk.read,
            ):
                turn()
            walk.mailed = [*mail.outbox]  # each test begins with an empty one
    finally:
        connection.force_debug_cursor = False
    return walk


# --- What is so ---------------------------------------------------------------------------------------


def test_no_word_about_a_body_is_found_outside_of_its_sealed_field(walked: Walk) -> None:
    assert walked.ears.statements  # they were listened to
    assert walked.sung() == set()


def test_every_word_was_written_and_can_be_read_where_it_belongs(walked: Walk) -> None:
    shown = "".join(
        answer.content.decode(errors="replace")
        for answer in (*walked.desk.answers, *walked.home.answers)
        if answer.status_code == 200 and not answer.streaming
    )
    assert {field for field, canary in CANARIES.items() if canary not in shown} == set()


def test_a_letter_about_a_warning_sign_says_only_that_there_is_something(walked: Walk) -> None:
    letter = Letter.objects.get(kind="notice_intake")
    letter.open_words()
    said = f"{letter.subject} {both_parts(letter)} {letter.headers} {letter.key} {letter.about}"
    told = {"Ann", "fever", "warning", "doctor", "intake-", *CANARIES.values()}
    assert {word for word in told if word in said.replace("notice_intake", "")} == set()
    assert "it stands in the workspace" in letter.text


def test_a_letter_between_sessions_quotes_what_it_may(walked: Walk) -> None:
    (sent,) = [one for one in walked.mailed if CANARIES["plan"] in one.body]
    body = f"{sent.body} {[part.content for part in sent.alternatives]}"
    assert {field for field, canary in CANARIES.items() if canary in body} <= QUOTED


def test_all_these_answers_are_kept_nowhere_and_tell_no_address(walked: Walk) -> None:
    answers = [*walked.desk.answers, *walked.home.answers]
    loose = {
        (answer.request["PATH_INFO"], name)
        for answer, (name, wanted) in itertools.product(
            answers, (("Cache-Control", "no-store"), ("Referrer-Policy", ""))
        )
        if name not in answer.headers or wanted not in answer[name]
    }
    assert loose == set()
    assert {answer["Referrer-Policy"] for answer in answers} <= {"no-referrer", "same-origin"}


def test_a_tick_carries_nothing() -> None:
    with Connection("memory://") as line:
        for tick in app.conf.beat_schedule.values():
            app.send_task(tick["task"], connection=line, queue="canary")
            with line.SimpleQueue("canary") as queue:
                args, kwargs, _ = queue.get(timeout=5).payload
            assert (tick.get("args", ()), args, kwargs) == ((), [], {})


def test_no_page_hands_work_to_the_broker(walked: Walk) -> None:
    assert walked.published == []
