"""The base class of admin pages of clients' records."""

from __future__ import annotations

from practice.admin.shared import LoggedAdmin


class ClientRecordAdmin(LoggedAdmin):
    """The admin of rows with a `client`, for clients whose record the reader may open.

    The rule is in `portal/own_rows.py`.
    """
