"""The media worker's part: one waiting video is prepared, or refused with a sentence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.audio.refusals import CannotPublish, NotNow
from portal.exercises.actions.media import FOLDER, Kind, NoRoom, State, new_key, path_of, remove, write
from portal.exercises.engine.video import prepare
from portal.models import ExerciseMedia

GIVEN_UP_AFTER = dt.timedelta(minutes=25)  # longer than the hard limit of the task: its worker is dead
TRIED_AGAIN_AFTER = dt.timedelta(minutes=10)  # what the machine was not ready for
MOST_TRIES = 3
log = structlog.get_logger(__name__)


def prepare_next(*, now: dt.datetime) -> bool:
    """Prepare one waiting video; return False when none waits.

    The claim is a conditional UPDATE; one whose worker died is taken up again after 25 minutes, three times
    at most. One for which the machine was not ready waits ten minutes.
    """
    waits = (
        Q(state=State.WAITING, claimed_at=None)
        | Q(state=State.WAITING, claimed_at__lt=now - TRIED_AGAIN_AFTER)
        | Q(state=State.WORKING, claimed_at__lt=now - GIVEN_UP_AFTER)
    )
    row = ExerciseMedia.objects.filter(waits, kind=Kind.VIDEO).order_by("created_at").first()
    if row is None:
        return False
    mine = ExerciseMedia.objects.filter(waits, pk=row.pk, tries=row.tries)
    if not mine.update(state=State.WORKING, claimed_at=now, tries=row.tries + 1):
        return True  # another worker was faster; there may be another video
    row.tries += 1
    if row.tries > MOST_TRIES:
        _refuse(row, _gave_up())
    else:
        _try(row)
    return True


def _try(row: ExerciseMedia) -> None:
    try:
        _publish(row)
    except (NotNow, NoRoom) as trouble:
        log.warning("a video has to wait", media=row.pk, tries=row.tries, reason=type(trouble).__name__)
        if row.tries >= MOST_TRIES:
            _refuse(row, _gave_up())
        else:
            ExerciseMedia.objects.filter(pk=row.pk).update(state=State.WAITING, reason=_later(trouble))
    except CannotPublish as refusal:
        _refuse(row, _said(refusal))
    except Exception:  # an error of ours, or the task's time limit
        log.exception("a video could not be prepared", media=row.pk, tries=row.tries)
        if row.tries >= MOST_TRIES:
            _refuse(row, _gave_up())
        else:
            ExerciseMedia.objects.filter(pk=row.pk).update(state=State.WAITING, claimed_at=None)


def _publish(row: ExerciseMedia) -> None:
    """Prepare the video, show it, and remove the one shown before. Raises CannotPublish or NoRoom."""
    source, key = Path(settings.MEDIA_ROOT) / row.file, new_key()
    (Path(settings.MEDIA_ROOT) / FOLDER).mkdir(parents=True, exist_ok=True)
    made = prepare(source, path_of(key, "mp4"), name=row.name)
    write(path_of(key, "webp"), made.poster)
    with transaction.atomic():
        shown = ExerciseMedia.objects.filter(pk=row.pk, state=State.WORKING, tries=row.tries).update(
            state=State.READY,
            key=key,
            file="",
            reason="",
            width=made.width,
            height=made.height,
            duration_ms=made.duration_ms,
        )
        before = ExerciseMedia.objects.filter(exercise=row.exercise_id, kind=Kind.VIDEO, state=State.READY)
        for old in before.exclude(pk=row.pk) if shown else ():
            remove(old)
    if shown:
        source.unlink(missing_ok=True)
        return
    for ending in ("mp4", "webp"):  # removed meanwhile by the practitioner
        path_of(key, ending).unlink(missing_ok=True)


def _refuse(row: ExerciseMedia, reason: str) -> None:
    ExerciseMedia.objects.filter(pk=row.pk).update(state=State.REFUSED, reason=reason, file="")
    (Path(settings.MEDIA_ROOT) / row.file).unlink(missing_ok=True)


def _said(refusal: CannotPublish) -> str:
    return _(refusal.sentence) % refusal.values if refusal.values else _(refusal.sentence)


def _later(trouble: CannotPublish | NoRoom) -> str:
    said = _said(trouble) if isinstance(trouble, CannotPublish) else str(trouble)
    later = _("The video is kept, and we’ll try again in %(minutes)s minutes.")
    return f"{said} {later % {'minutes': TRIED_AGAIN_AFTER.seconds // 60}}"


def _gave_up() -> str:
    return _(
        "We tried %(tries)s times to prepare this video, and each time something went wrong on our side. "
        "Please try a shorter one, or ask the person who runs your server to check its log."
    ) % {"tries": MOST_TRIES}
