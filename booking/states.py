"""Sets of states that several modules use: one name for each set, and one set for each name."""

from __future__ import annotations

from booking.models import Appointment

State = Appointment.State

#: Not booked by anybody: a hold, or a released one.
NOBODY_YET = (State.HELD, State.RELEASED)
#: It is expected to take place.
STANDS = (State.BOOKED, State.PENDING)
#: For sessions that have begun: the client came. A session stays *booked* until it is wrapped up; a no-show
#: did not come. For sessions ahead: they are booked.
CAME = (State.BOOKED, State.COMPLETED)
#: It is recorded whether the client came or not. Its time stays taken.
DECIDED = (State.COMPLETED, State.NO_SHOW)
