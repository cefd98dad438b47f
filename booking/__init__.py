"""When. A module of it may be a program of its own (`imported/apart.py`): it reads our zones too."""

import practice  # noqa: F401
