"""Hand over or cancel the sessions of a practitioner who is away, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from booking.appointments.actions.cancel import cancel
from booking.availability.closed_days import appointments_within
from booking.availability.wording import sentence
from booking.errors import AlreadyCancelled, BookingError, NotBookable, SlotTaken
from booking.locking.changes import reload
from booking.locking.locks import lock, moment
from booking.models import Appointment, Closure
from booking.time_off.actions.hand_over import hand_over
from practice.contact import please_call
from practice.core.clock import zone_named
from practice.models import Practitioner, User
from practice.queries import the_practice

log = structlog.get_logger(__name__)


@dataclass
class Outcome:
    """The result of handing over or canceling. `failed`: each with the reason, and unchanged."""

    handed_over: list[Appointment] = field(default_factory=list)
    cancelled: list[Appointment] = field(default_factory=list)
    failed: list[tuple[Appointment, str]] = field(default_factory=list)


def carry_out(
    closure: Closure,
    chosen: Mapping[str, Practitioner | None],
    *,
    by: User,
    word: str,
    now: datetime | None = None,
) -> Outcome:
    """Do what was chosen for each session, by its uid: hand it to a colleague, or cancel it (None).

    Each in its own transaction, judged under the lock: one that cannot be handed over stays as it is and
    holds up no other. What was done before, by this press or another, is not done again and is not counted.
    """
    done = Outcome()
    for one in appointments_within(closure, now=moment(now)):
        if str(one.uid) in chosen:
            _do(one, chosen[str(one.uid)], done, by=by, word=word, now=now)
    return done


def _do(
    one: Appointment, to: Practitioner | None, done: Outcome, *, by: User, word: str, now: datetime | None
) -> None:
    try:
        with transaction.atomic():
            lock([one.practitioner, *([to] if to else [])], rooms=[one.room_id])
            if _changed_meanwhile(one):
                return
            if to is None:
                done.cancelled.append(cancel(one, by=by, word=word, now=now))
            else:
                done.handed_over.append(hand_over(one, to=to, by=by, word=word, now=now))
    except AlreadyCancelled:
        return
    except BookingError as error:
        done.failed.append((one, _why(error, to)))
    except Exception:
        # One that cannot be changed must not stop the emails about the others.
        log.exception("away: an appointment could not be changed", appointment=str(one.uid))
        done.failed.append((one, _("Something went wrong. Nothing was changed; please try again.")))


def _changed_meanwhile(seen: Appointment) -> bool:
    """Return whether another press was faster: it is canceled, or with somebody else."""
    row = reload(seen)
    return not row.is_expected or row.practitioner_id != seen.practitioner_id


def _why(error: BookingError, to: Practitioner | None) -> str:
    """Return the rule in a sentence, without nearest free times: the session's time is agreed."""
    if to is not None and isinstance(error, SlotTaken | NotBookable):
        practice, zone = the_practice(), zone_named(to.zone)
        return sentence(error.refusal, zone=zone, locale=practice.locale, call=please_call(practice))
    return error.message
