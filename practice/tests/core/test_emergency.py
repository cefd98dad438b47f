"""The emergency number follows the practice's country, whatever the reader's language."""

from __future__ import annotations

import pytest
from phonenumbers.shortnumberinfo import is_emergency_number

from practice.core.locales.emergency import FIRST, emergency_number


@pytest.mark.parametrize(
    ("region", "number"),
    [
        *(("US", "911"), ("CA", "911"), ("MX", "911"), ("ES", "112"), ("GB", "999"), ("AU", "000")),
        *(("DE", "112"), ("AR", "911"), ("JP", "112"), ("", "112"), ("XX", "112")),
    ],
)
def test_each_country_has_its_number(region: str, number: str) -> None:
    assert emergency_number(region) == number


@pytest.mark.parametrize("region", FIRST)
def test_a_number_in_the_table_works_in_its_country(region: str) -> None:
    assert is_emergency_number(FIRST[region], region)
