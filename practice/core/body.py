"""Body regions: one vocabulary for intake, notes, exercises, lessons and articles.

The order is the order of work: first the foundation (pelvis, sacrum, the joints between them), then the
low back, then everything that pulls on it.
"""

from dataclasses import dataclass
from enum import StrEnum


def gettext_noop(sentence: str) -> str:
    """Mark a label for translation; it is translated where it is shown."""
    return sentence


class Stage(StrEnum):
    """A stage of the order of work, which is also a part of the session note."""

    FOUNDATION = "foundation"
    LOW_BACK = "low-back"
    WHOLE_BODY = "whole-body"


@dataclass(frozen=True)
class Region:
    """A body region. `slug` is stored; `label` is English and marked for translation.

    `parts` name its parts of the body map.
    """

    slug: str
    label: str
    stage: Stage
    parts: tuple[str, ...]


REGIONS: tuple[Region, ...] = (
    Region("pelvis-sacrum", gettext_noop("Pelvis and sacrum"), Stage.FOUNDATION, ("pelvis",)),
    Region("low-back", gettext_noop("Low back"), Stage.LOW_BACK, ("low-back",)),
    Region("hips", gettext_noop("Hips"), Stage.WHOLE_BODY, ("hip-left", "hip-right")),
    Region("knees", gettext_noop("Knees"), Stage.WHOLE_BODY, ("knee-left", "knee-right")),
    Region("ankles-feet", gettext_noop("Ankles and feet"), Stage.WHOLE_BODY, ("foot-left", "foot-right")),
    Region("ribs", gettext_noop("Ribs"), Stage.WHOLE_BODY, ("ribs-left", "ribs-right")),
    Region("shoulders", gettext_noop("Shoulders"), Stage.WHOLE_BODY, ("shoulder-left", "shoulder-right")),
    Region("neck", gettext_noop("Neck"), Stage.WHOLE_BODY, ("neck",)),
)

BY_SLUG = {region.slug: region for region in REGIONS}
_BY_PART = {part: region for region in REGIONS for part in region.parts}


def region_of(part: str) -> Region | None:
    """Return the region of a part of the body map; None for head, belly, arms, thighs and shins."""
    return _BY_PART.get(part)


def in_order(slugs: list[str] | tuple[str, ...] | set[str] | frozenset[str]) -> list[Region]:
    """Return the regions of these slugs in the order of work, each once. Raises KeyError for others."""
    wanted = {BY_SLUG[slug].slug for slug in slugs}
    return [region for region in REGIONS if region.slug in wanted]
