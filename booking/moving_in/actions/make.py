"""Make what one row says, through the actions that all use: a client, an appointment or a package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from booking.appointments.actions.book import book
from booking.appointments.actions.notify import Emails
from booking.attendees.actions.who_comes import known_parties
from booking.attendees.attendee import Attendee
from booking.errors import BookingError, SlotTaken
from booking.locking.locks import lock
from booking.models import Import, ImportRow
from booking.moving_in.judging import Judged
from booking.moving_in.reading import Names
from booking.packages.actions import sell
from practice.core.reasons import as_written, because
from practice.models import User

Kind, Verdict = Import.Kind, ImportRow.Verdict


@dataclass
class Maker:
    """Makes rows of one import, in the name of the owner who started it."""

    job: Import
    names: Names
    now: datetime

    def lock(self) -> None:
        """Lock the practitioners of the whole portion, in everybody's order: one by one could deadlock."""
        if self.job.kind == Kind.APPOINTMENTS:
            lock(self.names.practitioners.values())

    def make(self, row: ImportRow, one: Judged) -> None:
        """Make what the row says, whole or not at all, and note it on the row."""
        try:
            with transaction.atomic():
                self._make(row, one)
        except SlotTaken:
            self._failed(row, because("row_overlaps"))
        except BookingError as refusal:
            self._failed(row, as_written(str(refusal)))
        except IntegrityError:  # somebody took the address at this very moment
            self._failed(row, because("row_try_again"))

    @staticmethod
    def _failed(row: ImportRow, why: list[dict[str, object]]) -> None:
        row.verdict, row.why, row.client, row.made_client = Verdict.FAILED, why, None, False
        row.appointment = row.package = None

    def _make(self, row: ImportRow, one: Judged) -> None:
        person = one.client or self._new_person(one)
        row.client, row.made_client = person, one.client is None
        if self.job.kind == Kind.APPOINTMENTS:
            self._book(row, one, person)
        elif self.job.kind == Kind.PACKAGES:
            assert one.session_type is not None
            row.package = sell(
                one.session_type,
                client=person,
                sessions=one.draft.left or 0,
                price_cents=0,
                by=self._owner(),
                now=self.now,
                valid_until=one.draft.valid_until,
                paid=_("Balance from another system"),
            )

    @staticmethod
    def _new_person(one: Judged) -> User:
        draft = one.draft
        return User.objects.create_user(
            draft.email or None, name=draft.name or draft.email, phone=draft.phone
        )

    def _book(self, row: ImportRow, one: Judged, person: User) -> None:
        assert one.session_type is not None
        assert one.practitioner is not None
        assert one.draft.start is not None
        who = Attendee(
            one.draft.name or person.name,
            person.email or "",
            one.draft.phone or str(person.phone or ""),
        )
        is_other = known_parties(person, who) is None
        wanted = self.job.choices["reminders"]
        made = book(
            one.session_type,
            practitioners=[one.practitioner],
            start=one.draft.start,
            attendee=who,
            consent=False,
            by=self._owner(),
            now=self.now,
            client=person,
            override_note=_("Booked in another system before"),
            emails=Emails.REMINDERS if wanted else Emails.NONE,
        )
        row.appointment, row.client, row.no_reminders = made, made.client, not wanted
        row.made_client = row.made_client or is_other

    def _owner(self) -> User:
        by = self.job.by
        return by if by is not None and by.is_superuser else User.objects.owners().order_by("pk")[0]
