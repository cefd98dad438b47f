"""The addresses at which a provider reports what became of emails: checked by django-anymail, then recorded.

Closed (404) unless EMAIL_EVENTS names the provider. A report about an email that is not ours gets a silent
200, or the provider would send it again for days; one that cannot be recorded right now gets a 503.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from practice.mail_events import webhook_views


@csrf_exempt
@login_not_required
def email_events(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the reports of the provider that EMAIL_EVENTS names."""
    _refuse_others(provider)
    return _answer(request, webhook_views.REPORTS.get(provider))


@csrf_exempt
@login_not_required
def email_replies(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the emails that arrive at the provider that EMAIL_EVENTS names."""
    _refuse_others(provider)
    return _answer(request, webhook_views.REPLIES.get(provider))


def _refuse_others(provider: str) -> None:
    if settings.EMAIL_EVENTS.provider != provider:
        raise Http404


def _answer(request: HttpRequest, webhook: type[webhook_views.RecordedWebhook] | None) -> HttpResponse:
    if webhook is None:
        raise Http404
    return webhook.as_view()(request)
