"""Booking for a client, in the workspace, on one page: who, what, when, and the one button that books."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from booking.appointments.workspace_views.book_choices import BUTTONS, choices_in, not_with_them
from booking.appointments.workspace_views.book_confirm import booked, looked_at, shown
from booking.appointments.workspace_views.book_page import person_in
from practice.access.pages import staff_only


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def book_someone(request: HttpRequest) -> HttpResponse:
    """Show the page, filled in from the address: `at` and `with` come from a click in the calendar.

    Sent, it books, unless another of its buttons was pressed.
    """
    if request.method == "POST":
        is_other_button = any(name in request.POST for name in BUTTONS)
        return looked_at(request) if is_other_button else booked(request)
    wish = choices_in(request, request.GET)
    if wish.is_gone:
        not_with_them(request)
    return shown(request, wish, person_in(wish))
