"""Words of the practitioner's pages.

{% load brief %}
{{ question|asks }}        Asks, at 7:40 of “Let the floor hold you”:
{{ question|pinned_to }}   “Let the floor hold you”, at 7:40
{{ words|shortened }}      the beginning, whole words, on one line
"""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from portal import brief_words
from portal.models import Question
from practice import text

register = template.Library()
register.filter("shortened", brief_words.shortened)


def _place(question: Question) -> str:
    return text.place_in_audio(question.at_ms / 1000) if question.at_ms is not None else ""


@register.filter
def asks(question: Question) -> str:
    """How the question begins in a list."""
    what = question.lesson or question.exercise
    if what is None:
        return _("Asks:")
    if place := _place(question):
        return _("Asks, at %(place)s of “%(title)s”:") % {"place": place, "title": what.title}
    return _("Asks about “%(title)s”:") % {"title": what.title}


@register.filter
def pinned_to(question: Question) -> str:
    """What it is about; nothing when it is about nothing in particular."""
    what = question.lesson or question.exercise
    if what is None:
        return ""
    if place := _place(question):
        return _("“%(title)s”, at %(place)s") % {"title": what.title, "place": place}
    return _("“%(title)s”") % {"title": what.title}
