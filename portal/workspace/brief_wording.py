"""The brief in sentences: what was heard and done, when, and the state of the emails."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.models import FollowUp, PracticeEntry, SessionNote
from portal.practice_log import pain_queries
from portal.wording import on_day, shortened, times
from portal.workspace.activity_summary import ActivitySummary, ItemSummary, pain
from portal.workspace.brief import EmailState
from practice.core import formatting
from practice.models import Letter


@dataclass(frozen=True)
class Line:
    """A line of the brief: its icon, the part that stands out, and the rest."""

    icon: str
    strong: str
    words: str = ""


def lines(since: ActivitySummary, *, today: dt.date, locale: str) -> list[Line]:
    """Return lines for what was heard, done, written and told, in this order; only where there is any."""
    found = []
    if since.lessons:
        heard = [how_much(since, today=today, locale=locale)]
        alone = len(since.lessons) == 1
        heard += [of_lesson(one, alone=alone, today=today, locale=locale) for one in since.lessons]
        found.append(Line("lie", on_the_floor(since) + ",", " ".join(heard)))
    if since.exercises:
        done = [of_exercise(one, today=today, locale=locale) for one in since.exercises]
        found.append(Line("check", "", " ".join(done)))
    for one in since.noticed:
        wrote = _("Wrote %(when)s:") % {"when": on_day(one.on, today=today, locale=locale)}
        found.append(Line("note", "", f"{wrote} {_quoted(one.words)}"))
    if told := told_pain(since, today=today, locale=locale):
        found.append(Line("person", _("Pain 0–10, before and after:"), told))
    return found


def _quoted(words: str) -> str:
    return _("“%(words)s”") % {"words": shortened(words)}


def on_the_floor(since: ActivitySummary) -> str:
    """Return how often lessons were done, such as "On the floor 5 times"."""
    return _("On the floor %(times)s") % {"times": times(since.floor.times)}


def how_much(since: ActivitySummary, *, today: dt.date, locale: str) -> str:
    """Return what follows it: "96 minutes on 4 days, last on Sunday", "8 minutes yesterday"."""
    assert since.last_on is not None
    minutes = formatting.minutes_in_words(since.floor.minutes, locale=locale)
    when = on_day(since.last_on, today=today, locale=locale)
    if since.floor.days > 1:
        days = ngettext("on %(days)s day", "on %(days)s days", since.floor.days) % {"days": since.floor.days}
        when = _("%(days)s, last %(when)s") % {"days": days, "when": when}
    return f"{minutes} {when}." if since.floor.minutes else f"{when}."


def of_lesson(thing: ItemSummary, *, alone: bool, today: dt.date, locale: str) -> str:
    """Return how often and how far one lesson was heard. `alone`: its totals were said already."""
    parts = [_("“%(title)s”") % {"title": thing.title}]
    if not alone:
        parts.append(times(thing.times))
        parts.append(formatting.minutes_in_words(thing.minutes, locale=locale))
    if thing.finished:
        parts.append(
            _("to the end")
            if thing.finished == thing.times == 1
            else _("to the end %(times)s") % {"times": times(thing.finished)}
        )
    if thing.stopped_ms is not None:
        parts.append(
            _("stopped at %(place)s %(when)s")
            % {
                "place": formatting.place_in_audio(thing.stopped_ms / 1000),
                "when": on_day(thing.last_on, today=today, locale=locale),
            }
        )
    return ", ".join(parts) + "."


def of_exercise(thing: ItemSummary, *, today: dt.date, locale: str) -> str:
    """Return how often one exercise was done, and when last."""
    return _("“%(title)s” %(times)s, last %(when)s.") % {
        "title": thing.title,
        "times": times(thing.times),
        "when": on_day(thing.last_on, today=today, locale=locale),
    }


def numbers(before: int | None, after: int | None) -> str:
    """Return "5, then 3"; a number alone says which it is; "" for none."""
    if before is not None and after is not None:
        return _("%(before)s, then %(after)s") % {"before": before, "after": after}
    if before is not None:
        return _("%(before)s before") % {"before": before}
    return _("%(after)s afterward") % {"after": after} if after is not None else ""


def told_pain(since: ActivitySummary, *, today: dt.date, locale: str) -> str:
    """Return pain in words, such as "5, then 3 on Sunday; 4, then 4 yesterday. Afterwards: better twice"."""
    told = "; ".join(
        f"{numbers(one.before, one.after)} {on_day(one.on, today=today, locale=locale)}"
        for one in since.pains
    )
    labels = dict(PracticeEntry.Felt.choices)
    felt = ", ".join(f"{labels.get(code, code)} {times(number)}" for code, number in since.felt)
    parts = [told] if told else []
    if felt:
        parts.append(_("Afterward: %(felt)s") % {"felt": felt})
    return "".join(f"{part}. " for part in parts).strip()


def rise(entry: PracticeEntry, zone: ZoneInfo, *, today: dt.date, locale: str) -> str:
    """Return a rise of pain in words: "3, then 6, on Saturday", by the client's calendar."""
    words = numbers(pain_queries.pain_before(entry), pain(entry.pain_after)) or str(
        dict(PracticeEntry.Felt.choices).get(entry.felt, "")
    )
    day = on_day(entry.started_at.astimezone(zone).date(), today=today, locale=locale)
    return f"{words}, {day}" if words else day


def emails_line(
    letters: EmailState, zone: ZoneInfo, *, now: dt.datetime, locale: str, pain_rose: bool = False
) -> str:
    """Return the state of the follow-up emails in a line; `zone` is the reader's."""
    if pain_rose:
        return _("Emails wait until you have reviewed the pain.")
    if letters.declined:
        return _("No emails: they don’t want any.")
    parts = [
        _paused(letters, zone, now, locale),
        _coming(letters, zone, locale),
        _last(letters, zone, locale),
    ]
    return " ".join(part for part in parts if part)


def _paused(letters: EmailState, zone: ZoneInfo, now: dt.datetime, locale: str) -> str:
    if not letters.paused_until or letters.paused_until <= now:
        return ""
    day = formatting.day_in_words(letters.paused_until.astimezone(zone).date(), locale=locale)
    return _("They paused emails until %(day)s.") % {"day": day}


def _coming(letters: EmailState, zone: ZoneInfo, locale: str) -> str:
    if letters.coming and not letters.agreed:
        return _("They have not agreed to emails, so none are sent.")
    if letters.asks:
        return _("The emails stopped because there was no answer.")
    if letters.coming and letters.coming.letter:
        due = formatting.moment(letters.coming.letter.due_at, zone, locale=locale)
        return _("Next email %(due)s.") % {"due": due}
    return _("No email is scheduled.")


def _last(letters: EmailState, zone: ZoneInfo, locale: str) -> str:
    if letters.last is None or letters.last.letter is None:
        return ""
    letter = letters.last.letter
    if letter.state == Letter.State.SENT and letter.sent_at:
        return _("The last was sent %(when)s.") % {
            "when": formatting.moment(letter.sent_at, zone, locale=locale)
        }
    why = reason(letters.last)
    if letter.state in (Letter.State.CANCELLED, Letter.State.MISSED) and why:
        return _("The last was held back: %(why)s") % {"why": why}
    return ""


def reason(follow_up: FollowUp) -> str:
    """Return the reason for the time of an email, or for not sending it: its own, else the plan's."""
    return (follow_up.letter.reason if follow_up.letter else "") or follow_up.reason


def note_beginning(note: SessionNote) -> str:
    """Return the beginning of a note, in the order of work."""
    return shortened(
        " ".join(part for part in (note.foundation, note.low_back, note.whole_body) if part.strip())
    )


def since_when(at: dt.datetime | None, zone: ZoneInfo, *, with_whom: str, locale: str) -> str:
    """Return "Since Tuesday, March 2", with ", with Jonah" for a colleague, or "Before the first session"."""
    if at is None:
        return _("Before the first session")
    day = formatting.day_in_words(at.astimezone(zone).date(), locale=locale)
    if with_whom:
        return _("Since %(day)s, with %(name)s") % {"day": day, "name": with_whom}
    return _("Since %(day)s") % {"day": day}
