"""Merge two records of one person: all of it, or nothing; each step is written into the ledger first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from booking.locking.locks import lock
from booking.models import Appointment
from portal.erasure.actions.erase import NotErased, must_be_a_client
from portal.merging.access import may_merge
from portal.merging.conflicts import (
    DryRun,
    dry_run,
    ending_permissions,
    given_twice,
    superseded,
    two_plans,
)
from portal.merging.ledger import Ledger
from portal.merging.table import MOVES, Pair
from portal.models import ClientProfile, ErasureRequest, RecordMerge
from practice.access.actions.open_record import log_action
from practice.append_only.door import Why, open_door
from practice.core.reasons import because
from practice.models import AddressChange, Consent, Letter, User
from practice.queries import has_declined_letters


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What was chosen on the page. `seen`: the mark of the dry run that it showed.

    `their_plan`: of two plans, the merged record's wins. `opens`: colleagues may read more from now on.
    """

    seen: str
    their_plan: bool = False
    opens: bool = False


class NotMerged(Exception):
    """The base of what is raised when a merge is refused: nothing changed, and `str(error)` says why."""


class MergeChanged(NotMerged):
    """Raised when one of the records changed since the page was shown. `planned`: what it would do now."""

    def __init__(self, planned: DryRun) -> None:
        super().__init__(_("One of the two records changed in the meantime. Please look once more."))
        self.planned = planned


def must_fit_together(kept: User, merged: User) -> None:
    """Raise NotMerged for two that cannot become one."""
    if kept.pk == merged.pk:
        raise NotMerged(_("This is the same record. Choose another one."))
    if kept.merged_into_id or merged.merged_into_id:
        raise NotMerged(_("One of the two has been merged already. Open the record that was kept."))
    for one in (kept, merged):
        try:
            must_be_a_client(one)
        except NotErased as error:
            raise NotMerged(_("One of the two works or worked here. Only clients can be merged.")) from error
    if merged.email and not kept.email:
        raise NotMerged(
            _(
                "Only the other record has an address to sign in with, so that one has to stay: "
                "merge this one into it."
            )
        )
    if ErasureRequest.objects.filter(client__in=(kept, merged)).exists():
        raise NotMerged(_("One of the two asked to be erased. Wait for that, or until they withdraw it."))


@transaction.atomic
def merge(kept: User, merged: User, choices: Choices, *, by: User, now: dt.datetime) -> RecordMerge:
    """Merge `merged` into `kept`, and return the merge with its ledger. Raises NotMerged or MergeChanged."""
    pair = Pair(kept.pk, merged.pk)
    kept, merged = _locked(pair)
    must_fit_together(kept, merged)
    planned = dry_run(kept, merged, now=now)
    if not may_merge(by, planned, now=now):
        raise NotMerged(_("Only the owner can merge these two: a colleague would read more than before."))
    if planned.mark != choices.seen:
        raise MergeChanged(planned)
    if planned.gains and not choices.opens:
        raise NotMerged(_("Please confirm who will be able to read both records."))
    ledger = Ledger()
    _settle(planned, choices, ledger, pair, by=by, now=now)
    with open_door(Why.MERGE):
        for rule in MOVES:
            ledger.move(rule, pair)
    ledger.remove(EmailAddress.objects.filter(user=merged))
    ledger.change(merged, is_active=False, email=None, merged_email=merged.email or "", merged_into=kept.pk)
    content: Any = ledger.content  # the field takes what JSON does
    done = RecordMerge.objects.create(kept=kept, merged=merged, by=by, at=now, ledger=content)
    _tell(planned, by=by, now=now)
    return done


def _locked(pair: Pair) -> tuple[User, User]:
    """Lock what can change: the practitioners and rooms of sessions ahead, then both people, by id.

    The people are locked as a whole: what is being written about one of the two waits for the end.
    """
    theirs = Q(client__in=pair.both) | Q(correspondent__in=pair.both)
    ahead = list(Appointment.objects.filter(theirs, occupies=True).select_related("practitioner"))
    lock([one.practitioner for one in ahead], rooms=[one.room_id for one in ahead])
    rows = User.objects.select_for_update(of=("self",)).filter(pk__in=pair.both).order_by("pk")
    found = {one.pk: one for one in rows}
    if len(found) < len(set(pair.both)):
        raise NotMerged(_("One of the two records no longer exists."))
    return found[pair.kept], found[pair.merged]


def _settle(
    planned: DryRun, choices: Choices, ledger: Ledger, pair: Pair, *, by: User, now: dt.datetime
) -> None:
    """Decide what both have, before it meets in one record."""
    for given in given_twice(pair):
        ledger.change(given, ended_at=now)
    for permission in ending_permissions(pair, planned.loses, now=now):
        ledger.change(permission, revoked_at=now, revoked_by=by.pk)
    for link in AddressChange.objects.filter(user=pair.merged, undone_at=None):
        ledger.change(link, undone_at=now)  # it would give the closed account an address
    _one_page(planned, choices, ledger, now=now)
    _one_answer_about_emails(planned, ledger, pair, now=now)
    for letter in superseded(pair):
        ledger.change(letter, state=Letter.State.CANCELLED, why=because("merge:one_plan"))
    booked = Appointment.objects.filter(client__in=pair.both, correspondent__in=pair.both)
    for appointment in booked.order_by("pk"):  # what one booked for the other is their own
        ledger.change(appointment, correspondent=None)
    for one in User.objects.filter(pk__in=pair.both, correspondent__in=pair.both).order_by("pk"):
        ledger.change(one, correspondent=None)


def _one_page(planned: DryRun, choices: Choices, ledger: Ledger, *, now: dt.datetime) -> None:
    """Let the chosen plan stay, the only one if there is one, and the longer pause."""
    page, other = (ClientProfile.objects.of(one) for one in (planned.kept, planned.merged))
    if page.pk is None or other.pk is None:
        return  # the only page moves
    has_none = not (page.plan or page.obstacle)
    if has_none or (two_plans(planned.kept, planned.merged) and choices.their_plan):
        ledger.change(page, plan=other.plan, obstacle=other.obstacle)
    if other.paused_until and other.paused_until > max(page.paused_until or now, now):
        ledger.change(page, paused_until=other.paused_until)


def _one_answer_about_emails(planned: DryRun, ledger: Ledger, pair: Pair, *, now: dt.datetime) -> None:
    """Let a no win: to emails between sessions, and to reminders."""
    if not planned.merged.wants_reminders:
        ledger.change(planned.kept, wants_reminders=False)
    if not any(has_declined_letters(one) for one in (planned.kept, planned.merged)):
        return
    agreed = Consent.objects.filter(user__in=pair.both, kind=Consent.Kind.LETTERS, withdrawn_at=None)
    for consent in agreed.order_by("pk"):
        ledger.change(consent, withdrawn_at=now)
    waiting = Letter.objects.filter(user__in=pair.both, category=Letter.Category.ENCOURAGEMENT)
    for letter in waiting.filter(state=Letter.State.PLANNED).order_by("pk"):
        ledger.change(letter, state=Letter.State.CANCELLED, why=because("merge:declined"))


def _tell(planned: DryRun, *, by: User, now: dt.datetime) -> None:
    """Write into both access logs what was done, and who reads more from now on."""
    names = (planned.kept.name, planned.merged.name)
    for whose, other in zip((planned.kept, planned.merged), reversed(names), strict=True):
        log_action(by, whose, "access:merged", now=now, name=other)
    for colleague in planned.gains:
        log_action(by, planned.kept, "access:permitted", now=now, name=colleague.user.name)
