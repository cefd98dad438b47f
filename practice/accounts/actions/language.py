"""Keep the language somebody chose for our pages and emails."""

from __future__ import annotations

from practice.core.locales.readers import CODES
from practice.models import User


class UnknownLanguage(ValueError):
    """Raised for a language in which there are no texts."""


def choose_language(user: User, language: str) -> None:
    """Keep the language on the account. Raises UnknownLanguage."""
    if language not in CODES:
        raise UnknownLanguage(language)
    user.language = language
    user.save(update_fields=["language"])
