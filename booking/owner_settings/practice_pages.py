"""The pages of the practice in the workspace: what each is called, and who gets a link to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from practice.access import rows
from practice.models import User

Words = str | Promise


@dataclass(frozen=True)
class PracticePage:
    """A line of the page "Practice": a page by its route, what it is called and what it is for."""

    route: str
    words: Words
    purpose: Words
    is_for: Callable[[User], bool]

    @property
    def address(self) -> str:
        """Return the path of the page."""
        return reverse(self.route)


@dataclass(frozen=True)
class Group:
    """Pages under one heading."""

    words: Words
    pages: tuple[PracticePage, ...]


def sees(thing: str) -> Callable[[User], bool]:
    """Return the check whether somebody may see any of a thing of the table of roles."""
    return lambda user: rows.may(user, thing, "see")


def changes(thing: str) -> Callable[[User], bool]:
    """Return the check whether somebody may change any of a thing of the table of roles."""
    return lambda user: rows.may(user, thing, "change")


def is_owner(user: User) -> bool:
    """Return whether this person is the owner."""
    return user.is_superuser


GROUPS = (
    Group(
        _("Open for booking"),
        (
            PracticePage(
                "workspace_hours", _("Hours"), _("Each week, for each practitioner."), sees("hours")
            ),
            PracticePage(
                "workspace_away",
                _("Days off"),
                _("Close days, and offer other times to anyone who is booked."),
                changes("closures"),
            ),
            PracticePage(
                "workspace_services",
                _("Services"),
                _("What can be booked: length, price, place."),
                changes("offer"),
            ),
            PracticePage(
                "workspace_waitlist",
                _("Waitlist"),
                _("Who is waiting for an earlier time."),
                sees("waitlist"),
            ),
        ),
    ),
    Group(
        _("What people read"),
        (
            PracticePage(
                "workspace_details", _("Practice details"), _("Name, address, phone, time zone."), is_owner
            ),
            PracticePage(
                "workspace_words", _("Your words"), _("Headline and philosophy of the home page."), is_owner
            ),
            PracticePage(
                "workspace_articles",
                _("Articles"),
                _("What visitors read about their body."),
                changes("articles"),
            ),
            PracticePage(
                "workspace_lessons",
                _("Lessons"),
                _("Their texts, chapters, and collections; published or not."),
                sees("teaching"),
            ),
            PracticePage(
                "workspace_exercises",
                _("Exercises"),
                _("What clients do at home: pictures, steps, and how often."),
                changes("teaching"),
            ),
            PracticePage(
                "workspace_policies",
                _("Policies"),
                _("Free, late, and locked: what clients agree to."),
                is_owner,
            ),
            PracticePage("workspace_branding", _("Look"), _("Logo and colors."), is_owner),
            PracticePage(
                "workspace_consent",
                _("Consent forms"),
                _("Consent to treatment and to keeping health information."),
                is_owner,
            ),
            PracticePage(
                "workspace_retention",
                _("How long things are kept"),
                _("What is removed when, why, and what goes next."),
                is_owner,
            ),
            PracticePage(
                "workspace_other_language",
                _("Second language"),
                _("Your own texts for clients who read another language."),
                changes("teaching"),
            ),
            PracticePage(
                "workspace_plans",
                _("Email plans"),
                _("On which days after a session emails go out."),
                changes("plans"),
            ),
            PracticePage(
                "workspace_email_texts",
                _("Texts of emails"),
                _("What each email says, in your words."),
                is_owner,
            ),
            PracticePage(
                "workspace_letters", _("Emails"), _("What is scheduled, sent, and failed."), sees("emails")
            ),
        ),
    ),
    Group(
        _("People"),
        (
            PracticePage(
                "workspace_people",
                _("People and roles"),
                _("Who works here, and what they can see."),
                is_owner,
            ),
            PracticePage(
                "workspace_sign_in_help",
                _("Help with signing in"),
                _("A lost phone, or a computer still signed in."),
                is_owner,
            ),
        ),
    ),
    Group(
        _("Money and numbers"),
        (
            PracticePage(
                "workspace_payments",
                _("Payments"),
                _("What was paid, and what is outstanding."),
                sees("payments"),
            ),
            PracticePage("workspace_reports", _("Reports"), _("How each month went."), is_owner),
        ),
    ),
    Group(
        _("Connections"),
        (
            PracticePage(
                "workspace_calendars",
                _("Other calendars and feeds"),
                _("Block times when you are busy elsewhere."),
                sees("calendars"),
            ),
            PracticePage(
                "workspace_embed", _("Booking on another website"), _("One line to paste."), is_owner
            ),
            PracticePage(
                "workspace_import", _("Import"), _("Clients and appointments from another system."), is_owner
            ),
            PracticePage(
                "workspace_status", _("How the site is doing"), _("What runs, and what needs you."), is_owner
            ),
            PracticePage("admin:index", _("Back office"), _("All data, as tables."), changes("closures")),
        ),
    ),
)


def groups_for(user: User) -> list[Group]:
    """Return the groups with the pages that this person may use; no empty group."""
    found = (
        Group(group.words, tuple(one for one in group.pages if _exists(one) and one.is_for(user)))
        for group in GROUPS
    )
    return [group for group in found if group.pages]


def _exists(page: PracticePage) -> bool:
    try:
        return bool(page.address)
    except NoReverseMatch:
        return False
