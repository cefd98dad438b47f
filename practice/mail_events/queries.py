"""The email that a report is about, and whether the mailbox for bounces is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from practice.mail_events.report import ANSWERED, BOUNCED, COMPLAINED, Report
from practice.models import EmailEvent, Heartbeat, Letter

State = Letter.State
#: The name under which the mailbox for bounces says when it was last read.
MAILBOX = "bounces"
#: The source of what was read in it.
FROM_MAILBOX = "mailbox"
SHOWN_AFTER = timedelta(days=1)  # without a reading, as for other calendars
#: A provider reports within minutes: when so many emails went so long ago, and it says nothing of any.
SILENT_AFTER, SILENT_ABOUT = timedelta(hours=6), 5
CANNOT_HAVE_ARRIVED = (State.PLANNED, State.CLAIMED, State.CANCELLED, State.MISSED)


def letter_of(report: Report, *, trusted: bool, now: datetime) -> int | None:
    """Return the id of the email: by its Message-ID, else the last one sent to the address.

    By the address only if its sender proved who they are (`trusted`), and only what concerns the address:
    a bounce or a complaint. An answer counts only from the address that the email went to. None: it is not
    about an email of ours.
    """
    letters = Letter.objects.filter(message_id__in=report.message_ids)
    if report.what == ANSWERED:
        letters = letters.filter(to_address__in=report.recipients)
    found = dict(letters.values_list("message_id", "pk"))
    by_id = next((found[one] for one in report.message_ids if one in found), None)
    if by_id or not trusted or report.what not in (BOUNCED, COMPLAINED):
        return by_id
    sent = Letter.objects.filter(
        to_address__in=report.recipients,
        channel=Letter.Channel.EMAIL,
        due_at__lte=min(report.at or now, now),
    ).exclude(state__in=CANNOT_HAVE_ARRIVED)  # asked for by state, all that was ever sent might be read
    return sent.order_by("-due_at", "-id").values_list("pk", flat=True).first()


def unread_mailbox(now: datetime) -> Heartbeat | None:
    """Return since when and why the mailbox for bounces cannot be read, once that is a day; None if it is."""
    if settings.BOUNCE_MAILBOX is None:
        return None
    silent = Heartbeat.objects.filter(name=MAILBOX, at__lte=now - SHOWN_AFTER)
    return silent.exclude(why=[]).first()


@dataclass(frozen=True)
class ProviderReports:
    """When the provider last reported anything (None: never), and how many emails went since, long ago."""

    last_at: datetime | None
    unreported: int = 0

    @property
    def have_stopped(self) -> bool:
        """Return whether it reported before, and then nothing of several emails."""
        return self.last_at is not None and self.unreported >= SILENT_ABOUT


def provider_reports(now: datetime) -> ProviderReports | None:
    """Return whether the provider still reports; None where it is not asked to."""
    provider = settings.EMAIL_EVENTS.provider
    if not provider:
        return None
    reported = EmailEvent.objects.filter(source=provider).order_by("-at").values_list("at", flat=True)
    last_at = reported.first()
    if last_at is None:
        return ProviderReports(None)
    since = Letter.objects.filter(
        channel=Letter.Channel.EMAIL, sent_at__gt=last_at, sent_at__lte=now - SILENT_AFTER
    )
    return ProviderReports(last_at, since.count())
