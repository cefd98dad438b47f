"""Template tag for the way from an original to its texts in the other language.

{% load other_language %}{% other_language "services" service %}
"""

from __future__ import annotations

from typing import Any

from django import template

from practice.other_language.queries import translatable, writes_in
from practice.other_language.registry import kind_named
from practice.other_language.wording import LINKS
from practice.queries import the_practice

register = template.Library()


@register.inclusion_tag("includes/other_language.html")
def other_language(key: str, thing: Any) -> dict[str, Any]:
    """Return the link, with what is missing; nothing for a practice that writes in one language."""
    practice, kind = the_practice(), kind_named(key)
    if not practice.translations or kind is None or not thing.pk:
        return {"found": None}
    language = writes_in(practice)
    found = translatable(kind, thing, language)
    return {"found": found if found.texts else None, "words": LINKS[language]}
