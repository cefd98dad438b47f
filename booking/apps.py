from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from booking import guard


class BookingConfig(AppConfig):
    """When."""

    name = "booking"
    verbose_name = "Booking"

    def ready(self) -> None:
        """Keep the guard standing after every migrate, and watch it."""
        from booking import checks  # noqa: F401

        post_migrate.connect(put_the_guard_back, sender=self, dispatch_uid="booking.guard")


def put_the_guard_back(*, using: str, **kwargs: Any) -> None:
    """Any AddField or AlterField on the table drops SQLite's triggers."""
    guard.install(using)
