"""The shipped text of an email with its words in double braces, as the editor begins with it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template import engines
from django.utils import translation

from practice.core.plain_text import plain_line
from practice.email_texts.placeholders import tidy
from practice.email_texts.queries import Text
from practice.email_texts.registry import EditableEmail
from practice.queries import the_practice


def shipped_text(email: EditableEmail, language: str) -> Text:
    """Return what the templates say in this language, with each word where its value would be."""
    with translation.override(language):
        context: dict[str, Any] = {
            "practice": the_practice(),
            "site_url": settings.SITE_URL,
            "language": language,
            "shipped_parts": {},
            **email.sample({word.name: word.typed for word in email.words}),
        }
        engine = engines["text"]
        subject = engine.get_template(f"emails/{email.kind}_subject.txt").render(context)
        engine.get_template(f"emails/{email.kind}.txt").render(context)
    found = context["shipped_parts"]
    parts = {part.name: tidy(found.get(part.name, "")) for part in email.parts}
    return Text(plain_line(subject) if email.has_subject else "", parts)


def completed(text: Text | None, shipped: Text) -> Text:
    """Return the owner's text with the shipped one where it says nothing."""
    if text is None:
        return shipped
    return Text(text.subject or shipped.subject, {**shipped.parts, **text.parts})


def differing(text: Text, shipped: Text) -> Text:
    """Return only what differs from the shipped text: the rest follows new versions of the software."""
    parts = {name: part for name, part in text.parts.items() if part != shipped.parts.get(name, "")}
    return Text("" if text.subject == shipped.subject else text.subject, parts)
