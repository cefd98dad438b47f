"""The emails about booking, changing and canceling whose texts can be edited, in each situation.

Of one kind, the first whose situation applies is used: the general one comes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from booking.email_texts import samples, words
from booking.email_texts.letters.about import about_session, is_true
from practice.email_texts.registry import EditableEmail

BOOKED, CHANGED = _("Booking"), _("Changes and cancellations")


def booked() -> Iterator[EditableEmail]:
    """Yield the emails about booking."""
    yield about_session(
        "confirmation",
        "approved",
        group=BOOKED,
        name=_("A request is approved"),
        when=_("When you approve a request."),
        applies=is_true("approved"),
        approved=True,
    )
    yield about_session(
        "confirmation", group=BOOKED, name=_("A session is booked"), when=_("Right after a booking.")
    )
    yield about_session(
        "request_received",
        group=BOOKED,
        name=_("A request has come in"),
        when=_("Where you approve each booking yourself."),
        more=(words.ANSWER_BY,),
        answer_by=words.ANSWER_BY,
    )
    yield about_session(
        "declined",
        "answered",
        group=BOOKED,
        name=_("A request is declined"),
        when=_("When you decline a request."),
        applies=is_true("answered"),
        answered=True,
    )
    yield about_session(
        "declined",
        group=BOOKED,
        name=_("A request has expired"),
        when=_("When no one answered a request in time."),
        answered=False,
    )
    yield about_session(
        "taken_back",
        group=BOOKED,
        name=_("A request is withdrawn"),
        when=_("When a client withdraws their request."),
    )
    yield about_session(
        "series",
        group=BOOKED,
        name=_("Several sessions are booked"),
        when=_("When sessions are booked together. Its subject says how many, so it can’t be changed."),
        has_subject=False,
        sample=samples.series,
    )


def changed() -> Iterator[EditableEmail]:
    """Yield the emails about changes."""
    yield about_session(
        "moved",
        "request",
        group=CHANGED,
        name=_("A request is moved"),
        when=_("When a request is now for another time."),
        applies=is_true("answer_by"),
        more=(words.WAS, words.ANSWER_BY),
        was=words.WAS,
        answer_by=words.ANSWER_BY,
    )
    yield about_session(
        "moved",
        "colleague",
        group=CHANGED,
        name=_("A session is moved to a colleague"),
        when=_("When time and practitioner have changed."),
        applies=is_true("was_with"),
        more=(words.WAS, words.WAS_WITH),
        was=words.WAS,
        was_with=words.WAS_WITH,
    )
    yield about_session(
        "moved",
        group=CHANGED,
        name=_("A session is moved"),
        when=_("When a session is at another time."),
        more=(words.WAS,),
        was=words.WAS,
    )
    yield from lengths()
    yield from handed_over()
    yield from ended()


def lengths() -> Iterator[EditableEmail]:
    """Yield the emails about a session that takes longer or shorter."""
    for variant, longer, name in (
        ("longer", True, _("A session is longer")),
        ("", False, _("A session is shorter")),
    ):
        yield about_session(
            "length_changed",
            variant,
            group=CHANGED,
            name=name,
            when=_("When you change how long a session takes."),
            applies=is_true("is_longer") if longer else lambda _context: True,
            more=(words.WAS_LENGTH,),
            was_length=words.WAS_LENGTH,
            is_longer=longer,
        )


def handed_over() -> Iterator[EditableEmail]:
    """Yield the emails about a session or a request that a colleague takes over."""
    for variant, name in (("request", _("A request is handed over")), ("", _("A session is handed over"))):
        more = (words.WAS_WITH, words.ANSWER_BY) if variant else (words.WAS_WITH,)
        situation: dict[str, Any] = {one.name: one for one in more}
        yield about_session(
            "handed_over",
            variant,
            group=CHANGED,
            name=name,
            when=_("When a colleague takes over, at the same time."),
            applies=is_true("answer_by") if variant else lambda _context: True,
            more=more,
            **situation,
        )


def ended() -> Iterator[EditableEmail]:
    """Yield the emails about sessions that are canceled, or back on."""
    for kind, sample, of_one in (
        ("cancelled", samples.session, True),
        ("series_cancelled", samples.series, False),
    ):
        for variant, by_us in (("by_us", True), ("", False)):
            yield about_session(
                kind,
                variant,
                group=CHANGED,
                name=NAMES_OF_ENDED[of_one, by_us],
                when=_("When you cancel.") if by_us else _("When the client cancels."),
                applies=is_true("by_us") if by_us else lambda _context: True,
                has_subject=of_one,
                sample=sample,
                by_us=by_us,
                windows=[],
            )
    for variant in ("request", ""):
        yield about_session(
            "restored",
            variant,
            group=CHANGED,
            name=_("A request is active again") if variant else _("A session is back on"),
            when=_("When a cancellation is undone."),
            applies=is_true("asked") if variant else lambda _context: True,
            asked=bool(variant),
        )


NAMES_OF_ENDED = {
    (True, True): _("You cancel a session"),
    (True, False): _("A client cancels a session"),
    (False, True): _("You cancel several sessions"),
    (False, False): _("A client cancels several sessions"),
}
