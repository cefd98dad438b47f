"""Two workers with two letters to one client in their hands at the same moment."""

import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import connection

from portal.followups.engine.facts import Step
from portal.followups.queue import plan_letters
from portal.tests.followups.sample_rows import SESSION, Scenario, State, denver
from practice.mail.channels.lines import Lines
from practice.mail.delivery import deliver
from practice.models import Letter

pytestmark = [
    pytest.mark.engines,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite in memory has one writer, and nobody to wait for it"
    ),
]


def test_only_one_of_them_goes(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    scenario = Scenario()
    plan_letters(scenario.session, steps=[Step(1), Step(4)], now=SESSION)
    Letter.objects.update(due_at=denver(15), not_after=denver(15) + dt.timedelta(hours=12))
    letters, start = [deliver.claim_one(denver(15)) for _ in range(2)], threading.Barrier(2)

    def work(letter):
        start.wait()
        with Lines() as lines:
            deliver.check_and_send(letter, lines, denver(15))
        connection.close()

    threads = [threading.Thread(target=work, args=(letter,)) for letter in letters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.outbox) == 1
    assert Letter.objects.filter(state=State.SENT).count() == 1
