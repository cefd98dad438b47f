"""Sentences about session types: what a client will see, and what is set in each folded part of the form."""

from __future__ import annotations

from datetime import timedelta

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.models import Place, SessionType
from practice.core import formatting
from practice.models import Practice


def facts(kind: SessionType, practice: Practice) -> str:
    """Return the line below a name: "90 min, $140, at the practice, with Tess and Jonah"."""
    people = formatting.listed([one.first_name for one in kind.practitioners.all()], locale=practice.locale)
    parts = [
        formatting.short_duration(kind.minutes, locale=practice.locale),
        price(kind, practice),
        kind.get_place_display(),
        *([_("with %(people)s") % {"people": people}] if people else []),
    ]
    return ", ".join(str(part) for part in parts)


def price(kind: SessionType, practice: Practice) -> str:
    """Return the price as a client reads it."""
    if not kind.price_cents:
        return _("free")
    return formatting.money(kind.price_cents, practice.currency, locale=practice.locale)


def summaries(kind: SessionType, practice: Practice) -> dict[str, str]:
    """Return one line for each folded part of the form, by the part's name."""
    return {
        "terms": _terms(kind, practice.locale),
        "starts": _starts(kind, practice.locale),
        "place": _place(kind, practice.locale),
        "preparation": Truncator(kind.preparation.partition("\n")[0]).words(14) or _("Nothing to prepare"),
        "address": kind.get_absolute_url() if kind.slug else _("Made from the name"),
    }


def _terms(kind: SessionType, locale: str) -> str:
    notice = formatting.lead_time(timedelta(hours=kind.notice_hours), locale=locale)
    ahead = formatting.lead_time(timedelta(days=kind.horizon_days), locale=locale)
    parts = [
        str(kind.get_who_display()),
        _("from %(notice)s to %(ahead)s ahead") % {"notice": notice, "ahead": ahead},
    ]
    if kind.needs_approval:
        parts.append(_("after your approval"))
    if kind.daily_limit:
        parts.append(
            ngettext("%(count)s a day", "%(count)s a day", kind.daily_limit) % {"count": kind.daily_limit}
        )
    return capfirst(", ".join(parts))


def _starts(kind: SessionType, locale: str) -> str:
    every = (
        _("every %(minutes)s") % {"minutes": formatting.minutes_in_words(kind.step, locale=locale)}
        if kind.step
        else _("back to back")
    )
    if not kind.buffer_before and not kind.buffer_after:
        return capfirst(_("%(every)s, no buffers") % {"every": every})
    before, after = (
        formatting.short_minutes(minutes, locale=locale)
        for minutes in (kind.buffer_before, kind.buffer_after)
    )
    words = _("%(every)s, %(before)s before and %(after)s after")
    return capfirst(words % {"every": every, "before": before, "after": after})


def _place(kind: SessionType, locale: str) -> str:
    if kind.place == Place.CLIENT:
        before, after = (
            formatting.short_minutes(minutes, locale=locale)
            for minutes in (kind.travel_before, kind.travel_after)
        )
        return _("%(before)s of travel before and %(after)s after") % {"before": before, "after": after}
    if kind.place == Place.VIDEO:
        return kind.video_link or _("Each practitioner’s own link")
    return _("Not needed for this place")
