"""One email in the morning, for practitioners who want no news at once: all that happened since the last one.

It is planned by the first thing that happens after a morning, so a day without news has none. Its content is
gathered when it leaves: changes of sessions between the two mornings on the practitioner's own clock, and
what else was noted for it (`put_in_digest`), such as a client's question, unless it is settled by then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.links import on_our_site
from booking.models import AppointmentChange
from practice.core import formatting
from practice.core.clock import day_bounds, next_window, zone_named
from practice.core.reasons import because
from practice.mail.composing.placeholder import placeholder
from practice.mail.composing.render import Rendered, render
from practice.mail.post import post
from practice.mail.send_check import Cancel, Check, Fresh, Send, Verdict
from practice.models import Letter, Practitioner, User
from practice.queries import the_practice
from practice.shipped_texts import reading_in

KIND = "digest"
MORNING, NOON = time(7), time(12)
MOST = 100
What = AppointmentChange.What
#: A request is a question, not news: its notice goes at once.
NEWS = (
    *(What.BOOKED, What.APPROVED, What.DECLINED, What.MOVED, What.CANCELLED, What.RESTORED),
    What.HANDED_OVER,
)


@dataclass(frozen=True)
class News:
    """Something for the digest that is no change of a session. `about`: which one, such as "question:5"."""

    code: str
    about: str


#: How each code is put into words; None: it is settled. Each module of emails adds its own.
NEWS_WORDS: dict[str, Callable[[str], str | None]] = {}


def put_in_digest(reader: User, news: News, *, now: datetime) -> Letter | None:
    """Note something for the reader's next digest; None: they get an email of its own for it."""
    chosen = Practitioner.objects.filter(user=reader, notices=Practitioner.Notices.DIGEST)
    practitioner = chosen.select_related("user").first()
    letter = plan_digest(practitioner, now=now) if practitioner else None
    if letter is None:
        return None
    noted = Letter.objects.select_for_update(no_key=True).only("event", "state").get(pk=letter.pk)
    if noted.state != Letter.State.PLANNED:
        return None  # it is leaving right now
    line = {"code": news.code, "about": news.about}
    if line not in (known := noted.event.get("news", [])):
        noted.event = {**noted.event, "news": [*known, line]}
        noted.save(update_fields=["event"])
    return letter


def news_of(letter: Letter) -> list[str]:
    """Return the lines of what was noted and is not settled yet; two that say the same are one."""
    found = (
        NEWS_WORDS[one["code"]](one["about"])
        for one in letter.event.get("news", [])
        if one["code"] in NEWS_WORDS
    )
    return list(dict.fromkeys(filter(None, found)))


def plan_digest(practitioner: Practitioner, *, now: datetime) -> Letter | None:
    """Plan the email for their next morning: one a day, whatever else happens until then."""
    zone = zone_named(practitioner.zone)
    day = now.astimezone(zone).date()
    if morning_of(day, zone) <= now:
        day += timedelta(days=1)
    return post(
        KIND,
        key=f"digest:{practitioner.pk}:{day.isoformat()}",
        to=practitioner.user,
        context={},
        words=placeholder(_("Changes since yesterday morning")),
        about=f"digest:{practitioner.pk}",
        due_at=morning_of(day, zone),
        due_in=zone,
        now=now,
    )


def morning_of(day: date, zone: ZoneInfo) -> datetime:
    """Return seven o'clock on that day's clocks; where they skip it, the first moment after."""
    return next_window(day_bounds(day, zone)[0], zone, MORNING, NOON)


def check_digest(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the email may leave: only if they still want news by email, and there is any."""
    practitioner = practitioner_of(letter)
    if practitioner is None or practitioner.notices == Practitioner.Notices.NONE:
        return Cancel(because("notices_off"))
    words = words_when_due(letter, now)
    return Send(Fresh(words)) if words else Cancel(because("nothing_new"))


def words_when_due(letter: Letter, now: datetime) -> Rendered | None:
    """Return what the email says if it leaves now; None: nothing has happened."""
    practitioner = practitioner_of(letter)
    if practitioner is None:
        return None
    day = date.fromisoformat(letter.key.rpartition(":")[2])
    language = practitioner.user.language or settings.LANGUAGE_CODE
    with reading_in(language):
        lines = news_of(letter)
        lines += [line_of(change, practitioner) for change in changes(practitioner, day)]
        if not lines:
            return None
        context = {
            "to": practitioner.user,
            "first_name": practitioner.first_name,
            "lines": lines[:MOST],
            "more": max(0, len(lines) - MOST),
            "subject_words": ngettext(
                "One thing has happened since yesterday morning",
                "%(count)s things have happened since yesterday morning",
                len(lines),
            )
            % {"count": len(lines)},
            "act_url": on_our_site("workspace"),
            "act_words": _("See the day"),
            "why": _(
                "You’re receiving this once a day because you chose a daily summary instead of an email "
                "each time."
            ),
        }
    return render(KIND, context, language=language)


def changes(practitioner: Practitioner, day: date) -> QuerySet[AppointmentChange]:
    """Return what others did with their time from the morning before to the morning of that day.

    `went_to`: the name of the practitioner who had the session next.
    """
    zone = zone_named(practitioner.zone)
    later = AppointmentChange.objects.filter(
        appointment=OuterRef("appointment"), pk__gt=OuterRef("pk"), was_practitioner__isnull=False
    ).order_by("pk")
    return (
        AppointmentChange.objects.filter(
            Q(appointment__practitioner=practitioner) | Q(was_practitioner=practitioner),
            what__in=NEWS,
            at__gte=morning_of(day - timedelta(days=1), zone),
            at__lt=morning_of(day, zone),
        )
        .exclude(by=practitioner.user_id)
        .annotate(
            went_to=Coalesce(
                Subquery(later.values("was_practitioner__user__name")[:1]),
                F("appointment__practitioner__user__name"),
            )
        )
        .select_related("appointment", "by", "was_practitioner__user")
        .order_by("at", "id")
    )


def practitioner_of(letter: Letter) -> Practitioner | None:
    """Return the practitioner the digest is for, or None."""
    return Practitioner.objects.filter(pk=letter.about.partition(":")[2]).select_related("user").first()


def line_of(change: AppointmentChange, practitioner: Practitioner) -> str:
    """Return one change as a sentence; a colleague who made it is named. Without its note, which may say why.

    For a session that changed hands, a second sentence says with whom it is now, or was before.
    """
    zone, locale = zone_named(practitioner.zone), the_practice().locale
    colleague = change.by if change.by_staff else None
    params: dict[str, Any] = {
        "who": change.appointment.attendee_name or _("Someone"),
        "by": colleague.name if colleague else "",
        "when": formatting.moment(change.starts_at, zone, locale=locale),
        "was": formatting.moment(change.was_starts_at, zone, locale=locale) if change.was_starts_at else "",
    }
    said = sentences_of(change, practitioner)[colleague is not None]() % params
    return f"{said} {with_whom(change, practitioner)}".rstrip()


def sentences_of(
    change: AppointmentChange, practitioner: Practitioner
) -> tuple[Callable[[], str], Callable[[], str]]:
    """Return the sentences for a change made by the client (or nobody) and by a colleague."""
    if change.was_practitioner_id and change.was_starts_at in (None, change.starts_at):
        return GIVEN if change.was_practitioner_id == practitioner.pk else TAKEN
    if change.what == What.RESTORED and change.was_starts_at is not None:
        return MOVED_BACK
    return SENTENCES[What(change.what)]


def with_whom(change: AppointmentChange, practitioner: Practitioner) -> str:
    """Return who has the session now, for the one who gave it away; else who had it before."""
    giver = change.was_practitioner
    if giver is None:
        return ""
    if giver.pk == practitioner.pk:
        return _("It is now with %(name)s.") % {"name": getattr(change, "went_to", "")}
    return _("It was with %(name)s.") % {"name": giver.user.name}


#: Same time, another practitioner: for the one who gave it away, and for the one who has it now.
GIVEN = (
    lambda: _("The session with %(who)s was handed over: %(when)s."),
    lambda: _("%(by)s handed over the session with %(who)s: %(when)s."),
)
TAKEN = (
    lambda: _("The session with %(who)s is now yours: %(when)s."),
    lambda: _("%(by)s handed the session with %(who)s over to you: %(when)s."),
)
#: An undone move, with both times.
MOVED_BACK = (
    lambda: _("%(who)s undid a move, from %(was)s back to %(when)s."),
    lambda: _("%(by)s undid a move for %(who)s, from %(was)s back to %(when)s."),
)
SENTENCES: dict[What, tuple[Callable[[], str], Callable[[], str]]] = {
    What.BOOKED: (
        lambda: _("%(who)s booked: %(when)s."),
        lambda: _("%(by)s booked %(who)s: %(when)s."),
    ),
    What.APPROVED: (
        lambda: _("The request from %(who)s is booked: %(when)s."),
        lambda: _("%(by)s approved the request from %(who)s: %(when)s."),
    ),
    What.DECLINED: (
        lambda: _("No one answered %(who)s in time, so the request expired: %(when)s."),
        lambda: _("%(by)s declined the request from %(who)s: %(when)s."),
    ),
    What.MOVED: (
        lambda: _("%(who)s moved from %(was)s to %(when)s."),
        lambda: _("%(by)s moved %(who)s from %(was)s to %(when)s."),
    ),
    What.CANCELLED: (
        lambda: _("%(who)s canceled: %(when)s."),
        lambda: _("%(by)s canceled the session with %(who)s: %(when)s."),
    ),
    What.RESTORED: (
        lambda: _("%(who)s undid a cancellation: %(when)s."),
        lambda: _("%(by)s undid the cancellation for %(who)s: %(when)s."),
    ),
    What.HANDED_OVER: TAKEN,
}


CHECKS = {KIND: Check(check_digest, words_when_due)}
