"""Reads that the pages of the practice share."""

from __future__ import annotations

from practice.models import Practice


def the_practice() -> Practice:
    """The one row about the business; an unsaved one with defaults before the set-up."""
    return Practice.objects.filter(pk=1).first() or Practice(name="Myopractic Portal")
