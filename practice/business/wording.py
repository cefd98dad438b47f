"""Sentences about colors that can't be read."""

from __future__ import annotations

from django.utils.translation import gettext as _

from practice.business.engine.colors import Theme, Under, Unreadable
from practice.business.engine.contrast import LEAST, shown_ratio


def unreadable(found: Unreadable, theme: Theme) -> str:
    """Return where a color can't be read, and which one of its hue would do."""
    values = {"ratio": shown_ratio(found.ratio), "least": f"{LEAST}:1", "color": found.would_do}
    return _where(found.under, is_dark=theme.is_dark) % values


def _where(under: Under, *, is_dark: bool) -> str:
    if under is Under.ON_CLAY:
        return _("The words on a button would be %(ratio)s and need %(least)s. %(color)s would do.")
    if under is Under.PAPER:
        return _("This is %(ratio)s on the page and needs %(least)s. %(color)s would do.")
    if is_dark:
        return _("This is %(ratio)s on the lighter parts of a page and needs %(least)s. %(color)s would do.")
    return _("This is %(ratio)s on the darker parts of a page and needs %(least)s. %(color)s would do.")
