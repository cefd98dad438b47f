"""The texts of emails as they are now: the owner's, where there is one, and its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from practice.email_texts.placeholders import fill, paragraphs, words_in
from practice.email_texts.registry import EditableEmail, email_for
from practice.mail.composing.render import OwnWords
from practice.models import EmailText, Practice
from practice.queries import the_practice


@dataclass(frozen=True)
class Text:
    """The text of an email with its words in double braces."""

    subject: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> frozenset[str]:
        """Return the words in it."""
        return frozenset().union(*map(words_in, (self.subject, *self.parts.values())))


def language_of(code: str) -> str:
    """Return the language of a code like "en-us", as the texts are kept: "en"."""
    return (code or settings.LANGUAGE_CODE).partition("-")[0].lower()


def languages() -> dict[str, str]:
    """Return the names of the languages that emails are written in, by code."""
    return {language_of(code): str(name) for code, name in settings.LANGUAGES}


def versions_of(email: EditableEmail, language: str) -> QuerySet[EmailText]:
    """Return all versions of a text, the newest first."""
    found = EmailText.objects.filter(email=email.key, language=language)
    return found.select_related("by").order_by("-version")


def latest_of(email: EditableEmail, language: str) -> EmailText | None:
    """Return the newest version of a text, or None if it was never changed."""
    return versions_of(email, language).first()


def own_text_of(email: EditableEmail, language: str) -> Text | None:
    """Return what the owner has changed in the text that is used now; None where nothing."""
    latest = latest_of(email, language)
    return Text(latest.subject, latest.parts) if latest and latest.is_own else None


def changed_texts() -> set[tuple[str, str]]:
    """Return the key and the language of every text that is the owner's now. One query."""
    return set(_own_texts())


def _own_texts() -> dict[tuple[str, str], EmailText]:
    """Return every text that is the owner's now, by its email and language."""
    newest = {(one.email, one.language): one for one in EmailText.objects.order_by("version")}
    return {key: one for key, one in newest.items() if one.is_own}


def _own_texts_read_once(practice: Practice) -> dict[tuple[str, str], EmailText]:
    """Return the same, read once for as long as the practice is: a booking plans half a dozen emails."""
    if not practice.has_own_texts:
        return {}
    if (found := vars(practice).get("own_email_texts")) is None:
        found = vars(practice)["own_email_texts"] = _own_texts()
    return dict(found)


def with_values(email: EditableEmail, text: Text, context: Mapping[str, Any]) -> OwnWords | None:
    """Return the text for one reader; None if it has a word for which this email has no value."""
    values = {name: value for name, value in email.values(context).items() if value}
    if not text.words <= values.keys():
        return None
    parts = {name: paragraphs(part, values) for name, part in text.parts.items()}
    return OwnWords(fill(text.subject, values), parts)


def find_own_words(kind: str, context: Mapping[str, Any], language: str) -> OwnWords | None:
    """Return the owner's words for an email that is written now, in its reader's language; or None."""
    email, own = email_for(kind, context), _own_texts_read_once(the_practice())
    saved = own.get((email.key, language_of(language))) if email else None
    return with_values(email, Text(saved.subject, saved.parts), context) if email and saved else None
