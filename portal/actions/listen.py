"""Keep what a client heard: segments come in batches, late, repeated, in any order, from several devices."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from portal import listening
from portal.models import LessonAudio, PracticeEntry, Segment
from practice.models import User


class NotKept(Exception):
    """The batch cannot be so, and nothing of it was kept. The message is for people, `code` for machines."""

    def __init__(self, code: str) -> None:
        super().__init__(gettext("This cannot have been heard so. Nothing was written down."))
        self.code = code


class NotTheirs(Exception):
    """The entry is another client's: they are told that there is none."""


@dataclass(frozen=True)
class Batch:
    """What one beacon says. `continues` names an entry, on another device, that this one goes on from."""

    uid: uuid.UUID
    reports: Sequence[listening.Report]
    said_done: bool = False
    continues: uuid.UUID | None = None


@transaction.atomic
def listen(
    client: User, batch: Batch, *, recording: LessonAudio, since: dt.datetime, now: dt.datetime
) -> PracticeEntry:
    """Add the new segments of the batch to its entry, which begins with its first one.

    `since`: when the recording was handed out. The same batch again changes nothing. A finished entry stays
    finished. Raises NotKept or NotTheirs; then nothing was written.
    """
    entry = _entry(client, batch, recording=recording, since=since, now=now)
    if entry.recording_id != recording.pk:
        raise NotKept("recording")
    own, elsewhere = _known(entry)
    try:
        new = listening.judge(
            batch.reports, known=own, duration_ms=recording.duration_ms, since=entry.since, now=now
        )
    except listening.Lie as lie:
        raise NotKept(lie.code) from lie
    Segment.objects.bulk_create(_row(entry, heard, now) for heard in new)
    _sum_up(entry, [*own.values(), *new], elsewhere, said_done=batch.said_done, now=now)
    return entry


def _entry(
    client: User, batch: Batch, *, recording: LessonAudio, since: dt.datetime, now: dt.datetime
) -> PracticeEntry:
    """The entry of that name, locked; made when this is the first that is heard of it."""
    fields: dict[str, Any] = {
        "client": client,
        "lesson_id": recording.lesson_id,
        "recording": recording,
        "since": since,
        "started_at": now,
        "last_at": now,
    }
    if batch.continues:  # asked only when the entry is new
        fields["first"] = partial(_first, client, batch.continues, lesson_id=recording.lesson_id)
    entry, _ = PracticeEntry.objects.select_for_update().get_or_create(uid=batch.uid, defaults=fields)
    if entry.client_id != client.pk:
        raise NotTheirs
    return entry


def _first(client: User, uid: uuid.UUID, *, lesson_id: int) -> PracticeEntry:
    """The entry in which the play-through began. It must be the client's own."""
    mine = PracticeEntry.objects.filter(client=client, lesson_id=lesson_id)
    before = mine.filter(uid=uid).select_related("first").first()
    if before is None:
        raise NotTheirs
    return before.first or before


def _known(entry: PracticeEntry) -> tuple[dict[int, listening.Heard], list[listening.Heard]]:
    """The segments of the entry by seq, and those of the same play-through and recording elsewhere."""
    root = entry.first_id or entry.pk
    if root != entry.pk:  # locked too: two devices must not finish it past each other
        PracticeEntry.objects.select_for_update().get(pk=root)
    own: dict[int, listening.Heard] = {}
    elsewhere: list[listening.Heard] = []
    for row in Segment.objects.filter(
        Q(entry=root) | Q(entry__first=root), entry__recording=entry.recording_id
    ):
        heard = listening.Heard(row.seq, row.start_ms, row.end_ms, row.rate, row.began_at, row.ended_at)
        if row.entry_id == entry.pk:
            own[row.seq] = heard
        else:
            elsewhere.append(heard)
    return own, elsewhere


def _row(entry: PracticeEntry, heard: listening.Heard, now: dt.datetime) -> Segment:
    return Segment(
        entry=entry,
        seq=heard.seq,
        start_ms=heard.start_ms,
        end_ms=heard.end_ms,
        rate=heard.rate,
        began_at=heard.began_at,
        ended_at=heard.ended_at,
        received_at=now,
    )


def _sum_up(
    entry: PracticeEntry,
    segments: list[listening.Heard],
    elsewhere: list[listening.Heard],
    *,
    said_done: bool,
    now: dt.datetime,
) -> None:
    """Write the sums on the entry. What was finished once stays so, at the moment it was."""
    entry.said_done = entry.said_done or said_done
    if segments:
        assert entry.recording is not None
        found = listening.summary(
            segments,
            duration_ms=entry.recording.duration_ms,
            said_done=entry.said_done,
            continues=elsewhere,
        )
        entry.heard_ms, entry.covered_ms, entry.stopped_ms = (
            found.heard_ms,
            found.covered_ms,
            found.stopped_ms,
        )
        entry.started_at, entry.last_at = found.began_at, found.last_at
        is_done = found.is_done
    else:
        if entry.finished_at is None:  # told again, it stays when it was
            entry.last_at = now
        is_done = entry.said_done
    if is_done and entry.finished_at is None:
        entry.finished_at = entry.last_at
    entry.save(
        update_fields=[
            *("said_done", "heard_ms", "covered_ms", "stopped_ms", "started_at", "last_at", "finished_at")
        ]
    )
