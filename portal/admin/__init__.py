"""The back office of the portal."""

from portal.admin import exercises, lessons

__all__ = ["exercises", "lessons"]
