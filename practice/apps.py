from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate

from practice.append_only import guard
from practice.web import field_messages

GUARDED = (guard.Guarded("practice_accesslog"),)
CONTENT = Path(__file__).parent / "content"


class PracticeConfig(AppConfig):
    """The app of the business, its people and its emails."""

    name = "practice"
    verbose_name = "Practice"

    def ready(self) -> None:
        """Connect signals, and register rows, chores and checks, once the models are there."""
        from practice.access import own_rows, wording  # noqa: PLC0415
        from practice.accounts import adapter, new_practice, sign_in_log  # noqa: PLC0415
        from practice.append_only.checks import appended_rows_are_guarded  # noqa: PLC0415
        from practice.articles.actions import add_shipped_texts  # noqa: PLC0415
        from practice.backup import health_check as backup_check  # noqa: PLC0415
        from practice.backup import wording as backup_wording  # noqa: PLC0415
        from practice.checks import CHECKS, emails_have_a_sender, zone_data_is_fresh  # noqa: PLC0415
        from practice.core import reasons  # noqa: PLC0415
        from practice.email_texts.queries import find_own_words  # noqa: PLC0415
        from practice.health import append_only, findings, machine, mail_checks  # noqa: PLC0415
        from practice.mail.composing.render import register_own_words  # noqa: PLC0415
        from practice.mail.wording import SENTENCES  # noqa: PLC0415
        from practice.mail_events import health_check as mailbox_check  # noqa: PLC0415
        from practice.mail_events import wording as mail_events_wording  # noqa: PLC0415
        from practice.mail_events.round_trip import health_check as arrival_check  # noqa: PLC0415
        from practice.mail_events.round_trip.retention import old_round_trips  # noqa: PLC0415
        from practice.observability import measures, site_measures  # noqa: PLC0415
        from practice.other_language import kinds, registry  # noqa: PLC0415
        from practice.pictures import files as pictures  # noqa: PLC0415
        from practice.retention import chores, periods, rules, table  # noqa: PLC0415
        from practice.shipped_texts import register  # noqa: PLC0415
        from practice.storage import health_check as storage_check  # noqa: PLC0415
        from practice.storage import leftovers  # noqa: PLC0415

        field_messages.install()
        guard.register(*GUARDED, since=("practice", "0050_append_only"))
        post_migrate.connect(reinstall_guard, sender=self, dispatch_uid="practice.append_only")
        register(CONTENT)
        registry.register(kinds.KINDS)
        reasons.register(SENTENCES)
        reasons.register(mail_events_wording.SENTENCES)
        reasons.register(backup_wording.SENTENCES)
        reasons.register(wording.ACCESS_LOG)
        register_own_words(find_own_words)
        adapter.connect()
        sign_in_log.connect()
        own_rows.register()
        for name, look in (
            ("database", machine.database),
            ("append_only", append_only.append_only),
            ("migrations", machine.migrations),
            ("broker", machine.broker),
            ("beat", machine.beat),
            ("letters", mail_checks.letters),
            ("bounces", mailbox_check.bounces),
            ("arrival", arrival_check.arrival),
            ("backup", backup_check.last_backup),
            ("disk", machine.disk),
            ("storage", storage_check.storage),
        ):
            findings.register(name, look, public=True, quick=name not in ("broker", "storage"))
        for name, look in (
            ("media", machine.media),
            ("undecided", mail_checks.undecided),
            ("email_set_up", mail_checks.set_up),
            ("clock", machine.clock),
            ("time_zones", machine.time_zones),
        ):
            findings.register(name, look)
        new_practice.register(add_shipped_texts)
        for measure in site_measures.MEASURES:
            measures.register(measure)
        chores.register(*periods.CHORES, old_round_trips, leftovers.remove_leftovers)
        leftovers.register(pictures.PEOPLE, pictures.photos_in_use)
        leftovers.register(pictures.LOOK, pictures.logo_in_use)
        rules.register(table.RULES)
        for check in CHECKS:
            checks.register(check, checks.Tags.security)
        checks.register(storage_check.bucket_is_there, checks.Tags.files)
        checks.register(zone_data_is_fresh, checks.Tags.database)
        checks.register(emails_have_a_sender, checks.Tags.database)
        checks.register(appended_rows_are_guarded, checks.Tags.database)


def reinstall_guard(*, using: str, **kwargs: Any) -> None:
    """Install the guard of append-only rows again: a rebuilt table of SQLite has lost its triggers."""
    guard.install(using)
