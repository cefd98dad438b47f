"""A client brings a session back at the moment in which somebody books its time: two real processes.

Run by the tests beside it, on the migrated database of DATABASE_URL:

    python -m booking.tests.processes.restore_race --rounds 20 --control 2

Prints one line of JSON: what came of so many rounds, and of the control without guard and lock. Each round is
a day on which Ann has just cancelled her hour.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from booking.tests.processes.booking_race import (
    NOW,
    confirmations,
    set_up,
    start_of,
    stored_appointments,
    without_guard,
)


def give_up(day: int) -> None:
    """Ann's session of that day, cancelled just now; its letter has not left."""
    from booking.appointments.actions.cancel import cancel

    cancel(by_the_form("Ann Lee", "of-60", day), now=NOW)


def bring_back(day: int) -> None:
    """Ann changes her mind."""
    from booking.appointments.actions.restore import restore
    from booking.models import Appointment

    hers = Appointment.objects.get(attendee_name="Ann Lee", starts_at=start_of(day, 0))
    restore(hers, now=NOW)


def take(day: int) -> None:
    """Ben takes an hour and a half of which hers is a part."""
    by_the_form("Ben Hart", "of-90", day)


def by_the_form(name: str, slug: str, day: int) -> Any:
    """Book at the round's hour."""
    from booking.appointments.actions.book import Attendee, book
    from booking.models import SessionType
    from practice.models import Practitioner

    return book(
        SessionType.objects.get(slug=slug),
        practitioners=[Practitioner.objects.get(slug="tess")],
        start=start_of(day, 0),
        attendee=Attendee(name, f"{name.partition(' ')[0].lower()}@example.com"),
        consent=True,
        now=NOW,
    )


def person(act: Callable[[int], None], days: range, barrier: Any, answers: Any) -> None:
    """One process: meet, try, tell."""
    from booking.errors import BookingError

    for day in days:
        barrier.wait(60)
        try:
            act(day)
        except BookingError as error:
            answers.put((act.__name__, error.code))
        else:
            answers.put((act.__name__, "won"))
        barrier.wait(60)


def run(days: range) -> dict[str, Any]:
    """A round on each of these days; what each was told, and what stands in the database."""
    from django.db import connections

    from practice.models import Letter

    for day in days:
        give_up(day)
    Letter.objects.exclude(kind="cancelled").update(state="sent")  # the clients know of their sessions
    confirmed = confirmations()
    cancelled = Letter.objects.filter(kind="cancelled", state="planned")
    before = cancelled.count() - len(days)
    connections.close_all()  # a connection must not cross a fork
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(2), fork.SimpleQueue()
    both = [fork.Process(target=person, args=(act, days, barrier, answers)) for act in (bring_back, take)]
    for process in both:
        process.start()
    told = Counter(answers.get() for _ in range(2 * len(days)))
    for process in both:
        process.join()
    return {
        "told": {f"{who}: {word}": times for (who, word), times in sorted(told.items())},
        "still_to_say_cancelled": cancelled.count() - before,
        "confirmations": confirmations() - confirmed,
        **stored_appointments(days),
    }


def neither_writes_before_both_have_looked() -> None:
    """The control: no lock, no guard, and each has found the time free before the other takes it."""
    from booking.appointments.actions import book as booking
    from booking.appointments.actions import restore as restoring

    without_guard()
    looked = multiprocessing.get_context("fork").Barrier(2)

    def and_waits(judge: Callable[..., Any]) -> Callable[..., Any]:
        def judge_and_wait(*args: Any, **options: Any) -> Any:
            found = judge(*args, **options)
            if multiprocessing.parent_process():
                looked.wait(60)
            return found

        return judge_and_wait

    booking.choose_practitioner = and_waits(booking.choose_practitioner)
    restoring.must_be_free = and_waits(restoring.must_be_free)


def main() -> None:
    """Make the cast, run, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--control", type=int, default=2)
    asked = parser.parse_args()
    set_up()
    numbers = {"rounds": run(range(asked.rounds))}
    neither_writes_before_both_have_looked()
    numbers["control"] = run(range(asked.rounds, asked.rounds + asked.control))
    sys.stdout.write(json.dumps(numbers) + "\n")


if __name__ == "__main__":
    main()
