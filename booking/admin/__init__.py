"""The back office of booking."""

from booking.admin import appointments, intake, offering

__all__ = ["appointments", "intake", "offering"]
