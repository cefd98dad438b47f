"""First steps of a new practice, for its owner: each is ticked by what is in the database."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.models import OpeningHours, SessionType
from portal.models import RecordingUpload
from practice.access.roles import AT_WORK
from practice.mail.composing.headers import chosen_address
from practice.models import Practice, User
from practice.queries import is_demo


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
            reverse("workspace_hours"),
            there["hours"],
        ),
        Step(
            _("Text for your home page"),
            _("About the practice. The part about how a session goes is a suggestion: change it, too."),
            the_practice,
            bool(practice.standfirst.strip() or practice.introduction.strip()),
        ),
        _email(practice, the_practice),
        Step(
            _("People who work with you"),
            _("A practitioner or the front desk."),
            reverse("admin:practice_user_add"),
            there["people"],
            if_wanted=True,
        ),
        Step(
            _("A lesson of your own"),
            _("You start with one free lesson, in a computer’s voice. Listen to it, or record your own."),
            reverse("admin:portal_lesson_changelist"),
            there["recordings"],
            if_wanted=True,
        ),
    ]


def _email(practice: Practice, the_practice: str) -> Step:
    """Return the step of sending email: whether any leaves this machine, and from which address."""
    title, own = _("An email address of the practice"), chosen_address(practice)
    if not settings.EMAIL_URL and not is_demo():
        about = _(
            "No email reaches anyone yet: the person who runs your server has to set EMAIL_URL. Until then, "
            "emails are only saved as files there."
        )
        return Step(title, about, the_practice, False)
    if not own:
        about = _("All emails wait until you enter one. No client gets any.")
        return Step(title, about, the_practice, False)
    if settings.DEFAULT_FROM_EMAIL or practice.email:
        return Step(title, _("Emails come from it, and clients reply to it."), the_practice, True)
    about = _("Until you enter one, emails come from %(address)s, the address its owner signs in with.")
    return Step(title, about % {"address": own}, the_practice, False, if_wanted=True)


def _there(user: User) -> dict[str, bool]:
    """Return which things exist already, in one query."""
    colleagues = User.objects.filter(role__in=AT_WORK, is_active=True).exclude(pk=user.pk)
    found = (
        User.objects.filter(pk=user.pk)
        .annotate(
            kinds=Exists(SessionType.objects.filter(is_active=True)),
            hours=Exists(OpeningHours.objects.all()),
            people=Exists(colleagues),
            recordings=Exists(RecordingUpload.objects.filter(state=RecordingUpload.State.PUBLISHED)),
        )
        .values("kinds", "hours", "people", "recordings")
    )
    return {name: bool(there) for name, there in found.get().items()}
