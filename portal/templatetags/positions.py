"""{% load positions %}{{ lesson.position|wording_of }}: the words that fit how a lesson is begun."""

from __future__ import annotations

from django import template

from portal import position_words

register = template.Library()


@register.filter
def wording_of(position: object) -> position_words.Wording:
    """None (a lesson that is gone) reads like any other."""
    return position_words.wording_of(str(position or ""))
