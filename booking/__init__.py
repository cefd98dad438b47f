"""Appointments, availability, waitlist, packages.

A module here may be a program (`calendars/importing/sandbox.py`), which reads our zones too.
"""

import practice  # noqa: F401
