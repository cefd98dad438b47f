"""Send an email to ourselves when it is time, and note that one came back."""

from __future__ import annotations

from datetime import datetime
from email.message import Message

from django.db import transaction
from django.utils import timezone

from practice.health import heartbeat
from practice.mail.composing.headers import own_address
from practice.mail_events.actions.record import record_event
from practice.mail_events.queries import FROM_MAILBOX
from practice.mail_events.report import DELIVERED, Report
from practice.mail_events.round_trip.engine.proof import is_due
from practice.mail_events.round_trip.letters import to_ourselves
from practice.mail_events.round_trip.marks import arrived_at, mark_of, marks_in
from practice.mail_events.round_trip.queries import KIND, own_mailbox, read_at, trips, with_return
from practice.models import Heartbeat, Letter


def send_if_due(now: datetime) -> Letter | None:
    """Plan the next email to ourselves and return it; None if it is not time, or there is no mailbox.

    Of two who ask at once, one plans it: they wait for each other at the row of the heartbeat.
    """
    address = own_mailbox()
    if not address or not is_due(trips(), read_at=read_at(), now=now):
        return None
    Heartbeat.objects.get_or_create(name=KIND, defaults={"at": now})
    with transaction.atomic():
        Heartbeat.objects.select_for_update().get(name=KIND)
        return to_ourselves(address, now=now) if is_due(trips(), read_at=read_at(), now=now) else None


def note_return(message: Message) -> bool:
    """Note it if this message of the mailbox is an email to ourselves; return whether it is one.

    A second copy is known, and changes nothing. Raises StillSending.
    """
    marks = marks_in(message, sender=own_address())
    if not marks:
        return False
    found = with_return().only("pk", "message_id", "sent_at")
    letter = next((one for one in found if mark_of(one.message_id) in marks), None)
    if letter is None:
        return False
    now = timezone.now()
    at = arrived_at(message)
    report = Report(
        what=DELIVERED,
        message_ids=(letter.message_id,),
        at=at if at and letter.created_at <= at <= now else None,  # else by our clock, as of now
        own_id=letter.message_id,
    )
    if record_event(report, source=FROM_MAILBOX, trusted=False, now=now):
        heartbeat.record_beat(KIND, now)
    return True


def forget_what_did_not_return() -> int:
    """Remove the emails to ourselves that did not come back; return how many.

    For a restored backup, which does not know which came back since: they would look lost.
    """
    return Letter.objects.filter(pk__in=[one.pk for one in with_return().filter(back_at=None)]).delete()[0]
