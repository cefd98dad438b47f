"""First steps of a new practice, for its owner: each is ticked by what is in the database."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.models import OpeningHours, SessionType
from portal.models import Lesson
from practice.access.roles import AT_WORK
from practice.models import Practice, User


@dataclass(frozen=True)
class Step:
    """One thing to do, and the page to do it on. `if_wanted`: a practice can do without."""

    title: str
    about: str
    url: str
    is_done: bool
    if_wanted: bool = False


def first_steps(user: User, practice: Practice) -> list[Step]:
    """Return the steps, done and open; none when all needed ones are done, or for others than the owner."""
    if not user.is_superuser:
        return []
    found = _needed(user, practice)
    return found if any(not one.is_done and not one.if_wanted for one in found) else []


def _needed(user: User, practice: Practice) -> list[Step]:
    there = _there(user)
    the_practice = reverse("admin:practice_practice_change", args=[practice.pk or 1])
    return [
        Step(
            _("Address and phone"),
            _("On every page and in every email."),
            the_practice,
            bool(practice.address_lines and practice.phone),
        ),
        Step(
            _("A session type"),
            _("Its length, price, and who offers it."),
            reverse("admin:booking_sessiontype_add"),
            there["kinds"],
        ),
        Step(
            _("Opening hours"),
            _("Clients can book within these hours."),
            reverse("admin:booking_openinghours_add"),
            there["hours"],
        ),
        Step(
            _("Text for your home page"),
            _("About the practice, and how a session goes."),
            the_practice,
            bool(practice.standfirst.strip() or practice.approach.strip()),
        ),
        Step(
            _("People who work with you"),
            _("A practitioner or the front desk."),
            reverse("admin:practice_user_add"),
            there["people"],
            if_wanted=True,
        ),
        Step(
            _("A lesson"),
            _("A recording for clients at home."),
            reverse("admin:portal_lesson_add"),
            there["lessons"],
            if_wanted=True,
        ),
    ]


def _there(user: User) -> dict[str, bool]:
    """Return which things exist already, in one query."""
    colleagues = User.objects.filter(role__in=AT_WORK, is_active=True).exclude(pk=user.pk)
    found = (
        User.objects.filter(pk=user.pk)
        .annotate(
            kinds=Exists(SessionType.objects.filter(is_active=True)),
            hours=Exists(OpeningHours.objects.all()),
            people=Exists(colleagues),
            lessons=Exists(Lesson.objects.all()),
        )
        .values("kinds", "hours", "people", "lessons")
    )
    return {name: bool(there) for name, there in found.get().items()}
