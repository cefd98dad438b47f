"""Recording an exercise done: one tap, kept once however often it arrives, undone within ten minutes."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from portal.models import Exercise, PracticeEntry
from portal.practice_log.actions.listen import OtherClientsEntry
from portal.practice_log.actions.pain import mark_pain
from portal.practice_log.actions.self_report import SelfReport, validate
from practice.models import User

MAY_TAKE_BACK = dt.timedelta(minutes=10)


class UndoTooLate(Exception):
    """Raised when a practice entry cannot be taken back any more. The message is for the client."""


@transaction.atomic
def exercise_done(
    client: User,
    exercise: Exercise,
    *,
    uid: uuid.UUID,
    now: dt.datetime,
    felt: str = "",
    pain_before: int | None = None,
    pain_after: int | None = None,
) -> PracticeEntry:
    """Record an exercise as done now; the same `uid` again adds to the entry and makes no second one.

    More pain afterwards is marked and told to the practitioner, and from then on what was said stays. Raises
    NotTheirs, and NotWritten for pain that is none.
    """
    validate(SelfReport(felt=felt, pain_before=pain_before, pain_after=pain_after))
    entry, _is_new = PracticeEntry.objects.select_for_update().get_or_create(
        uid=uid,
        defaults={
            "client": client,
            "exercise": exercise,
            "since": now,
            "started_at": now,
            "last_at": now,
            "finished_at": now,
            "said_done": True,
            "created_at": now,
        },
    )
    if (entry.client_id, entry.exercise_id) != (client.pk, exercise.pk):
        raise OtherClientsEntry
    if not entry.needs_human:
        _say(entry, felt=felt, pain_before=pain_before, pain_after=pain_after)
        mark_pain(entry, now=now)
    return entry


def _say(entry: PracticeEntry, *, felt: str, pain_before: int | None, pain_after: int | None) -> None:
    """Save what the client said on the entry; fields left out stay as they are."""
    told = {"pain_before": pain_before, "pain_after": pain_after}
    said = {name: str(value) for name, value in told.items() if value is not None}
    if felt:
        said["felt"] = PracticeEntry.Felt(felt).value
    for name, value in said.items():
        setattr(entry, name, value)
    entry.save(update_fields=list(said))


@transaction.atomic
def undo_exercise(client: User, uid: uuid.UUID, *, now: dt.datetime) -> None:
    """Delete an exercise entry made by mistake; one not there or not theirs changes nothing. Raises Stays."""
    mine = PracticeEntry.objects.select_for_update().filter(client=client, exercise__isnull=False)
    entry = mine.filter(uid=uid).first()
    if entry is None:
        return
    if entry.needs_human:
        raise UndoTooLate(_("You told us it hurts more, so this stays here for someone to look at."))
    if now - entry.created_at > MAY_TAKE_BACK:
        raise UndoTooLate(_("It’s been more than ten minutes, so this stays in your history."))
    entry.delete()
