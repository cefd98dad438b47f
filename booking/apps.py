from django.apps import AppConfig


class BookingConfig(AppConfig):
    """When."""

    name = "booking"
    verbose_name = "Booking"
