"""The back office of booking."""

from booking.admin import appointments, offering

__all__ = ["appointments", "offering"]
