"""Where the gateway tells us how a message went, and what somebody replied. Closed to all others.

Each form is signed with the account's token (`practice/core/texts/gateway_address.py`), over our own
address, not the one that a request names. Without the setting or a right signature there is no such page.
"""

from __future__ import annotations

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from practice.core.texts.gateway_address import gateway_at, is_signed
from practice.texting.actions.reports import note_reply, note_status

log = structlog.get_logger(__name__)
#: An answer without a message in it: the gateway itself answers STOP, START and HELP.
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def require_gateway(request: HttpRequest) -> None:
    """Raise Http404 unless the gateway signed this form."""
    address = gateway_at(settings.TEXT_MESSAGES_URL)
    if address is None:
        raise Http404
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    url = settings.SITE_URL + request.get_full_path()
    if not is_signed(address.token, url, fields, request.headers.get("X-Twilio-Signature", "")):
        log.warning("wrong signature", by="text messages")
        raise Http404


@login_not_required
@csrf_exempt
@require_POST
def incoming(request: HttpRequest) -> HttpResponse:
    """Take a reply: STOP and START are obeyed, everything else is left to the person at the number."""
    require_gateway(request)
    note_reply(
        request.POST.get("From", "")[:20],
        request.POST.get("Body", "")[:200],
        named=request.POST.get("OptOutType", ""),
    )
    return HttpResponse(NOTHING_TO_SAY, content_type="text/xml; charset=utf-8")


@login_not_required
@csrf_exempt
@require_POST
def status(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a report on a message; one about a message that is not ours is taken, too, and forgotten."""
    require_gateway(request)
    note_status(
        reference,
        sid=request.POST.get("MessageSid", "")[:40],
        said=request.POST.get("MessageStatus", ""),
        error=request.POST.get("ErrorCode", ""),
        now=timezone.now(),
    )
    return HttpResponse(status=204)
