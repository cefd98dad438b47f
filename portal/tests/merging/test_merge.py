"""Two records of one person become one, and part again: what moves, what is refused, who reads it."""

from __future__ import annotations

import copy
import datetime as dt
import itertools
import random
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps

from booking.attendees.actions.who_comes import who_comes
from booking.attendees.attendee import Attendee
from booking.models import Appointment, Package, PackageUse
from portal.erasure.actions.erase import erase, foresee
from portal.export.record import record_of
from portal.merging.actions.late_rows import move_late_rows
from portal.merging.actions.merge import Choices, MergeChanged, NotMerged, merge
from portal.merging.actions.undo import NotUndone, forget_ledgers, undo
from portal.merging.conflicts import dry_run
from portal.merging.table import TABLE
from portal.models import (
    Assignment,
    ClientProfile,
    ErasureRequest,
    FollowUp,
    FollowUpPlan,
    PracticeEntry,
    Question,
    RecordMerge,
    RecordPermission,
)
from portal.records.access import may_open
from portal.tests.merging.two_records import (
    NOW,
    Two,
    booked_for_each_other,
    everything,
    later,
    make_two,
)
from practice.consents.actions.letter_preferences import decline_letters
from practice.models import Letter, User
from practice.queries import wants_letters
from practice.testing import make_user
from practice.tests.sampling import SEED, size

# long: each merge compares every row of every table before and after
pytestmark = [pytest.mark.django_db, pytest.mark.engines, pytest.mark.long]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture(scope="module")
def shared_two(module_db: None) -> Two:
    """Made once for all tests here: what a test changes is undone after it."""
    with time_machine.travel(NOW, tick=False):
        return make_two()


@pytest.fixture
def two(shared_two: Two) -> Two:
    """The same rows, in objects that are this test's own."""
    return copy.deepcopy(shared_two)


# --- The table ------------------------------------------------------------------------------------
def test_every_reference_to_a_person_has_a_line_in_the_table_of_merging() -> None:
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is User
    }
    assert {rule.label for rule in TABLE} == pointing
    assert len(TABLE) == len(pointing)


# --- What becomes of it ---------------------------------------------------------------------------
def test_everything_is_in_one_record_and_the_other_signs_in_no_longer(two: Two) -> None:
    two.merge()
    merged = User.objects.get(pk=two.merged.pk)
    assert (merged.is_active, merged.email, merged.merged_email) == (False, None, "ann.lee@example.com")
    assert merged.merged_into == two.kept
    assert not EmailAddress.objects.filter(email="ann.lee@example.com").exists()
    for model in (Question, PracticeEntry, FollowUp, Package, Appointment):
        assert not model._base_manager.filter(client=two.merged).exists()
    assert Question.objects.filter(client=two.kept).count() == 2
    assert Assignment.objects.get(client=two.kept, ended_at=None).dosage == "1 a day"


@pytest.mark.parametrize(("theirs", "plan"), [(True, "Plan 2"), (False, "Plan 1")])
def test_of_two_plans_the_chosen_one_stays(two: Two, theirs: bool, plan: str) -> None:
    two.merge(their_plan=theirs)
    assert ClientProfile.objects.of(two.kept).plan == plan


@pytest.mark.parametrize(("has_own", "name"), [(True, "Kept"), (False, "Merged")])
def test_the_kept_records_own_plan_of_emails_stays_and_an_only_one_moves(
    two: Two, has_own: bool, name: str
) -> None:
    FollowUpPlan.objects.create(name="Merged", client=two.merged)
    if has_own:
        FollowUpPlan.objects.create(name="Kept", client=two.kept)
    two.merge()
    assert FollowUpPlan.objects.get(client=two.kept).name == name
    erase(User.objects.get(pk=two.kept.pk), now=NOW)
    assert not FollowUpPlan.objects.exists()


def test_the_only_plan_needs_no_choice(two: Two) -> None:
    ClientProfile.objects.keep(two.kept, plan="", obstacle="")
    assert dry_run(two.kept, two.merged, now=NOW).plans is None
    two.merge()
    assert ClientProfile.objects.of(two.kept).plan == "Plan 2"


@pytest.mark.parametrize("who", ["kept", "merged"])
def test_a_no_to_emails_in_either_is_a_no(two: Two, who: str) -> None:
    decline_letters(getattr(two, who), now=NOW)
    two.merge()
    assert not wants_letters(two.kept)
    waiting = Letter.objects.filter(user=two.kept, category="encouragement", state="planned")
    assert not waiting.exists()


def test_only_the_later_sessions_emails_still_go_and_they_go_to_the_kept_address(two: Two) -> None:
    before = FollowUp.objects.filter(letter__state="planned").values_list("appointment", flat=True)
    assert len(set(before)) == 2, "both records have emails that wait"
    two.merge()
    going = FollowUp.objects.filter(letter__state="planned").select_related("appointment", "letter__user")
    assert {one.appointment.starts_at.month for one in going} == {2}
    assert {one.letter.user for one in going if one.letter} == {two.kept}


def test_what_one_booked_for_the_other_is_their_own(two: Two) -> None:
    booked_for_each_other(two)
    two.merge()
    assert not Appointment.objects.filter(client=two.kept, correspondent=two.kept).exists()
    assert Appointment.objects.filter(correspondent=two.kept).count() == 2  # for their two children


def test_who_books_with_the_address_on_file_is_the_kept_person(two: Two) -> None:
    two.merge()
    said = Attendee(name="Ann Lee", email="ann.lee@example.com", phone="")
    assert who_comes(None, said).client == two.kept


# --- Who reads it ---------------------------------------------------------------------------------
def test_a_permission_for_one_of_the_two_ends_and_opens_nothing_of_the_other(two: Two) -> None:
    RecordPermission.objects.filter(client=two.merged).delete()
    kai = two.kai.user
    assert (may_open(kai, two.kept), may_open(kai, two.merged)) == (True, False)
    assert dry_run(two.kept, two.merged, now=NOW).loses == [two.kai]
    two.merge()
    assert not may_open(kai, two.kept)


def only_kai_saw_the_other(two: Two) -> None:
    """Kai gave the merged record's sessions, and has no permission for the kept one."""
    RecordPermission.objects.all().delete()
    Appointment.objects.filter(client=two.merged).update(practitioner=two.kai)
    Assignment.objects.filter(client=two.merged).update(assigned_by=two.kai)


def test_a_merge_opens_no_record_that_was_closed_without_the_owners_yes(two: Two) -> None:
    only_kai_saw_the_other(two)
    planned = dry_run(two.kept, two.merged, now=NOW)
    assert set(planned.gains) == {two.kai, two.day.jonah}
    with pytest.raises(NotMerged):
        two.merge(opens=False)
    for practitioner in (two.kai, two.day.jonah):
        with pytest.raises(NotMerged):
            two.merge(by=practitioner.user)
    assert not RecordMerge.objects.exists()
    two.merge()
    told = [row.words for row in two.kept.access_log.filter(code="access:permitted")]
    assert sorted(told) == ["let Jonah Reed open the record", "let Kai Moor open the record"]


def test_a_practitioner_to_whom_both_are_open_merges_where_no_colleague_reads_more(two: Two) -> None:
    two.merge(by=two.day.jonah.user)
    assert RecordMerge.objects.get().by == two.day.jonah.user


def test_a_permission_is_not_enough_to_merge_nor_is_the_front_desk(two: Two) -> None:
    for user in (two.kai.user, two.day.faye, two.kept):
        with pytest.raises(NotMerged):
            two.merge(by=user)


def test_both_access_logs_say_it(two: Two) -> None:
    done = two.merge()
    undo(done, by=two.day.tess.user, now=later())
    for whose in (two.kept, two.merged):
        codes = list(whose.access_log.order_by("pk").values_list("code", flat=True))
        assert codes[-2:] == ["access:merged", "access:parted"]


# --- Refused --------------------------------------------------------------------------------------
def test_nobody_is_merged_with_themselves_with_staff_or_twice(two: Two) -> None:
    seen = Choices(seen="")
    for kept, other in ((two.kept, two.kept), (two.kept, two.day.jonah.user), (two.day.faye, two.kept)):
        with pytest.raises(NotMerged):
            merge(kept, other, seen, by=two.day.tess.user, now=NOW)
    two.merge()
    third = make_user("Ann L.", email="third@example.com")
    for kept, other in ((third, two.merged), (two.merged, third), (two.kept, two.merged)):
        with pytest.raises(NotMerged):
            merge(kept, other, seen, by=two.day.tess.user, now=NOW)
    assert RecordMerge.objects.count() == 1


def test_the_record_that_signs_in_is_the_one_that_stays(two: Two) -> None:
    nameless = User.objects.create_user(name="Ann Lee")
    with pytest.raises(NotMerged, match="merge this one into it"):
        merge(nameless, two.kept, Choices(seen=""), by=two.day.tess.user, now=NOW)


def test_who_asked_to_be_erased_is_not_merged(two: Two) -> None:
    ErasureRequest.objects.create(client=two.merged, due_at=later(99))
    with pytest.raises(NotMerged):
        two.merge()


def test_what_changed_since_the_page_is_shown_again_first(two: Two) -> None:
    seen = dry_run(two.kept, two.merged, now=NOW).mark
    Question.objects.create(client=two.merged, text="One more?")
    with pytest.raises(MergeChanged) as changed:
        two.merge(seen=seen)
    assert changed.value.planned.mark != seen
    assert not RecordMerge.objects.exists()


# --- Undone ---------------------------------------------------------------------------------------
def variations(two: Two, chance: random.Random) -> None:
    """Changes to either record, at random: each is a conflict, or takes one away."""
    of_both: list[Any] = [
        lambda one: decline_letters(one, now=NOW),
        lambda one: ClientProfile.objects.filter(user=one).delete(),
        lambda one: ClientProfile.objects.keep(one, plan="", obstacle=""),
        lambda one: ClientProfile.objects.keep(one, paused_until=later(chance.randint(1, 99))),
        lambda one: Assignment.objects.filter(client=one).update(ended_at=NOW),
        lambda one: one.intakes.filter(handed_in_at=None).delete(),
        lambda one: one.record_permissions.all().delete(),
        lambda one: User.objects.filter(pk=one.pk).update(wants_reminders=False),
        lambda one: Appointment.objects.filter(client=one).update(practitioner=two.kai),
        lambda _one: (
            booked_for_each_other(two) if not two.kept.booked_for_others.filter(client=two.merged) else 0
        ),
    ]
    for change, whose in itertools.product(of_both, (two.kept, two.merged)):
        if chance.random() < 0.4:
            change(whose)


@pytest.mark.parametrize("number", range(size(sampled=6, full=60)))
def test_undone_every_row_of_every_table_is_as_it_was(two: Two, number: int) -> None:
    """A conflict that goes wrong in a tenth of the samples escapes six of them in half of all runs."""
    chance = random.Random(f"{SEED} {number}")
    variations(two, chance)
    before = everything()
    done = two.merge(their_plan=chance.random() < 0.5)
    assert everything() != before
    undo(done, by=two.day.tess.user, now=later())
    after = everything()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


def test_what_was_written_since_about_a_session_that_goes_back_goes_with_it(two: Two) -> None:
    theirs = Appointment.objects.filter(client=two.merged).latest("starts_at")
    done = two.merge()
    FollowUp.objects.create(client=two.kept, appointment=theirs, place=9, days=9, at=dt.time(9))
    undo(done, by=two.day.tess.user, now=later())
    assert FollowUp.objects.get(place=9).client == two.merged


def test_what_was_still_being_written_about_the_merged_record_is_not_left_there(two: Two) -> None:
    done = two.merge()
    late = Question.objects.create(client=two.merged, text="Late?")
    assert (move_late_rows(later(), dry=True), move_late_rows(later()), move_late_rows(later())) == (1, 1, 0)
    assert Question.objects.get(pk=late.pk).client == two.kept
    undo(done, by=two.day.tess.user, now=later(2))
    assert Question.objects.get(pk=late.pk).client == two.merged


def test_the_later_of_two_merges_is_undone_first(two: Two) -> None:
    first = two.merge()
    third = make_user("Ann L.", email="third@example.com")
    seen = dry_run(third, two.kept, now=NOW).mark
    second = merge(third, two.kept, Choices(seen=seen, opens=True), by=two.day.tess.user, now=later())
    assert User.objects.family(two.merged.pk) == [two.kept.pk, two.merged.pk, third.pk]
    with pytest.raises(NotUndone, match="later merge first"):
        undo(first, by=two.day.tess.user, now=later(2))
    undo(second, by=two.day.tess.user, now=later(2))
    assert undo(first, by=two.day.tess.user, now=later(3)).undone_at == later(3)


def a_month(two: Two, done: RecordMerge) -> dt.datetime:
    return NOW + dt.timedelta(days=31)


def the_address_is_in_use(two: Two, done: RecordMerge) -> dt.datetime:
    User.objects.filter(pk=two.kept.pk).update(email="ann.lee@example.com")
    return later()


def paid_across(two: Two, done: RecordMerge) -> dt.datetime:
    session = two.day.comes(two.kept, "2027-03-30 09:00")
    PackageUse.objects.create(
        package=Package.objects.latest("pk"), appointment=session, number=1, used_at=later()
    )
    return later(2)


@pytest.mark.parametrize("cause", [a_month, the_address_is_in_use, paid_across])
def test_where_undoing_is_impossible_it_says_why_and_changes_nothing(two: Two, cause: Any) -> None:
    done = two.merge()
    now = cause(two, done)
    before = everything()
    with pytest.raises(NotUndone):
        undo(done, by=two.day.tess.user, now=now)
    assert everything() == before


def test_undone_twice_nothing_happens_the_second_time_nor_for_a_colleague(two: Two) -> None:
    done = two.merge()
    with pytest.raises(NotUndone):
        undo(done, by=two.day.jonah.user, now=later())
    undo(done, by=two.day.tess.user, now=later())
    with pytest.raises(NotUndone):
        undo(done, by=two.day.tess.user, now=later(2))


def test_the_ledger_is_encrypted_and_goes_after_a_month(two: Two) -> None:
    two.merge(their_plan=True)
    stored = RecordMerge.objects.extra(select={"raw": "ledger"}).values_list("raw", flat=True).get()
    assert "Plan" not in str(stored)
    assert (forget_ledgers(later()), forget_ledgers(NOW + dt.timedelta(days=31))) == (0, 1)
    assert RecordMerge.objects.get().ledger is None


# --- Erased and copied ----------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["kept", "merged"])
def test_erasing_one_erases_both_with_the_merge(two: Two, who: str) -> None:
    two.merge()
    two.kept.refresh_from_db()
    two.merged.refresh_from_db()
    foreseen = foresee(getattr(two, who))
    assert foreseen.gone["practice.User"] == 2
    erase(getattr(two, who), now=NOW)
    assert not User.objects.filter(pk__in=(two.kept.pk, two.merged.pk)).exists()
    assert not RecordMerge.objects.exists()
    assert not Letter.objects.filter(to_address="ann.lee@example.com").exists()


def test_a_copy_has_what_stayed_apart(two: Two) -> None:
    two.merge()
    copied = record_of(two.kept, by=two.kept, now=NOW)
    (other,) = copied["merged_records"]
    assert (other["email"], other["plan"], len(other["intakes"])) == ("ann.lee@example.com", "Plan 2", 1)
    assert len(copied["questions"]) == 2
