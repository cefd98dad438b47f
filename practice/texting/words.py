"""The words of text messages: one short template for each kind, fitted to two segments."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template import engines
from django.utils.translation import gettext as _

from practice.core.texts.length import fitted
from practice.mail.composing.render import Rendered
from practice.queries import the_practice
from practice.shipped_texts import reading_in

#: What pages of the workspace call a text message. It has no subject of its own.
SUBJECTS = {
    "text_code": lambda: _("Text message: a code"),
    "text_reminder": lambda: _("Text message: a reminder"),
    "text_offer": lambda: _("Text message: an open time"),
}


def text_words(kind: str, context: dict[str, Any], *, language: str = "") -> Rendered:
    """Return `templates/texts/<kind>.txt` in plain characters; the practice's name is shortened to fit."""
    with reading_in(language or settings.LANGUAGE_CODE):
        template = engines["text"].get_template(f"texts/{kind}.txt")

        def words(name: str) -> str:
            return " ".join(template.render({**context, "practice_name": name}).split())

        return Rendered(SUBJECTS[kind](), fitted(words, the_practice().name), "")
