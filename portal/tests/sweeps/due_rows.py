"""What each periodic task finds to do: so many rows that are due, in a practice with a past.

Nothing of the past is due. Everything is made as rows, without the actions that would plan emails.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import Any

from django.db import connection
from django.utils import timezone

from booking.models import Appointment, AppointmentChange, Offer, SessionType, WaitlistEntry
from booking.testing import make_session_type, open_every_day
from portal.models import ErasureRequest, FollowUp, PracticeEntry
from portal.testing import assign, make_lesson
from practice.consents.actions.letter_preferences import agree_to_letters
from practice.core import wall_time
from practice.models import EmailEvent, Letter, Practitioner, TextMessage, TextNumber, User
from practice.testing import make_practice, make_practitioner, make_user
from practice.tests.mail.builders import make_letter

A_DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
_numbers = itertools.count(1)
State = Appointment.State


class Practice:
    """Tess's practice, and what is due in it."""

    def __init__(self, past: int) -> None:
        self.now = timezone.now()
        make_practice(reminder_hours=[48])
        self.tess: Practitioner = make_practitioner()
        open_every_day(self.tess)
        self.kind: SessionType = make_session_type(self.tess)
        self.lesson = make_lesson("floor")
        self.ann = make_user("Ann Lee", zone="America/Denver")
        self._have_a_past(past)

    def _have_a_past(self, count: int) -> None:
        """Emails that ended, sessions that were held or canceled, and practice: over years, of one client."""
        long_ago = self.now - 1000 * A_DAY
        times = [long_ago + number * 900 * A_DAY / count for number in range(count)]
        letters = [
            Letter(
                kind=kind,
                category=category,
                key=f"past:{kind}:{number}",
                message_id=f"past:{kind}:{number}",
                about=f"past:{number}",
                user=self.ann,
                to_address=f"past{number}@example.com" if at > self.now - 700 * A_DAY else "",
                due_at=at,
                sent_at=at,
                state=Letter.State.SENT,
                blanked_at=self.now,
            )
            for number, at in enumerate(times)
            for kind, category in (("follow_up", "encouragement"), ("reminder", "appointment"))
        ]
        Letter.objects.bulk_create(letters)
        states = itertools.cycle((State.CANCELLED, State.COMPLETED, State.RELEASED))
        sessions = Appointment.objects.bulk_create(
            self.session(at, state=next(states), occupies=False) for at in times
        )
        wish = WaitlistEntry.objects.create(
            client=self.ann, session_type=self.kind, last_day=self.now.date(), state="over"
        )
        Offer.objects.bulk_create(
            Offer(entry=wish, appointment=one, expires_at=one.starts_at, state="lapsed") for one in sessions
        )
        PracticeEntry.objects.bulk_create(
            PracticeEntry(client=self.ann, lesson=self.lesson, since=at, started_at=at, last_at=at)
            for at in times
        )
        if connection.vendor == "postgresql":  # which counts its rows by itself; SQLite never does
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def session(self, start: dt.datetime, **fields: Any) -> Appointment:
        """Return a session of Ann's, not saved."""
        values: dict[str, Any] = {
            "uid": uuid.uuid4(),
            "session_type": self.kind,
            "practitioner": self.tess,
            "client": self.ann,
            "starts_at": start,
            "ends_at": start + HOUR,
            "minutes": 60,
            "wall_here": wall_time.wall_time_text(start, self.tess_zone),
        }
        return Appointment(**(values | fields))

    @property
    def tess_zone(self) -> Any:
        """Return the zone of the practice."""
        return wall_time.zone_named(self.tess.zone)

    def ahead(self, count: int, **fields: Any) -> list[Appointment]:
        """Save sessions ahead, one a day from the fifth day on."""
        start = self.now.replace(minute=0, second=0, microsecond=0) + 5 * A_DAY
        begin = next(_numbers) * 300
        rows = [self.session(start + (begin + one) * 2 * HOUR, **fields) for one in range(count)]
        return list(Appointment.objects.bulk_create(rows))

    def follow_ups(self, count: int) -> None:
        """Emails of clients whose session was two days ago, due now."""
        for _each in range(count):
            number = next(_numbers)
            client = make_user(f"Client {number}", email=f"c{number}@example.com", zone="America/Denver")
            agree_to_letters(client, now=self.now - 9 * A_DAY)
            assign(self.lesson, client, by=self.tess)
            past = self.session(self.now - 2 * A_DAY, client=client, state=State.COMPLETED, occupies=False)
            past.save()
            self._follow_up(past, client)

    def _follow_up(self, session: Appointment, client: User) -> None:
        letter = make_letter(
            "follow_up", user=client, to_address=client.email, due_at=self.now, about=session.about
        )
        FollowUp.objects.create(
            client=client,
            appointment=session,
            place=0,
            days=1,
            at=dt.time(9),
            letter=letter,
            made_at=session.ends_at,
        )

    def old_emails(self, count: int, *, days: int) -> None:
        """Emails that ended so many days ago, with their words and addresses."""
        for _each in range(count):
            make_letter(state="sent", due_at=self.now - days * A_DAY, sent_at=self.now - days * A_DAY)

    def old_events(self, count: int) -> None:
        """Reports about emails, three years old."""
        letter = make_letter(state="sent", due_at=self.now)
        for _each in range(count):
            EmailEvent.objects.create(
                letter=letter,
                what="delivered",
                at=self.now - 1000 * A_DAY,
                source="mailbox",
                report_id=f"report {next(_numbers)}",
            )

    def unconfirmed_numbers(self, count: int) -> None:
        """Numbers entered three days ago and never confirmed."""
        for _each in range(count):
            number = next(_numbers)
            person = make_user(f"Number {number}", email=f"n{number}@example.com")
            TextNumber.objects.create(
                user=person, number=f"+1303555{number:04}", created_at=self.now - 3 * A_DAY
            )

    def released(self, count: int) -> None:
        """Holds that ran out and were released three days ago, with their visitor's key."""
        for one in self.ahead(count, state=State.RELEASED, occupies=False, visitor="abc"):
            Appointment.objects.filter(pk=one.pk).update(created_at=self.now - 3 * A_DAY)

    def expired_holds(self, count: int) -> None:
        """Holds whose ten minutes are over."""
        self.ahead(count, state=State.HELD, client=None, hold_expires_at=self.now - HOUR)

    def requests(self, count: int) -> None:
        """Requests that nobody answered in time."""
        self.ahead(count, state=State.PENDING, answer_by=self.now - HOUR)

    def booked(self, count: int) -> None:
        """Booked sessions with the reminder that the owner chose."""
        for one in self.ahead(count):
            due = one.starts_at - 48 * HOUR
            key = f"{one.about}:reminder-48h:0"
            make_letter(
                "reminder",
                about=one.about,
                key=key,
                user=self.ann,
                due_at=due,
                due_wall=wall_time.wall_time_text(due, self.tess_zone),
            )

    def lapsed_offers(self, count: int) -> None:
        """Offers that nobody answered in time, and times freed since."""
        for held in self.ahead(count, state=State.HELD, client=None, hold_expires_at=self.now + HOUR):
            number = next(_numbers)
            wish = WaitlistEntry.objects.create(
                client=make_user(f"Waits {number}", email=f"w{number}@example.com"),
                session_type=self.kind,
                last_day=(self.now - 2 * A_DAY).date(),
            )
            Offer.objects.create(entry=wish, appointment=held, expires_at=self.now - HOUR)
            AppointmentChange.objects.create(
                appointment=held, what="cancelled", at=self.now - HOUR, starts_at=self.now - A_DAY
            )

    def erasures(self, count: int) -> None:
        """Clients whose day of erasure has come."""
        for _each in range(count):
            number = next(_numbers)
            client = make_user(f"Goes {number}", email=f"g{number}@example.com")
            ErasureRequest.objects.create(client=client, due_at=self.now - HOUR)

    def unpriced_texts(self, count: int) -> None:
        """Text messages of an hour ago whose price is not known."""
        for _each in range(count):
            TextMessage.objects.create(sid=f"SM{next(_numbers)}", sent_at=self.now - HOUR)
