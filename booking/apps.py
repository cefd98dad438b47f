from functools import partial
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from booking.locking import checks, overlap_guard

__all__ = ["BookingConfig", "checks"]  # importing the checks registers them


class BookingConfig(AppConfig):
    """Appointments, availability, waitlist, packages."""

    name = "booking"
    verbose_name = "Booking"

    def ready(self) -> None:
        """Register the overlap guard after each migrate, the checks before emails leave, and retention."""
        from booking import own_rows, wording  # noqa: PLC0415
        from booking.email_texts.letters.table import EMAILS  # noqa: PLC0415
        from booking.intake import retention as intake_retention  # noqa: PLC0415  (models are there)
        from booking.moving_in import wording as moving_in_wording  # noqa: PLC0415
        from booking.moving_in.actions.retention import forget_imported_files  # noqa: PLC0415
        from booking.owner_settings.other_language import KINDS  # noqa: PLC0415
        from booking.send_checks import register_checks  # noqa: PLC0415
        from practice.core import reasons  # noqa: PLC0415
        from practice.email_texts import registry  # noqa: PLC0415
        from practice.other_language import registry as other_language  # noqa: PLC0415
        from practice.retention import chores  # noqa: PLC0415

        post_migrate.connect(reinstall_guard, sender=self, dispatch_uid="booking.guard")
        chores.register(
            intake_retention.forget_unfinished_intakes,
            lambda now: intake_retention.expired_intakes(now=now).count(),
        )
        chores.register(intake_retention.forget_visitors, partial(intake_retention.forget_visitors, dry=True))
        chores.register(forget_imported_files, partial(forget_imported_files, dry=True))
        own_rows.register()
        other_language.register(KINDS)
        reasons.register(wording.ACCESS_LOG)
        reasons.register(moving_in_wording.REASONS)
        register_checks()
        registry.register(EMAILS)


def reinstall_guard(*, using: str, **kwargs: Any) -> None:
    """Install the guard again: any AddField or AlterField on the table drops SQLite's triggers."""
    overlap_guard.install(using)
