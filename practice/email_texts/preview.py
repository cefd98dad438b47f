"""An email as its reader would see it with a text that may not be saved yet. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from practice.email_texts.queries import Text, with_values
from practice.email_texts.registry import EditableEmail
from practice.email_texts.shipped import completed, shipped_text
from practice.mail.composing.keyless import mask_links
from practice.mail.composing.render import OwnWords, Rendered, render
from practice.models import User
from practice.queries import the_practice
from practice.shipped_texts import reading_in

DARK = "@media (prefers-color-scheme: dark)"
BOTH_SCHEMES = "light dark"


def context_for(email: EditableEmail, client: User | None, *, now: datetime) -> dict[str, Any]:
    """Return the context of an example, or of what there is for this client; the rest is invented."""
    values = {**email.examples(now)}
    if client is not None and client.first_name:
        values["first_name"] = client.first_name
    found = email.of_client(client, now) if client else {}
    return {"practice": the_practice(), **email.sample(values), **found}


def preview(
    email: EditableEmail, text: Text, *, language: str, client: User | None, now: datetime
) -> Rendered:
    """Return the email with this text, with its keys masked. `client`: None for an invented one."""
    with reading_in(language):
        context = context_for(email, client, now=now)
    own = own_words(email, text, context, language=language)
    return mask_links(render(email.kind, context, language=language, own_words=own))


def own_words(email: EditableEmail, text: Text, context: Mapping[str, Any], *, language: str) -> OwnWords:
    """Return the words of this text; the shipped ones where one of its words has no value."""
    shipped = shipped_text(email, language)
    found = with_values(email, completed(text, shipped), context)
    return found or with_values(email, shipped, context) or OwnWords()


def in_theme(html: str, *, dark: bool) -> str:
    """Return the HTML as it looks where light, or dark, is chosen, whatever this device prefers."""
    name = "dark" if dark else "light"
    html = html.replace(DARK, "@media all" if dark else "@media not all")
    for before in ("color-scheme: ", "color-schemes: ", 'content="'):
        html = html.replace(before + BOTH_SCHEMES, before + name)
    return html
