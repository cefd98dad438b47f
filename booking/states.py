"""Sets of states that several modules use: one name for each set, and one set for each name."""

from __future__ import annotations

from booking.models import Appointment

State = Appointment.State

#: Nobody has booked it: a time that is kept, or was.
NOBODY_YET = (State.HELD, State.RELEASED)
#: It is expected to take place.
STANDS = (State.BOOKED, State.PENDING)
#: Of sessions that have begun: the client was here. One is *booked* until it is wrapped up, and who did not
#: come was not here. Of sessions ahead it says that they are booked.
CAME = (State.BOOKED, State.COMPLETED)
#: Somebody has said whether the client came, whatever the answer. Its time stays taken.
DECIDED = (State.COMPLETED, State.NO_SHOW)
