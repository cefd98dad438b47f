"""What is due in the practice under test, planned by the product's own actions. Runs inside that practice.

Every email has a reader of its own, so that a refused address stops no other email.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from booking.letters import to_client
from booking.letters.before_session.reminders import plan_reminders
from booking.models import Appointment, SessionType
from booking.testing import make_appointment, make_session_type, open_every_day
from portal.testing import make_exercise, make_lesson, make_recording
from portal.tests.processes.sessions import wrap_up_sessions
from practice.accounts.adapter import AccountAdapter
from practice.models import Letter, Practice, Practitioner, TextNumber, User
from practice.testing import make_practice, make_practitioner, make_user

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
BOOKED_ONLINE = "of-60"
AHEAD, LENGTH = dt.timedelta(hours=20), 5 * MINUTE


def open_practice() -> None:
    """Set up the practice: Tess, whom visitors book online, and what can be given home."""
    make_practice()
    Practice.objects.update(reminder_hours=[24])
    tess = make_practitioner()
    open_every_day(tess, "08:00", "20:00")
    make_session_type(tess, slug=BOOKED_ONLINE, minutes=60, step=15)
    make_recording(make_lesson("floor", title="Let the back be heavy"))
    make_exercise("tilt")


def plan(kind: str, batch: str, count: int, *, short_lived: float) -> None:
    """Plan `count` emails of one kind, due now, and print their Message-IDs. `batch` has not been used yet.

    Every third code is too late after `short_lived` seconds.
    """
    before = set(Letter.objects.values_list("pk", flat=True))
    names = [f"{kind.title().replace('_', '')}{batch}x{number} Lee" for number in range(count)]
    if kind == "sign_in_code":
        ask_for_codes([f"code{batch}x{number}@example.com" for number in range(count)], short_lived)
    elif kind == "follow_up":
        wrap_up_sessions(f"Teacher{batch} Hill", names)
    else:
        place = Practitioner.objects.count()
        by = make_practitioner(f"Host{batch} Hill", role=User.Role.PRACTITIONER, order=place)
        PLANS[kind](appointments(by, names))
    planned = Letter.objects.exclude(pk__in=before).filter(due_at__lte=timezone.now())
    print(*planned.values_list("message_id", flat=True))


def appointments(by: Practitioner, names: Iterable[str]) -> list[Appointment]:
    """Book one short session after the other, from tomorrow on."""
    start = timezone.now() + AHEAD
    kind = SessionType.objects.get(slug=BOOKED_ONLINE)
    return [
        make_appointment(
            session_type=kind,
            practitioner=by,
            start=start + number * LENGTH,
            client=make_user(name),
            minutes=5,
        )
        for number, name in enumerate(names)
    ]


def confirm(booked: Iterable[Appointment]) -> None:
    """Plan a confirmation for each of them."""
    for appointment in booked:
        with transaction.atomic():
            to_client.confirmation(appointment, now=timezone.now())


def remind(booked: Iterable[Appointment]) -> None:
    """Have the reminders of each of them be due."""
    now = timezone.now()
    for appointment in booked:
        with transaction.atomic():
            plan_reminders(appointment, now=now - DAY)
        Letter.objects.filter(about=appointment.about).update(due_at=now, not_after=now + DAY)


def remind_by_text(booked: Iterable[Appointment]) -> None:
    """Have a text message be due for each of them, without the email beside it."""
    for appointment in booked:
        client = appointment.client
        assert client is not None
        number = f"+1303555{client.pk:04}"
        way = TextNumber.Way.BOTH
        TextNumber.objects.create(user=client, number=number, way=way, given_at=timezone.now())
        remind([appointment])
        Letter.objects.filter(about=appointment.about, kind="reminder").delete()


PLANS = {"confirmation": confirm, "reminder": remind, "text_reminder": remind_by_text}


def ask_for_codes(addresses: Iterable[str], short_lived: float) -> None:
    """Ask for a sign-in code for each address, as the sign-in page does."""
    for number, address in enumerate(addresses):
        AccountAdapter().send_mail("account/email/login_code", address, {"code": "123456"})
        if number % 3 == 0:
            until = timezone.now() + dt.timedelta(seconds=short_lived)
            Letter.objects.filter(to_address=address).update(not_after=until)
