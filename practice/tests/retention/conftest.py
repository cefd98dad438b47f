"""Retention also looks at files: each test has a folder of its own for them."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
