"""The workspace page "Why isn't three o'clock offered?". It only reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from booking import queries
from booking.access import practitioners_for, zone_at_work
from booking.availability import listing
from booking.availability import wording as availability_wording
from booking.availability.diagnosis import Reader, Verdict, explain_refusals
from booking.availability.listing import FreeStart
from booking.models import SessionType
from practice.access.pages import require_staff, staff_only
from practice.core import clock, formatting
from practice.core.locales.zone_words import zone_in_words
from practice.models import Practitioner, User
from practice.queries import practitioners, the_practice

ANY = "any"
NEAR = 6


class Question(forms.Form):
    """The form: a session type, with whom, when, and who would like to come."""

    use_required_attribute = False

    type = forms.ModelChoiceField(
        SessionType.objects.filter(is_active=True),
        to_field_name="slug",
        label=_("Session"),
        empty_label=None,
        error_messages={"invalid_choice": _("This session no longer exists. Please choose another.")},
    )
    practitioner = forms.ChoiceField(label=_("With whom"))
    at = forms.CharField(
        label=_("Day and time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        error_messages={"required": _("Please enter a day and time.")},
    )
    asker = forms.ChoiceField(
        label=_("For whom"),
        choices=[
            ("unknown", _("A visitor who has not signed in")),
            ("new", _("A client before their first session")),
            ("returning", _("A client who has been here before")),
            ("staff", _("Anyone, booked by us")),
        ],
    )

    def __init__(self, *args: Any, people: list[Practitioner], zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(ANY, _("Anyone available")), *((one.slug, one.user.name) for one in people)]
        practitioner = self.fields["practitioner"]
        assert isinstance(practitioner, forms.ChoiceField)
        practitioner.choices = choices
        self.fields["at"].help_text = f"{zone_in_words(zone.key, locale=the_practice().locale)}."


@dataclass(frozen=True)
class Answer:
    """The answer: each practitioner's verdict, and the nearest times that are offered."""

    when: str
    verdicts: list[Verdict]
    near: list[FreeStart]

    @property
    def offered(self) -> bool:
        """Return whether at least one practitioner is free then."""
        return any(one.refusal is None for one in self.verdicts)


@staff_only
@require_safe
def why_not(request: HttpRequest) -> HttpResponse:
    """Show the first rule that refuses a time, for each practitioner, and the nearest offered times."""
    user = require_staff(request)
    zone = zone_at_work(user)
    data = request.GET if "asker" in request.GET else None
    asked = Question(data, people=practitioners(), zone=zone, initial=first_guess(request))
    page: dict[str, Any] = {"form": asked, "zone": zone}
    if asked.is_valid():
        try:
            start = clock.read_instant(asked.cleaned_data["at"], zone)
            page["answer"] = answer(user, asked.cleaned_data, start)
        except clock.ClockError as error:
            asked.add_error("at", availability_wording.of_clock(error, locale=the_practice().locale))
            page["candidates"] = list(getattr(error, "candidates", ()))
    return render(request, "workspace/why.html", page)


def first_guess(request: HttpRequest) -> dict[str, str]:
    """Return what the address names already: a type, a practitioner, a time."""
    return {name: request.GET.get(name, "") for name in ("type", "practitioner", "at") if name in request.GET}


def answer(user: User, asked: dict[str, Any], start: dt.datetime) -> Answer:
    """Judge this time with the judgement that lists and books."""
    now, practice, zone = timezone.now(), the_practice(), zone_at_work(user)
    kind: SessionType = asked["type"]
    people = queries.practitioners_of(kind)
    people = [one for one in people if asked["practitioner"] in (ANY, one.slug)]
    reader = Reader(zone, practice.locale, {one.pk for one in practitioners_for(user)})
    verdicts = explain_refusals(kind, people, start, now=now, asker=asked["asker"], reader=reader)
    near = listing.alternatives(kind, people, near=start, now=now, count=NEAR, asker=asked["asker"])
    return Answer(moment_in_words(start, zone, practice.locale), verdicts, near)


def moment_in_words(start: dt.datetime, zone: ZoneInfo, locale: str) -> str:
    """Return a time with its day; far-off years, which no other zone reaches, in UTC."""
    try:
        return formatting.moment(start, zone, locale=locale, year=True)
    except OverflowError:
        return formatting.moment(start, ZoneInfo("UTC"), locale=locale, name_zone=True, year=True)
