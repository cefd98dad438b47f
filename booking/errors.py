"""Errors that say why booking, moving or canceling did not happen. Every message can be shown to a client."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.availability.engine.explain import Refusal

if TYPE_CHECKING:
    from booking.availability.listing import FreeStart
    from booking.models import Appointment, Offer


class BookingError(Exception):
    """The base of booking's errors: `str(error)` is for people, `error.code` for programs."""

    code = "not_possible"

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code


class NotBookable(BookingError):
    """Raised when a rule refuses this start. `code` is the rule's."""

    def __init__(self, refusal: Refusal, message: str) -> None:
        super().__init__(message, code=refusal.rule)
        self.refusal = refusal


class SlotTaken(BookingError):
    """Raised when somebody else has that time, or is too close. `alternatives`: the nearest free times.

    `why`: the rule in a sentence, if it is another than that the time is taken.
    """

    code = "slot_taken"

    def __init__(self, alternatives: Sequence[FreeStart], refusal: Refusal, *, why: str = "") -> None:
        why = why or _("Someone was a moment faster, and this time is taken now.")
        self.why = why
        others = (
            _("These are the nearest available times.") if alternatives else _("No other time is available.")
        )
        super().__init__(f"{why} {others}")
        self.alternatives = list(alternatives)
        self.refusal = refusal


def again_or_call(seconds: float, *, or_call: str) -> str:
    """Return "Try again in 8 minutes. Or call us: 303 555 0142.", for a limit that ends in `seconds`.

    `or_call`: the second sentence (`practice.contact.or_call`).
    """
    minutes = max(1, ceil(seconds / 60))
    again = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes) % {"n": minutes}
    return f"{again} {or_call}".strip()


class TooManyHolds(BookingError):
    """Raised when a visitor holds as many times as allowed. `wait`: seconds until one is free again.

    `shared`: they are counted by network, for programs without a person; it may have been somebody else.
    """

    code = "too_many_holds"

    def __init__(self, limit: int, *, wait: float, or_call: str, shared: bool = False) -> None:
        said = (
            _("Your network is already holding %(limit)s times, which is the most we hold for one network.")
            if shared
            else _("You’re already holding %(limit)s times. Please book one of them or give one up.")
        ) % {"limit": limit}
        super().__init__(f"{said} {again_or_call(wait, or_call=or_call)}")
        self.wait = wait


class BusyNetwork(BookingError):
    """Raised when many behind one address (an office, a mobile network) hold times. `wait`: in seconds."""

    code = "busy_network"

    def __init__(self, *, wait: float, or_call: str) -> None:
        said = _("Several people are booking from your network right now.")
        super().__init__(f"{said} {again_or_call(wait, or_call=or_call)}")
        self.wait = wait


class HandedOver(BookingError):
    """Raised when a colleague has taken the session over since it was read: nothing is locked now."""

    code = "handed_over"

    def __init__(self) -> None:
        super().__init__(_("This appointment was just handed over to a colleague. Please look at it again."))


class NotOffered(BookingError):
    """Raised when the session type is not offered, or not by this practitioner."""

    code = "not_offered"

    def __init__(self) -> None:
        super().__init__(_("This session can’t be booked right now. Please choose another."))


class ConsentMissing(BookingError):
    """Raised when a person has not agreed to the canceling rules."""

    code = "consent"

    def __init__(self) -> None:
        super().__init__(_("Please check the box to agree before booking."))


class AttendeeIncomplete(BookingError):
    """Raised when a name or an address is missing or far too long. `field` says which."""

    code = "attendee"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class TooLate(BookingError):
    """Raised when the policy requires a call. `call`: how to reach us (`practice.contact`)."""

    code = "too_late"

    def __init__(self, locked_hours: int, call: str) -> None:
        words = ngettext(
            "In the last hour before a session, it can only be changed by phone.",
            "In the last %(hours)s hours before a session, it can only be changed by phone.",
            locked_hours,
        ) % {"hours": locked_hours}
        super().__init__(f"{words} {call}")


class TooManyMoves(BookingError):
    """Raised when the client has used all moves the policy allows. `call`: how to reach us."""

    code = "too_many_moves"

    def __init__(self, allowed: int, call: str) -> None:
        words = ngettext(
            "This appointment has already been moved once.",
            "This appointment has already been moved %(times)s times.",
            allowed,
        ) % {"times": allowed}
        if not allowed:
            words = _("Appointments can only be moved by phone.")
        super().__init__(f"{words} {call}")


class AlreadyCancelled(BookingError):
    """Raised when the appointment was canceled, taken back or declined before; nothing happened now."""

    code = "already_cancelled"

    def __init__(self, appointment: Appointment) -> None:
        super().__init__(
            _("This request was already declined.")
            if appointment.declined
            else _("This appointment is already canceled.")
        )
        self.appointment = appointment


class AlreadyApproved(BookingError):
    """Raised when a request was approved before; declining it would now be a cancel."""

    code = "already_approved"

    def __init__(self, appointment: Appointment) -> None:
        super().__init__(
            _(
                "This request has been approved in the meantime. You can still cancel it, and the "
                "client will get an email."
            )
        )
        self.appointment = appointment


class CannotBringBack(BookingError):
    """Raised when an undo of a cancel is too late (three minutes), or somebody else canceled."""

    code = "cannot_bring_back"

    def __init__(self) -> None:
        super().__init__(
            _(
                "A cancellation can be undone for three minutes, and that time is up. You can book "
                "the time again."
            )
        )


class CannotMoveBack(BookingError):
    """Raised when an undo of a move is too late, something else happened since, or somebody else moved."""

    code = "cannot_move_back"

    def __init__(self) -> None:
        super().__init__(
            _("A move can be undone for three minutes, and that time is up. You can choose another time.")
        )


class CannotChangeBack(BookingError):
    """Raised when an undo of another length is too late, or something else happened since."""

    code = "cannot_change_back"

    def __init__(self) -> None:
        super().__init__(
            _("A change can be undone for three minutes, and that time is up. You can choose a length again.")
        )


class ChangedMeanwhile(BookingError):
    """Raised when the appointment is no longer as its form showed it. `appointment`: as it is now."""

    code = "changed_meanwhile"

    def __init__(self, appointment: Appointment) -> None:
        super().__init__(
            _(
                "Someone else changed this appointment while you were looking at it. Nothing was changed "
                "by you. Please look at it again."
            )
        )
        self.appointment = appointment


class WrongLength(BookingError):
    """Raised for a length that no session can have. `shortest`, `longest`, `step`: in minutes."""

    code = "wrong_length"

    def __init__(self, shortest: int, longest: int, step: int) -> None:
        limits = {"shortest": shortest, "longest": longest, "step": step}
        super().__init__(
            _("Please choose a length from %(shortest)s to %(longest)s minutes, in steps of %(step)s.")
            % limits
        )


class BookedThen(BookingError):
    """Raised when sessions are booked in a time that is to be blocked. `booked`: those sessions, by start."""

    code = "booked_then"

    def __init__(self, booked: Sequence[Appointment]) -> None:
        super().__init__(_("Sessions are booked in this time. Nothing is blocked yet."))
        self.booked = booked


class AlreadyOver(BookingError):
    """Raised when the session took place, or was never booked: nothing to move or cancel."""

    code = "already_over"

    def __init__(self) -> None:
        super().__init__(_("This appointment is in the past, so it can’t be changed."))


class NotBegun(BookingError):
    """Raised when the session is still ahead: whether they came is not known yet."""

    code = "not_begun"

    def __init__(self) -> None:
        super().__init__(
            _("This session has not started yet. You can say whether it took place once it has.")
        )


class NeverBooked(BookingError):
    """Raised by `complete` and `no_show` for a request or a hold: nobody was expected."""

    code = "never_booked"

    def __init__(self) -> None:
        super().__init__(_("This time was never booked, so no one was expected."))


class AlreadyDecided(BookingError):
    """Raised when the opposite was recorded before; a correction must say so (`correct`)."""

    code = "already_decided"

    def __init__(self, appointment: Appointment) -> None:
        super().__init__(
            _("This session already has a result: it %(state)s.") % {"state": appointment.get_state_display()}
        )
        self.appointment = appointment


class OfferClosed(BookingError):
    """Raised when an offer was declined, lapsed or withdrawn; nothing happened. `offer`: as it is now."""

    code = "offer_closed"

    def __init__(self, offer: Offer) -> None:
        words = {
            "declined": _(
                "You declined this offer. You’re still on the waitlist, and we’ll email you when "
                "another time opens up."
            ),
            "withdrawn": _(
                "This time is no longer available. You’re still on the waitlist, and you keep your place."
            ),
        }
        late = _(
            "This offer has expired, and the time goes to the next person. You’re still on the waitlist."
        )
        super().__init__(words.get(offer.state, late))
        self.offer = offer


class WishUnclear(BookingError):
    """Raised for a wish that nothing can fulfill. `field` says where."""

    code = "wish"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class CalendarUnfit(BookingError):
    """Raised when another calendar cannot be read from that address."""

    code = "calendar"
