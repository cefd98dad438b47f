"""Whether an exercise needs care for one client, by what they told us beforehand. Nothing is read here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from practice.core.body import region_of


class Why(StrEnum):
    """Why it needs care; the first that applies is said."""

    SIGN = "sign"  # a warning sign that no one here has looked at
    ROSE = "rose"  # more pain after practicing it, or something for the same region
    PLACE = "place"  # they marked a place that this exercise needs care with


@dataclass(frozen=True)
class Hurt:
    """A time when practicing hurt more: which exercise it was, if one, and the regions it was for."""

    exercise: str
    regions: frozenset[str]


@dataclass(frozen=True)
class ClientReport:
    """What a client told us. `parts`: marked on the body map, in its order."""

    parts: tuple[str, ...] = ()
    has_sign: bool = False
    hurts: tuple[Hurt, ...] = ()


@dataclass(frozen=True)
class Heed:
    """What to take care of. `parts` of the body map that meet the exercise; empty but for a place."""

    why: Why
    parts: tuple[str, ...] = ()


def heed(slug: str, care_regions: Collection[str], told: ClientReport) -> Heed | None:
    """Return why this exercise needs care for this client, or None."""
    if told.has_sign:
        return Heed(Why.SIGN)
    if any(one.exercise == slug or one.regions & set(care_regions) for one in told.hurts):
        return Heed(Why.ROSE)
    met = tuple(part for part in told.parts if _region(part) in care_regions)
    return Heed(Why.PLACE, met) if met else None


def _region(part: str) -> str:
    region = region_of(part)
    return region.slug if region else ""
