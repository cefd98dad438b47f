"""Agree to or decline emails between sessions: both answers are rows, and can be given again.

Emails about appointments and about signing in do not depend on this.
"""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext as _

from practice.core.reasons import because
from practice.models import Consent, Letter, User
from practice.models.language import language_of_this_page

LETTERS_VERSION = 2


def letters_text() -> str:
    """Return the text that a person agrees to, word for word; a new wording is a new `LETTERS_VERSION`."""
    return _(
        "Between sessions, I will get an email now and then about what I practice at home. I "
        "can pause or stop these emails at any time, from any of them or in my portal."
    )


@transaction.atomic
def agree_to_letters(user: User, *, now: dt.datetime) -> Consent:
    """Write down that they want emails between sessions; the existing row if they agreed already.

    Raises User.DoesNotExist when the user was erased meanwhile.
    """
    standing = _of(user).filter(withdrawn_at=None).first()
    return standing or Consent.objects.create(
        user=user,
        kind=Consent.Kind.LETTERS,
        version=LETTERS_VERSION,
        text=letters_text(),
        language=language_of_this_page(),
        given_at=now,
    )


@transaction.atomic
def decline_letters(user: User, *, now: dt.datetime, why: str = "emails_turned_off") -> int:
    """Withdraw their agreement to emails between sessions, and cancel those that wait; return how many.

    `why` is the code of a sentence the practitioner can read. A user who never agreed is remembered as having
    said no. An email that a sender has claimed is left alone: it is checked once more before it goes. Raises
    User.DoesNotExist when the user was erased meanwhile.
    """
    given = _of(user)
    if not given.filter(withdrawn_at=None).update(withdrawn_at=now) and not given.exists():
        Consent.objects.create(user=user, kind=Consent.Kind.LETTERS, given_at=now, withdrawn_at=now)
    return Letter.objects.filter(
        user=user, category=Letter.Category.ENCOURAGEMENT, state=Letter.State.PLANNED
    ).update(state=Letter.State.CANCELLED, why=because(why))


def _of(user: User) -> models.QuerySet[Consent]:
    """Return a locked query of their answers about emails: two answers at once wait for each other."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return Consent.objects.filter(user=user, kind=Consent.Kind.LETTERS)
