"""A cache for one action: what several of its emails ask the database is asked once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from booking import queries as booking_queries
from booking.models import Appointment
from booking.queries import KnownBefore

#: Within `cached_answers`: the answers so far, by appointment.
ANSWERS: ContextVar[dict[int, KnownBefore] | None] = ContextVar("what was asked already", default=None)


@contextmanager
def cached_answers() -> Iterator[None]:
    """Ask `known_before` once for each appointment within this context.

    For code that plans emails under one lock, and does not change the answer. A nested one shares the outer
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


def known_before(appointment: Appointment) -> KnownBefore:
    """Return `queries.known_before`, from the cache if there is one."""
    answers = ANSWERS.get()
    if answers is None:
        return booking_queries.known_before(appointment)
    if appointment.pk not in answers:
        answers[appointment.pk] = booking_queries.known_before(appointment)
    return answers[appointment.pk]


def is_first(appointment: Appointment) -> bool:
    """Return `queries.is_first`, from the cache if there is one."""
    return known_before(appointment).is_first
