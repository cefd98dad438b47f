"""First steps of a new practice, for its owner: each is judged by the database and the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.first_steps import backup
from portal.first_steps.engine.public_address import is_public
from portal.first_steps.queries import last_test_email, sender_address, what_is_there
from practice.backup import heartbeats
from practice.core import formatting
from practice.mail.queries import WAITING
from practice.models import Letter, Practice, User


@dataclass(frozen=True)
class Step:
    """One thing to do, why, and the page to do it on ("": none here). `if_wanted`: it can be left out.

    `button`: what its button does, "test_email" or "copied"; `copies`: what to copy.
    """

    title: str
    about: str
    is_done: bool
    url: str = ""
    if_wanted: bool = False
    button: str = ""
    copies: Sequence[backup.Copied] = ()


@dataclass(frozen=True)
class FirstSteps:
    """The list of a practice that is not ready yet."""

    steps: list[Step]

    @property
    def needed(self) -> list[Step]:
        """Return the steps that no practice can do without."""
        return [one for one in self.steps if not one.if_wanted]

    @property
    def done(self) -> int:
        """Return how many of the needed steps are done."""
        return sum(one.is_done for one in self.needed)


def first_steps(user: User, practice: Practice) -> FirstSteps | None:
    """Return the list; None when all needed steps are done, in the demo, and for others than the owner."""
    if not user.is_superuser or practice.is_demo:
        return None
    found = FirstSteps(_all_steps(user, practice))
    return found if found.done < len(found.needed) else None


def _all_steps(user: User, practice: Practice) -> list[Step]:
    there = what_is_there()
    return [
        *_open_for_booking(practice, there),
        _test_booking(there),
        _web_address(),
        _email(user, practice, there),
        _copy(practice),
    ]


def _open_for_booking(practice: Practice, there: dict[str, bool]) -> list[Step]:
    """Return the steps that fill the public pages."""
    return [
        Step(
            _("Name and phone number"),
            _("People who can’t book online call you. The phone number is on every page and in every email."),
            bool(practice.name.strip() and practice.phone),
            reverse("workspace_details"),
        ),
        Step(
            _("Hours"),
            _("Clients can book within these hours."),
            there["hours"],
            reverse("workspace_hours"),
        ),
        Step(
            _("Services"),
            _("What can be booked: its length, its price, and who gives it."),
            there["services"],
            reverse("workspace_services"),
        ),
        Step(
            _("People who work with you"),
            _("Each practitioner has their own hours. The front desk sees appointments, and no records."),
            there["people"],
            reverse("workspace_people"),
            if_wanted=True,
        ),
        Step(
            _("Text for your home page"),
            _("Two sentences about the practice. They are what strangers read first."),
            bool(practice.standfirst.strip() or practice.introduction.strip()),
            reverse("workspace_words"),
        ),
    ]


def _test_booking(there: dict[str, bool]) -> Step:
    return Step(
        _("A test booking"),
        _(
            "Book a session on your public page, as a client would. You can cancel it afterward. "
            "A real client’s booking counts, too."
        ),
        there["booking"],
        reverse("book"),
    )


def _web_address() -> Step:
    """Return the step of the address of the site, which the links in all emails begin with."""
    about = _(
        "All links in emails begin with %(address)s, which others can’t open. The person who runs your "
        "server sets SITE_URL to an address that begins with https://, such as https://book.example.com, "
        "and restarts the site."
    )
    return Step(
        _("A web address that people can reach"),
        about % {"address": settings.SITE_URL},
        is_public(settings.SITE_URL),
    )


def _email(user: User, practice: Practice, there: dict[str, bool]) -> Step:
    """Return the step of email. Only an opened link in an email that left this machine proves anything."""
    title, details = _("Email that really arrives"), reverse("workspace_details")
    if not settings.EMAIL_URL:
        about = _(
            "No email leaves this machine yet: each is saved as a file in %(folder)s. The person who runs "
            "your server sets EMAIL_URL, such as smtp+tls://user:password@host:587, and restarts the site."
        )
        return Step(title, about % {"folder": settings.OUTBOX_DIR}, False)
    own = sender_address(user, practice)
    if not own:
        about = _(
            "Enter an email address of the practice. Until then all emails wait, and no client gets any."
        )
        return Step(title, about, False, details)
    if there["arrived"]:
        return Step(title, "", True)
    about = _about_test_email(user, own, last_test_email(user) if there["tested"] else None)
    return Step(title, about, False, button="test_email")


def _about_test_email(user: User, own: str, state: str | None) -> str:
    """Return what to do next, by what became of the last test email."""
    to = {"address": user.email, "own": own}
    if state in WAITING:
        return _("The test email to %(address)s is on its way. Open the link in it.") % to
    if state == Letter.State.SENT:
        return (
            _(
                "We sent a test email to %(address)s. Open the link in it. If you can’t find it, "
                "check your spam folder too."
            )
            % to
        )
    if state:
        return _("The last test email was not sent. The page Emails says why.")
    return _("Emails come from %(own)s. A test email to %(address)s shows whether they arrive.") % to


def _copy(practice: Practice) -> Step:
    """Return the step of a backup. Where none are made, nothing here sees copies: the owner confirms one."""
    day = practice.copied_on
    title = _("A backup")
    if settings.BACKUP_TO:
        about = _("The first one is made within minutes. If it can’t be made, Today says why.")
        return Step(title, about, heartbeats.state().made is not None)
    if day:
        said = formatting.date_in_words(day, locale=practice.locale, year=False)
        title = _("A backup, confirmed on %(day)s") % {"day": said}
    about = _(
        "If this machine breaks, only a backup brings your practice back. The person who runs your server "
        "sets BACKUP_TO to a folder on another disk, and restarts the site: a backup is then made every day. "
        "Or they stop the site, copy what is listed here to another machine, and start it again."
    )
    copies = () if day else tuple(backup.what_to_copy())
    return Step(title, about, bool(day), button="copied", copies=copies)
