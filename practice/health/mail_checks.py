"""Checks of email: what is late, what failed, and whether it is set up at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from practice.health.findings import Finding, State
from practice.health.machine import minutes
from practice.mail.queries import NEEDS_DECISION
from practice.models import Letter
from practice.queries import is_demo

LATE = timedelta(minutes=15)
EMAILS = _("Open emails")
#: Filled in with the number where it is read.
UNDECIDED = ngettext_lazy(
    "%(count)d email failed or may not have been sent.",
    "%(count)d emails failed or may not have been sent.",
    "count",
)


def letters(now: datetime) -> Finding:
    """Check that no email has been due for longer than 15 minutes."""
    oldest = Letter.objects.filter(state=Letter.State.PLANNED).order_by("due_at").values("due_at").first()
    age = now - oldest["due_at"] if oldest else timedelta()
    if oldest and age > LATE:
        return Finding(
            f"The oldest letter that should have gone is {minutes(age)} late.",
            _("Emails are late."),
            State.DOWN,
            _("They go out once the mail server answers. The emails page says what it said."),
            since=oldest["due_at"],
            page="workspace_letters",
            link=EMAILS,
        )
    return Finding("go out", _("Emails go out on time."))


def undecided(now: datetime) -> Finding:
    """Say whether emails failed, or may have gone, and nobody has decided about them."""
    waiting = Letter.objects.filter(state__in=NEEDS_DECISION).order_by()
    found = waiting.aggregate(n=Count("id"), first=Min("due_at"))
    if not found["n"]:
        return Finding("none", _("No email failed."))
    return Finding(
        f"{found['n']} emails failed or may have gone.",
        UNDECIDED % {"count": found["n"]},
        State.ATTENTION,
        _("Send each again, or leave it."),
        since=found["first"],
        page="workspace_letters",
        link=EMAILS,
    )


def set_up(now: datetime) -> Finding:
    """Say whether emails reach anybody: a practice without a mail server writes them into files."""
    if settings.EMAIL_URL or is_demo():
        return Finding("set", _("A mail server is set up."))
    return Finding(
        "EMAIL_URL is not set: emails are written to files.",
        _("No mail server is set up, so no email reaches anyone."),
        State.ATTENTION,
        _("The person who runs your server sets EMAIL_URL, and then runs “manage.py check_mail”."),
    )
