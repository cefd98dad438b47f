"""The back office of booking."""

from booking.admin import appointments, intake, offering, packages, payments

__all__ = ["appointments", "intake", "offering", "packages", "payments"]
