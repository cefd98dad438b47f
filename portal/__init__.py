"""Clients at home and practitioners at work: lessons, practice, notes, follow-ups, records."""

import practice  # noqa: F401
