"""{% load positions %}{{ lesson.position|wording_of }}: the words that fit how a lesson is begun."""

from __future__ import annotations

from django import template

from portal.lessons import posture_wording

register = template.Library()


@register.filter
def wording_of(position: object) -> posture_wording.Wording:
    """None (a lesson that is gone) reads like any other."""
    return posture_wording.wording_of(str(position or ""))
