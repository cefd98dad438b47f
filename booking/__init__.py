"""When. A module of it may be a program (`calendars/importing/sandbox.py`), which reads our zones too."""

import practice  # noqa: F401
