"""Between two tests that commit Django empties the database, append-only rows too."""

import asyncio
import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from practice.access.actions.open_record import log_action
from practice.models import AccessLog
from practice.testing import make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def test_also_in_a_thread_that_runs_an_event_loop_as_a_browsers_tests_do() -> None:
    async def empty_the_database() -> None:
        call_command("flush", interactive=False, verbosity=0)
        connection.close()  # in here it is one of its own

    log_action(None, make_user("Ann Lee"), "access:record", now=dt.datetime(2027, 3, 2, tzinfo=dt.UTC))
    with ThreadPoolExecutor(1) as thread:  # of its own: in ours such a loop may run already
        thread.submit(asyncio.run, empty_the_database()).result()
    assert not AccessLog.objects.exists()
