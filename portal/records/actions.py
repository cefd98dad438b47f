"""Permissions for a colleague to open a client's record for a time. The client can read of each."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.models import RecordPermission
from portal.records.access import may_permit
from practice.access import rows
from practice.access.actions.open_record import log_action
from practice.models import Practitioner, User

DAYS = (7, 30, 90, 365)


class NotPermitted(Exception):
    """Raised when a permission is refused: nothing was changed, and `str(error)` says why."""


@transaction.atomic
def permit(
    client: User, practitioner: Practitioner, *, days: int, by: User, now: dt.datetime
) -> RecordPermission:
    """Let `practitioner` open this record for so many days, replacing a valid permission.

    Raises NotPermitted for a person who may not give it, for oneself, and for a number that is not offered.
    """
    if not may_permit(by, client, now=now):
        raise NotPermitted(
            _("Only the owner or a practitioner who works with this client can give this permission.")
        )
    if practitioner.user_id == by.pk or days not in DAYS or not practitioner.user.is_staff:
        raise NotPermitted(_("Please choose a colleague and for how long."))
    User.objects.select_for_update(no_key=True).get(pk=client.pk)  # two presses at once wait for each other
    standing = RecordPermission.objects.filter(client=client, practitioner=practitioner, revoked_at=None)
    standing.update(revoked_at=now, revoked_by=by)
    made = RecordPermission.objects.create(
        client=client,
        practitioner=practitioner,
        given_by=by,
        given_at=now,
        until=now + dt.timedelta(days=days),
    )
    log_action(by, client, "access:permitted", now=now, name=practitioner.user.name)
    return made


@transaction.atomic
def revoke(permission: RecordPermission, *, by: User, now: dt.datetime) -> bool:
    """End a permission; return whether it was not revoked before.

    Allowed for the owner, and for the person who gave it; others get NotPermitted.
    """
    if not (rows.may_all(by, "permissions", "change") or permission.given_by_id == by.pk):
        raise NotPermitted(_("Only the owner or the person who gave this permission can end it."))
    standing = RecordPermission.objects.filter(pk=permission.pk, revoked_at=None)
    if not standing.update(revoked_at=now, revoked_by=by):
        return False
    name = permission.practitioner.user.name
    log_action(by, permission.client, "access:permission_ended", now=now, name=name)
    return True
