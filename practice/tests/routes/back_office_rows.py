"""For the sweep of the back office: a row of every kind that it shows, so that each change page has one."""

from __future__ import annotations

import datetime as dt

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from booking.models import Appointment, AppointmentChange, Closure, IntakeQuestion, Package
from portal.models import (
    Assignment,
    FollowUp,
    FollowUpPlan,
    FollowUpStep,
    Lesson,
    RecordingUpload,
    SessionNote,
)
from practice.models import AccessLog, Consent, Letter, Suppression
from practice.tests.routes.route_sweep import World


def add_rows(world: World) -> None:
    """Make what the world does not have yet."""
    ann, tess, now = world.people["client"], world.people["owner"], timezone.now()
    assert ann is not None
    assert tess is not None
    booked = Appointment.objects.filter(client=ann).first()
    assert booked is not None
    LogEntry.objects.create(user=tess, action_flag=CHANGE, object_repr="Ann", object_id=str(ann.pk))
    Suppression.objects.create(address="gone@example.com", cause="bounce")
    AccessLog.objects.create(reader=tess, whose=ann, code="access:record")
    Consent.objects.create(user=ann, kind="treatment", text="I agree.", signed_name="Ann Lee")
    AppointmentChange.objects.create(
        appointment=booked, what="booked", starts_at=booked.starts_at, note="Asked for."
    )
    IntakeQuestion.objects.create(text="And your sleep?")
    Closure.objects.create(
        practitioner=booked.practitioner, first_day=now.date(), last_day=now.date(), reason="Spring cleaning"
    )
    Package.objects.create(
        client=ann, session_type=booked.session_type, sessions=5, note="Cash in an envelope"
    )
    plan = FollowUpPlan.objects.create(name="Two emails")
    FollowUpStep.objects.create(plan=plan, days=2)
    FollowUp.objects.create(
        client=ann,
        appointment=booked,
        place=1,
        days=2,
        at=dt.time(10),
        letter=Letter.objects.first(),
        assignment=Assignment.objects.first(),
    )
    RecordingUpload.objects.create(lesson=Lesson.objects.get(), file="uploads/1", name="floor.m4a", by=tess)
    SessionNote.objects.create(appointment=booked, author=booked.practitioner, foundation="Even.")


def models_without_rows() -> set[str]:
    """Return the models in the back office that have no row, whose change pages would not open."""
    return {model._meta.label for model in admin.site._registry if not model._base_manager.exists()}
