"""What the back office pages of clients' records share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from portal.records import records_of
from practice.access import require_staff
from practice.actions.open_record import opened


class OfRecords(admin.ModelAdmin):
    """Rows with a `client`: only of those whose record the reader may open; who opens one is written down."""

    opens: Any = ""  # what is opened, in the words of the access log

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Only what the reader may open."""
        return super().get_queryset(request).filter(client__in=records_of(require_staff(request)))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """One of them, for a page of its own."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            opened(require_staff(request), found.client, str(self.opens), now=timezone.now())
        return found
