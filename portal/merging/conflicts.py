"""What two records of one person say differently, and who could open which: asked before they are merged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.crypto import salted_hmac

from booking.models import Appointment, Intake
from portal.merging.table import MOVES, MergeRule, Pair, counts
from portal.models import Assignment, ClientProfile, FollowUp, RecordPermission
from portal.records.access import may_open, may_permit
from practice.access import rows
from practice.models import Letter, Practitioner, Suppression, User
from practice.queries import has_declined_letters


@dataclass(frozen=True)
class DryRun:
    """What merging would do, without a change. `gains`: who could then read what is closed to them now.

    `loses`: whose permission for one of the two ends. `twice`: open assignments that both have.
    """

    kept: User
    merged: User
    moving: list[tuple[MergeRule, int]]
    gains: list[Practitioner] = field(default_factory=list)
    loses: list[Practitioner] = field(default_factory=list)
    plans: tuple[ClientProfile, ClientProfile] | None = None
    twice: list[Assignment] = field(default_factory=list)
    intake_stays: bool = False
    no_emails: bool = False
    called_off: int = 0
    blocked: list[Suppression] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """Return a mark of what was shown: what changed since is shown again before anything happens."""
        shown = [self.kept.pk, self.merged.pk, *(f"{rule.label}={count}" for rule, count in self.moving)]
        shown += [f"+{one.pk}" for one in self.gains] + [f"-{one.pk}" for one in self.loses]
        shown += [one.pk for one in self.twice] + [self.no_emails, self.called_off, self.intake_stays]
        shown += [f"{one.plan}/{one.obstacle}" for one in self.plans or ()]
        return salted_hmac("merging.seen", repr(shown), algorithm="sha256").hexdigest()[:32]


def dry_run(kept: User, merged: User, *, now: dt.datetime) -> DryRun:
    """Return what merging `merged` into `kept` would do."""
    pair = Pair(kept.pk, merged.pk)
    gains, loses = access_changes(pair, now=now)
    stays = {rule.label: rule.staying(pair).exists() for rule in MOVES if rule.stay}
    return DryRun(
        kept=kept,
        merged=merged,
        moving=counts(MOVES, pair),
        gains=gains,
        loses=loses,
        plans=two_plans(kept, merged),
        twice=given_twice(pair),
        intake_stays=stays[f"{Intake._meta.label}.client"],
        no_emails=has_declined_letters(kept) != has_declined_letters(merged),
        called_off=len(superseded(pair)),
        blocked=list(Suppression.objects.filter(address__in=[kept.email or "", merged.email or ""])),
    )


def two_plans(kept: User, merged: User) -> tuple[ClientProfile, ClientProfile] | None:
    """Return both plans if both have one and they differ: a person chooses."""
    one, other = ClientProfile.objects.of(kept), ClientProfile.objects.of(merged)
    texts = [(page.plan, page.obstacle) for page in (one, other)]
    return (one, other) if all(any(text) for text in texts) and texts[0] != texts[1] else None


def given_twice(pair: Pair) -> list[Assignment]:
    """Return the merged record's open assignments of what the kept one has open too: they end."""
    current = Assignment.objects.filter(ended_at=None).select_related("lesson", "exercise")
    has = {(one.lesson_id, one.exercise_id) for one in current.filter(client=pair.kept)}
    return [one for one in current.filter(client=pair.merged) if (one.lesson_id, one.exercise_id) in has]


def superseded(pair: Pair) -> list[Letter]:
    """Return the waiting emails after all but the latest session of either: one plan at a time."""
    waiting = FollowUp.objects.filter(client__in=pair.both, letter__state=Letter.State.PLANNED)
    found = list(waiting.select_related("letter").defer("letter__text", "letter__html", "letter__word"))
    starts = dict(
        Appointment.objects.filter(pk__in={one.appointment_id for one in found}).values_list(
            "pk", "starts_at"
        )
    )
    if len({one.client_id for one in found}) < 2:  # only one of the two has a plan
        return []
    latest = max(found, key=lambda one: (starts[one.appointment_id], one.appointment_id)).appointment_id
    return [one.letter for one in found if one.appointment_id != latest and one.letter]


def access_changes(pair: Pair, *, now: dt.datetime) -> tuple[list[Practitioner], list[Practitioner]]:
    """Return which colleagues would read more than now, and whose permission ends so that they do not.

    A session or an assignment opens the record of the person, which is then one. A permission was given for
    one of the two only, and ends unless the other is open to them anyway.
    """
    people = User.objects.in_bulk(pair.both)
    gains: list[Practitioner] = []
    loses: list[Practitioner] = []
    for one in Practitioner.objects.select_related("user").filter(user__is_active=True):
        if rows.may_all(one.user, "records"):
            continue
        may = [may_open(one.user, people[pk]) for pk in pair.both]
        if any(may) and not all(may):
            only = people[pair.both[may.index(True)]]
            (gains if may_permit(one.user, only, now=now) else loses).append(one)
    return gains, loses


def ending_permissions(pair: Pair, loses: list[Practitioner], *, now: dt.datetime) -> list[RecordPermission]:
    """Return the valid permissions that end with the merge."""
    valid = RecordPermission.objects.filter(client__in=pair.both, revoked_at=None, until__gt=now)
    return list(valid.filter(practitioner__in=loses))
