"""Whose record somebody at work may open: intake, notes, practice, noticings, pain, questions.

Strangers get 404. What opens a record, and when it closes again, stands in `docs/roles.md` with the reasons.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from booking.access import A_MONTH, opening
from booking.models import Appointment
from booking.states import CAME, NOBODY_YET
from portal.models import Assignment, RecordPermission
from practice.access import rows
from practice.models import Practitioner, User
from practice.queries import the_practice


def records_of(user: User) -> QuerySet[User]:
    """The clients whose record this person may open now, by name.

    The owner: everybody who is or was a client. A practitioner: who came to them lately, who has confirmed a
    session with them, who was given something by them lately, or for whom they were given permission. The
    front desk and clients themselves: nobody.
    """
    if rows.may_all(user, "records"):
        ever = Appointment.objects.filter(client=OuterRef("pk")).exclude(state__in=NOBODY_YET)
        return User.objects.filter(Q(role=User.Role.CLIENT) | Exists(ever))
    if not rows.may(user, "records"):
        return User.objects.none()
    now = timezone.now()
    return User.objects.filter(
        own_right(user, now=now) | Exists(standing(now=now).filter(practitioner__user=user))
    ).exclude(pk=user.pk)


def by_session(user: User, *, now: dt.datetime) -> Q:
    """Clients whose record a session with this practitioner opens."""
    theirs = Appointment.objects.filter(opening(now), client=OuterRef("pk"), practitioner__user=user)
    return Q(Exists(theirs))


def own_right(user: User, *, now: dt.datetime) -> Q:
    """Clients whose record a practitioner may open without anybody's permission."""
    since = now - A_MONTH * the_practice().record_months
    given = Assignment.objects.filter(
        client=OuterRef("pk"), assigned_by__user=user, ended_at=None, created_at__gt=since
    )
    return by_session(user, now=now) | Q(Exists(given))


def standing(*, now: dt.datetime) -> QuerySet[RecordPermission]:
    """Permissions for the client of an outer query that stand now."""
    return RecordPermission.objects.filter(client=OuterRef("pk"), until__gt=now, revoked_at=None)


def may_open(user: User, client: User) -> bool:
    """Whether somebody at work may open this client's record."""
    return records_of(user).filter(pk=client.pk).exists()


def sees_records(user: User) -> bool:
    """Whether somebody at work sees health words at all: the owner and practitioners, not the front desk."""
    return rows.may(user, "records")


def may_permit(user: User, client: User, *, now: dt.datetime) -> bool:
    """Whether somebody may let a colleague open this record: the owner, and whoever opens it by own right.

    Not whoever has only a permission: it is not handed on.
    """
    if rows.may_all(user, "permissions", "change"):
        return True
    if not rows.may(user, "permissions", "change"):
        return False
    return User.objects.filter(own_right(user, now=now), pk=client.pk).exists()


def writer_in(user: User, client: User, *, now: dt.datetime) -> Practitioner | None:
    """The practitioner as whom somebody writes in a record between sessions; None: they do not.

    Whom a session with the client opens it, as themselves. The owner, too; one who gives no sessions as
    whoever saw the client last. Neither a permission nor what was assigned before is enough: what is
    assigned opens the record for months, so that either could be prolonged without end.
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
    last = Appointment.objects.filter(client=client, state__in=CAME, starts_at__lte=now)
    found = last.select_related("practitioner").order_by("-starts_at").first()
    return found.practitioner if found else None


def client_for(user: User, pk: int) -> User:
    """The client of that id, for somebody who may open their record. Raises Http404 as if there were none."""
    found = records_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404("no such client for you")
    return found
