from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from booking.locking import checks, overlap_guard, version_triggers
from practice.append_only import guard

__all__ = ["BookingConfig", "checks"]  # importing the checks registers them

#: Rows that are only added: the database guards them.
GUARDED = (
    guard.Guarded("booking_appointmentchange"),
    guard.Guarded("booking_ledgerentry"),
    guard.Guarded("booking_receipt"),
)


class BookingConfig(AppConfig):
    """Appointments, availability, waitlist, packages."""

    name = "booking"
    verbose_name = "Booking"

    def ready(self) -> None:
        """Register the overlap guard after each migrate, the checks before emails leave, and retention."""
        from booking import own_rows, wording  # noqa: PLC0415
        from booking.calendars import health_check as calendars_check  # noqa: PLC0415
        from booking.email_texts.letters.table import EMAILS  # noqa: PLC0415
        from booking.intake import retention as intake_retention  # noqa: PLC0415  (models are there)
        from booking.locking import health_check as guard_check  # noqa: PLC0415
        from booking.moving_in import wording as moving_in_wording  # noqa: PLC0415
        from booking.moving_in.actions.retention import forget_imported_files  # noqa: PLC0415
        from booking.owner_settings.other_language import KINDS  # noqa: PLC0415
        from booking.retention.table import RULES  # noqa: PLC0415
        from booking.send_checks import register_checks  # noqa: PLC0415
        from practice.core import reasons  # noqa: PLC0415
        from practice.email_texts import registry  # noqa: PLC0415
        from practice.health import findings  # noqa: PLC0415
        from practice.other_language import registry as other_language  # noqa: PLC0415
        from practice.retention import chores, rules  # noqa: PLC0415

        guard.register(*GUARDED, since=("booking", "0037_append_only"))
        post_migrate.connect(reinstall_guard, sender=self, dispatch_uid="booking.guard")
        chores.register(
            *(intake_retention.forget_unfinished_intakes, intake_retention.forget_visitors),
            forget_imported_files,
        )
        findings.register("no_overlap", guard_check.no_overlap, public=True)
        findings.register("calendars", calendars_check.calendars, public=True)
        rules.register(RULES)
        own_rows.register()
        other_language.register(KINDS)
        reasons.register(wording.ACCESS_LOG)
        reasons.register(moving_in_wording.REASONS)
        register_checks()
        registry.register(EMAILS)


def reinstall_guard(*, using: str, **kwargs: Any) -> None:
    """Install the triggers again: on SQLite, any AddField or AlterField drops those of its table."""
    overlap_guard.install(using)
    version_triggers.install(using)
