"""The sheet of a client's exercises to print: for whom, from whom, when, with a QR code for each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.client_pages import for_clients
from portal.exercises.display import ShownExercise
from portal.exercises.engine.care import ClientReport
from portal.exercises.engine.pages import leaves
from portal.exercises.engine.qr import QrPath, qr_path
from portal.exercises.next_practice import NextPractice, given_to
from portal.exercises.reported import heed_said, report_of
from portal.records.access import client_for
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff, staff_only
from practice.core import formatting
from practice.models import User
from practice.queries import the_practice, zone_of


@dataclass(frozen=True)
class SheetRow:
    """One exercise on the sheet. `address`: as it can be typed, without https."""

    exercise: ShownExercise
    dosage: str
    word: str
    given_by: str
    heed: str
    code: QrPath
    address: str


@dataclass(frozen=True)
class SheetPage:
    """One page of the sheet. `look`: how many exercises are on it."""

    look: str
    is_tight: bool
    rows: list[SheetRow]


@require_safe
@for_clients
def sheet(request: HttpRequest, client: User) -> HttpResponse:
    """Show the client's own sheet."""
    return render(request, "portal/exercise_sheet.html", _sheet(client, now=timezone.now()))


@staff_only
@require_safe
def at_work(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a client's sheet to those who may open their record, to print it and hand it over."""
    user, now = require_staff(request), timezone.now()
    client = client_for(user, pk)
    log_opening(user, client, "access:record", now=now)
    return render(request, "portal/exercise_sheet.html", _sheet(client, now=now) | {"at_work": True})


def _sheet(client: User, *, now: dt.datetime) -> dict[str, object]:
    practice = the_practice()
    given = [one for one in given_to(client, pictures=True) if one.exercise]
    told = report_of(client if given else None)
    rows = [_row(one, told) for one in given]
    texts = [f"{one.exercise.steps}\n{one.word}\n{one.heed}\n{one.exercise.when_to_stop}" for one in rows]
    today = now.astimezone(zone_of(client.zone, practice=practice)).date()
    teachers = list(dict.fromkeys(one.given_by for one in given))
    return {
        "client": client,
        "pages": [
            SheetPage(leaf.look, leaf.is_tight, [rows[place] for place in leaf.places])
            for leaf in leaves(texts)
        ],
        "teachers": formatting.listed(teachers, locale=practice.locale),
        "today": formatting.date_in_words(today, locale=practice.locale),
    }


def _row(given: NextPractice, told: ClientReport) -> SheetRow:
    exercise = given.exercise
    assert exercise is not None
    address = settings.SITE_URL + exercise.url
    return SheetRow(
        exercise=exercise,
        dosage=given.dosage,
        word=given.word,
        given_by=given.given_by,
        heed=heed_said(exercise, told, ask=given.given_by),
        code=qr_path(address),
        address=address.partition("://")[2],
    )
