"""Leave to open a record: given by the owner or the colleague, until a day, withdrawn, written down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from django.utils import timezone

from booking.testing import make_appointment, make_session_type
from portal.models import RecordPermission
from portal.records.access import may_open, may_permit
from portal.records.actions import NotPermitted, permit, revoke
from practice.models import AccessLog, Practitioner, User
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
A_DAY = dt.timedelta(days=1)


@dataclass
class Scenario:
    """Ann comes to Jonah. Mira may be let in by him, or by Tess, who owns the practice."""

    tess: Practitioner
    jonah: Practitioner
    mira: Practitioner
    ann: User


@pytest.fixture
def scenario() -> Scenario:
    make_practice()
    tess = make_practitioner()
    jonah = make_practitioner("Jonah Reed", role=User.Role.PRACTITIONER)
    mira = make_practitioner("Mira Vale", role=User.Role.PRACTITIONER)
    ann = make_user("Ann Lee")
    start = timezone.now() + A_DAY
    make_appointment(session_type=make_session_type(jonah), practitioner=jonah, start=start, client=ann)
    return Scenario(tess, jonah, mira, ann)


def let(scenario: Scenario, to: Practitioner, by: Practitioner, *, days: int = 30) -> RecordPermission:
    return permit(scenario.ann, to, days=days, by=by.user, now=timezone.now())


def test_someone_who_was_let_in_cannot_let_others_in(scenario: Scenario) -> None:
    let(scenario, scenario.mira, scenario.jonah)
    with pytest.raises(NotPermitted):
        let(scenario, scenario.jonah, scenario.mira)
    assert (
        may_open(scenario.mira.user, scenario.ann),
        may_permit(scenario.mira.user, scenario.ann, now=timezone.now()),
    ) == (
        True,
        False,
    )


def test_nobody_lets_themselves_in(scenario: Scenario) -> None:
    with pytest.raises(NotPermitted):
        let(scenario, scenario.mira, scenario.mira)
    assert not may_open(scenario.mira.user, scenario.ann)


@pytest.mark.parametrize("giver", ["tess", "jonah"])
def test_the_owner_and_the_colleague_let_someone_in_and_the_client_can_read_it(
    scenario: Scenario, giver: str
) -> None:
    by = getattr(scenario, giver)
    let(scenario, scenario.mira, by)
    assert may_open(scenario.mira.user, scenario.ann)
    line = AccessLog.objects.get()
    assert (line.reader, line.whose, line.words) == (by.user, scenario.ann, "let Mira Vale open the record")


def test_it_ends_on_its_day(scenario: Scenario) -> None:
    made = let(scenario, scenario.mira, scenario.tess, days=7)
    RecordPermission.objects.filter(pk=made.pk).update(until=timezone.now())
    assert not may_open(scenario.mira.user, scenario.ann)


def test_a_number_of_days_that_is_not_offered_is_refused(scenario: Scenario) -> None:
    with pytest.raises(NotPermitted):
        let(scenario, scenario.mira, scenario.tess, days=36500)


def test_it_is_taken_back_by_its_giver_or_the_owner_and_by_nobody_else(scenario: Scenario) -> None:
    made = let(scenario, scenario.mira, scenario.jonah)
    with pytest.raises(NotPermitted):
        revoke(made, by=scenario.mira.user, now=timezone.now())
    before = may_open(scenario.mira.user, scenario.ann)
    revoke(made, by=scenario.tess.user, now=timezone.now())

    assert (before, may_open(scenario.mira.user, scenario.ann)) == (True, False)
    ended = AccessLog.objects.get(code="access:permission_ended")
    assert ended.words == "ended the permission of Mira Vale"


def test_a_new_one_replaces_the_existing_one(scenario: Scenario) -> None:
    let(scenario, scenario.mira, scenario.tess, days=365)
    let(scenario, scenario.mira, scenario.tess, days=7)
    assert RecordPermission.objects.filter(revoked_at=None).count() == 1


def test_who_is_no_practitioner_anymore_opens_nothing(scenario: Scenario) -> None:
    let(scenario, scenario.mira, scenario.tess)
    User.objects.filter(pk=scenario.mira.user_id).update(role=User.Role.FRONT_DESK)
    assert not may_open(User.objects.get(pk=scenario.mira.user_id), scenario.ann)


def test_it_is_given_and_ended_on_the_clients_page(scenario: Scenario) -> None:
    page = f"/workspace/clients/{scenario.ann.pk}/"
    jonah, mira = at_work(scenario.jonah.user), at_work(scenario.mira.user)
    before = mira.get(page).status_code
    jonah.post(f"{page}permit/", {"practitioner": scenario.mira.slug, "days": "30"})
    opened = mira.get(page)
    given = RecordPermission.objects.get()
    mira.post(f"{page}permit/{given.pk}/end/")
    still = mira.get(page).status_code
    jonah.post(f"{page}permit/{given.pk}/end/")

    assert (before, opened.status_code, still, mira.get(page).status_code) == (404, 200, 200, 404)
    assert "Give permission" not in opened.content.decode()


def test_anyone_who_does_not_open_the_record_cannot_give_it(scenario: Scenario) -> None:
    page = f"/workspace/clients/{scenario.ann.pk}/permit/"
    answer = at_work(scenario.mira.user).post(page, {"practitioner": scenario.mira.slug, "days": "30"})
    assert (answer.status_code, RecordPermission.objects.count()) == (404, 0)
