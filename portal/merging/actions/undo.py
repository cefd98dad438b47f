"""Undo a merge: each row goes back, with what was written since about a session that goes back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from booking.locking.locks import lock
from booking.models import Appointment, Intake, Package, PackageUse
from portal.merging.ledger import Ledger
from portal.merging.table import Pair
from portal.models import FollowUp, RecordMerge
from practice.access import rows
from practice.access.actions.open_record import log_action
from practice.append_only.door import Why, open_door
from practice.models import Letter, User
from practice.retention.periods import MERGE_DAYS


class NotUndone(Exception):
    """Raised when a merge cannot be undone: nothing changed, and `str(error)` says why."""


def may_undo(user: User, merge: RecordMerge) -> bool:
    """Return whether somebody may undo it: the owner, and the person who merged."""
    return rows.may_all(user, "permissions", "change") or merge.by_id == user.pk


def until(merge: RecordMerge) -> dt.datetime:
    """Return until when a merge can be undone."""
    return merge.at + dt.timedelta(days=MERGE_DAYS)


def why_not(merge: RecordMerge, *, now: dt.datetime) -> str:
    """Return why it can no longer be undone, as a sentence; "" if it can."""
    if merge.undone_at:
        return _("It was undone already.")
    if now >= until(merge) or merge.ledger is None:
        return _("A merge can be undone for 30 days.")
    later = RecordMerge.objects.filter(undone_at=None, pk__gt=merge.pk)
    if later.filter(Q(kept=merge.kept_id) | Q(merged=merge.kept_id)).exists():
        return _("This record was merged once more since. Undo the later merge first.")
    address = merge.merged.merged_email
    if address and User.objects.filter(email=address).exists():
        return _("The address %(email)s is used for signing in elsewhere now.") % {"email": address}
    if _paid_across(Ledger(merge.ledger), since=merge.at):
        return _("A package of one of the two has paid for a session of the other since.")
    return ""


@transaction.atomic
def undo(merge: RecordMerge, *, by: User, now: dt.datetime) -> RecordMerge:
    """Part the two records again. Raises NotUndone."""
    pair = Pair(merge.kept_id, merge.merged_id)
    ahead = list(Appointment.objects.filter(client=pair.kept, occupies=True).select_related("practitioner"))
    lock([one.practitioner for one in ahead], rooms=[one.room_id for one in ahead])
    list(User.objects.select_for_update(of=("self",)).filter(pk__in=pair.both).order_by("pk"))
    found = RecordMerge.objects.select_for_update(of=("self",)).select_related("kept", "merged")
    merge = found.get(pk=merge.pk)
    if not may_undo(by, merge):
        raise NotUndone(_("Only the owner or the person who merged can undo it."))
    if why := why_not(merge, now=now):
        raise NotUndone(why)
    ledger = Ledger(merge.ledger)
    _written_since(ledger, pair)
    with open_door(Why.PARTING):
        ledger.put_back(pair)
    merge.undone_at, merge.undone_by, merge.ledger = now, by, None
    merge.save(update_fields=["undone_at", "undone_by", "ledger"])
    log_action(by, merge.kept, "access:parted", now=now, name=merge.merged.name)
    log_action(by, merge.merged, "access:parted", now=now, name=merge.kept.name)
    return merge


def _paid_across(ledger: Ledger, *, since: dt.datetime) -> bool:
    """Return whether a package that goes back paid for a session that stays, or the other way around."""
    packages, sessions = ledger.ids(Package, "client"), ledger.ids(Appointment, "client")
    uses = PackageUse.objects.filter(used_at__gte=since, given_back_at=None)
    one_only = Q(package__in=packages) & ~Q(appointment__in=sessions)
    return uses.filter(one_only | (~Q(package__in=packages) & Q(appointment__in=sessions))).exists()


def _written_since(ledger: Ledger, pair: Pair) -> None:
    """Let what was written since about a session that goes back go with it: steps, intakes and emails."""
    sessions = list(Appointment.objects.filter(pk__in=ledger.ids(Appointment, "client"), client=pair.kept))
    about = [subject for one in sessions for subject in one.subjects]
    FollowUp.objects.filter(client=pair.kept, appointment__in=sessions).update(client=pair.merged)
    handed_in = Intake.objects.filter(client=pair.kept, appointment__in=sessions)
    handed_in.exclude(handed_in_at=None).update(client=pair.merged)
    Letter.objects.filter(user=pair.kept, about__in=about).update(user=pair.merged)


def forget_ledgers(now: dt.datetime, *, dry: bool = False) -> int:
    """Delete the ledgers of merges that can no longer be undone; return how many. `dry`: only count them."""
    old = RecordMerge.objects.filter(at__lte=now - dt.timedelta(days=MERGE_DAYS), ledger__isnull=False)
    return old.count() if dry else old.update(ledger=None)
