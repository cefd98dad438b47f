"""`manage.py demo [--reset]`: a practice with invented people, made through the real actions."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from booking.models import Appointment
from portal.demo import beforehand, business, lives, texts
from portal.followup_plans.actions.shipped import add_missing
from practice.append_only.door import Why, open_door
from practice.models import DoorOpening, Practice, User


class Command(BaseCommand):
    """Make the demo practice; with --reset, remove it first."""

    help = "Create a demo practice with people, appointments, articles, a spoken lesson and emails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="delete the demo, then create it again")
        parser.add_argument("--if-empty", action="store_true", help="do nothing if a practice exists")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.EMAIL_URL:
            raise CommandError("EMAIL_URL is set, but the people in the demo do not exist. Unset it.")
        is_empty = not (Practice.objects.exists() or User.objects.exists() or Appointment.objects.exists())
        if options["reset"] and is_empty:
            self.stdout.write("There was nothing to reset.")
        elif options["reset"]:
            remove()
        if Practice.objects.exists() or User.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("This database already has a practice. Use an empty database, or --reset.")
        make()
        self.stdout.write("The demo practice is ready.")


def make() -> None:
    """Make the whole demo. A failure in the first part leaves nothing behind."""
    logging.getLogger("practice.mail").setLevel(logging.WARNING)  # fifty letters of the past are no news
    now = timezone.now().replace(microsecond=0)
    wait_for_the_disk(False)
    with transaction.atomic():
        business.make_practice()
        tess, jonah = business.make_practitioners()
        kinds = business.make_session_types(tess, jonah)
        business.make_opening_hours(tess, jonah, now=now)
        beforehand.publish_consent_text(now=now - beforehand.SINCE)
        texts.make_articles({"tess": tess, "jonah": jonah}, now=now)
        texts.make_lessons()
        texts.make_collection()
        texts.make_exercises()
    lives.run_demo(*kinds, tess, jonah, now=now)
    add_missing()  # from today on: the emails of these weeks came of the built-in plan
    wait_for_the_disk(True)


def wait_for_the_disk(wait: bool) -> None:
    """Have SQLite flush every write to disk, or not: while the demo is made there is nothing else to lose."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous = {'FULL' if wait else 'OFF'}")


def remove() -> None:
    """Empty the database of the demo. Raises CommandError when anything in it was not made by the demo."""
    practice = Practice.objects.first()
    strangers = User.objects.filter(is_demo=False).count()
    booked = Appointment.objects.filter(is_demo=False, client__isnull=False).count()
    if practice is None or not practice.is_demo or strangers or booked:
        raise CommandError(
            f"Not all data is from the demo: {strangers} people and {booked} appointments are not. "
            "Nothing was deleted. To start fresh, use a new DATABASE_URL or an empty VAR_DIR."
        )
    ours = ("practice", "booking", "portal", "account", "mfa", "usersessions")
    with open_door(Why.DEMO):  # that it was opened stays written down
        for model in reversed(list(apps.get_models())):
            if model._meta.app_label in ours and model is not DoorOpening:
                model._default_manager.all().delete()
