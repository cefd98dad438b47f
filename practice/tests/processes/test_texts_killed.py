"""Senders of text messages killed after the gateway took one: none is lost, and none goes twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from practice.tests.mail.text_gateway import TextGateway, text_gateway
from practice.tests.processes.killing import kill_with_text_taken
from practice.tests.processes.practice_site import PracticeSite, practice_site_in

pytestmark = [pytest.mark.processes, pytest.mark.engines]
NUMBERS = [f"+1303555010{number}" for number in range(6)]
KILLS = 3


@pytest.fixture
def gateway() -> Iterator[TextGateway]:
    """Where the texts arrive."""
    with text_gateway() as found:
        yield found


@pytest.fixture
def site(gateway: TextGateway, tmp_path: Path) -> Iterator[PracticeSite]:
    """A practice whose texts go to that gateway, and six of them that are due."""
    with practice_site_in(tmp_path, TEXT_MESSAGES_URL=gateway.url) as found:
        for number in NUMBERS:
            found.post("confirmation", 1, channel="text", to_address=number, reply_to="", html="")
        yield found


def test_a_killed_sender_loses_no_text_and_sends_none_twice(site: PracticeSite, gateway: TextGateway) -> None:
    for _ in range(KILLS):
        kill_with_text_taken(site, gateway, site.forked_sender)
    site.deliver()
    assert Counter(one["to"] for one in gateway.taken) == dict.fromkeys(NUMBERS, 1)
    assert Counter(state for _kind, state in site.letters().values()) == {"sent": len(NUMBERS)}
    assert len(gateway.asked) >= 1  # what was taken was looked for, and found
