"""Every periodic task reads what is due, by an index, however long the past is; and asks for it once.

Each task and each hourly chore is carried out on rows that are due, in a practice with a past. Each of its
statements is explained by the database as it is asked: none may read all of a table that grows for years.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from unittest.mock import patch

import pytest
from django.db import connection
from django.utils import timezone

from booking import tasks as booking_tasks
from booking.zone_changes.actions.check_zones import find_mismatches
from portal.tests.sweeps.due_rows import Practice
from portal.tests.sweeps.query_plans import GROWS, explained
from practice.celery import app
from practice.mail.channels.text_messages.gateway import Report
from practice.mail.delivery import deliver
from practice.mail_events.queries import letter_of
from practice.mail_events.report import BOUNCED
from practice.mail_events.report import Report as EmailReport
from practice.models import Letter
from practice.retention import chores
from practice.texting.actions import reports

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
PAST = 600
Due = Callable[[Practice, int], object]


@dataclass(frozen=True)
class Sweep:
    """A periodic task or hourly chore: how it is run, what is due, and by which indexes it finds that.

    `one_by_one`: each row has a transaction of its own, as it must; else the queries do not grow with them.
    `reads_all`: why what is done to a row may read tables that grow from end to end.
    """

    run: Callable[[dt.datetime], object]
    due: Due = lambda _practice, _count: None
    indexes: frozenset[str] = frozenset()
    one_by_one: bool = False
    reads_all: str = ""


class SilentGateway:
    """A gateway that knows no price yet."""

    def read(self, sid: str) -> Report:
        """Say that the message is on its way."""
        return Report(sid=sid)


def read_prices(now: dt.datetime) -> int:
    """Ask for the prices of text messages."""
    with patch.object(reports, "gateway", SilentGateway):
        return reports.read_prices(now=now)


def chore(name: str) -> Callable[[dt.datetime], int]:
    """Return an hourly chore by its name."""
    return chores._chores[name]


def a_bounce(now: dt.datetime) -> int | None:
    """Look for the email of a bounce that names only an address."""
    return letter_of(EmailReport(what=BOUNCED, recipients=("ann@example.com",)), trusted=True, now=now)


def of_tidying(name: str, due: Due = Sweep.due, *indexes: str, one_by_one: bool = False) -> Sweep:
    return Sweep(chore(name), due, frozenset(indexes), one_by_one)


SWEEPS = {
    "practice.deliver": Sweep(
        lambda _now: deliver.drain(),
        Practice.follow_ups,
        frozenset({"letter_state", "letter_due_first", "letter_due_by_category"}),
        one_by_one=True,
    ),
    "practice.read_bounces": Sweep(
        a_bounce, lambda practice, count: practice.old_emails(count, days=1), frozenset({"letter_to_address"})
    ),
    "practice.read_text_prices": Sweep(
        read_prices,
        Practice.unpriced_texts,
        frozenset({"text_unpriced"}),
        one_by_one=True,
    ),
    "booking.release_holds": Sweep(
        lambda _now: booking_tasks.release_holds(),
        Practice.expired_holds,
        frozenset({"appointment_holds"}),
        one_by_one=True,
    ),
    "booking.decline_unanswered": Sweep(
        lambda _now: booking_tasks.decline_unanswered(),
        Practice.requests,
        frozenset({"appointment_requests"}),
        one_by_one=True,
    ),
    "booking.follow_the_owner": Sweep(
        lambda _now: booking_tasks.follow_the_owner(),
        Practice.booked,
        frozenset({"appointment_by_practitioner"}),
    ),
    "booking.waitlist": Sweep(
        lambda _now: booking_tasks.waitlist(),
        Practice.lapsed_offers,
        frozenset({"change_lately", "waitlist_waiting"}),
        one_by_one=True,
    ),
    "booking.check_zones": Sweep(
        lambda now: find_mismatches(now=now), Practice.booked, frozenset({"appointment_by_practitioner"})
    ),
    "blank_old_bodies": of_tidying(
        "blank_old_bodies",
        lambda practice, count: practice.old_emails(count, days=200),
        "letter_not_blanked",
    ),
    "old_addresses": of_tidying(
        "old_addresses", lambda practice, count: practice.old_emails(count, days=900), "letter_names_someone"
    ),
    "old_email_events": of_tidying("old_email_events", Practice.old_events, "email_event_at"),
    "unconfirmed_numbers": of_tidying(
        "unconfirmed_numbers", Practice.unconfirmed_numbers, "text_number_unconfirmed"
    ),
    "forget_visitors": of_tidying("forget_visitors", Practice.released, "appointment_released"),
    "erase_due": Sweep(
        chore("erase_due"),
        Practice.erasures,
        one_by_one=True,
        reads_all="An erasure looks for the client everywhere: it happens once in a record's life.",
    ),
    **{
        name: of_tidying(name)
        for name in (
            *("forget_tallies", "forget_changes", "expired_sessions", "ended_sign_ins", "expired_cache"),
            *("old_office_log", "old_outbox", "forget_unfinished_intakes", "forget_imported_files"),
            *("forget_unconfirmed", "move_late_rows", "forget_ledgers", "forget_visitor_questions"),
            *("forget_unfinished", "forget_inactive", "remove_leftovers", "old_round_trips"),
        )
    },
}
#: These take one row, or a few, of a table that does not grow: recordings, imports, calendars, kept answers.
TAKES_A_FEW = {
    *("portal.publish_waiting", "portal.find_silences", "portal.publish_exercise_videos"),
    *("booking.work_on_imports", "booking.read_calendars", "booking.forget_keys", "practice.backup"),
}


@pytest.fixture(scope="module")
def practice(module_db: None) -> Practice:
    return Practice(PAST)


def test_every_periodic_task_and_chore_is_in_the_table() -> None:
    tasks = {one["task"] for one in app.conf.beat_schedule.values()}
    assert tasks == (SWEEPS.keys() & tasks) | TAKES_A_FEW | {"practice.tidy"}
    assert set(chores.names()) == SWEEPS.keys() - tasks


#: Has PostgreSQL plan for 100,000 rows on each page of these tables and their indexes. When a table was empty
#: as its statistics were last taken, which nobody foresees, any way through it is as good as another.
AS_IF_FULL = """
    UPDATE pg_class SET reltuples = 100000, relpages = CASE relkind WHEN 'i' THEN 2 ELSE 1 END
    WHERE oid IN (
        SELECT unnest(ARRAY[i.indrelid, i.indexrelid]) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        WHERE c.relname = ANY(%s)
    )
"""


@pytest.mark.parametrize("name", SWEEPS)
def test_it_reads_no_table_that_grows_from_end_to_end(practice: Practice, name: str) -> None:
    sweep = SWEEPS[name]
    sweep.due(practice, 3)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of a few rows it would read all, by one way or another, which tells nothing of many.
            for way in ("seqscan", "mergejoin", "hashjoin"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
            cursor.execute(AS_IF_FULL, [list(GROWS)])
    with explained() as plans:
        sweep.run(timezone.now())
    assert plans.scans == [] or sweep.reads_all
    assert sweep.indexes <= plans.indexes


def test_the_control_reads_all_emails() -> None:
    with explained() as plans:
        list(Letter.objects.filter(subject="x").order_by())
    assert len(plans.scans) == 1


def queries_for(practice: Practice, sweep: Sweep, count: int) -> int:
    """How many statements a sweep takes for so many rows that are due."""
    sweep.due(practice, count)
    with explained() as plans:
        sweep.run(timezone.now())
    return plans.statements


@pytest.mark.parametrize("name", [name for name, sweep in SWEEPS.items() if not sweep.one_by_one])
def test_it_asks_as_often_for_many_rows_as_for_one(practice: Practice, name: str) -> None:
    queries_for(practice, SWEEPS[name], 1)  # what the first time reads, and keeps
    one, many = (queries_for(practice, SWEEPS[name], count) for count in (1, 12))
    assert many == one


@pytest.mark.parametrize("name", [name for name, sweep in SWEEPS.items() if sweep.one_by_one])
def test_what_each_row_costs_does_not_depend_on_how_many_are_due(practice: Practice, name: str) -> None:
    queries_for(practice, SWEEPS[name], 1)
    one, three, five = (queries_for(practice, SWEEPS[name], count) for count in (1, 3, 5))
    assert five - three == three - one
