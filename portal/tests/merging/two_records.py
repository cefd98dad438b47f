"""Ann Lee has two records: each with one of nearly everything that points at a person."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import models

from booking.models import (
    Appointment,
    AppointmentChange,
    AvailabilityVersion,
    CalendarFeed,
    Intake,
    Package,
    WaitlistEntry,
)
from portal.followups.queue import plan_letters
from portal.merging.actions.merge import Choices, merge
from portal.merging.conflicts import dry_run
from portal.models import (
    ClientProfile,
    GuidelinesRead,
    PracticeEntry,
    Question,
    RecordMerge,
    RecordNote,
    RecordPermission,
)
from portal.testing import assign
from portal.tests.practice_day import NOW, Scenario, denver, make_scenario
from practice.consents.actions.letter_preferences import agree_to_letters
from practice.models import AccessLog, AddressChange, Consent, DoorOpening, User
from practice.testing import make_practitioner, make_user

#: What a merge itself writes down, and does not take back.
WRITES = (RecordMerge, AccessLog, DoorOpening, AvailabilityVersion)


@dataclass
class Two:
    """Both records, and those who work there. Kai sees nobody."""

    day: Scenario
    kept: User
    merged: User
    kai: Any

    def merge(self, *, by: User | None = None, **choices: Any) -> RecordMerge:
        """Merge them as the page would, confirmed."""
        by = by or self.day.tess.user
        seen = dry_run(self.kept, self.merged, now=NOW).mark
        choices = {"seen": seen, "opens": True, **choices}
        return merge(self.kept, self.merged, Choices(**choices), by=by, now=NOW)


def make_two() -> Two:
    """Ann's records as ann@ and as ann.lee@, each full; the second saw only Jonah too."""
    day = make_scenario()
    kai = make_practitioner("Kai Moor", role=User.Role.PRACTITIONER, order=2)
    twin = make_user("Ann Lee", email="ann.lee@example.com", zone="America/Denver")
    two = Two(day, day.ann, twin, kai)
    fill(two, two.kept, month=1)
    fill(two, two.merged, month=2)
    return two


def fill(two: Two, client: User, *, month: int) -> None:
    """One of nearly everything."""
    day = two.day
    last = day.came(client, f"2027-{month:02}-20 13:00")
    AppointmentChange.objects.create(appointment=last, what="booked", by=client, starts_at=last.starts_at)
    day.noted(last, foundation=f"Quiet {month}.")
    ahead = day.comes(client, f"2027-03-1{month} 15:00")
    assign(day.floor, client, by=day.jonah, dosage=f"{month} a day")
    ClientProfile.objects.keep(client, plan=f"Plan {month}", obstacle="")
    entry = day.heard(client, f"2027-03-0{month} 20:00", noticing=f"Long {month}.", pain_before="3")
    PracticeEntry.objects.filter(pk=entry.pk).update(needs_human="pain_rose")
    Question.objects.create(client=client, lesson=day.floor, text=f"Why {month}?")
    GuidelinesRead.objects.create(client=client, lesson=day.floor, digest=f"{month}")
    RecordNote.objects.create(client=client, author=day.jonah, by=day.jonah.user, text=f"Called {month}.")
    RecordPermission.objects.create(
        client=client, practitioner=two.kai, given_by=day.jonah.user, until=NOW + dt.timedelta(days=9)
    )
    Intake.objects.create(client=client, appointment=last, handed_in_at=last.starts_at)
    Intake.objects.create(client=client)
    Package.objects.create(client=client, session_type=day.kind, sessions=3, sold_by=day.tess.user)
    WaitlistEntry.objects.create(client=client, session_type=day.kind, last_day=NOW.date())
    agree_to_letters(client, now=NOW)
    Consent.objects.create(user=client, kind=Consent.Kind.TREATMENT, text="Yes.", signed_name="Ann Lee")
    plan_letters(last, now=last.ends_at + dt.timedelta(hours=1))
    AccessLog.objects.create(reader=day.jonah.user, whose=client, code="access:record")
    EmailAddress.objects.create(user=client, email=client.email or "", verified=True, primary=True)
    AddressChange.objects.create(user=client, old=f"old{month}@example.com")
    CalendarFeed.objects.create(owner=client, key=uuid.uuid4().hex)
    child = User.objects.create_user(name=f"Child {month}", correspondent=client)
    day.comes(child, f"2027-03-2{month} 15:00", correspondent=client)
    assert ahead.client == client


def booked_for_each_other(two: Two) -> list[Appointment]:
    """What each booked for the other."""
    return [
        two.day.comes(two.kept, "2027-03-28 09:00", correspondent=two.merged),
        two.day.comes(two.merged, "2027-03-28 11:00", correspondent=two.kept),
    ]


def everything() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of every table but those of `WRITES`, as plain values."""
    return {
        model._meta.label: {row["pk"]: row for row in _rows(model)}
        for model in apps.get_models(include_auto_created=True)
        if model not in WRITES
    }


def _rows(model: type[models.Model]) -> list[dict[str, Any]]:
    names = [field.attname for field in model._meta.concrete_fields]
    return list(model._base_manager.values("pk", *names))


def later(hours: int = 1) -> dt.datetime:
    """So many hours after the day begins."""
    return NOW + dt.timedelta(hours=hours)


__all__ = ["NOW", "Two", "booked_for_each_other", "denver", "everything", "later", "make_two"]
