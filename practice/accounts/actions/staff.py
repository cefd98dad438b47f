"""Who works here: add somebody, change their role, end their access or give it back.

The rows of all owners are locked first, so that two owners can't take the role from each other at once.
"""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from practice.access.actions.open_record import log_action
from practice.access.roles import AT_WORK
from practice.accounts.account_notice_texts import send_notice
from practice.accounts.actions.sign_in_help import end_sessions
from practice.models import Practitioner, User

log = structlog.get_logger(__name__)

#: What the access log says of a new role.
ROLE_CODES: dict[str, str] = {
    User.Role.FRONT_DESK: "access:role_front_desk",
    User.Role.PRACTITIONER: "access:role_practitioner",
    User.Role.OWNER: "access:role_owner",
}


class StaffError(Exception):
    """Raised when a change of who works here is refused; the text is for the owner."""


def add_staff(*, name: str, email: str, role: str, by: User, now: dt.datetime) -> User:
    """Create the account of someone who works here and email them how to sign in.

    Raises StaffError for an address that has an account already.
    """
    with transaction.atomic():
        _lock_owners()
        known = User.objects.by_email(email)
        if known is not None:
            raise StaffError(_taken(known))
        user = User.objects.create_user(email, name=name, role=role)
        log_action(by, user, ROLE_CODES[role], now=now)
        send_notice("practice/invited", str(user.email), user=user)
    log.info("staff added", of=user.pk, by=by.pk, role=role)
    return user


def _taken(known: User) -> str:
    if known.role in AT_WORK:
        return _("%(name)s already works here with this address.") % {"name": known.name}
    return _(
        "A client uses this address. Enter a different one for work, so that their record stays separate."
    )


def change_role(user: User, role: str, *, by: User, now: dt.datetime) -> None:
    """Give someone another role. At the front desk nobody is bookable. Raises StaffError."""
    with transaction.atomic():
        locked = _locked(user, by=by)
        if locked.role == role:
            return
        locked.role = role
        locked.save(update_fields=["role"])
        if role == User.Role.FRONT_DESK:
            _not_bookable(locked)
        log_action(by, locked, ROLE_CODES[role], now=now)
    log.info("role changed", of=user.pk, by=by.pk, role=role)


def end_access(user: User, *, by: User, now: dt.datetime) -> None:
    """Close someone's account at work at once: they are signed out everywhere. Raises StaffError.

    Their sessions ahead stay, for somebody to hand over or cancel; they can no longer be booked.
    """
    with transaction.atomic():
        locked = _locked(user, by=by)
        if not locked.is_active:
            return
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        _not_bookable(locked)
        end_sessions(locked)
        log_action(by, locked, "access:account_closed", now=now)
    log.info("access ended", of=user.pk, by=by.pk)


def restore_access(user: User, *, by: User, now: dt.datetime) -> None:
    """Open a closed account at work again, with the role it had; whether they are bookable is a choice."""
    with transaction.atomic():
        locked = _locked(user, by=by)
        if locked.is_active:
            return
        locked.is_active = True
        locked.save(update_fields=["is_active"])
        log_action(by, locked, "access:account_opened", now=now)
    log.info("access restored", of=user.pk, by=by.pk)


def _locked(user: User, *, by: User) -> User:
    """Return the person's row, locked after those of the owners. Raises StaffError for oneself.

    Who asks is an owner, under the lock, and never changes themselves: so there is always an owner left.
    """
    _lock_owners()
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.pk == by.pk:
        raise StaffError(_("You can’t change your own role or access. Ask another owner to do it."))
    if not User.objects.owners().filter(pk=by.pk).exists():
        raise StaffError(_("You’re no longer an owner, so nothing was changed."))
    return locked


def _lock_owners() -> None:
    list(User.objects.select_for_update().filter(role=User.Role.OWNER).order_by("pk"))


def _not_bookable(user: User) -> None:
    Practitioner.objects.filter(user=user).update(is_bookable=False)
