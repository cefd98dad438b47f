"""Queries about consent texts: the current ones, and who has signed which."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from practice.models import Consent, ConsentText, User

KINDS: tuple[Consent.Kind, ...] = ConsentText.KINDS
#: Characters of a text that clients sign.
TEXT_LONGEST = 10_000


def current_text(kind: str) -> ConsentText:
    """Return the newest text; the shipped one as version 0 (no row) until the owner has written one."""
    found = ConsentText.objects.filter(kind=kind).order_by("-version").first()
    return found or _shipped(kind)


def _shipped(kind: str) -> ConsentText:
    return ConsentText(kind=kind, version=0, text=_ours(kind))


def current_texts() -> list[ConsentText]:
    """Return the current text of each kind, in one query."""
    newest = ConsentText.objects.filter(kind=OuterRef("kind")).order_by("-version").values("version")[:1]
    found = ConsentText.objects.filter(kind__in=KINDS, version=Subquery(newest))
    written = {one.kind: one for one in found}
    return [written.get(kind) or _shipped(kind) for kind in KINDS]


def signatures(user: User) -> dict[str, Consent]:
    """Return the last signature of each kind by this person, withdrawn or not."""
    rows = Consent.objects.filter(user=user, kind__in=KINDS).order_by("given_at", "pk")
    return {row.kind: row for row in rows}


def unsigned(user: User) -> list[ConsentText]:
    """Return the current texts that this person has not signed, or has withdrawn."""
    signed = signatures(user)
    return [one for one in current_texts() if not is_valid(signed.get(one.kind), one)]


def is_valid(signature: Consent | None, text: ConsentText) -> bool:
    """Return whether a signature is to the current text, and was not withdrawn."""
    return signature is not None and signature.withdrawn_at is None and signature.version == text.version


def unsigned_by(users: Collection[int]) -> set[int]:
    """Return those of these people who have not signed all current texts."""
    versions = {one.kind: one.version for one in current_texts()}
    signed: dict[tuple[int, str], bool] = {}
    rows = Consent.objects.filter(user__in=users, kind__in=KINDS).order_by("given_at", "pk")
    for user, kind, version, withdrawn in rows.values_list("user_id", "kind", "version", "withdrawn_at"):
        signed[user, kind] = version == versions[kind] and withdrawn is None
    return {user for user in users if not all(signed.get((user, kind)) for kind in versions)}


def _ours(kind: str) -> str:
    return {
        Consent.Kind.TREATMENT: _(
            "I am coming of my own choice. I understand that this is hands-on work, that it is "
            "not medical treatment, and that it is no substitute for medical care. I will say "
            "right away if anything hurts or is too much, and we will stop. I can end a session "
            "at any time, without giving a reason."
        ),
        Consent.Kind.HEALTH_DATA: _(
            "The practice may keep what I tell it about my health, the notes of my sessions and "
            "what I write while practicing at home, so that it can work with me safely. It is "
            "stored encrypted. Only the people who work with me read it, and I can see who did. "
            "It is not shared with anyone else. I can withdraw this consent at any time, get a "
            "copy, and ask for all of it to be erased."
        ),
    }[Consent.Kind(kind)]
