"""Queries for the page of a lesson's recording: its uploads, and who may send one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from portal.models import Lesson, RecordingUpload
from practice.access import rows
from practice.models import User

State = RecordingUpload.State
SHOWN = 8


@dataclass(frozen=True)
class ShownUpload:
    """An upload and how many of its bytes have arrived."""

    row: RecordingUpload
    arrived: int

    @property
    def percent(self) -> int:
        """Return the percent of what happens now: receiving, or preparing."""
        if self.row.state == State.RECEIVING:
            return self.arrived * 100 // max(1, self.row.size)
        return self.row.percent

    @property
    def is_at_work(self) -> bool:
        """Return whether the worker has it, or takes it next."""
        return self.row.state == State.WORKING or (self.row.state == State.WAITING and not self.row.reason)


def may_change(user: User) -> bool:
    """Return whether somebody may send recordings: those who may change lessons."""
    return rows.may(user, "teaching", "change")


def uploads_of(lesson: Lesson) -> QuerySet[RecordingUpload]:
    """Return the lesson's uploads that are not published and not dismissed, the latest first."""
    found = lesson.uploads.exclude(state=State.PUBLISHED).filter(dismissed_at=None)
    return found.select_related("by")[:SHOWN]
