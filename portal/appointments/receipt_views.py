"""A client's own receipt, as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from booking.models import Receipt
from booking.payments.workspace_views.receipts import as_file
from portal.client_pages import for_clients
from practice.models import User


@require_safe
@for_clients
def receipt(request: HttpRequest, client: User, number: int) -> HttpResponse:
    """Show a receipt that is made out to the client; 404 for all others."""
    found = Receipt.objects.filter(payer=client).exclude(content={})
    return as_file(get_object_or_404(found, number=number))
