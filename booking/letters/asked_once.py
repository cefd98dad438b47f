"""A cache for one action: what several of its emails ask the database is asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from booking import queries as booking_queries
from booking.models import Appointment
from booking.packages import queries as packages_queries

#: Within `asked_once`: the answers so far, by question and appointment.
ANSWERS: ContextVar[dict[tuple[str, int], bool] | None] = ContextVar("what was asked already", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Ask `is_first` and `is_covered` once for each appointment within this context.

    For code that writes emails under one lock, and changes neither answer. A nested one shares the outer
    cache.
    """
    if ANSWERS.get() is not None:
        yield
        return
    token = ANSWERS.set({})
    try:
        yield
    finally:
        ANSWERS.reset(token)


def is_first(appointment: Appointment) -> bool:
    """Return `queries.is_first`, from the cache if there is one."""
    return _answer("first", appointment, booking_queries.is_first)


def is_covered(appointment: Appointment) -> bool:
    """Return `packages.is_covered`, from the cache if there is one."""
    return _answer("covered", appointment, packages_queries.is_covered)


def _answer(question: str, appointment: Appointment, ask: Callable[[Appointment], bool]) -> bool:
    answers = ANSWERS.get()
    if answers is None:
        return ask(appointment)
    key = (question, appointment.pk)
    if key not in answers:
        answers[key] = ask(appointment)
    return answers[key]
