"""The timeline of a client says which emails went and why they had their text, and which did not and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from portal.followups.actions import hold_back
from portal.models import FollowUp
from portal.tests.followups.sample_rows import send_until
from portal.tests.practice_day import NOW, Scenario, denver
from portal.tests.workspace.planned_emails import scenario
from practice.models import Letter
from practice.testing import at_work

__all__ = ["scenario"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def four_due(scenario: Scenario, settings: Any) -> Scenario:
    """Three emails went without an answer, so the fourth did not."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for due in Letter.objects.order_by("due_at").values_list("due_at", flat=True)[:4]:
        with time_machine.travel(due, tick=False):
            send_until(due)
    return scenario


def timeline(scenario: Scenario) -> list[tuple[str, str]]:
    """Each email on Ann's timeline, the newest first: its kind, and why."""
    with time_machine.travel(NOW + dt.timedelta(days=20), tick=False):
        found = at_work(scenario.jonah.user).get(f"/workspace/clients/{scenario.ann.pk}/")
    rows = [(item.kind.name, one) for item, one in found.context["timeline"] if "email" in item.kind.name]
    return [(name, one.why if name == "email" else one.reason) for name, one in rows]


def test_what_was_sent_and_what_was_not_stand_there_with_their_reasons(four_due: Scenario) -> None:
    assert timeline(four_due) == [
        (
            "email_not_sent",
            "3 emails since Monday, March 8 at 2:00 PM without practice or a reply, so we stop here. "
            "Perhaps call them?",
        ),
        ("email", "11 days after the session, per the plan. They have not started yet."),
        ("email", "4 days after the session, per the plan. They have not started yet."),
        ("email", "The day after the session, per the plan. They have not started yet."),
    ]


def test_what_held_an_email_back_is_still_said_when_it_has_been_sent(
    scenario: Scenario, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    scenario.heard(scenario.ann, "2027-03-10 20:00", minutes=0)
    for when in ("2027-03-12 09:00", "2027-03-14 09:00"):
        with time_machine.travel(denver(when), tick=False):
            send_until(denver(when))
    _, why = timeline(scenario)[0]
    assert why == (
        "4 days after the session, per the plan. They practiced on Wednesday, March 10 at 8:00 PM; it waits "
        "until Sunday, March 14 at 9:00 AM. They have started but not finished yet."
    )


def test_what_was_held_back_by_hand_is_said_too(scenario: Scenario, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    first = FollowUp.objects.get(place=0)
    hold_back(first, by=scenario.jonah.user)
    due = Letter.objects.get(follow_up=first).due_at
    Letter.objects.exclude(follow_up=first).update(state="cancelled", due_at=NOW + dt.timedelta(days=60))
    with time_machine.travel(due, tick=False):
        send_until(due)
    assert timeline(scenario) == [
        (
            "email",
            "The day after the session, per the plan. Jonah held it back for a week. "
            "They have not started yet.",
        )
    ]


def test_what_was_called_off_ahead_stands_there_only_when_its_time_has_come(four_due: Scenario) -> None:
    Letter.objects.filter(state="planned").update(state="cancelled")
    assert len(timeline(four_due)) == 4


def test_an_email_of_another_kind_has_no_reason(four_due: Scenario) -> None:
    FollowUp.objects.all().delete()
    assert [why for kind, why in timeline(four_due) if kind == "email"] == [""] * 3


def test_the_reasons_cost_no_query_for_each_email(four_due: Scenario, django_assert_max_num_queries) -> None:
    browser, at = at_work(four_due.jonah.user), f"/workspace/clients/{four_due.ann.pk}/"
    counts = []
    for sent in (1, 3):
        Letter.objects.filter(sent_at__isnull=False).update(sent_at=None)
        Letter.objects.filter(pk__in=Letter.objects.order_by("due_at")[:sent].values("pk")).update(
            sent_at=NOW
        )
        browser.get(at)
        with django_assert_max_num_queries(100) as found:
            browser.get(at)
        counts.append(len(found))
    assert counts[0] == counts[1]
