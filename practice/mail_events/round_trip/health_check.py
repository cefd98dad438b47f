"""The check whether emails arrive that a mail server took, for the health page and the owner's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from practice.core import formatting
from practice.core.reasons import reason_in_words
from practice.health.findings import Finding, State
from practice.mail_events.queries import ProviderReports, provider_reports
from practice.mail_events.round_trip import queries
from practice.mail_events.round_trip.engine.proof import Proves, Trip, Verdict
from practice.queries import practice_zone, the_practice

SET_UP = gettext_lazy(
    "The person who runs your server can have the site email itself and see whether that comes back: the "
    "settings BOUNCE_MAILBOX and BOUNCE_ADDRESS."
)


def arrival(now: datetime) -> Finding:
    """Say whether emails arrive that the mail server took; never red, for no restart would mend it."""
    if not settings.EMAIL_URL:
        return Finding("no email leaves", gettext_lazy("No email leaves this machine, so none can get lost."))
    address, reports = queries.own_mailbox(), provider_reports(now)
    verdict = queries.verdict(now) if address else None
    if verdict and verdict.is_trouble:
        return _failed(verdict) if verdict.proves is Proves.FAILED else _lost(verdict, address)
    if reports and reports.have_stopped:
        return _reports_stopped(reports)
    if verdict:
        return _proved(verdict)
    return _reported(reports)


def _lost(verdict: Verdict, address: str) -> Finding:
    since = verdict.since
    assert since
    to_do = _(
        "Emails to clients may be getting lost, although the mail server accepted them. The person who runs "
        "your server should look in the spam folder of %(address)s, and at what the mail server or the "
        "provider says of the last emails."
    )
    if verdict.last_back is None:
        to_do += " " + _(
            "No such email has ever come back, so also check that BOUNCE_MAILBOX is the mailbox of this "
            "address."
        )
    return Finding(
        f"The email that this site sent to itself at {_in_utc(since)} has not come back. "
        "Emails may be getting lost.",
        _("An email that this site sent to itself has not come back."),
        State.ATTENTION,
        f"{to_do % {'address': address}}{_last_one(verdict.last_back)}",
        since=since,
    )


def _failed(verdict: Verdict) -> Finding:
    assert verdict.trip
    to_do = _(
        "Nothing shows whether emails arrive, and those that bounce may not reach us either. The person "
        "who runs your server can correct it: the setting BOUNCE_ADDRESS, or the mailbox itself."
    )
    return Finding(
        "The email that this site sends to itself could not be delivered. The page of emails says why.",
        _("The email that this site sends to itself could not be delivered."),
        State.ATTENTION,
        f"{reason_in_words(verdict.trip.why)} {to_do}{_last_one(verdict.last_back)}".strip(),
        since=verdict.since,
    )


def _reports_stopped(reports: ProviderReports) -> Finding:
    said = ngettext(
        "Since then %(count)s email was sent, and it reported nothing about it.",
        "Since then %(count)s emails were sent, and it reported nothing about any of them.",
        reports.unreported,
    )
    to_do = _(
        "They may be getting lost, or its reports no longer reach this site. The person who runs your server "
        "should look at the provider’s own list of sent emails, and at the setting EMAIL_EVENTS."
    )
    return Finding(
        f"The provider reported nothing about the last {reports.unreported} emails.",
        _("Your email provider no longer reports what becomes of emails."),
        State.ATTENTION,
        f"{said % {'count': _number(reports.unreported)}} {to_do}",
        since=reports.last_at,
    )


def _proved(verdict: Verdict) -> Finding:
    """Return what is well with the emails to ourselves."""
    last = verdict.last_back
    if last and last.back_at:
        took = f", after {int(last.took.total_seconds())} s" if last.took is not None else ""
        return Finding(
            f"the last email to itself came back at {_in_utc(last.back_at)}{took}", _came_back(last)
        )
    if verdict.proves is Proves.NOTHING_YET:
        return Finding(
            "the first email to itself is on its way",
            _("The site has sent an email to itself, to see whether it comes back."),
        )
    return Finding(
        "no email to itself yet: first, the mailbox has to be read",
        _("The site emails itself as soon as the mailbox for returned emails is read."),
    )


def _reported(reports: ProviderReports | None) -> Finding:
    """Return what there is without a mailbox."""
    if reports and reports.last_at:
        return Finding(
            f"the provider's last report is of {_in_utc(reports.last_at)}",
            _("Your email provider reports what becomes of emails. It last did on %(when)s.")
            % {"when": _moment(reports.last_at)},
        )
    return Finding(
        "nothing would notice it if a provider took emails and lost them: BOUNCE_MAILBOX is not set",
        _("If a provider took our emails and lost them, nothing here would notice."),
        to_do=SET_UP,
    )


def _came_back(last: Trip) -> str:
    """Return when the last one came back, and how long that took."""
    assert last.back_at
    when = {"when": _moment(last.back_at)}
    if last.took is None:
        return _("Emails arrive: the last one that this site sent to itself came back on %(when)s.") % when
    if last.took < timedelta(minutes=1):
        return (
            _(
                "Emails arrive: the last one that this site sent to itself came back on %(when)s, in less "
                "than a minute."
            )
            % when
        )
    took = formatting.hours_in_words(last.took // timedelta(minutes=1), locale=the_practice().locale)
    said = _(
        "Emails arrive: the last one that this site sent to itself came back on %(when)s, after %(took)s."
    )
    return said % {**when, "took": took}


def _last_one(last: Trip | None) -> str:
    """Return a sentence about the last one that came back, after a blank; "" if none ever did."""
    if last is None or last.back_at is None:
        return ""
    return " " + _("The last one came back on %(when)s.") % {"when": _moment(last.back_at)}


def _moment(instant: datetime) -> str:
    practice = the_practice()
    return formatting.moment(instant, practice_zone(practice), locale=practice.locale)


def _number(count: int) -> str:
    return formatting.number(count, locale=the_practice().locale)


def _in_utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
