"""Queries that are written once: what there is, and the first of some rows."""

import datetime as dt

import pytest

from practice.models import Room, User
from practice.queries import WhichExist, WrittenOnce
from practice.testing import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def test_each_kind_is_said_by_its_name_as_of_now(django_assert_num_queries):
    asks = WhichExist(
        rooms=Room.objects.all(),
        anns=User.objects.filter(name__startswith="Ann"),
        two_people=User.objects.order_by("name")[1:2],
    )
    make_user("Ann Lee")
    assert asks() == {"rooms": False, "anns": True, "two_people": False}
    Room.objects.create(name="East")
    make_user("Ben Hart")
    with django_assert_num_queries(1):
        assert asks() == {"rooms": True, "anns": True, "two_people": True}


def test_the_first_row_is_that_of_the_values_asked_now(django_assert_num_queries):
    ann = make_user("Ann Lee")
    named = WrittenOnce(
        lambda name, role: User.objects.filter(name=name, role=role).values_list("pk", "name"),
        name="a-name",
        role="a-role",
    )
    assert named.first(name="Ben Hart", role="client") is None
    ben = make_user("Ben Hart")
    with django_assert_num_queries(3):
        assert named.first(name="Ben Hart", role="client") == (ben.pk, "Ben Hart")
        assert named.first(name="Ann Lee", role="client") == (ann.pk, "Ann Lee")
        assert named.first(name="Ann Lee", role="owner") is None


def test_what_is_asked_is_a_value_and_never_a_part_of_the_query():
    named = WrittenOnce(lambda name: User.objects.filter(name=name).values_list("pk"), name="a-name")
    assert named.first(name="' OR 1=1 --") is None


def test_all_rows_come_with_moments_as_django_gives_them():
    ann, noon = make_user("Ann Lee"), dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC)
    User.objects.update(created_at=noon)
    joined = WrittenOnce(
        lambda since, name: User.objects.filter(created_at__gte=since, name=name).values_list(
            "pk", "created_at", "is_active"
        ),
        since=dt.datetime(1901, 2, 3, tzinfo=dt.UTC),
        name="a-name",
    )
    assert joined.all(since=noon, name="Ann Lee") == [(ann.pk, noon, True)]
    assert joined.all(since=noon + dt.timedelta(microseconds=1), name="Ann Lee") == []


def test_a_value_that_the_query_does_not_hold_is_refused_and_not_forgotten():
    careless = WrittenOnce(
        lambda name, **_others: User.objects.filter(name=name).values_list("pk"), name="a-name", role="a-role"
    )
    with pytest.raises(ValueError, match="role"):
        careless.all(name="Ann Lee", role="client")
