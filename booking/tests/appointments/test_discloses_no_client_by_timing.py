"""Nobody finds out who is a client by a watch: booking with a known and an unknown address, side by side.

Distributions are compared, not one number: a watch that is held often enough sees any part of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.db import transaction

from booking.models import Intake
from booking.testing import make_appointment, make_session_type
from booking.tests.people import NOW, TEN, make_denver, make_tess
from booking.tests.web_client import Api
from practice.testing import make_user
from practice.tests.sampling import proof_only
from practice.tests.security.timing import Timed, is_distinguishable

pytestmark = [proof_only, pytest.mark.django_db, pytest.mark.engines]
PAIRS = 400


@pytest.fixture
def world(settings: object) -> None:
    settings.RATE_LIMITS = False  # type: ignore[attr-defined]
    make_denver()
    tess = make_tess()
    kind = make_session_type(tess, preparation="Wear something warm.")
    ann = make_user("Ann Lee")
    for days in (20, 10):
        start = NOW - dt.timedelta(days=days)
        made = {"session_type": kind, "practitioner": tess, "start": start, "client": ann}
        make_appointment(**made, state="completed")
    Intake.objects.create(client=ann, handed_in_at=NOW - dt.timedelta(days=20))


def test_a_watch_does_not_tell_a_known_address_from_an_unknown_one(world: None) -> None:
    api = Api()

    def books(email: str) -> Callable[[], None]:
        def do() -> None:
            with transaction.atomic():
                assert api.book(TEN, email=email).status_code == 201
                transaction.set_rollback(True)

        return do

    with time_machine.travel(NOW, tick=False):
        timed = Timed(books("ann@example.com"), books("new@example.com"))
        timed.run(PAIRS)
    print(timed)
    assert is_distinguishable(timed.first, timed.second) == []
