"""Access of people at work to clients' records: intake, notes, practice, noticings, pain, questions.

People without access get 404. What opens a record, and when it closes again, stands in `docs/roles.md` with
the reasons.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from booking.access import A_MONTH, opening
from booking.models import Appointment
from portal.models import Assignment, RecordPermission
from practice.access import rows
from practice.models import Practitioner, User
from practice.queries import the_practice


def records_of(user: User) -> QuerySet[User]:
    """Return the clients whose record this person may open now.

    The owner: everybody who is or was a client. A practitioner: clients who came to them lately, have
    confirmed a session with them, or have an open assignment from them, and those for whom they have a
    permission. The front desk and clients themselves: nobody.
    """
    if rows.may_all(user, "records"):
        ever = Appointment.objects.filter(client=OuterRef("pk")).without_holds()
        return User.objects.filter(Q(role=User.Role.CLIENT) | Exists(ever), merged_into=None)
    if not rows.may(user, "records"):
        return User.objects.none()
    now = timezone.now()
    return User.objects.filter(
        own_right(user, now=now) | Exists(valid_permissions(now=now).filter(practitioner__user=user)),
        merged_into=None,
    ).exclude(pk=user.pk)


def by_session(user: User, *, now: dt.datetime) -> Q:
    """Return the filter for clients whose record a session with this practitioner opens."""
    theirs = Appointment.objects.filter(opening(now), client=OuterRef("pk"), practitioner__user=user)
    return Q(Exists(theirs))


def own_right(user: User, *, now: dt.datetime) -> Q:
    """Return the filter for clients whose record a practitioner may open without a permission."""
    since = now - A_MONTH * the_practice().record_months
    given = Assignment.objects.filter(
        client=OuterRef("pk"), assigned_by__user=user, ended_at=None, created_at__gt=since
    )
    return by_session(user, now=now) | Q(Exists(given))


def valid_permissions(*, now: dt.datetime) -> QuerySet[RecordPermission]:
    """Return the permissions valid now for the client of an outer query."""
    return RecordPermission.objects.filter(client=OuterRef("pk"), until__gt=now, revoked_at=None)


def may_open(user: User, client: User) -> bool:
    """Return whether somebody at work may open this client's record."""
    return records_of(user).filter(pk=client.pk).exists()


def sees_records(user: User) -> bool:
    """Return whether somebody sees health words at all: owner and practitioners, not the front desk."""
    return rows.may(user, "records")


def may_permit(user: User, client: User, *, now: dt.datetime) -> bool:
    """Return whether somebody may let a colleague open this record: the owner, or by own right.

    A person who has only a permission may not: it is not handed on.
    """
    if rows.may_all(user, "permissions", "change"):
        return True
    if not rows.may(user, "permissions", "change"):
        return False
    return User.objects.filter(own_right(user, now=now), pk=client.pk).exists()


def writer_in(user: User, client: User, *, now: dt.datetime) -> Practitioner | None:
    """Return the practitioner as whom somebody writes in a record between sessions, or None.

    A practitioner whose session opens it writes as themselves. So does the owner; an owner who gives no
    sessions, as the practitioner who saw the client last. Neither a permission nor an assignment is enough:
    an assignment opens the record for months, so that either could be prolonged without end.
    """
    if not rows.may(user, "records", "change"):
        return None
    theirs = User.objects.filter(by_session(user, now=now), pk=client.pk)
    is_owner = rows.may_all(user, "records", "change")
    if not is_owner and not theirs.exists():
        return None
    themselves = Practitioner.objects.filter(user=user).first()
    if themselves or not is_owner:
        return themselves
    last = Appointment.objects.filter(client=client).attended(now)
    found = last.select_related("practitioner").order_by("-starts_at").first()
    return found.practitioner if found else None


def client_for(user: User, pk: int) -> User:
    """Return the client of that id if `user` may open their record. Raises Http404 as if there were none."""
    found = records_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404("no such client for you")
    return found
