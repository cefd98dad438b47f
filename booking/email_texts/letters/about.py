"""What the emails about one session share: their words, and the session of a real client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from booking.email_texts import samples, words
from booking.letters.context import for_client
from booking.models import Appointment
from practice.email_texts.registry import Context, EditableEmail
from practice.models import User
from practice.queries import the_practice


def session_of(client: User, now: datetime) -> dict[str, Any]:
    """Return the context of an email about the client's next session, else the latest; {} without one."""
    theirs = Appointment.objects.filter(client=client, correspondent=None).select_related(
        "session_type", "practitioner__user", "client", "correspondent", "room"
    )
    found = (
        theirs.filter(starts_at__gt=now).order_by("starts_at").first()
        or theirs.order_by("-starts_at").first()
    )
    return dict(for_client(found, the_practice(), now)) if found else {}


def about_session(
    kind: str,
    variant: str = "",
    *,
    more: tuple[words.Word, ...] = (),
    sample: Callable[..., dict[str, Any]] = samples.session,
    **rest: Any,
) -> EditableEmail:
    """Return an email about one session. `more`: its words besides those about the session."""
    told = {key: rest.pop(key) for key in ("group", "name", "when")}
    applies, has_subject = rest.pop("applies", lambda _context: True), rest.pop("has_subject", True)
    return EditableEmail(
        kind=kind,
        variant=variant,
        **told,
        words=(*words.ABOUT_SESSION, *more),
        parts=words.PARTS,
        examples=words.examples,
        sample=lambda values: sample(values, **_filled(rest, values)),
        of_client=session_of,
        applies=applies,
        has_subject=has_subject,
    )


def _filled(rest: dict[str, Any], values: samples.Values) -> dict[str, Any]:
    """Return what a situation adds to the sample: a word's name in place of its value is replaced."""
    return {key: values[one.name] if isinstance(one, words.Word) else one for key, one in rest.items()}


def is_true(name: str) -> Callable[[Context], bool]:
    """Return whether the context of an email has this."""
    return lambda told: bool(told.get(name))
