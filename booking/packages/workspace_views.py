"""A client's packages in the workspace: sell one, see what is left and used, let one pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking import queries as booking_queries
from booking.access import appointment_seen_by, clients_seen_by, practitioners_for, zone_at_work
from booking.models import Appointment, PackageUse, sealed_at
from booking.packages import queries as packages_queries
from booking.packages.actions import NotSold, pay_later, sell
from booking.packages.forms import PackageForm
from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.core import formatting
from practice.models import User
from practice.queries import the_practice


@dataclass(frozen=True)
class PackageRow:
    """A package as the page shows it, with the dates of its sessions."""

    package: Any
    left: int
    price: str
    uses: list[PackageUse]
    note: str


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_packages(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is left and what was used; POST sells one more."""
    user = require_staff(request)
    client = client_seen_by(user, pk)
    form = PackageForm(
        request.POST if request.method == "POST" else None,
        currency=the_practice().currency,
        initial={"session_type": last_type(client)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = sell(**form.cleaned_data, client=client, by=user, now=timezone.now())
        except NotSold as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Package added: %(package)s.") % {"package": made})
            return redirect("workspace_packages", pk=pk)
    page = {
        "client": client,
        "form": form,
        "sold": [shown(one, user) for one in packages_queries.of_client(client)],
        "payable": payable(user, client),
        "zone": zone_at_work(user),
    }
    return render(request, "workspace/packages.html", page, status=422 if form.errors else 200)


def client_seen_by(user: User, pk: int) -> User:
    """Return a client this person knows by name, who has or had an appointment; 404 for others."""
    found = clients_seen_by(user).filter(pk=pk).first()
    theirs = Appointment.objects.filter(client=pk).without_holds()
    if found is None or not theirs.exists():
        raise Http404
    return found


def last_type(client: User) -> int | None:
    """Return the id of the client's last session type, as the one they most likely want."""
    return booking_queries.appointments_of(client).values_list("session_type_id", flat=True).last()


def shown(standing: packages_queries.PackageBalance, reader: User) -> PackageRow:
    """Return a package in words. How it was paid is shown to readers of records, and to its seller."""
    one = standing.package
    uses = one.uses.filter(given_back_at=None).select_related("appointment__practitioner__user")
    uses = uses.defer(*sealed_at("appointment"))
    return PackageRow(
        package=one,
        left=standing.left,
        price=formatting.money(one.price_cents, one.currency, locale=the_practice().locale),
        uses=list(uses.order_by("appointment__starts_at")),
        note=one.note if rows.may(reader, "records") or one.sold_by_id == reader.pk else "",
    )


def payable(user: User, client: User) -> list[Appointment]:
    """Return coming sessions that nothing pays for yet, while a package could."""
    standings = packages_queries.of_client(client)
    coming = booking_queries.managed_ahead(client, now=timezone.now())
    unpaid = coming.filter(practitioner__in=practitioners_for(user)).exclude(
        package_uses__in=PackageUse.objects.filter(given_back_at=None)
    )
    return [
        one
        for one in unpaid
        if packages_queries.left_for(
            standings, one.session_type, day=packages_queries.day_of(one.practitioner, one.starts_at)
        )
    ]


@staff_only
@require_POST
def workspace_package_pays(request: HttpRequest, uid: Any) -> HttpResponse:
    """Let a package pay for a session booked without signing in, or before it was sold."""
    user = require_staff(request)
    found = appointment_seen_by(user, uid)
    if found.client_id is None:
        raise Http404
    if pay_later(found, now=timezone.now()):
        messages.success(request, _("Paid by the package."))
    else:
        messages.error(request, _("No package covers this session."))
    return redirect("workspace_packages", pk=found.client_id)
