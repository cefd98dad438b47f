"""Files without a row go after a week; a folder that is full of them belongs to another database."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from portal.testing import make_lesson, make_recording
from practice.storage import leftovers
from practice.storage.chosen import media

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(settings: Any, tmp_path: Path) -> dt.datetime:
    settings.MEDIA_ROOT = tmp_path
    return timezone.now() + leftovers.AGE + dt.timedelta(days=1)


def test_all_recordings_stay_beside_a_database_that_knows_none_of_them(later: dt.datetime) -> None:
    for number in range(3):
        media().write(f"lessons/{number}.m4a", b"an hour of work")
    assert leftovers.remove_leftovers(later) == 0
    assert len(list(media().names())) == 3


def test_one_without_a_row_goes_after_a_week(later: dt.datetime, tmp_path: Path) -> None:
    recording = make_recording(make_lesson("floor"))
    media().write("lessons/old.m4a", b"of a lesson that was deleted")
    then = (later - leftovers.AGE - dt.timedelta(hours=1)).timestamp()
    os.utime(tmp_path / "lessons" / "old.m4a", (then, then))  # a file has the time of the machine, not ours
    assert leftovers.remove_leftovers(later - dt.timedelta(hours=2)) == 0
    assert leftovers.remove_leftovers(later) == 1
    assert media().size(recording.file)


def test_what_was_on_its_way_goes_in_any_case(later: dt.datetime) -> None:
    media().write("uploads/part", b"half of a recording")
    assert leftovers.remove_leftovers(later) == 1
