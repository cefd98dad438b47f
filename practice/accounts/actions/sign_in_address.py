"""The owner changes the address somebody signs in with: told to the old one, written down, sessions ended.

A person changes their own on their account page, where allauth asks them to prove themselves first. Whatever
door it goes through, a changed address ends every session (`User.get_session_auth_hash`).
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from practice.access import rows
from practice.access.actions.open_record import write_down
from practice.accounts import address_changes
from practice.accounts.account_notice_texts import BY_OWNER
from practice.mail.post import Address, post
from practice.models import User, tidy_email


class NotTheirs(Exception):
    """Only the owner may change somebody's address; the person has a page of their own for it."""


@transaction.atomic
def change_address(person: User, address: str | None, *, by: User, now: datetime) -> User:
    """Give `person` another address to sign in with. The same again changes nothing. Raises NotTheirs.

    What the owner says holds: no link that an earlier change sent puts another address back, which may be
    lost by now. One that puts back what the owner says too stays: it also throws out what a thief has added.
    """
    if not rows.may_all(by, "sign_in", "change"):
        raise NotTheirs
    person = User.objects.select_for_update().get(pk=person.pk)
    before, after = person.email, tidy_email(address)
    if before == after:
        return person
    person.email = after
    person.save(update_fields=["email"])
    address_changes.close_changes(person, but=after, now=now)
    write_down(by, person, _("changed the address you sign in with"), now=now)
    if before:
        post(
            "account_notice",
            key=f"account:{secrets.token_hex(12)}",
            to=Address(person.name, before),
            user=person,
            context={
                "notice": BY_OWNER,
                "email": before,
                "act_url": f"{settings.SITE_URL}{reverse(BY_OWNER.page)}",
            },
            now=now,
        )
    return person
