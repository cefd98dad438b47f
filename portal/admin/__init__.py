"""The admin pages of the portal."""

from portal.admin import collections, exercises, follow_ups, lessons, notes

__all__ = ["collections", "exercises", "follow_ups", "lessons", "notes"]
