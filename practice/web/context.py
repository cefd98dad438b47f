"""The template context of every page: the practice."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from practice import queries
from practice.in_language import practice_of_page


def practice(request: HttpRequest) -> dict[str, Any]:
    """Return `practice` for every template, read only when a page asks for it."""
    return {"practice": SimpleLazyObject(lambda: practice_of_page() or queries.the_practice())}
