"""Sentences a practitioner can read for the reasons of follow-ups.

`zone` is whose clock is read (the client's, since their hours are meant), `locale` how times are written. No
sentence says anything about the client's health: reasons are on the emails' rows, which are not encrypted.

A row keeps the code, its parameters and the zone (`kept`); the sentence is made when it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.followups.engine.reasons import Reason
from portal.followups.engine.stages import Stage
from practice.core import formatting
from practice.core.clock import zone_named
from practice.core.reasons import Reasons, because
from practice.core.reasons import Sentence as ReasonSentence
from practice.queries import the_practice

Params = Mapping[str, Any]
#: What the codes of follow-ups begin with on a row: other emails have codes of their own.
PREFIX = "follow_up:"
#: Parameters that are instants; `last` is a day, `begins` and `ends` are hours.
INSTANTS = {"at", "due", "next", "session", "since", "starts", "until"}


def sentence(reason: Reason, *, zone: ZoneInfo, locale: str = "en-us") -> str:
    """Return the sentence for why an email is due then, was moved, canceled or missed."""
    own = SENTENCES[reason.code](reason.params, zone, locale)
    first = reason.params.get("because")
    return f"{sentence(first, zone=zone, locale=locale)} {own}" if first else own


def kept(reason: Reason, *, zone: ZoneInfo) -> Reasons:
    """Return a reason as a row keeps it; the one within it comes first, as its sentence does."""
    first = reason.params.get("because")
    params = {name: _as_json(value) for name, value in reason.params.items() if name != "because"}
    own = because(f"{PREFIX}{reason.code}", clock=zone.key, **params)
    return [*kept(first, zone=zone), *own] if first else own


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value


def _from_json(name: str, value: Any) -> Any:
    if name in INSTANTS:
        return datetime.fromisoformat(value)
    if name == "last":
        return date.fromisoformat(value)
    return time.fromisoformat(value) if name in ("begins", "ends") else value


def _of_row(code: str) -> ReasonSentence:
    """Return a maker of the sentence for a code as a row keeps it."""

    def say(params: Params) -> str:
        told = {name: _from_json(name, value) for name, value in params.items()}
        return SENTENCES[code](told, zone_named(params["clock"]), the_practice().locale)

    return say


def why_this(stage: Stage, *, by_plan: bool = False) -> str:
    """Return the sentence for why this text and not another: the client's stage, or the plan's choice."""
    return _("The plan asks for this text.") if by_plan else str(STAGES[stage])


STAGES: Mapping[Stage, Any] = {
    Stage.ASSIGNED: gettext_lazy("They have not started yet."),
    Stage.OPENED: gettext_lazy("They have started but not finished yet."),
    Stage.FINISHED: gettext_lazy("They have finished it; the email asks what is different next time."),
    Stage.OFTEN: gettext_lazy("They have finished it three times or more; the email gives them more space."),
    Stage.QUIET: gettext_lazy("Nothing from them for two weeks; the email asks whether it is still useful."),
    Stage.SILENCE: gettext_lazy("They were asked whether it is still useful and have not answered."),
}

Sentence = Callable[[Params, ZoneInfo, str], str]


def _at(words: Any) -> Sentence:
    """Return a maker of sentences with moments in them, if any: `%(at)s`, `%(due)s` and the like."""

    def say(p: Params, zone: ZoneInfo, locale: str) -> str:
        told = {
            name: formatting.moment(value, zone, locale=locale) if isinstance(value, datetime) else value
            for name, value in p.items()
        }
        return str(words) % told

    return say


def _last(words: Any) -> Sentence:
    """Return a maker of sentences with the plan's last day in them."""

    def say(p: Params, zone: ZoneInfo, locale: str) -> str:
        return str(words) % {"last": formatting.day_in_words(p["last"], locale=locale)}

    return say


def _no_answer(p: Params, zone: ZoneInfo, locale: str) -> str:
    return ngettext(
        "%(count)s email since %(since)s without practice or a reply, so we stop here. Perhaps call them?",
        "%(count)s emails since %(since)s without practice or a reply, so we stop here. Perhaps call them?",
        p["count"],
    ) % {"count": p["count"], "since": formatting.moment(p["since"], zone, locale=locale)}


def _quiet_hours(p: Params, zone: ZoneInfo, locale: str) -> str:
    begins, ends = (
        formatting.wall_time(datetime.combine(datetime.min, p[name]), locale=locale)
        for name in ("begins", "ends")
    )
    return _("No emails go out from %(begins)s to %(ends)s, their time; it waits until %(due)s.") % {
        "begins": begins,
        "ends": ends,
        "due": formatting.moment(p["due"], zone, locale=locale),
    }


def _weekday(p: Params, zone: ZoneInfo, locale: str) -> str:
    return _("They don’t want emails on a %(weekday)s; it waits until %(due)s.") % {
        "weekday": formatting.weekday_name(p["weekday"], locale=locale),
        "due": formatting.moment(p["due"], zone, locale=locale),
    }


def _as_planned(p: Params, zone: ZoneInfo, locale: str) -> str:
    if p["days"] == 1:
        return _("The day after the session, per the plan.")
    return _("%(days)s days after the session, per the plan.") % {"days": p["days"]}


SENTENCES: Mapping[str, Sentence] = {
    "already_sent": _at(gettext_lazy("This email was already sent, on %(at)s.")),
    "inactive": _at(gettext_lazy("That account is closed.")),
    "bounced": _at(gettext_lazy("Earlier email to that address bounced.")),
    "no_consent": _at(gettext_lazy("They don’t want emails like this one.")),
    "assignment_ended": _at(gettext_lazy("Nothing is assigned anymore.")),
    "superseded": _at(gettext_lazy("A later session has since been wrapped up.")),
    "plan_over": _last(gettext_lazy("The plan ended on %(last)s, six weeks after the session.")),
    "pain_rose": _at(
        gettext_lazy(
            "Held back because of what they reported after practicing on %(at)s, until you have reviewed it."
        )
    ),
    "no_answer": _no_answer,
    "silence": _at(
        gettext_lazy(
            "We asked on %(at)s whether the emails are still useful and got no answer, so we stop here."
        )
    ),
    "playing": _at(gettext_lazy("They are practicing right now; it waits until %(due)s.")),
    "practised": _at(gettext_lazy("They practiced on %(at)s; it waits until %(due)s.")),
    "session_near": _at(
        gettext_lazy("Their session on %(starts)s is so close that they get no other email.")
    ),
    "just_booked": _at(gettext_lazy("They booked on %(at)s; it waits until %(due)s.")),
    "paused": _at(gettext_lazy("They asked for a pause until %(until)s; it waits until %(due)s.")),
    "too_soon": _at(gettext_lazy("The session only ended on %(session)s; it waits until %(due)s.")),
    "quiet_hours": _quiet_hours,
    "weekday": _weekday,
    "spacing": _at(gettext_lazy("Less than three days after the email of %(at)s; it waits until %(due)s.")),
    "cap_day": _at(gettext_lazy("Less than a day after the email of %(at)s; it waits until %(due)s.")),
    "cap_week": _at(
        gettext_lazy("It would be the third email within seven days of %(at)s; it waits until %(due)s.")
    ),
    "overtaken": _at(gettext_lazy("The next email, due %(next)s, takes its place.")),
    "moved_past_end": _last(gettext_lazy("But the plan ends on %(last)s, so it was canceled.")),
    "worker_away": _at(
        gettext_lazy(
            "It was due on %(due)s, when no emails could be sent; the one due on %(next)s takes its place."
        )
    ),
    "past_date": _at(gettext_lazy("Its day, %(due)s, had passed when the plan was made.")),
    "as_planned": _as_planned,
    "moved_along": _at(
        gettext_lazy("It was held back before; with their current preferences, it goes on %(due)s.")
    ),
    "plan_changed": _at(gettext_lazy("The plan was changed, and this email is no longer in it.")),
    "unknown_zone": _at(gettext_lazy("We don’t know the time zone “%(name)s”, so we use %(zone)s.")),
}
#: The same for codes as rows keep them, and for what is decided before the guards.
OF_ROWS: Mapping[str, Any] = {
    **{f"{PREFIX}{code}": _of_row(code) for code in SENTENCES},
    f"{PREFIX}orphaned": gettext_lazy("The client or the session it followed no longer exists."),
    f"{PREFIX}session_of_another": gettext_lazy("The session it follows belongs to another person."),
}
