"""The filter for the wording that fits a lesson's posture.

{% load positions %}{{ lesson.position|wording_of }}
"""

from __future__ import annotations

from django import template

from portal.lessons import posture_wording

register = template.Library()


@register.filter
def wording_of(position: object) -> posture_wording.Wording:
    """Return the wording for a position; None (a lesson that is gone) reads as lying."""
    return posture_wording.wording_of(position if isinstance(position, str) else "")
