"""Sentences that name the other language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

#: By the other language: the head of its page, what it is about, and the buttons.
HEADINGS = {"es": _("Your texts in Spanish"), "en": _("Your texts in English")}
LINKS = {"es": _("In Spanish"), "en": _("In English")}
WHY = {
    "es": _(
        "Clients who read Spanish see these pages and emails in Spanish, but your own texts as you wrote "
        "them. Here you can write them in Spanish too."
    ),
    "en": _(
        "Clients who read English see these pages and emails in English, but your own texts as you wrote "
        "them. Here you can write them in English too."
    ),
}
BEGIN = {"es": _("Also write in Spanish"), "en": _("Also write in English")}
STOP = {"es": _("Stop showing the Spanish texts"), "en": _("Stop showing the English texts")}
MISSING = {"es": _("Not in Spanish yet"), "en": _("Not in English yet")}
NONE_MISSING = {"es": _("All of your texts are in Spanish."), "en": _("All of your texts are in English.")}
EMPTY = {
    "es": _("Where you leave a field empty, clients read the original, marked as English."),
    "en": _("Where you leave a field empty, clients read the original, marked as Spanish."),
}
ORIGINALS = {"es": _("Original, in English"), "en": _("Original, in Spanish")}
FIELDS = {"es": _("%(name)s, in Spanish"), "en": _("%(name)s, in English")}
EVERYTHING = {"es": _("Everything in Spanish"), "en": _("Everything in English")}
