"""What the tests of the whole site share."""

from __future__ import annotations

from typing import Any

import pytest

from practice.tests.routes.route_sweep import World
from practice.tests.routes.sample_practice import make_sample_practice


@pytest.fixture
def world(settings: Any, db: None) -> World:
    """A practice with one of everything that an address can name, and no limits on asking."""
    settings.RATE_LIMITS = False
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    return make_sample_practice()
