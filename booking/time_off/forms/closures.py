"""The back office form of a closure: it names who is booked then before anything is saved."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.availability.closed_days import appointments_within
from booking.models import Appointment, Closure
from practice.core import formatting
from practice.core.clock import zone_named
from practice.queries import the_practice

MOST = 12
RULES = {"practitioner", "first_day", "last_day", "opens", "closes", "past_midnight"}


class ClosureForm(forms.ModelForm):
    """The form of a closure. A second press, with the same people booked, saves it.

    `seen` carries the people the question named: if somebody books in between, it is asked again.
    """

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    class Meta:
        model = Closure
        fields = (
            *("practitioner", "first_day", "last_day"),
            *("opens", "closes", "past_midnight", "reason"),
        )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        if self.errors or not RULES & set(self.changed_data):
            return
        booked = appointments_within(self.instance, now=timezone.now())
        name, mark = self.add_prefix("seen"), mark_of(booked)
        if not booked or self.data.get(name) == mark:
            return
        said: Any = self.data
        self.data = said = said.copy()
        said[name] = mark  # a second press sends it along
        self.add_error(None, ValidationError(question(booked)))


def mark_of(booked: Sequence[Appointment]) -> str:
    """Return a hash of the people a question named."""
    named = ",".join(f"{one.uid} {one.starts_at.isoformat()}" for one in booked)
    return hashlib.sha256(named.encode()).hexdigest()


def question(booked: Sequence[Appointment]) -> str:
    """Return who is booked in the time that would be closed, and what saving does and does not do."""
    locale = the_practice().locale
    names = [f"{one.attendee_name} ({_begins(one, locale)})" for one in booked[:MOST]]
    if len(booked) > MOST:
        names.append(_("%(count)s more") % {"count": len(booked) - MOST})
    said = ngettext(
        "One person is booked then: %(names)s.", "%(n)s people are booked then: %(names)s.", len(booked)
    )
    told = said % {"n": len(booked), "names": formatting.listed(names, locale=locale)}
    what = _(
        "Nothing is saved yet. Saving does not change their appointments; they will appear under "
        "“Needs attention”. To close the time anyway, press Save again."
    )
    return f"{told} {what}"


def _begins(one: Appointment, locale: str) -> str:
    return formatting.moment(one.starts_at, zone_named(one.practitioner.zone), locale=locale)
