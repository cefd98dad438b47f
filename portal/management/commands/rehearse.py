"""`manage.py rehearse WHO`: print the emails a client would get in the coming weeks. Changes nothing."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.followups.engine.behavior import Behavior
from portal.followups.engine.facts import Step
from portal.followups.queue import steps_of
from portal.followups.rehearsal_preview import ClientRehearsal, LineKind, NoSession, rehearse_client
from portal.management.whose import client_named
from portal.models import FollowUpPlan
from practice.core import formatting
from practice.models import User

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_WEEKS = 12


def weekdays(text: str) -> frozenset[int]:
    """Return the weekdays of "mon,thu"; raises ArgumentTypeError, which argparse shows."""
    names = [name.strip().lower()[:3] for name in text.split(",") if name.strip()]
    if not names or set(names) - set(DAYS):
        raise ArgumentTypeError(f"use {', '.join(DAYS)}, with commas between them")
    return frozenset(DAYS.index(name) for name in names)


def hour(text: str) -> dt.time:
    """Return the time of day of "08:00"; raises ArgumentTypeError."""
    try:
        return dt.datetime.strptime(text, "%H:%M").time()
    except ValueError as error:
        raise ArgumentTypeError("use 24 hours, like 08:00 or 18:30") from error


def weeks(text: str) -> int:
    """Return a number of weeks from 1 to 12; raises ArgumentTypeError."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WEEKS:
        raise ArgumentTypeError(f"use a number from 1 to {MOST_WEEKS}")
    return int(text)


def days(text: str) -> int:
    """Return a number of days from 1 to 84; raises ArgumentTypeError."""
    if not text.isdecimal() or not 1 <= int(text) <= 7 * MOST_WEEKS:
        raise ArgumentTypeError(f"use a number of days from 1 to {7 * MOST_WEEKS}")
    return int(text)


class Command(BaseCommand):
    """The command that prints a rehearsal as a table, one line for each event."""

    help = (
        "Print the emails a client would get in the coming weeks, and why. WHO: the client's email address, "
        "name or number. Nothing is sent or changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", metavar="WHO")
        parser.add_argument("--weeks", type=weeks, default=6, help="How many weeks ahead (default: 6).")
        parser.add_argument(
            "--practices", type=weekdays, default=frozenset(), metavar="DAYS", help="Such as mon,thu."
        )
        parser.add_argument(
            "--at",
            type=hour,
            default=dt.time(18),
            metavar="TIME",
            help="When they practice (default: 18:00).",
        )
        parser.add_argument("--replies", action="store_true", help="They write back a day after each email.")
        parser.add_argument(
            "--pause", type=weeks, metavar="WEEKS", help="They pause the emails for so many weeks from now."
        )
        parser.add_argument(
            "--every", type=days, default=0, metavar="DAYS", help="They practice every so many days."
        )
        parser.add_argument(
            "--worse-on", type=days, metavar="DAY", help="They report more pain after practicing on that day."
        )
        parser.add_argument(
            "--plan", metavar="NAME", help="As if a session had ended now, with this plan; not what waits."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        client = client_found(options["who"])
        behavior = Behavior(
            weekdays=options["practices"],
            every=options["every"],
            at=options["at"],
            worse_on=options["worse_on"],
            replies=options["replies"],
            pause=dt.timedelta(weeks=options["pause"] or 0),
        )
        steps, now = steps_named(options["plan"], client), timezone.now()
        try:
            found = rehearse_client(client, behavior, weeks=options["weeks"], now=now, steps=steps)
        except NoSession as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(table(found, plan=options["plan"] or ""))


def client_found(who: str) -> User:
    """Return the client of this address, number or full name. Raises CommandError, also for two of a name."""
    if "@" in who or who.isdecimal():
        return client_named(who)
    found = list(User.objects.filter(name__iexact=who.strip()).order_by("pk")[:10])
    if not found:
        raise CommandError("No client has that email address, name or number.")
    if len(found) > 1:
        numbers = ", ".join(str(one.pk) for one in found)
        raise CommandError(f"Several people have that name. Use a number instead: {numbers}.")
    return found[0]


def steps_named(name: str | None, client: User) -> tuple[Step, ...] | None:
    """Return the steps of the plan with this name, None without a name. Raises CommandError."""
    if name is None:
        return None
    plans = {plan.name: plan for plan in FollowUpPlan.objects.shared().order_by("name")}
    if name not in plans:
        there = ", ".join(plans) or "none; without --plan, the standard one is used"
        raise CommandError(f"No follow-up plan has this name. There are: {there}.")
    return steps_of(plans[name], client)


def table(found: ClientRehearsal, *, plan: str) -> str:
    """Return the rehearsal as lines of text, with the client's own clock."""
    zone, locale = found.known.zone, found.known.business.locale
    whose = f"“{plan}”" if plan else "the standard plan"
    begins = f"As if a session had ended now, with {whose}." if found.is_new else "The emails that wait now."
    last = formatting.day_in_words(found.until.astimezone(zone).date(), locale=locale)
    lines = [f"{found.known.client.name}, until {last}. {begins} Times are by their clock ({zone.key}).", ""]
    for one in found.lines():
        what = "" if one.kind is LineKind.ACT else str(one.kind)
        text = f"({one.variant}) {one.words}" if one.variant else one.words
        lines.append(f"{formatting.moment(one.at, zone, locale=locale):<38} {what:<10} {text}")
    if not found.events:
        lines.append("Nothing would be sent.")
    return "\n".join(lines)
