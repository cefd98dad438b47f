"""Whether somebody wants letters between sessions. Both answers are rows, and both can be given again.

Letters about appointments and about signing in are no matter of this: they go as long as there is a cause.
"""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext as _

from practice.models import Consent, Letter, User

LETTERS_VERSION = 2


def letters_text() -> str:
    """What a person agrees to, word for word; a new wording is a new `LETTERS_VERSION`."""
    return _(
        "Between sessions, I will get an email now and then about what I practice at home. I "
        "can pause or stop these emails at any time, from any of them or in my portal."
    )


@transaction.atomic
def agree_to_letters(user: User, *, now: dt.datetime) -> Consent:
    """Write down that they want letters between sessions. Agreed already: the row that stands.

    Raises User.DoesNotExist for whoever was erased meanwhile.
    """
    standing = _of(user).filter(withdrawn_at=None).first()
    return standing or Consent.objects.create(
        user=user,
        kind=Consent.Kind.LETTERS,
        version=LETTERS_VERSION,
        text=letters_text(),
        given_at=now,
    )


@transaction.atomic
def decline_letters(user: User, *, now: dt.datetime, why: str) -> int:
    """No more letters between sessions: withdraw what was agreed to, and call off those that wait. How many.

    `why` is a sentence the practitioner can read. Whoever never agreed is remembered as having said no. A
    letter that a sender holds already is left alone: it is judged once more before it goes. Raises
    User.DoesNotExist for whoever was erased meanwhile.
    """
    given = _of(user)
    if not given.filter(withdrawn_at=None).update(withdrawn_at=now) and not given.exists():
        Consent.objects.create(user=user, kind=Consent.Kind.LETTERS, given_at=now, withdrawn_at=now)
    return Letter.objects.filter(
        user=user, category=Letter.Category.ENCOURAGEMENT, state=Letter.State.PLANNED
    ).update(state=Letter.State.CANCELLED, reason=why)


def _of(user: User) -> models.QuerySet[Consent]:
    """What they said about letters so far; two answers at once wait for each other."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return Consent.objects.filter(user=user, kind=Consent.Kind.LETTERS)
