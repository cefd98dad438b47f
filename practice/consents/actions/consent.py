"""Publish a consent text, sign texts by typing a name, and withdraw a signature.

A new text is a new version, which asks everybody again; what was signed keeps the words it was signed under.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from practice.consents import queries
from practice.consents.queries import TEXT_LONGEST
from practice.contact import please_call
from practice.core.plain_text import plain_line
from practice.models import Consent, ConsentText, User
from practice.queries import the_practice

NAME_LONGEST = 150


@dataclass(frozen=True)
class ConsentSubmission:
    """The signature on a page: the typed name, and kind → version of each text that was agreed to.

    `shown`: kind → `ConsentText.shown_as` of those that the page showed, so that no other words are kept.
    """

    name: str = ""
    versions: Mapping[str, int] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)


class NotSigned(Exception):
    """Raised when nothing was signed; `str(error)` says why. `name`: the field it is about."""

    name = ""


class NameMissing(NotSigned):
    """Raised when no name was typed."""

    name = "signed_name"

    def __init__(self) -> None:
        super().__init__(_("Please type your name: that is how you sign."))


class NotAgreed(NotSigned):
    """Raised when a text was not agreed to. `call`: how to reach us (`practice.contact.please_call`)."""

    name = "agree"

    def __init__(self, call: str) -> None:
        said = _(
            "We need both before we can work together. If you’re not comfortable with one of them, "
            "please talk to us."
        )
        super().__init__(f"{said} {call}")


class TextChanged(NotSigned):
    """Raised when the owner has put another text in place of the one that was read."""

    def __init__(self) -> None:
        super().__init__(_("The text was just changed. Please read it again and sign."))


class NotPublished(Exception):
    """Raised when a text was not published; `str(error)` says why."""


@transaction.atomic
def sign(user: User, agreed: ConsentSubmission, *, now: dt.datetime) -> list[Consent]:
    """Sign all current texts that this person has not signed; earlier signatures stay as they are.

    Raises NotAgreed, TextChanged or NoName; then nothing was signed.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two presses at once wait for each other
    open_texts = queries.unsigned(user)
    if not open_texts:
        return []
    if any(text.kind not in agreed.versions for text in open_texts):
        raise NotAgreed(please_call(the_practice()))
    if any(not _is_what_was_shown(text, agreed) for text in open_texts):
        raise TextChanged
    name = plain_line(agreed.name)[:NAME_LONGEST]
    if not any(sign.isalpha() for sign in name):
        raise NameMissing
    return [
        Consent.objects.create(
            user=user,
            kind=text.kind,
            version=text.version,
            text=text.text,
            language=text.language,
            signed_name=name,
            given_at=now,
        )
        for text in open_texts
    ]


def _is_what_was_shown(text: ConsentText, agreed: ConsentSubmission) -> bool:
    shown = agreed.shown.get(text.kind, text.shown_as)
    return text.version == agreed.versions[text.kind] and text.shown_as == shown


def withdraw(user: User, kind: str, *, now: dt.datetime) -> int:
    """Withdraw signatures of this kind; return how many. The rows stay, with the time of withdrawal."""
    return Consent.objects.filter(user=user, kind=kind, withdrawn_at=None).update(withdrawn_at=now)


@transaction.atomic
def publish(kind: str, words: str, *, now: dt.datetime) -> ConsentText:
    """Publish a new text as the next version; the same words again change nothing.

    Raises NotPublished.
    """
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise NotPublished(_("A text that clients sign cannot be empty."))
    if len(words) > TEXT_LONGEST:
        raise NotPublished(
            _("That’s too long. Please use up to %(longest)s characters.") % {"longest": f"{TEXT_LONGEST:,}"}
        )
    standing = queries.current_text(kind)
    if words == standing.text:
        return standing
    made, is_new = ConsentText.objects.get_or_create(
        kind=kind, version=standing.version + 1, defaults={"text": words, "since": now}
    )
    if not is_new and made.text != words:
        raise NotPublished(
            _("This text was changed from another page in the meantime. Please review it first.")
        )
    return made
