"""Pain that rose while practicing: found across the entries of a sitting, marked, and reported once.

A sitting may be cut in two by a second tab, another device or a long rest: what "after" is held against is in
`portal/practice_log/pain_queries.py`. In doubt it is a rise.
"""

from __future__ import annotations

import datetime as dt

from portal.followups.engine.facts import PracticeEntryFact
from portal.letters import notice_pain
from portal.models import PracticeEntry
from portal.practice_log import pain_queries
from practice.models import User

MOST = 20  # entries of the same lesson within these hours that are looked at
Felt = PracticeEntry.Felt


def mark_pain(entry: PracticeEntry, *, now: dt.datetime, shown: int | None = None) -> bool:
    """Mark the entry and notify a practitioner when pain rose; return whether it was marked now.

    Only a practitioner takes the mark away (`clear_pain`), even if the client corrects the numbers. Called
    when pain was told or told anew: after a practitioner had looked, it is marked and told once more.
    `shown`: what the page says was before, though another page may have been believed.
    """
    if (entry.needs_human and entry.cleared_at is None) or not has_risen(entry, shown=shown):
        return False
    notice_pain(entry, now=now)
    entry.needs_human, entry.cleared_at, entry.cleared_by = PracticeEntry.NeedsHuman.PAIN_ROSE, None, None
    entry.save(update_fields=["needs_human", "cleared_at", "cleared_by"])
    return True


def mark_pain_after(entry: PracticeEntry, *, now: dt.datetime) -> None:
    """Check entries whose "after" is now compared with the "before" on this entry, and mark them."""
    for one in pain_queries.may_have_risen_since(entry)[:MOST]:
        mark_pain(one, now=now)


def has_risen(entry: PracticeEntry, *, shown: int | None = None) -> bool:
    """Return whether pain is two or more above what it was, or worse in the client's words."""
    befores = [told for told in (pain_queries.pain_before(entry), shown) if told is not None]
    told = PracticeEntryFact(
        at=entry.last_at,
        pain_before=min(befores, default=None),
        pain_after=number(entry.pain_after),
        worse=entry.felt == Felt.WORSE,
    )
    return told.pain_rose


def number(kept: str | None) -> int | None:
    """Return pain as a number from its stored text, or None."""
    return int(kept) if kept else None


def clear_pain(entry: PracticeEntry, *, by: User, now: dt.datetime) -> PracticeEntry:
    """Record that a practitioner has looked at the pain; the first who did stays named."""
    cleared = PracticeEntry.objects.filter(pk=entry.pk, cleared_at=None).exclude(needs_human="")
    cleared.update(cleared_at=now, cleared_by=by)
    entry.refresh_from_db(fields=["cleared_at", "cleared_by"])
    return entry
