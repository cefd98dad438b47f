"""Change somebody's sign-in address, by the owner: written down, sessions ended, the old address notified.

People change their own on their account page, where allauth asks them to prove who they are first. Either
way, a changed address ends every session (`User.get_session_auth_hash`).
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from practice.access import rows
from practice.access.actions.open_record import log_action
from practice.accounts import address_changes
from practice.accounts.account_notice_texts import BY_OWNER
from practice.mail.post import Recipient, post
from practice.models import User, tidy_email


class AddressChangeNotAllowed(Exception):
    """Raised when somebody else than the owner changes another person's address."""


@transaction.atomic
def change_address(person: User, address: str | None, *, by: User, now: datetime) -> User:
    """Give `person` another sign-in address; the same address again changes nothing. Raises NotTheirs.

    The owner's word holds: no link that an earlier change sent restores another address, which may be lost by
    now. A link that restores the very address that the owner sets stays: it also removes what a thief added.
    """
    if not rows.may_all(by, "sign_in", "change"):
        raise AddressChangeNotAllowed
    person = User.objects.select_for_update().get(pk=person.pk)
    before, after = person.email, tidy_email(address)
    if before == after:
        return person
    person.email = after
    person.save(update_fields=["email"])
    address_changes.end_restore_links(person, but=after, now=now)
    log_action(by, person, "access:address_changed", now=now)
    if before:
        post(
            "account_notice",
            key=f"account:{secrets.token_hex(12)}",
            to=Recipient(person.name, before, person),
            context={
                "notice": BY_OWNER,
                "email": before,
                "act_url": f"{settings.SITE_URL}{reverse(BY_OWNER.page)}",
            },
            now=now,
        )
    return person
