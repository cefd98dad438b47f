"""The webhooks of the providers: what comes is checked and read by django-anymail, then recorded."""

from __future__ import annotations

from typing import Any

import structlog
from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType
from anymail.webhooks.base import AnymailCoreWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView, MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView, PostmarkTrackingWebhookView
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from practice.mail_events.actions.record import StillSending, record_event
from practice.mail_events.bounce_messages import message_ids
from practice.mail_events.replies import reply_of
from practice.mail_events.report import BOUNCED, COMPLAINED, DEFERRED, DELIVERED, Report
from practice.mail_events.smtp_answer import smtp_answer

log = structlog.get_logger(__name__)
#: What django-anymail raises when a body has another shape than the provider's.
MISSHAPEN = (AnymailConfigurationError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
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


class RecordedWebhook(AnymailCoreWebhookView):
    """A webhook of one provider whose events are recorded before it is answered."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check who reports, then record each event: 200 once all of them are kept."""
        try:
            self.run_validators(request)
            reports = [self.report(event) for event in self.parse_events(request)]
        except AnymailWebhookValidationFailure as error:
            log.warning("wrong signature", by=self.esp_name.lower())
            raise BadRequest(_("The signature or password is missing or wrong. Nothing was done.")) from error
        except MISSHAPEN as error:
            raise BadRequest(_("This is not what the email provider sends. Nothing was done.")) from error
        try:
            for report in filter(None, reports):
                record_event(report, source=self.esp_name.lower(), trusted=True)
        except StillSending:
            return HttpResponse(status=503, headers={"Retry-After": "60"})
        return HttpResponse()

    def report(self, event: Any) -> Report | None:
        """Return what an event reports."""
        return report_of(event)


class ReplyWebhook(RecordedWebhook):
    """A webhook for emails that arrive: only whose they are and what they answer is read, nothing is kept."""

    def report(self, event: Any) -> Report | None:
        """Return the answer that an incoming email is, if a person wrote it."""
        return reply_of(event.message, own_id=str(event.event_id or ""))


class MailgunReports(RecordedWebhook, MailgunTrackingWebhookView):
    """The reports of Mailgun: signed, with our Message-ID."""


class MailgunReplies(ReplyWebhook, MailgunInboundWebhookView):
    """The emails that a route of Mailgun forwards: signed."""


class PostmarkReports(RecordedWebhook, PostmarkTrackingWebhookView):
    """The reports of Postmark: with a password, and our Message-ID as metadata."""


class PostmarkReplies(ReplyWebhook, PostmarkInboundWebhookView):
    """The emails that reach Postmark: with a password."""


#: What `views.py` asks for, by the provider that EMAIL_EVENTS names.
REPORTS = {"mailgun": MailgunReports, "postmark": PostmarkReports}
REPLIES = {"mailgun": MailgunReplies, "postmark": PostmarkReplies}
