"""No email is near what SpamAssassin calls spam: its usual limit is 5 points, ours is 2.

Only its rules that ask no network: what a receiver finds out about the server is up to the server.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from practice.tests.every_email.composed import compose_all
from practice.tests.every_email.spam_scores import GTUBE, points_of, version

LIMIT = 2.0
#: Which any SpamAssassin calls spam.
CONTROL = f"Subject: FREE MONEY\r\nFrom: a@b.example\r\n\r\n{GTUBE}\r\n".encode()


@pytest.mark.proof
@pytest.mark.skipif(not version(), reason="SpamAssassin is not installed: tools/debian spam")
def test_no_email_looks_like_spam(module_db: None, tmp_path: Path) -> None:
    emails = compose_all()
    *found, control = points_of([*(one.raw for one in emails), CONTROL], tmp_path)
    assert control["GTUBE"] == 1000
    scored = {str(one): rules for one, rules in zip(emails, found, strict=True)}
    assert {name: rules for name, rules in scored.items() if sum(rules.values()) >= LIMIT} == {}
