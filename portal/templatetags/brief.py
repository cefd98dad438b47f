"""Template filters for the practitioner's pages.

{% load brief %}
{{ question|asks }}        Asks, at 7:40 of “Let the floor hold you”:
{{ question|pinned_to }}   “Let the floor hold you”, at 7:40
{{ question|pinned_url }}       where that is
{{ words|shortened }}      the beginning, whole words, on one line
"""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import wording
from portal.audio.position import at_place
from portal.models import Question
from practice.core import formatting

register = template.Library()
register.filter("shortened", wording.shortened)


def _place(question: Question) -> str:
    return formatting.place_in_audio(question.at_ms / 1000) if question.at_ms is not None else ""


@register.filter
def asks(question: Question) -> str:
    """Return how the question begins in a list."""
    what = question.lesson or question.exercise
    if what is None:
        return _("Asks:")
    if place := _place(question):
        return _("Asks, at %(place)s of “%(title)s”:") % {"place": place, "title": what.title}
    return _("Asks about “%(title)s”:") % {"title": what.title}


@register.filter
def pinned_to(question: Question) -> str:
    """Return what the question is about; "" for nothing in particular."""
    what = question.lesson or question.exercise
    if what is None:
        return ""
    if place := _place(question):
        return _("“%(title)s”, at %(place)s") % {"title": what.title, "place": place}
    return _("“%(title)s”") % {"title": what.title}


@register.filter
def pinned_url(question: Question) -> str:
    """Return the page the question is about, a lesson's at its place; "" when there is none."""
    if question.lesson:
        return at_place(reverse("portal_lesson", args=[question.lesson.slug]), question.at_ms)
    return reverse("portal_exercise", args=[question.exercise.slug]) if question.exercise else ""
