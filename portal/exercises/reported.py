"""What a client told us that an exercise may have to heed, and the sentences about it.

Read from the answers before the first session and from practice that hurt. The words are for pages only: they
are in no email, log or address.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from booking.intake.answers import Unreadable, read
from booking.intake.queries import last_of
from booking.intake.wording import marked_in
from portal.exercises.display import ShownExercise
from portal.exercises.engine.care import ClientReport, Heed, Hurt, Why, heed
from portal.models import PracticeEntry
from practice.core import formatting
from practice.core.body_map import LABELS
from practice.models import User
from practice.queries import the_practice


def report_of(client: User | None) -> ClientReport:
    """Return what this client told us: the newest answers, and practice after which pain rose."""
    if client is None:
        return ClientReport()
    intake = last_of(client)
    try:
        parts = tuple(marked_in(read(intake.answers).part("where"))) if intake else ()
    except Unreadable:
        parts = ()
    has_sign = bool(intake and intake.needs_human and intake.cleared_at is None)
    return ClientReport(parts, has_sign, _hurts(client))


def _hurts(client: User) -> tuple[Hurt, ...]:
    rows = PracticeEntry.objects.filter(client=client, cleared_at=None).exclude(needs_human="").order_by()
    found = rows.values_list("exercise__slug", "exercise__regions", "lesson__regions")
    return tuple(Hurt(slug or "", frozenset(ours or theirs or ())) for slug, ours, theirs in found)


def heed_said(exercise: ShownExercise, told: ClientReport, *, ask: str = "") -> str:
    """Return the sentence for the client about this exercise, or "". `ask`: whom, "" for the practice."""
    found = heed(exercise.slug, exercise.care_regions, told)
    return sentence_for_client(found, care=exercise.care, ask=ask) if found else ""


def sentence_for_client(found: Heed, *, care: str, ask: str) -> str:
    """Return what the client reads. `care`: the exercise's own sentence; `ask`: whom, "" for the practice."""
    if found.why is Why.SIGN:
        return (
            _("Please wait with this one until %(name)s has talked with you about what you told us.")
            if ask
            else _("Please wait with this one until we’ve talked about what you told us.")
        ) % {"name": ask}
    if found.why is Why.ROSE:
        return (
            _("You told us that it hurt more after practicing. Please leave this one out and ask %(name)s.")
            if ask
            else _("You told us that it hurt more after practicing. Please leave this one out and ask us.")
        ) % {"name": ask}
    begin = _("You told us about your %(places)s.") % {"places": places(found)}
    end = (
        _("Do this one smaller, or leave it out, and ask %(name)s.")
        if ask
        else _("Do this one smaller, or leave it out, and ask us.")
    ) % {"name": ask}
    return " ".join(one for one in (begin, care, end) if one)


def sentence_at_work(found: Heed, *, care: str) -> str:
    """Return what the practitioner reads who assigns it."""
    if found.why is Why.SIGN:
        return _("They told us about a warning sign that no one has looked at yet.")
    if found.why is Why.ROSE:
        return _("It hurt more after practicing this, or something for the same region.")
    said = _("They told us about their %(places)s.") % {"places": places(found)}
    return f"{said} {care}".strip()


def places(found: Heed) -> str:
    """Return the parts of the body in words, such as "left knee and neck"."""
    return formatting.listed([_(LABELS[part]) for part in found.parts], locale=the_practice().locale)
