"""PURE. One report about one email, whoever it comes from, and what identifies it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

DELIVERED, DEFERRED, BOUNCED, COMPLAINED = "delivered", "deferred", "bounced", "complained"
ANSWERED = "answered"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody reports about one email. `message_ids`: of which the first that is ours counts.

    `recipients`: addresses without names; empty where they were left out. `code` and `said`: the receiving
    mail server's answer, `said` without the code. `at`: None when no time was given. `own_id`: of the report
    itself, where it says no time.
    """

    what: str
    message_ids: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    at: datetime | None = None
    code: int = 0
    said: str = ""
    own_id: str = ""

    @property
    def answer(self) -> str:
        """Return the server's answer with its code, as it is shown."""
        return f"{self.code} {self.said}".strip() if self.code else self.said


def report_id(report: Report, source: str) -> str:
    """Return the identity of a report: the same when it is sent again, and when it comes in another order."""
    when = report.at.isoformat() if report.at else report.own_id
    said = "\n".join([source, report.what, *report.message_ids, "", *sorted(report.recipients), when])
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
