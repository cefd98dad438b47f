"""Moving from a folder to a bucket and back: whole, once, and nothing is removed."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from practice.storage.chosen import media
from practice.tests.storage import s3

pytestmark = [pytest.mark.processes, pytest.mark.once]


def said(*args: str) -> str:
    out = StringIO()
    call_command("copy_media", *args, stdout=out)
    return out.getvalue()


def test_everything_is_copied_once_and_back(settings: Any, tmp_path: Path) -> None:
    settings.S3 = s3.new_bucket()
    here, there = tmp_path / "here", tmp_path / "there"
    for name in ("lessons/one.m4a", "people/ann.webp"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(name.encode() * 40_000)
    assert said("--from-folder", str(here), "--dry-run").startswith(
        "2 files, 1.2 MB, are to be copied to The"
    )
    assert list(media().names()) == []
    assert said("--from-folder", str(here)).startswith("2 files, 1.2 MB, were copied")
    (here / "lessons" / "two.m4a").write_bytes(b"two")
    assert said("--from-folder", str(here)).startswith("1 files")
    assert said("--to-folder", str(there)).startswith("3 files")
    for path in here.rglob("*.*"):
        assert (there / path.relative_to(here)).read_bytes() == path.read_bytes()


def test_it_says_what_is_missing(settings: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no bucket"):
        said("--from-folder", str(tmp_path))
    settings.S3 = s3.new_bucket()
    with pytest.raises(CommandError, match="does not exist"):
        said("--from-folder", str(tmp_path / "none"))
    (tmp_path / "file").write_bytes(b"x")
    settings.S3 = s3.away(settings.S3, "wrong key")
    with pytest.raises(CommandError, match=r"Correct the secret key.* run this again"):
        said("--from-folder", str(tmp_path))
