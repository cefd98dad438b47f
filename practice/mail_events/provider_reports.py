"""Reports of a provider's webhook, as django-anymail has read them."""

from __future__ import annotations

from anymail.signals import AnymailTrackingEvent, EventType

from practice.mail_events.bounce_messages import message_ids
from practice.mail_events.report import BOUNCED, COMPLAINED, DEFERRED, DELIVERED, Report
from practice.mail_events.smtp_answer import smtp_answer

#: What the provider itself refuses to send, or cannot, came back just as well. Opens and clicks: never.
MEANINGS = {
    EventType.DELIVERED: DELIVERED,
    EventType.DEFERRED: DEFERRED,
    EventType.BOUNCED: BOUNCED,
    EventType.REJECTED: BOUNCED,
    EventType.FAILED: BOUNCED,
    EventType.COMPLAINED: COMPLAINED,
}
#: The name under which Postmark keeps our Message-ID: its events know only its own.
METADATA = "message-id"


def report_of(event: AnymailTrackingEvent) -> Report | None:
    """Return what a provider reports; None for what we do not record.

    Raises TypeError or ValueError for a report in which texts are no texts.
    """
    what = MEANINGS.get(event.event_type)
    if what is None:
        return None
    named = [event.message_id or "", (event.metadata or {}).get(METADATA, "")]
    code, said = smtp_answer(" ".join(filter(None, (event.mta_response or event.description,))))
    return Report(
        what=what,
        message_ids=message_ids(*(one if one.startswith("<") else f"<{one}>" for one in named if one)),
        recipients=tuple(filter(None, ((event.recipient or "").strip().lower(),))),
        at=event.timestamp,
        code=code,
        said=said,
        own_id=str(event.event_id or ""),
    )
