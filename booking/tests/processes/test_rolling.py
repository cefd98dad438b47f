"""An upgrade of one machine after the other loses no request, no booking and no email.

The new version is played by the old one, on a database that a migration has already widened. What a migration
must not do meanwhile is shown too: `manage.py upgrade --rolling` refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from booking.tests.processes.rolling_site import (
    BOOKED,
    CONFIRMED,
    SECONDS,
    SENT,
    STILL_TO_GO,
    RollingSite,
    rolling_site,
    visited,
)
from practice.tests.processes.killing import end
from practice.tests.processes.waiting import soon
from practice.tests.sampling import size

pytestmark = [
    pytest.mark.processes,
    pytest.mark.long,
    pytest.mark.skipif(settings.SQLITE, reason="several machines share no SQLite file"),
]
ROUNDS = size(sampled=1, full=5)
WIDER = "ALTER TABLE booking_appointment ADD COLUMN IF NOT EXISTS added_{} text"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RollingSite]:
    with rolling_site(tmp_path_factory.mktemp("rolling")) as it:
        yield it


def restart_web_servers(site: RollingSite) -> None:
    """Each in turn, told to stop in the middle of a booking."""
    for web in site.webs:
        with site.site.writes_wait():
            assert site.has_in_hand(web), site.site.outputs()
            web.process.terminate()
            assert soon(web.refuses, SECONDS)
            assert web.process.poll() is None
        assert web.process.wait() == 0
        web.start()


def restart_workers(site: RollingSite) -> None:
    """Each in turn."""
    for number, worker in enumerate(site.workers):
        worker.terminate()
        assert worker.wait(SECONDS) == 0
        site.workers[number] = site.worker(number)


def test_a_rolling_upgrade_loses_no_request_no_booking_and_no_email(site: RollingSite) -> None:
    for number in range(ROUNDS):
        with visited(site) as visitors:
            site.site.sql(WIDER.format(number))
            restart_web_servers(site)
            restart_workers(site)
        print(f"\nbooked {dict(visitors.booked)}, read {dict(visitors.read)}")
        assert set(visitors.booked) == {201}
        assert set(visitors.read) == {200}
    assert site.count(BOOKED) == site.count(CONFIRMED)
    assert soon(lambda: not site.count(STILL_TO_GO), SECONDS), site.site.outputs()
    copies = site.smtp.copies()
    assert {copies[message_id] for (message_id,) in site.site.sql(SENT)} == {1}


def test_a_web_server_that_is_killed_instead_fails_somebody_and_still_books_all_or_nothing(
    site: RollingSite,
) -> None:
    """The control."""
    web = site.webs[0]
    with visited(site) as visitors:
        with site.site.writes_wait():
            assert site.has_in_hand(web), site.site.outputs()
            end(web.process)
        assert soon(lambda: visitors.booked[502], SECONDS)
        web.start()
    print(f"\nbooked {dict(visitors.booked)}, read {dict(visitors.read)}")
    assert set(visitors.booked) == {201, 502}
    assert set(visitors.read) == {200}  # pages are asked for again, of the other
    assert site.count(BOOKED) == site.count(CONFIRMED)


def test_a_migration_that_the_old_version_cannot_live_with_shows(site: RollingSite) -> None:
    """The control of the widened database: this one takes what the old version does not give."""
    site.site.sql("ALTER TABLE booking_appointment ADD COLUMN demanded text NOT NULL DEFAULT ''")
    site.site.sql("ALTER TABLE booking_appointment ALTER COLUMN demanded DROP DEFAULT")
    try:
        assert site.book() == 500
    finally:
        site.site.sql("ALTER TABLE booking_appointment DROP COLUMN demanded")
    assert site.book() == 201
