"""Each named set of appointments over all states, before, during and after the session; rows say the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from booking.models import Appointment, AppointmentQuerySet, SessionType
from booking.models.appointment_states import AppointmentSets
from booking.testing import make_appointment
from booking.tests.people import NOW, TEN, minutes
from practice.models import Practitioner

State = Appointment.State
#: `now` just before the session begins, at its first second, and at its end: it is over then.
TIMES = {"before": TEN - timedelta(seconds=1), "during": TEN, "after": TEN + minutes(60)}
ALWAYS = "before during after"

# By set: the states in it, and when. The hold of the table runs out when the session would begin.
SETS: dict[str, dict[str, str]] = {
    # The hard ones: a booked session has begun, and it is not known yet whether the client came.
    "attended": {"booked": "during after", "completed": ALWAYS},
    "took_place": {"booked": "after", "completed": ALWAYS},
    "upcoming": {"booked": "before", "pending": "before"},
    "not_ended": {"booked": "before during", "pending": "before during"},
    "ended": {
        "no_show": ALWAYS,
        "completed": ALWAYS,
        "cancelled": ALWAYS,
        **dict.fromkeys(("booked", "pending", "held", "released"), "after"),
    },
    # The rows of the table take up no time by themselves: what is decided keeps its time all the same.
    "occupying": dict.fromkeys(("completed", "no_show"), ALWAYS),
    "open_holds": {"held": "before"},
    "expired_holds": {"held": "during after"},
    "holds": dict.fromkeys(("held", "released"), ALWAYS),
    "without_holds": dict.fromkeys(("pending", "booked", "completed", "no_show", "cancelled"), ALWAYS),
    "expected": dict.fromkeys(("booked", "pending"), ALWAYS),
    "attended_or_expected": dict.fromkeys(("booked", "pending", "completed"), ALWAYS),
    "undecided": dict.fromkeys(("held", "booked", "pending"), ALWAYS),
    "on_calendar": dict.fromkeys(("booked", "pending", "completed", "no_show"), ALWAYS),
}
TIMED = {
    "attended",
    "took_place",
    "upcoming",
    "not_ended",
    "ended",
    "occupying",
    "open_holds",
    "expired_holds",
}
#: What a row can be asked: the predicate of each set that has one.
PREDICATES = {
    "is_hold": "holds",
    "is_expired_hold": "expired_holds",
    "is_expected": "expected",
    "is_upcoming": "upcoming",
    "is_not_ended": "not_ended",
    "is_undecided": "undecided",
}


@pytest.fixture
def rows(session: SessionType, tess: Practitioner) -> dict[str, Appointment]:
    """One appointment in each state, at the same hour: none takes up its time."""
    return {
        state: make_appointment(
            session_type=session,
            practitioner=tess,
            start=TEN,
            client=None,
            state=state,
            occupies=False,
            hold_expires_at=TEN if state == State.HELD else None,
        )
        for state in State.values
    }


def asked(of: Any, name: str, now: datetime) -> Any:
    """Ask the set or the predicate; only some depend on the time."""
    found = getattr(of, name)
    return (found(now) if PREDICATES.get(name, name) in TIMED else found()) if callable(found) else found


def test_each_set_has_the_states_and_times_of_its_line(rows: dict[str, Appointment]) -> None:
    for (name, states), (when, now) in product(SETS.items(), TIMES.items()):
        found = set(asked(Appointment.objects, name, now).values_list("state", flat=True))
        assert found == {state for state, times in states.items() if when in times.split()}, (name, when)


def test_a_row_says_of_itself_what_the_query_finds(rows: dict[str, Appointment]) -> None:
    for (name, of_set), (when, now) in product(PREDICATES.items(), TIMES.items()):
        found = {state for state, row in rows.items() if asked(row, name, now)}
        assert found == {state for state, times in SETS[of_set].items() if when in times.split()}, name
    assert {state for state, row in rows.items() if row.is_decided} == {"completed", "no_show"}


def test_only_a_hold_that_ran_out_takes_no_time_though_its_row_says_so(
    session: SessionType, tess: Practitioner
) -> None:
    ahead = make_appointment(
        session_type=session,
        practitioner=tess,
        start=TEN,
        client=None,
        state=State.HELD,
        hold_expires_at=NOW,
    )
    assert not Appointment.objects.occupying(NOW).exists()
    Appointment.objects.filter(pk=ahead.pk).update(hold_expires_at=NOW + minutes(1))
    assert Appointment.objects.occupying(NOW).get() == ahead


def test_the_table_has_a_line_for_every_set() -> None:
    assert {name for name in vars(AppointmentSets) if not name.startswith("_")} == set(SETS)


def test_the_sets_leave_encrypted_fields_unread(rows: dict[str, Appointment]) -> None:
    found: AppointmentQuerySet = Appointment.objects.expected().upcoming(NOW)
    assert all(one.get_deferred_fields() == {"override_note", "address"} for one in found)
