"""Many programs at one web server of several processes, some of which die; its broker and SMTP are dead.

A booking is an answer, an appointment and a confirmation, or none of the three.
"""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import uuid
from collections import Counter
from contextlib import suppress
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from booking.tests.processes.web_server import at_once, web
from practice.tests.processes.shifted_clock import TUESDAY_AT_TEN
from practice.tests.processes.waiting import soon
from practice.tests.sampling import size

pytestmark = [pytest.mark.processes, pytest.mark.engines, pytest.mark.long]
ROUNDS, KILLS, PROGRAMS = size(sampled=2, full=5), size(sampled=5, full=20), 6
TEN = TUESDAY_AT_TEN.astimezone(ZoneInfo("America/Denver"))
SOME_LEFT = """
from django.test import Client
from django.utils import timezone
from booking.packages import actions as packages
from booking.models import SessionType
from practice.models import Practitioner
from practice.testing import make_user
her, tess = make_user("Pia{left} Lund", phone="+13035550101"), Practitioner.objects.get()
kind = SessionType.objects.get(slug="of-60")
packages.sell(kind, client=her, sessions={left}, price_cents=0, by=tess.user, now=timezone.now())
browser = Client()
browser.force_login(her)
print(browser.cookies["session"].value)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """One server for all of these tests: each takes days of its own."""
    with web(tmp_path_factory.mktemp("web")) as site:
        yield site


def start_of(day: int, minutes: int = 0) -> str:
    """Minutes after ten o'clock in Denver, so many days from the first."""
    return (TEN + dt.timedelta(days=day, minutes=minutes)).isoformat()


def body(start: str, *, slug: str = "of-60", name: str = "Ann") -> dict:
    """A booking by somebody of that name."""
    return {
        "session_type": slug,
        "practitioner": "tess",
        "start": start,
        "name": name,
        "email": f"{name.lower()}@example.com",
        "consent": True,
    }


def stored_rows(site) -> dict[str, int]:
    """What stands in the database: appointments, letters that confirm, changes that record, keys answered."""
    questions = {
        "booked": "SELECT count(*) FROM booking_appointment WHERE state = 'booked'",
        "confirmations": "SELECT count(*) FROM practice_letter WHERE kind = 'confirmation'",
        "changes": "SELECT count(*) FROM booking_appointmentchange WHERE what = 'booked'",
    }
    return {name: site.practice_site.sql(question)[0][0] for name, question in questions.items()}


def test_case_22_twenty_at_once_have_one_winner_and_nineteen_kind_answers(site):
    for number in range(ROUNDS):
        before = stored_rows(site)
        wishes = [
            body(
                start_of(10 + number, index // 2 % 4 * 15),
                slug=("of-60", "of-90")[index % 2],
                name=f"P{index}",
            )
            for index in range(20)
        ]
        told = at_once([partial(site.call, "POST", "/api/v1/appointments", wish) for wish in wishes])
        assert Counter(status for status, _ in told) == {201: 1, 409: 19}
        losers = [answer for status, answer in told if status == 409]
        assert {answer["error"]["code"] for answer in losers} == {"slot_taken"}
        assert {len(answer["alternatives"]) for answer in losers} == {3}
        assert stored_rows(site) == {name: count + 1 for name, count in before.items()}


def test_an_alternative_from_a_409_can_be_booked(site):
    site.call("POST", "/api/v1/appointments", body(start_of(20)))
    status, answer = site.call("POST", "/api/v1/appointments", body(start_of(20), name="Ben"))
    assert status == 409
    again = body(answer["alternatives"][0]["start"], name="Ben")
    assert site.call("POST", "/api/v1/appointments", again)[0] == 201


def test_case_23_one_key_many_times_at_once_is_one_booking_and_one_answer(site):
    before, wish = stored_rows(site), body(start_of(25))
    told = at_once([partial(site.call, "POST", "/api/v1/appointments", wish, key="the-key")] * 12)
    assert {status for status, _ in told} == {201}
    assert len({answer["id"] for _, answer in told}) == 1
    assert stored_rows(site) == {name: count + 1 for name, count in before.items()}


def test_one_press_many_times_at_once_keeps_one_time_for_one_form(site):
    fields = {"practitioner": "tess", "tz": "", "press": "a" * 32, "start": start_of(28)}
    told = at_once([partial(site.press, "/book/of-60/hold/", fields)] * 12)
    assert {status for status, _ in told} == {302}
    assert len({address for _, address in told}) == 1
    assert site.practice_site.sql("SELECT count(*) FROM booking_appointment WHERE state = 'held'") == [(1,)]


@pytest.mark.parametrize("left", [1, 2])
def test_the_last_sessions_of_a_package_pay_for_no_more_forms_than_that(site, left):
    hers = site.practice_site.inside(SOME_LEFT.format(left=left)).strip()
    forms = []
    for minutes in (0, 120, 240):
        press = {"practitioner": "tess", "tz": "", "press": uuid.uuid4().hex}
        wanted = press | {"start": start_of(31 + left, minutes)}
        forms.append(site.press("/book/of-60/hold/", wanted, session=hers)[1])
    before, used = stored_rows(site), uses(site)
    agreed = {"whom": "me", "agree": "on"}
    told = at_once([partial(site.press, form, agreed, session=hers) for form in forms])
    assert {status for status, _ in told} == {302}
    assert stored_rows(site) == {name: count + 3 for name, count in before.items()}
    assert uses(site) == used + left


def uses(site) -> int:
    """How many sessions packages have paid for."""
    return int(site.practice_site.sql("SELECT count(*) FROM booking_packageuse")[0][0])


def test_emails_wait_while_broker_and_mail_server_are_dead(site):
    assert site.call("POST", "/api/v1/appointments", body(start_of(30)))[0] == 201
    states = site.practice_site.sql("SELECT DISTINCT state FROM practice_letter")
    assert states == [("planned",)]


def test_web_processes_killed_while_programs_book_leave_nothing_half_made(site):
    before, numbers, done = stored_rows(site), itertools.count(), threading.Event()
    answered: Counter[int] = Counter()

    def program() -> None:
        """Book one free time after the other; repeat with the same key when the server died over it."""
        while not done.is_set():
            number = next(numbers)
            wish = body(start_of(40 + number // 8, number % 8 * 60), name=f"K{number}")
            answered[insist(wish)] += 1

    def insist(wish: dict) -> int:
        key, statuses = uuid.uuid4().hex, []

        def answered() -> list[int]:
            with suppress(OSError):
                statuses.append(site.call("POST", "/api/v1/appointments", wish, key=key)[0])
            return statuses

        return statuses[0] if soon(answered, 60) else 0

    programs = [threading.Thread(target=program) for _ in range(PROGRAMS)]
    for one in programs:
        one.start()
    for number in range(KILLS):
        seen = answered[201]
        assert soon(lambda seen=seen: answered[201] >= seen + 2, 60), answered  # they are at work again
        assert soon(lambda number=number: site.kill_one(number), 60)
    done.set()
    for one in programs:
        one.join()
    after = stored_rows(site)
    made = {name: after[name] - before[name] for name in after}
    print(f"\n{KILLS} kills, answers {dict(answered)}, made {made}")
    assert set(answered) == {201}
    assert made == dict.fromkeys(made, answered[201])
