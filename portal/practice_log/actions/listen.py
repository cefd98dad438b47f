"""Keeping what a client heard: segments come in batches, late, repeated, in any order, from any device.

A play-through is over two hours after its last stretch (`portal/practice_log/playthrough.py`): what is dated
later is refused, and the device tells it again under a new name. So nothing from another day is ever added
to.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from portal.models import LessonAudio, PracticeEntry, Segment
from portal.practice_log import listening, playthrough
from portal.practice_log.actions.pain import mark_pain
from practice.models import User


class BatchRejected(Exception):
    """Raised when a batch cannot be true; nothing of it was kept.

    The message is for people, `code` for machines.
    """

    def __init__(self, code: str) -> None:
        super().__init__(gettext("These times don’t add up. Nothing was saved."))
        self.code = code


class OtherClientsEntry(Exception):
    """Raised when the entry is another client's; the client is told that there is none."""


class PlayThroughOver(Exception):
    """Raised when segments from number `seq` on are of another play-through; nothing was kept."""

    def __init__(self, seq: int) -> None:
        super().__init__(gettext("This was a different time. It’s saved separately."))
        self.seq = seq


@dataclass(frozen=True)
class Batch:
    """The content of one beacon. `continues` names the entry, of any device, that it goes on from."""

    uid: uuid.UUID
    reports: Sequence[listening.Report]
    said_done: bool = False
    continues: uuid.UUID | None = None


@transaction.atomic
def listen(
    client: User, batch: Batch, *, recording: LessonAudio, since: dt.datetime, now: dt.datetime
) -> PracticeEntry:
    """Add the new segments of the batch to its entry, which the first batch creates.

    `since`: when the recording was handed out. The same batch again changes nothing. A finished entry stays
    finished. Time that another entry of this client covers already is not counted again. Raises NotKept, Over
    or NotTheirs; then nothing was written.
    """
    one_at_a_time(client)
    entry, is_new = _entry(client, batch, recording=recording, since=since, now=now)
    if entry.recording_id != recording.pk:
        raise BatchRejected("recording")
    own, elsewhere = _known(entry)
    try:
        new = listening.accepted_segments(
            batch.reports, known=own, duration_ms=recording.duration_ms, since=entry.since, now=now
        )
    except listening.ImpossibleReport as lie:
        raise BatchRejected(lie.code) from lie
    left_at = None if is_new or own else entry.last_at
    over = playthrough.over_from(own.values(), new, left_at=left_at)
    if over is not None:
        raise PlayThroughOver(over)
    entry.heard_ms += playthrough.alone_ms(new, _meanwhile(entry, new))
    Segment.objects.bulk_create(_row(entry, heard, now) for heard in new)
    _sum_up(entry, [*own.values(), *new], elsewhere, said_done=batch.said_done, now=now)
    return entry


def one_at_a_time(client: User) -> None:
    """Lock the client's row: two devices must not count the same minute, nor miss each other's segments."""
    User.objects.select_for_update(no_key=True).filter(pk=client.pk).values_list("pk").first()


def _entry(
    client: User, batch: Batch, *, recording: LessonAudio, since: dt.datetime, now: dt.datetime
) -> tuple[PracticeEntry, bool]:
    """Return the entry of this uid, locked, and whether it is new.

    Words may have made it before anything was heard: then, too, it goes on from where `continues` says.
    """
    entry, is_new = PracticeEntry.objects.select_for_update().get_or_create(
        uid=batch.uid,
        defaults={
            "client": client,
            "lesson_id": recording.lesson_id,
            "recording": recording,
            "since": since,
            "started_at": now,
            "last_at": now,
        },
    )
    if entry.client_id != client.pk:
        raise OtherClientsEntry
    if batch.continues and entry.first_id is None and not entry.heard_ms:
        entry.first = _first(client, batch.continues, of=entry, began_at=_began(batch, now))
        entry.save(update_fields=["first"])
        if entry.pain_after is not None:
            mark_pain(entry, now=now)  # told before it was known what it goes on from
    return entry, is_new


def _began(batch: Batch, now: dt.datetime) -> dt.datetime:
    """Return when the first segment of the batch began to sound, as the device says."""
    ago = max((one.age_ms + one.elapsed_ms for one in batch.reports), default=0)
    return now - ago * listening.MILLISECOND


def _first(client: User, uid: uuid.UUID, *, of: PracticeEntry, began_at: dt.datetime) -> PracticeEntry | None:
    """Return the entry in which the play-through began, or None when this one begins it.

    None also where the entry named is not known here, or was finished more than two hours before. Raises
    NotTheirs when it is another client's.
    """
    before = PracticeEntry.objects.filter(uid=uid).select_related("first").first()
    if before is None:
        return None
    if (before.client_id, before.lesson_id) != (client.pk, of.lesson_id):
        raise OtherClientsEntry
    root = before.first or before
    if root == of or of.continued.exists():
        return None
    parts = PracticeEntry.objects.filter(Q(pk=root.pk) | Q(first=root)).values_list("finished_at", "last_at")
    is_finished = any(finished for finished, _last in parts)
    left_at = max(last for _finished, last in parts)
    return None if is_finished and began_at - left_at > listening.STALE else root


def _meanwhile(entry: PracticeEntry, new: Sequence[listening.Heard]) -> list[listening.Heard]:
    """Return the segments of the client's other entries that overlap the new segments in time."""
    if not new:
        return []
    since, until = min(one.began_at for one in new), max(one.ended_at for one in new)
    rows = Segment.objects.filter(
        entry__client=entry.client_id,
        entry__last_at__gte=since,  # by this the entries are found
        ended_at__gt=since,
        began_at__lt=until,
    ).exclude(entry=entry)
    return [_heard(row) for row in rows]


def _known(entry: PracticeEntry) -> tuple[dict[int, listening.Heard], list[listening.Heard]]:
    """Return the entry's own segments by seq, and those of its play-through and recording elsewhere."""
    root = entry.first_id or entry.pk
    if root != entry.pk:  # locked too: two devices must not finish it past each other
        PracticeEntry.objects.select_for_update().get(pk=root)
    own: dict[int, listening.Heard] = {}
    elsewhere: list[listening.Heard] = []
    for row in Segment.objects.filter(
        Q(entry=root) | Q(entry__first=root), entry__recording=entry.recording_id
    ):
        if row.entry_id == entry.pk:
            own[row.seq] = _heard(row)
        else:
            elsewhere.append(_heard(row))
    return own, elsewhere


def _heard(row: Segment) -> listening.Heard:
    return listening.Heard(row.seq, row.start_ms, row.end_ms, row.rate, row.began_at, row.ended_at)


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
    """Save the sums on the entry. An entry once finished stays so, with the moment it was."""
    entry.said_done = entry.said_done or said_done
    if segments:
        assert entry.recording is not None
        found = listening.summary(
            segments,
            duration_ms=entry.recording.duration_ms,
            said_done=entry.said_done,
            continues=elsewhere,
        )
        entry.covered_ms, entry.stopped_ms = found.covered_ms, found.stopped_ms
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
