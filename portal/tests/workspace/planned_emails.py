"""Ann was with Jonah yesterday, and her follow-up emails are planned; for tests of the workspace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from booking.models import Appointment
from portal.followups.queue import plan_letters
from portal.models import ClientProfile
from portal.testing import assign
from portal.tests.practice_day import NOW, Scenario, make_scenario
from practice.consents.actions.letter_preferences import agree_to_letters


@pytest.fixture
def scenario(db: None) -> Iterator[Scenario]:
    """Ann was with Jonah yesterday; her emails are planned, and her own plan is written down."""
    with time_machine.travel(NOW, tick=False):
        scenario = make_scenario()
        Appointment.objects.filter(client=scenario.ann).delete()  # the one of today
        session = scenario.came(scenario.ann, "2027-03-08 13:00")
        assign(scenario.floor, scenario.ann, by=scenario.jonah)
        agree_to_letters(scenario.ann, now=NOW)
        ClientProfile.objects.keep(scenario.ann, plan="After breakfast, on the rug")
        plan_letters(session, now=session.ends_at)
        yield scenario
