"""A cache for one action: what several of its emails ask the database is asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from booking import queries as booking_queries
from booking.models import Appointment
from booking.policy import settlement

Answer = TypeVar("Answer")
#: Within `cached_answers`: the answers so far, by question and appointment.
ANSWERS: ContextVar[dict[tuple[str, int], Any] | None] = ContextVar("what was asked already", default=None)


@contextmanager
def cached_answers() -> Iterator[None]:
    """Ask `known_before` and `settlement_of` once for each appointment within this context.

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


def known_before(appointment: Appointment) -> booking_queries.KnownBefore:
    """Return `queries.known_before`, from the cache if there is one."""
    return _answer("before", appointment, booking_queries.known_before)


def is_first(appointment: Appointment) -> bool:
    """Return `queries.is_first`, from the cache if there is one."""
    return known_before(appointment).is_first


def settlement_of(appointment: Appointment) -> settlement.Settlement:
    """Return `settlement.settlement_of`, from the cache if there is one."""
    return _answer("settlement", appointment, settlement.settlement_of)


def _answer(question: str, appointment: Appointment, ask: Callable[[Appointment], Answer]) -> Answer:
    answers = ANSWERS.get()
    if answers is None:
        return ask(appointment)
    key = (question, appointment.pk)
    if key not in answers:
        answers[key] = ask(appointment)
    found: Answer = answers[key]
    return found
