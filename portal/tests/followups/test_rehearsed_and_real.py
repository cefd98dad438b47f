"""The rehearsal and the real queue agree: the clock goes through the same weeks, event by event."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from booking.models import Appointment
from portal.followups.engine.behavior import Act, Behavior
from portal.followups.engine.rehearsal import Acted, Judged
from portal.followups.rehearsal_preview import rehearse_client
from portal.models import FollowUp, Question
from portal.tests.followups.sample_rows import SESSION, denver, planned, scenario, send_until
from practice.models import Letter

__all__ = ["planned", "scenario"]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.engines("portal.followups.send_check", "practice.mail.delivery.deliver"),
]
WEEKS = 7
BEHAVIORS = {
    "nothing": Behavior(),
    "mondays": Behavior(weekdays=frozenset({0}), at=dt.time(8)),
    "every fourth day": Behavior(every=4, at=dt.time(8, 40)),
    "writes back": Behavior(replies=True),
    "pauses": Behavior(pause=dt.timedelta(weeks=2)),
    "worse on the ninth day": Behavior(every=3, at=dt.time(20), worse_on=9),
}


def in_reality(scenario, acts: list[Acted]) -> list[tuple]:
    """What becomes of each email when the client does these things and the worker is always on time."""
    found, coming = [], sorted(acts, key=lambda one: one.at)
    while True:
        due = (
            Letter.objects.filter(state="planned").order_by("due_at").values_list("due_at", flat=True).first()
        )
        if coming and (due is None or coming[0].at <= due):
            done = coming.pop(0)
            if done.act is Act.PAUSED:
                scenario.page(paused_until=done.at + BEHAVIORS["pauses"].pause)
            elif done.act is Act.REPLIED:
                Question.objects.create(client=scenario.ann, text="And now?", asked_at=done.at)
            elif done.act is not Act.SESSION_OVER:
                worse = {"needs_human": "pain_rose"} if done.act is Act.WORSE else {}
                scenario.practise(done.at, **worse)
        elif due is not None:
            before = states()
            with time_machine.travel(due, tick=False):
                send_until(due)
            found += [(due, *now) for place, now in states().items() if now != before[place]]
        else:
            return found


def states() -> dict[int, tuple]:
    """Place in the plan → its state, text, reason and, where it waits, its due time."""
    return {
        one.place: (
            one.place,
            str(one.letter.state),
            one.variant,
            one.letter.why[-1]["code"] if one.letter.why else "",
            one.letter.due_at if one.letter.state == "planned" else None,
        )
        for one in FollowUp.objects.exclude(letter=None).select_related("letter").order_by("letter__due_at")
    }


def as_rows(event: Judged) -> tuple:
    """The same as `states` says, of an event of the rehearsal."""
    if hasattr(event.verdict, "variant"):
        return event.at, event.step, "sent", event.verdict.variant, "", None
    state = "planned" if event.verdict.due_at else str(event.verdict.outcome)
    code = f"follow_up:{event.verdict.reason.code}"
    return event.at, event.step, state, "", code, event.verdict.due_at


@pytest.mark.parametrize("name", BEHAVIORS)
@pytest.mark.parametrize("with_session", [False, True], ids=["", "a session on January 29"])
def test_the_rehearsal_is_what_happens(scenario, planned, name: str, with_session: bool) -> None:
    if with_session:
        scenario.meet(scenario.ann, denver(29, 14), state=Appointment.State.BOOKED)
    with time_machine.travel(SESSION, tick=False):
        rehearsed = rehearse_client(scenario.ann, BEHAVIORS[name], weeks=WEEKS, now=SESSION)
    acts = [one for one in rehearsed.events if isinstance(one, Acted)]
    judged = [one for one in rehearsed.events if isinstance(one, Judged)]
    assert [as_rows(one) for one in judged] == in_reality(scenario, acts)
    assert judged


def test_they_would_differ_if_the_client_did_something_else(scenario, planned) -> None:
    """A control: the comparison is not blind."""
    rehearsed = rehearse_client(scenario.ann, BEHAVIORS["nothing"], weeks=WEEKS, now=SESSION)
    acts = [Acted(denver(13), Act.PRACTICED)]
    judged = [as_rows(one) for one in rehearsed.events if isinstance(one, Judged)]
    assert judged != in_reality(scenario, acts)
