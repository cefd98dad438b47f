"""The worker's part of an import: killed, stopped or late, it makes nothing twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking.models import Import
from booking.moving_in.actions import steps
from booking.moving_in.actions.upload import NotReady
from booking.moving_in.actions.work import Lost, claim_next, portion_of, work_on_next
from booking.tests.moving_in.conftest import (
    Upload,
    checked,
    people,
)
from practice.models import User

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


# --- The worker ---------------------------------------------------------------------------------------


def test_killed_between_portions_it_goes_on_and_imports_nobody_twice(upload: Upload) -> None:
    job = checked(upload("clients", people(600)))
    steps.start_import(job)
    work_on_next(portions=1)
    assert User.objects.clients().count() == 250
    Import.objects.update(claim="of-the-dead", leased_until=Now() - dt.timedelta(seconds=1))
    while work_on_next(portions=1):
        pass
    job.refresh_from_db()
    assert (job.state, User.objects.clients().count()) == ("done", 600)


def test_a_check_that_is_killed_goes_on_behind_its_last_portion(upload: Upload) -> None:
    job = upload("clients", people(2500))
    steps.start_check(job)
    work_on_next(portions=1)
    assert job.rows.count() == 1000
    work_on_next()
    job.refresh_from_db()
    assert (job.state, job.rows.count()) == ("checked", 2500)


def test_two_workers_do_not_have_it_at_once_and_the_late_one_stops(upload: Upload) -> None:
    job = checked(upload("clients", people(3)))
    steps.start_import(job)
    slow = claim_next()
    assert slow is not None
    assert claim_next() is None
    Import.objects.update(leased_until=Now() - dt.timedelta(seconds=1))
    work_on_next()
    with pytest.raises(Lost):
        portion_of(slow)()
    assert User.objects.clients().count() == 3


def test_stopped_it_keeps_what_it_did_and_can_go_on(upload: Upload) -> None:
    job = checked(upload("clients", people(600)))
    steps.start_import(job)
    work_on_next(portions=1)
    steps.stop(job, now=timezone.now())
    assert work_on_next() is False
    assert User.objects.clients().count() == 250
    steps.resume(job)
    work_on_next()
    assert User.objects.clients().count() == 600


def test_an_import_that_breaks_its_worker_each_time_is_stopped(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = checked(upload("clients", people(3)))
    steps.start_import(job)
    monkeypatch.setattr("booking.moving_in.actions.run.import_next", lambda _row: 1 / 0)
    for _number in range(5):
        with pytest.raises(ZeroDivisionError):
            work_on_next()
    work_on_next()
    job.refresh_from_db()
    assert job.state == "stopped"


def test_many_clients_take_few_queries_each(upload: Upload) -> None:
    job = checked(upload("clients", people(750)))
    steps.start_import(job)
    with CaptureQueriesContext(connection) as seen:
        work_on_next()
    assert User.objects.clients().count() == 750
    assert len(seen) < 750 / 5


def test_what_is_in_another_state_is_not_started(upload: Upload) -> None:
    with pytest.raises(NotReady):
        steps.start_import(upload("clients", people(1)))
