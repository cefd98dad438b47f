"""A practice to back up, a place for its backups, and an empty machine to restore them on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from practice.tests.backup.restored_site import Machine, machine_in
from practice.tests.processes.practice_site import PracticeSite, practice_site_in

FILL = """
from datetime import timedelta
from django.utils import timezone
from practice.models import User
from practice.testing import make_practice, make_user
from practice.tests.mail.builders import make_letter
make_practice(is_demo=False)
make_user("Ann Lee", email="ann@example.com")
make_user("Ben Hart", email="ben@example.com")
now = timezone.now()
make_letter("confirmation", key="due", due_at=now - timedelta(minutes=1))
make_letter("confirmation", key="gone", due_at=now - timedelta(hours=1), state="sent")
make_letter("confirmation", key="in-hand", due_at=now, state="claimed", leased_until=now)
make_letter("sign_in_code", key="code", due_at=now, text="123456")
make_letter("round_trip", key="to-ourselves", state="sent", sent_at=now)
make_letter("reminder", key="later", due_at=now + timedelta(days=300))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeSite]:
    """A practice with a few people, emails and files."""
    with practice_site_in(tmp_path_factory.mktemp("practice")) as practice_site:
        practice_site.inside(FILL)
        for name in ("lessons/one.m4a", "people/ann.webp"):
            file = practice_site.folder / "media" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(name.encode() * 50_000)
        yield practice_site


@pytest.fixture
def here(site: PracticeSite, tmp_path: Path) -> Machine:
    """The machine on which the practice runs, with an empty place for backups."""
    (tmp_path / "backups").mkdir()
    machine = Machine(site, site.folder, "" if site.sqlite else site.database_url)
    machine.settings["BACKUP_TO"] = str(tmp_path / "backups")
    return machine


@pytest.fixture
def there(site: PracticeSite, here: Machine, tmp_path: Path) -> Iterator[Machine]:
    """An empty machine."""
    with machine_in(site, tmp_path / "there") as machine:
        machine.settings["BACKUP_TO"] = here.settings["BACKUP_TO"]
        yield machine


@pytest.fixture
def store(here: Machine) -> Path:
    """Where the backups are."""
    return Path(here.settings["BACKUP_TO"])
