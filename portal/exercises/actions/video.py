"""The media worker's part: one waiting video is prepared, or refused with a sentence."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.audio.refusals import CannotPublish, NotNow, ToolStopped, full_disk_noticed
from portal.exercises.actions.media import Kind, State, file_of, new_key, remove
from portal.exercises.engine.video import prepare
from portal.models import ExerciseMedia
from practice.storage.chosen import media, remove_quietly

GIVEN_UP_AFTER = dt.timedelta(minutes=25)  # longer than the hard limit of the task: its worker is dead
TRIED_AGAIN_AFTER = dt.timedelta(minutes=10)  # what the machine was not ready for
MOST_TRIES = 3
log = structlog.get_logger(__name__)


def prepare_next(*, now: dt.datetime) -> bool:
    """Prepare one waiting video; return False when none waits.

    The claim is a conditional UPDATE; one whose worker died is taken up again after 25 minutes, three times
    at most. One for which the machine was not ready waits ten minutes, and lets others go first.
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
    except NotNow as trouble:
        _wait(row, trouble)
    except CannotPublish as refusal:
        _refuse(row, _said(refusal))
    except Exception:  # an error of ours, or the task's time limit
        log.exception("a video could not be prepared", media=row.pk, tries=row.tries)
        if row.tries >= MOST_TRIES:
            _refuse(row, _gave_up())
        else:
            ExerciseMedia.objects.filter(pk=row.pk).update(state=State.WAITING, claimed_at=None)


def _wait(row: ExerciseMedia, trouble: NotNow) -> None:
    """Let the video wait until the machine may be ready, and say why.

    A missing tool and a full disk cost no try: no video is lost by them. A video at which a tool is killed
    three times may be the reason for it, and is refused.
    """
    log.warning("a video has to wait", media=row.pk, tries=row.tries, reason=type(trouble).__name__)
    may_be_its_fault = isinstance(trouble, ToolStopped)
    if may_be_its_fault and row.tries >= MOST_TRIES:
        _refuse(row, _gave_up())
        return
    tries = row.tries if may_be_its_fault else row.tries - 1
    waits = ExerciseMedia.objects.filter(pk=row.pk)
    waits.update(state=State.WAITING, tries=tries, reason=_later(trouble))


def _publish(row: ExerciseMedia) -> None:
    """Prepare the video, show it, and remove the one shown before. Raises CannotPublish."""
    key = new_key()
    files = [file_of(key, ending) for ending in ("mp4", "webp")]
    with full_disk_noticed(), media().local(row.file) as source, media().room(files[0]) as room:
        made = prepare(source, room / "made.mp4", name=row.name)
        media().keep(made.file, files[0])
        media().write(files[1], made.poster)
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
    # Not shown: removed meanwhile by the practitioner.
    remove_quietly(*([row.file] if shown else files))


def _refuse(row: ExerciseMedia, reason: str) -> None:
    ExerciseMedia.objects.filter(pk=row.pk).update(state=State.REFUSED, reason=reason, file="")
    remove_quietly(row.file)


def _said(refusal: CannotPublish) -> str:
    return _(refusal.sentence) % refusal.values if refusal.values else _(refusal.sentence)


def _later(trouble: CannotPublish) -> str:
    later = _("The video is kept, and we’ll try again in %(minutes)s minutes.")
    return f"{_said(trouble)} {later % {'minutes': TRIED_AGAIN_AFTER.seconds // 60}}"


def _gave_up() -> str:
    return _(
        "We tried %(tries)s times to prepare this video, and each time something went wrong on our side. "
        "Please try a shorter one, or ask the person who runs your server to check its log."
    ) % {"tries": MOST_TRIES}
