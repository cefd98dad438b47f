"""What the back office pages of clients' records share."""

from __future__ import annotations

from practice.admin.shared import WritesDown


class OfRecords(WritesDown):
    """Rows with a `client`: only of those whose record the reader may open (`portal/own_rows.py`)."""
