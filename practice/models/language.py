"""The language in which somebody is written down."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation

from practice.core.locales.readers import known_language


def language_of_this_page() -> str:
    """Return the language of the page on which somebody is written down for the first time."""
    return known_language(translation.get_language() or settings.LANGUAGE_CODE)
