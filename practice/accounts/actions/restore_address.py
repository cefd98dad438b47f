"""Restore a sign-in address that somebody else may have changed, and sign that person out."""

from __future__ import annotations

import datetime as dt

import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from practice.access.actions.open_record import log_action
from practice.accounts import address_changes
from practice.accounts.account_notice_texts import send_notice
from practice.accounts.actions.sign_in_help import end_sessions
from practice.models import AddressChange, User

log = structlog.get_logger(__name__)


class AddressTaken(Exception):
    """Raised when somebody else signs in with the old address by now."""


@transaction.atomic
def restore_address(token: str, *, now: dt.datetime) -> User:
    """Undo the change of this link and all later ones of this person; raises DeadLink, AddressTaken.

    They are signed out everywhere. Passkeys and apps that were added since, and any password, open nothing
    any more: the person who changed the address may have made them.
    """
    user_id = address_changes.read_restore_link(token, now=now).user_id
    user = User.objects.select_for_update().get(pk=user_id)
    change = address_changes.read_restore_link(token, now=now)  # again, under the lock: the link works once
    taken = EmailAddress.objects.filter(email=change.old).exclude(user=user)
    if User.objects.filter(email=change.old).exclude(pk=user.pk).exists() or taken.exists():
        raise AddressTaken
    AddressChange.objects.filter(user=user, pk__gte=change.pk, undone_at=None).update(undone_at=now)
    Authenticator.objects.filter(user=user, created_at__gte=change.at).delete()
    user.email = change.old
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=change.old, verified=True, primary=True)
    end_sessions(user)
    log_action(user, user, "access:address_restored", now=now)
    send_notice("practice/address_restored", change.old, user=user)
    log.info("sign-in address restored", of=user.pk)
    return user
