"""`manage.py rehearse`: what a client would get, from their rows; nothing is changed."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from portal.followups.engine.behavior import NOTHING_CHANGES
from portal.followups.preview import previews
from portal.followups.rehearsal_preview import LineKind, rehearse_client
from portal.models import FollowUp, FollowUpPlan
from portal.tests.followups.sample_rows import SESSION, denver, planned, scenario, send_until
from practice.models import Letter
from practice.testing import make_user

__all__ = ["planned", "scenario"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(SESSION, tick=False) as travelled:
        yield travelled


def rehearse(*options: str, who: str = "Ann Lee") -> list[str]:
    """The lines of the table, each with single blanks."""
    out = StringIO()
    call_command("rehearse", who, *options, stdout=out)
    return [" ".join(line.split()) for line in out.getvalue().splitlines() if line.strip()]


def test_what_someone_gets_in_six_weeks_practicing_on_mondays(planned) -> None:
    lines = rehearse("--practices", "mon", "--at", "08:00")
    assert lines[0] == (
        "Ann Lee, until Monday, February 22. The emails that wait now. "
        "Times are by their clock (America/Denver)."
    )
    assert lines[1:5] == [
        "Tuesday, January 12 at 9:00 AM sent (assigned-a) The day after the session, per the plan. "
        "They have not started yet.",
        "Friday, January 15 at 9:00 AM sent (assigned-b) 4 days after the session, per the plan. "
        "They have not started yet.",
        "Monday, January 18 at 8:00 AM They practice.",
        "Friday, January 22 at 9:00 AM sent (finished-a) 11 days after the session, per the plan. "
        "They have finished it; the email asks what is different next time.",
    ]
    assert sum(" sent " in line for line in lines) == 7


def test_more_pain_after_practicing_every_third_day_ends_the_emails(planned) -> None:
    lines = rehearse("--every", "3", "--at", "08:00", "--worse-on", "9")
    pain = lines.index("Wednesday, January 20 at 8:00 AM They practice, and report more pain.")
    after = [line for line in lines[pain:] if "They practice" not in line]
    assert after
    assert all("until you have reviewed it" in line for line in after)


def test_the_emails_that_wait_read_the_same_on_the_clients_page(scenario, planned) -> None:
    found = rehearse_client(scenario.ann, NOTHING_CHANGES, weeks=6, now=SESSION)
    shown = previews(scenario.ann, now=SESSION)
    sent = [found.words_of(line.place) for line in found.lines() if line.kind is LineKind.SENT]
    assert sent == [one.words for one in shown if not one.held_back]
    assert [line.words for line in found.lines() if line.kind is LineKind.NOT_SENT] == [
        one.held_back for one in shown if one.held_back
    ]


def test_it_changes_no_row(planned) -> None:
    before = [list(model.objects.order_by("pk").values()) for model in (Letter, FollowUp)]
    rehearse("--practices", "mon,thu", "--replies", "--pause", "2")
    assert [list(model.objects.order_by("pk").values()) for model in (Letter, FollowUp)] == before


def test_it_begins_with_what_was_sent_so_far(planned, clock) -> None:
    later = denver(12)
    send_until(later)
    clock.move_to(later)
    assert "(assigned-b)" in rehearse()[1]


def test_who_has_nothing_waiting_is_rehearsed_as_after_a_session_that_ends_now(scenario) -> None:
    lines = rehearse("--weeks", "1")
    assert "As if a session had ended now, with the standard plan." in lines[0]
    assert len(lines) == 3


def test_another_plan_is_tried_as_after_a_session_that_ends_now(planned) -> None:
    plan = FollowUpPlan.objects.create(name="Once")
    plan.steps.create(days=7, at=dt.time(17))
    lines = rehearse("--plan", "Once")
    assert "As if a session had ended now, with “Once”." in lines[0]
    assert [line[:32] for line in lines[1:]] == ["Monday, January 18 at 5:00 PM sen"[:32]]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("nobody@example.org",), "No client has that email address or number."),
        (("Nobody",), "No client has that email address, name or number."),
        (("Ben Ito",), "Several people have that name. Use a number instead: "),
        (("zoe@example.org",), "There has been no session yet, so no emails follow one."),
        (("Ann Lee", "--plan", "Weekly"), "No follow-up plan has this name. There are: none;"),
        (("Ann Lee", "--practices", "monday,feb"), "use mon, tue, wed, thu, fri, sat, sun"),
        (("Ann Lee", "--at", "8 PM"), "use 24 hours, like 08:00 or 18:30"),
        (("Ann Lee", "--weeks", "0"), "use a number from 1 to 12"),
        (("Ann Lee", "--every", "0"), "use a number of days from 1 to 84"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_with_a_sentence(scenario, options, said) -> None:
    make_user("Zoe Park", email="zoe@example.org")
    make_user("Ben Ito", email="ben@example.org")
    make_user("Ben Ito", email="ben.two@example.org")
    with pytest.raises(CommandError, match=said[:30]) as refusal:
        call_command("rehearse", *options)
    assert said in str(refusal.value)


def test_a_name_is_enough_where_only_one_has_it(scenario) -> None:
    assert rehearse("--weeks", "1", who="ann lee")[0].startswith("Ann Lee, until")
