"""The registry of what is measured at the moment that somebody asks: names, help, and how to read each.

No label is about a person. A measure reads an index or a window, never a whole table. The age of the last
backup is among the heartbeats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError

#: Values with the one label that tells them apart; "" where there is only one.
Reading = Iterable[tuple[str, float]]


@dataclass(frozen=True)
class Measure:
    """A measure: its name and help as Prometheus shows them, the name of its label, and how it is read."""

    name: str
    help: str
    read: Callable[[datetime], Reading]
    label: str = ""


_measures: dict[str, Measure] = {}


def register(measure: Measure) -> None:
    """Have it read with the others from now on."""
    _measures[measure.name] = measure


def readings(now: datetime) -> Iterator[tuple[Measure, list[tuple[str, float]]]]:
    """Yield each measure with its values; none of those that the database does not answer."""
    for measure in list(_measures.values()):
        try:
            yield measure, list(measure.read(now))
        except DatabaseError:
            continue
