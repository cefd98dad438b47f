"""Undo an import: what it made goes again, unless somebody has used it since. Then it stays, with the reason.

From the last row to the first, so that an appointment goes before its client.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from booking.locking.locks import lock
from booking.models import Appointment, AppointmentChange, Import, ImportRow, Package, PackageUse
from booking.moving_in.reading import drafts_of, reading_of
from practice.append_only.door import Why, open_door
from practice.core.reasons import Reasons, because
from practice.models import Letter, User

State = Import.State
AT_ONCE = {Import.Kind.CLIENTS: 250, Import.Kind.PACKAGES: 50, Import.Kind.APPOINTMENTS: 20}
#: What an appointment has from the day on which it was imported.
OF_THE_BOOKING = (AppointmentChange, ImportRow, PackageUse)
#: What is derived from a row and goes with it: no sign that somebody used it.
DERIVED = frozenset({"practice.searchword"})


def undo_next(job: Import) -> bool:
    """Undo the next portion of rows; False: all are undone. Within the transaction that holds the import."""
    made = Q(made_client=True) | Q(appointment__isnull=False) | Q(package__isnull=False) | ~Q(filled=[])
    before = Q(number__lt=job.position) if job.position else Q()
    at_once = AT_ONCE[Import.Kind(job.kind)]
    rows = list(
        job.rows.filter(made, before, undone=False)
        .select_related("client", "appointment__practitioner", "package")
        .order_by("-number")[:at_once]
    )
    # Its file may be gone: then what was filled in is no longer known, and stays.
    lock({row.appointment.practitioner for row in rows if row.appointment})
    if any(row.appointment for row in rows):
        with open_door(Why.IMPORT_UNDONE):  # they go with their history
            for row in rows:
                _appointment(row)
    for row in rows:
        _package(row)
        _filled(job, row)
    _clients(rows)
    gone = [row.pk for row in rows if not row.stays]
    ImportRow.objects.filter(pk__in=gone).update(undone=True)
    for row in rows:
        if row.stays:
            row.save(update_fields=["stays"])
    more = len(rows) == at_once
    job.position = rows[-1].number if rows else job.position
    job.state = job.state if more else State.UNDONE
    job.ended_at = None if more else timezone.now()
    job.save(update_fields=["position", "state", "ended_at"])
    return more


def _appointment(row: ImportRow) -> None:
    one = row.appointment
    if one is None:
        return
    if why := appointment_is_used(one):
        row.stays = why
        return
    Letter.objects.filter(about=one.about, state=Letter.State.PLANNED).delete()  # none of them ever left
    PackageUse.objects.filter(appointment=one).delete()  # the booking itself took a session; it is free again
    one.changes.all().delete()
    one.delete()
    row.appointment = None


def appointment_is_used(one: Appointment) -> Reasons:
    """Return why an imported appointment has to stay; [] if nothing has happened with it since."""
    if one.starts_at <= timezone.now():
        return because("stays_begun")
    if one.state != Appointment.State.BOOKED or one.sequence or one.changes.count() > 1 or one.confirmed_at:
        return because("stays_changed")
    if Letter.objects.filter(about=one.about).exclude(state__in=["planned", "cancelled"]).exists():
        return because("stays_emailed")
    if related(Appointment, [one.pk], but=OF_THE_BOOKING):
        return because("stays_linked")
    return []


def _package(row: ImportRow) -> None:
    if row.package is None:
        return
    if related(Package, [row.package.pk], but=(ImportRow,)):
        row.stays = because("stays_package_used")
        return
    row.package.delete()
    row.package = None


def _filled(job: Import, row: ImportRow) -> None:
    """Empty what was filled in, if it still says the same and they have not signed in with it."""
    if not row.filled or row.client is None:
        return
    if not row.raw or _signed_in([row.client]):
        row.stays = because("stays_filled")
        return
    (draft,) = drafts_of([row], reading_of(job))
    for name in row.filled:
        mine = User.objects.filter(pk=row.client.pk, **{name: getattr(draft, name)})
        mine.update(**{name: None if name == "email" else ""})


def _clients(rows: Sequence[ImportRow]) -> None:
    """Remove the people these rows made, those with anything else than this import's rows excepted."""
    made = {row.client.pk: row for row in rows if row.made_client and row.client and not row.stays}
    people = [row.client for row in made.values() if row.client]
    used = related(User, list(made), but=(ImportRow,)) | _signed_in(people)
    used |= {one.pk for one in people if not one.is_client}
    for pk in used:
        made[pk].stays = because("stays_client_used")
    gone = [pk for pk in made if pk not in used]
    for pk in gone:
        made[pk].client = None
    with transaction.atomic():
        User.objects.filter(pk__in=gone).delete()


def _signed_in(people: Iterable[User]) -> set[int]:
    return {one.pk for one in people if one.last_login is not None}


def related(
    model: type[models.Model], pks: Sequence[int], *, but: tuple[type[models.Model], ...]
) -> set[int]:
    """Return those of these rows that any other row points at, of any model, apart from `but`.

    Asked of the models themselves: what another feature adds later counts too.
    """
    found: set[int] = set()
    for link in model._meta.related_objects if pks else ():
        other = link.related_model
        if other in but or link.many_to_many or other._meta.label_lower in DERIVED:
            continue
        name = link.field.name
        rows = other._base_manager.filter(**{f"{name}__in": pks})
        found |= set(rows.values_list(link.field.attname, flat=True))
    return found
