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
class House:
    """Ann comes to Jonah. Mira may be let in by him, or by Tess, who owns the practice."""

    tess: Practitioner
    jonah: Practitioner
    mira: Practitioner
    ann: User


@pytest.fixture
def house() -> House:
    make_practice()
    tess = make_practitioner()
    jonah = make_practitioner("Jonah Reed", role=User.Role.PRACTITIONER)
    mira = make_practitioner("Mira Vale", role=User.Role.PRACTITIONER)
    ann = make_user("Ann Lee")
    start = timezone.now() + A_DAY
    make_appointment(session_type=make_session_type(jonah), practitioner=jonah, start=start, client=ann)
    return House(tess, jonah, mira, ann)


def let(house: House, to: Practitioner, by: Practitioner, *, days: int = 30) -> RecordPermission:
    return permit(house.ann, to, days=days, by=by.user, now=timezone.now())


def test_somebody_who_was_let_in_cannot_let_others_in(house: House) -> None:
    let(house, house.mira, house.jonah)
    with pytest.raises(NotPermitted):
        let(house, house.jonah, house.mira)
    assert (
        may_open(house.mira.user, house.ann),
        may_permit(house.mira.user, house.ann, now=timezone.now()),
    ) == (
        True,
        False,
    )


def test_nobody_lets_themselves_in(house: House) -> None:
    with pytest.raises(NotPermitted):
        let(house, house.mira, house.mira)
    assert not may_open(house.mira.user, house.ann)


@pytest.mark.parametrize("giver", ["tess", "jonah"])
def test_the_owner_and_the_colleague_let_somebody_in_and_the_client_can_read_it(
    house: House, giver: str
) -> None:
    by = getattr(house, giver)
    let(house, house.mira, by)
    assert may_open(house.mira.user, house.ann)
    line = AccessLog.objects.get()
    assert (line.reader, line.whose, line.words) == (by.user, house.ann, "let Mira Vale open the record")


def test_it_ends_on_its_day(house: House) -> None:
    made = let(house, house.mira, house.tess, days=7)
    RecordPermission.objects.filter(pk=made.pk).update(until=timezone.now())
    assert not may_open(house.mira.user, house.ann)


def test_a_number_of_days_that_is_not_offered_is_refused(house: House) -> None:
    with pytest.raises(NotPermitted):
        let(house, house.mira, house.tess, days=36500)


def test_it_is_taken_back_by_its_giver_or_the_owner_and_by_nobody_else(house: House) -> None:
    made = let(house, house.mira, house.jonah)
    with pytest.raises(NotPermitted):
        revoke(made, by=house.mira.user, now=timezone.now())
    before = may_open(house.mira.user, house.ann)
    revoke(made, by=house.tess.user, now=timezone.now())

    assert (before, may_open(house.mira.user, house.ann)) == (True, False)
    ended = AccessLog.objects.get(code="access:permission_ended")
    assert ended.words == "ended the permission of Mira Vale"


def test_a_new_one_takes_the_place_of_the_one_that_stands(house: House) -> None:
    let(house, house.mira, house.tess, days=365)
    let(house, house.mira, house.tess, days=7)
    assert RecordPermission.objects.filter(revoked_at=None).count() == 1


def test_who_is_no_practitioner_any_more_opens_nothing(house: House) -> None:
    let(house, house.mira, house.tess)
    User.objects.filter(pk=house.mira.user_id).update(role=User.Role.FRONT_DESK)
    assert not may_open(User.objects.get(pk=house.mira.user_id), house.ann)


def test_it_is_given_and_ended_on_the_clients_page(house: House) -> None:
    page = f"/workspace/clients/{house.ann.pk}/"
    jonah, mira = at_work(house.jonah.user), at_work(house.mira.user)
    before = mira.get(page).status_code
    jonah.post(f"{page}permit/", {"practitioner": house.mira.slug, "days": "30"})
    opened = mira.get(page)
    given = RecordPermission.objects.get()
    mira.post(f"{page}permit/{given.pk}/end/")
    still = mira.get(page).status_code
    jonah.post(f"{page}permit/{given.pk}/end/")

    assert (before, opened.status_code, still, mira.get(page).status_code) == (404, 200, 200, 404)
    assert "Give permission" not in opened.content.decode()


def test_whoever_does_not_open_the_record_cannot_give_it(house: House) -> None:
    page = f"/workspace/clients/{house.ann.pk}/permit/"
    answer = at_work(house.mira.user).post(page, {"practitioner": house.mira.slug, "days": "30"})
    assert (answer.status_code, RecordPermission.objects.count()) == (404, 0)
