"""What there is, asked in one query that is written once."""

import pytest

from practice.models import Room, User
from practice.queries import WhichExist
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
