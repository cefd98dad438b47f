"""The admin pages of the portal."""

from portal.admin import exercises, follow_ups, lessons, notes

__all__ = ["exercises", "follow_ups", "lessons", "notes"]
