"""The addresses at which a provider reports what became of emails: checked by django-anymail, then recorded.

Closed (404) unless EMAIL_EVENTS names the provider. A report about an email that is not ours gets a silent
200, or the provider would send it again for days; one that cannot be recorded right now gets a 503.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailCoreWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView, MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView, PostmarkTrackingWebhookView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from practice.mail_events.actions.record import StillSending, record_event
from practice.mail_events.provider_reports import report_of
from practice.mail_events.replies import reply_of
from practice.mail_events.report import Report

#: What django-anymail raises when a body has another shape than the provider's.
MISSHAPEN = (AnymailConfigurationError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class RecordedWebhook(AnymailCoreWebhookView):
    """A webhook of one provider whose events are recorded before it is answered."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check who reports, then record each event: 200 once all of them are kept."""
        try:
            self.run_validators(request)
            reports = [self.report(event) for event in self.parse_events(request)]
        except AnymailWebhookValidationFailure as error:
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


REPORTS = {"mailgun": MailgunReports, "postmark": PostmarkReports}
REPLIES = {"mailgun": MailgunReplies, "postmark": PostmarkReplies}


@csrf_exempt
@login_not_required
def email_events(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the reports of the provider that EMAIL_EVENTS names."""
    return _answer(request, provider, REPORTS)


@csrf_exempt
@login_not_required
def email_replies(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the emails that arrive at the provider that EMAIL_EVENTS names."""
    return _answer(request, provider, REPLIES)


def _answer(
    request: HttpRequest, provider: str, webhooks: Mapping[str, type[RecordedWebhook]]
) -> HttpResponse:
    if settings.EMAIL_EVENTS.provider != provider or provider not in webhooks:
        raise Http404
    return webhooks[provider].as_view()(request)
