"""An address that only this machine or building knows is no address for clients."""

from __future__ import annotations

import pytest

from portal.first_steps.engine.public_address import is_public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://book.willow.org", True),
        ("https://book.willow.org:8443", True),
        ("https://8.8.8.8", True),
        ("http://book.willow.org", False),
        ("https://localhost", False),
        ("https://willow", False),
        ("https://willow.local", False),
        ("https://desk.home.arpa.", False),
        ("https://127.0.0.1", False),
        ("https://192.168.1.20", False),
        ("https://[::1]:8000", False),
        ("https://", False),
    ],
)
def test_who_can_reach_it(address, public):
    assert is_public(address) is public
