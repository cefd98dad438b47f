"""Sentences for the engine's rules, as a client reads them.

`zone` is the zone that times are shown in, `locale` how they are written ("en-us" says 2:30 PM), `call` the
sentence that says how to reach the practice (`practice.contact.please_call`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.availability.engine.explain import Refusal
from booking.availability.engine.explain import of_clock as refusal_of_clock
from practice.core import formatting
from practice.core.clock import AmbiguousTime, ClockError, NonexistentTime

Params = Mapping[str, Any]


def sentence(refusal: Refusal, *, zone: ZoneInfo, locale: str, call: str) -> str:
    """Return why a start, or a whole range, cannot be booked: one sentence, or one for each rule."""
    return SENTENCES[refusal.rule]({**refusal.params, "call": call}, zone, locale)


def of_clock(error: ClockError, *, locale: str) -> str:
    """Return what is wrong with a submitted time: unreadable, nonexistent, or twice on that day."""
    if isinstance(error, NonexistentTime | AmbiguousTime):
        return sentence(refusal_of_clock(error), zone=error.zone, locale=locale, call="")
    return _("We couldn’t read that time. Please choose one from the list.")


def _wall(p: Params, zone: ZoneInfo, locale: str) -> str:
    return formatting.wall_moment(p["wall"], locale=locale)


def _candidates(p: Params, zone: ZoneInfo, locale: str) -> str:
    return formatting.listed(
        [formatting.clock_time(one, p["zone"], locale=locale, name_zone=True) for one in p["candidates"]],
        locale=locale,
    )


def _nonexistent(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _(
        "That time does not exist: the clocks move forward that night and skip %(wall)s. "
        "Nearest times: %(near)s."
    ) % {
        "wall": _wall(p, zone, locale),
        "near": _candidates(p, zone, locale),
    }


def _ambiguous(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _(
        "That time happens twice: the clocks move back that night, so %(wall)s can be %(near)s. Which one?"
    ) % {
        "wall": _wall(p, zone, locale),
        "near": _candidates(p, zone, locale),
    }


def _who(p: Params, zone: ZoneInfo, locale: str) -> str:
    if p["who"] == "staff":
        return _("This session can’t be booked online.") + f" {p['call']}"
    if p["who"] == "new":
        return _("This session is for new clients. You’ve been here before, so please choose another.")
    if p["asker"] == "unknown":
        return _("This session is for returning clients. Sign in to see the times.")
    return _("This session is for returning clients. For your first visit, please choose another.")


def _past(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("That time has passed.")


def _notice(p: Params, zone: ZoneInfo, locale: str) -> str:
    if "earliest" not in p:
        return _("Please book at least %(time)s ahead.") % {"time": _lead(p["notice"], locale)}
    return _("Please book at least %(time)s ahead. Right now, that means %(earliest)s or later.") % {
        "time": _lead(p["notice"], locale),
        "earliest": formatting.moment(p["earliest"], zone, locale=locale),
    }


def _horizon(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("You can book up to %(time)s ahead. Right now, the last day is %(latest)s.") % {
        "time": _lead(p["horizon"], locale),
        "latest": formatting.day_in_words(p["latest"].astimezone(zone).date(), locale=locale),
    }


def _closed(p: Params, zone: ZoneInfo, locale: str) -> str:
    day = formatting.day_in_words(p["date"], locale=locale)
    if p["by"] == "closure":
        return _("We are closed on %(day)s.") % {"day": day}
    return _("There are no opening hours on a %(weekday)s.") % {
        "weekday": formatting.weekday_name(p["date"].weekday(), locale=locale)
    }


def _outside_hours(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("%(time)s is outside the opening hours on %(day)s.") % {
        "time": formatting.clock_time(p["start"], zone, locale=locale),
        "day": formatting.day_in_words(p["date"], locale=locale),
    }


def _past_closing(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("A session that starts at %(time)s would end at %(end)s, after we close at %(closes)s.") % {
        "time": formatting.clock_time(p["start"], zone, locale=locale),
        "end": formatting.clock_time(p["end"], zone, locale=locale),
        "closes": formatting.clock_time(p["closes"], zone, locale=locale)
        if isinstance(p["closes"], datetime)
        else p["closes"],
    }


def _buffer_outside_hours(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("There would be no time within opening hours to set up or clean up.")


def _taken(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("That time is taken.")


def _buffer(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("That is too close to another session; there must be %(pause)s between them.") % {
        "pause": formatting.minutes_in_words(p["minutes"], locale=locale)
    }


def _daily_limit(p: Params, zone: ZoneInfo, locale: str) -> str:
    return ngettext(
        "There is already one session like this on %(day)s, and that is the limit for a day.",
        "There are already %(limit)s sessions like this on %(day)s, and that is the limit for a day.",
        p["limit"],
    ) % {"limit": p["limit"], "day": formatting.day_in_words(p["date"], locale=locale)}


def _off_grid(p: Params, zone: ZoneInfo, locale: str) -> str:
    if p.get("step") is None:
        return _("Sessions are booked back to back, and this start would leave a gap.")
    return _("Sessions don’t start at %(time)s; they start every %(step)s.") % {
        "time": formatting.clock_time(p["start"], zone, locale=locale),
        "step": formatting.minutes_in_words(p["step"], locale=locale),
    }


def _gap(p: Params, zone: ZoneInfo, locale: str) -> str:
    said = {
        "gap": formatting.minutes_in_words(p["minutes"], locale=locale),
        "shortest": formatting.minutes_in_words(p["shortest"], locale=locale),
    }
    if p["side"] == "before":
        return (
            _("It would leave a gap of %(gap)s before it, and our shortest session takes %(shortest)s.")
            % said
        )
    return _("It would leave a gap of %(gap)s after it, and our shortest session takes %(shortest)s.") % said


def _range_empty(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("The last day is before the first.")


def _notice_beyond_horizon(p: Params, zone: ZoneInfo, locale: str) -> str:
    return (
        _(
            "Nothing can be booked online: sessions must be booked at least %(notice)s ahead, "
            "but no more than %(horizon)s ahead."
        )
        % {"notice": _lead(p["notice"], locale), "horizon": _lead(p["horizon"], locale)}
        + f" {p['call']}"
    )


def _closed_throughout(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("We are closed on these days.")


def _too_short(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("The opening hours on these days are shorter than this session, which takes %(time)s.") % {
        "time": formatting.minutes_in_words(p["minutes"], locale=locale)
    }


def _fully_booked(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("These days are fully booked.")


def _only_gaps(p: Params, zone: ZoneInfo, locale: str) -> str:
    said = _("The open times on these days would leave gaps of less than %(shortest)s.")
    return said % {"shortest": formatting.minutes_in_words(p["shortest"], locale=locale)} + f" {p['call']}"


def _several(p: Params, zone: ZoneInfo, locale: str) -> str:
    return " ".join(sentence(one, zone=zone, locale=locale, call=p["call"]) for one in p["refusals"])


def _lead(time: Any, locale: str) -> str:
    return formatting.lead_time(time, locale=locale)


SENTENCES: Mapping[str, Callable[[Params, ZoneInfo, str], str]] = {
    "nonexistent_time": _nonexistent,
    "ambiguous_time": _ambiguous,
    "who": _who,
    "past": _past,
    "notice": _notice,
    "horizon": _horizon,
    "closed": _closed,
    "outside_hours": _outside_hours,
    "past_closing": _past_closing,
    "buffer_outside_hours": _buffer_outside_hours,
    "taken": _taken,
    "buffer": _buffer,
    "daily_limit": _daily_limit,
    "off_grid": _off_grid,
    "gap": _gap,
    "range_empty": _range_empty,
    "notice_beyond_horizon": _notice_beyond_horizon,
    "closed_throughout": _closed_throughout,
    "too_short": _too_short,
    "fully_booked": _fully_booked,
    "only_gaps": _only_gaps,
    "several": _several,
}
