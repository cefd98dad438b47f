from functools import partial
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from booking import checks, guard

__all__ = ["BookingConfig", "checks"]  # importing the checks registers them


class BookingConfig(AppConfig):
    """When."""

    name = "booking"
    verbose_name = "Booking"

    def ready(self) -> None:
        """Keep the guard standing after every migrate; have letters judged when they are about to go,
        and thrown away what is not kept."""
        from booking import own  # noqa: PLC0415
        from booking.actions import forgetting  # noqa: PLC0415  (models are there)
        from booking.letters.judges import register_judges  # noqa: PLC0415
        from practice import tidying  # noqa: PLC0415

        post_migrate.connect(put_the_guard_back, sender=self, dispatch_uid="booking.guard")
        tidying.register(
            forgetting.forget_unfinished_intakes, lambda now: forgetting.forgettable(now=now).count()
        )
        tidying.register(forgetting.forget_visitors, partial(forgetting.forget_visitors, dry=True))
        own.register()
        register_judges()


def put_the_guard_back(*, using: str, **kwargs: Any) -> None:
    """Any AddField or AlterField on the table drops SQLite's triggers."""
    guard.install(using)
