"""Appointments, and every change of them. A hold is an appointment in state `held`."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models.appointment_states import AppointmentSets, AppointmentStates
from booking.models.offering import Place, SessionType
from practice.core import wall_time as core_wall_time
from practice.core.clock import zone_named
from practice.models import Practitioner, Room, User
from practice.models.encrypted import EncryptedJSONField, EncryptedTextField
from practice.models.in_words import moment_of
from practice.models.phone import PhoneField

#: The encrypted fields of an appointment.
SEALED = ("override_note", "address")


def sealed_at(*paths: str) -> tuple[str, ...]:
    """Return the encrypted fields of appointments joined at `paths`, for a query's `defer`.

    A joined row does not use their manager; and a lost key must not block their offers, intakes or
    follow-ups.
    """
    return tuple(f"{path}__{name}" for path in paths for name in SEALED)


class AppointmentQuerySet(AppointmentSets["Appointment"]):
    """Appointments, with their named sets."""


ManagerOfSets = models.Manager.from_queryset(AppointmentQuerySet)


class AppointmentManager(ManagerOfSets):
    """A manager that defers the encrypted fields: a lost key must not block a calendar."""

    def get_queryset(self) -> Any:
        return super().get_queryset().defer(*SEALED)


class Appointment(AppointmentStates, models.Model):
    """A session type at a time with a practitioner. Times are UTC and half-open, [starts_at, ends_at)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session_type = models.ForeignKey(SessionType, on_delete=models.PROTECT, related_name="appointments")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="appointments")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True)
    client = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    correspondent = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="booked_for_others",
        help_text="Who booked it for the client, and gets its emails; empty: the client themselves.",
    )
    attendee_name = models.CharField(_("who it’s for"), max_length=150, blank=True)
    attendee_unclear = models.BooleanField(
        default=False,
        editable=False,
        help_text="Booked with one name for another before both had records: whose, somebody must say.",
    )
    phone = PhoneField(blank=True)
    place = models.CharField(_("place"), max_length=8, choices=Place, default=Place.PRACTICE)
    address = EncryptedTextField(
        _("address of the visit"), blank=True, help_text="Only at the client's; may hold lines."
    )

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    occupies = models.BooleanField(_("takes up a time"), default=True)
    state = models.CharField(
        max_length=12, choices=AppointmentStates.State, default=AppointmentStates.State.HELD
    )
    sequence = models.PositiveIntegerField(default=0, help_text="iCalendar SEQUENCE; rises with each change.")

    # As booked: editing a session type or a policy later changes none of these.
    minutes = models.PositiveSmallIntegerField()
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    price_cents = models.PositiveIntegerField(_("price, in cents"), default=0)
    currency = models.CharField(max_length=3, default="USD")
    policy = models.JSONField(default=dict)
    zone = models.CharField(_("client’s time zone when booking"), max_length=64, blank=True)
    wall_time = models.CharField(_("client’s local time, as booked"), max_length=40, blank=True)
    wall_here = models.CharField(
        _("practitioner’s local time, as agreed"),
        max_length=core_wall_time.LONGEST,
        blank=True,
        editable=False,
        help_text="Wall time, zone and offset of that day: should the rules change, this was meant.",
    )
    moves = models.PositiveSmallIntegerField(default=0)
    free_until = models.DateTimeField(
        null=True, blank=True, help_text="Moved late: its free hours ended then, whatever its new time."
    )
    override_note = EncryptedTextField(blank=True)

    hold_expires_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(
        null=True, blank=True, help_text="When a request that nobody answered declines itself."
    )
    series = models.UUIDField(
        null=True, blank=True, db_index=True, help_text="Booked together, week by week."
    )
    visitor = models.CharField(max_length=64, blank=True, db_index=True)
    booked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(
        _("confirmed by the client"),
        null=True,
        blank=True,
        help_text="Booked while signed in, or acted on from a link in their own email; empty: not yet.",
    )
    is_claim = models.BooleanField(
        default=False,
        editable=False,
        help_text="For somebody known here, by who may not read their record: opens nothing unconfirmed.",
    )
    declined = models.BooleanField(
        default=False, help_text="A request that was turned down, or not answered in time."
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = AppointmentManager()

    class Meta:
        ordering = ("starts_at", "id")
        constraints = [
            # An empty range overlaps nothing: without this constraint the guard could be bypassed.
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_ends_after_it_starts"
            ),
            # So a row's room is always the room it takes.
            models.CheckConstraint(
                condition=models.Q(place=Place.PRACTICE) | models.Q(room=None), name="away_takes_no_room"
            ),
        ]
        indexes = [
            models.Index(
                fields=["practitioner", "starts_at"],
                name="appointment_taken",
                condition=models.Q(occupies=True),
            ),
            models.Index(
                fields=["room", "starts_at"], name="appointment_room_taken", condition=models.Q(occupies=True)
            ),
            models.Index(fields=["practitioner", "starts_at"], name="appointment_by_practitioner"),
            # Free times also ask for what was decided in a room, which no partial index knows.
            models.Index(fields=["room", "starts_at"], name="appointment_by_room"),
            models.Index(fields=["client", "starts_at"], name="appointment_by_client"),
            models.Index(
                fields=["correspondent", "starts_at"],
                name="appointment_by_booker",
                condition=models.Q(correspondent__isnull=False),
            ),
            models.Index(
                fields=["hold_expires_at"], name="appointment_holds", condition=models.Q(state="held")
            ),
            models.Index(
                fields=["answer_by"], name="appointment_requests", condition=models.Q(state="pending")
            ),
            models.Index(
                fields=["created_at"],
                name="appointment_released",
                condition=models.Q(state="released") & ~models.Q(visitor=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attendee_name or self.get_state_display()}, {moment_of(self.starts_at)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and set the wall time of a new start on the practitioner's clocks.

        `update()` does not set it, so its callers do.
        """
        fields = kwargs.get("update_fields")
        if fields is None or "starts_at" in fields:
            if not core_wall_time.names_instant(self.wall_here, self.starts_at):
                self.wall_here = core_wall_time.wall_time_text(
                    self.starts_at, zone_named(self.practitioner.zone)
                )
            if fields is not None:
                kwargs["update_fields"] = {*fields, "wall_here"}
        super().save(*args, **kwargs)

    @property
    def state_words(self) -> str:
        """Return the state as people say it: a declined request is not called canceled."""
        if self.state == self.State.PENDING:
            return str(_("requested"))
        if self.state == self.State.CANCELLED and self.declined:
            return str(_("declined"))
        return str(self.get_state_display())

    @property
    def contact(self) -> User | None:
        """Return the person who gets its emails: who booked it for the client, or the client."""
        return self.correspondent or self.client

    @property
    def for_whom(self) -> str:
        """Return who comes, for the person who booked it; "" where it is for themselves."""
        return self.attendee_name if self.correspondent_id or self.attendee_unclear else ""

    @property
    def booked_by(self) -> str:
        """Return who booked it for the client: by name once they confirmed it, else by the typed address."""
        booker = self.client if self.attendee_unclear else self.correspondent
        if booker is None:
            return ""
        return booker.name if self.confirmed_at or not booker.email else booker.email

    @property
    def managers(self) -> tuple[int, ...]:
        """Return the ids of the people who may see, move and cancel it when they sign in."""
        return tuple(pk for pk in (self.client_id, self.correspondent_id) if pk is not None)

    @property
    def about(self) -> str:
        """Return how emails name this appointment in their `about` and `key`."""
        return f"appointment:{self.uid}"

    @property
    def subjects(self) -> tuple[str, ...]:
        """Return the `about` of all emails on it: it alone, or all that was booked with it."""
        return (self.about, f"series:{self.series}") if self.series else (self.about,)


class AppointmentChange(models.Model):
    """A change of an appointment: what, when, by whom, from what to what."""

    class What(models.TextChoices):
        HELD = "held", _("held")
        REQUESTED = "requested", _("requested")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        BOOKED = "booked", _("booked")
        MOVED = "moved", _("moved")
        LENGTH = "length", _("length changed")
        HANDED_OVER = "handed_over", _("handed over to a colleague")
        CANCELLED = "cancelled", _("canceled")
        RESTORED = "restored", _("restored")
        RELEASED = "released", _("released")
        COMPLETED = "completed", _("took place")
        NO_SHOW = "no_show", _("did not come")

    #: An appointment was made: at once, or asked for.
    MADE = (What.BOOKED, What.REQUESTED)

    class Code(models.TextChoices):
        """What the system notes about a change; `booking/wording.py` says it."""

        LATE_FEE = "late_fee"
        LATE_FROM_PACKAGE = "late_from_package"
        MOVED_LATE = "moved_late"
        REQUEST_WITHDRAWN = "request_withdrawn"
        NOT_ANSWERED = "not_answered"
        EXCHANGED = "exchanged"
        HANDED_OVER = "handed_over"
        LENGTH = "length"
        NOT_TOLD = "not_told"
        DAY_CLOSED = "day_closed"
        BLOCKED = "blocked"
        ZONE_RULES = "zone_rules"
        BEEN_HERE = "been_here"

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=12, choices=What)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    by_staff = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    was_starts_at = models.DateTimeField(null=True, blank=True)
    was_practitioner = models.ForeignKey(
        Practitioner,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who had it before it went to a colleague.",
    )
    before: Any = models.JSONField(
        null=True,
        editable=False,
        help_text="Of a move, or another length: what the row held before, so that it can be undone.",
    )
    # What a person wrote. Rows from before the codes also have sentences of the system here.
    note = EncryptedTextField(blank=True)
    code = models.CharField(max_length=24, blank=True, editable=False, help_text="What the system noted.")
    params: Any = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        ordering = ("at", "id")
        indexes = [models.Index(fields=["at"], name="change_lately")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {moment_of(self.at)}"


class IdempotencyKey(models.Model):
    """An answer of the API to a key: the same key gets the same answer for 24 hours."""

    key = models.CharField(max_length=200, unique=True)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer: Any = EncryptedJSONField(null=True, help_text="It opens what was booked.")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
