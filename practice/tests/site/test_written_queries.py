"""Queries that are written once: what there is, and the first of some rows."""

import datetime as dt

import pytest

from practice.models import Letter, Room, User
from practice.models.written_queries import WhichExist, WrittenOnce, update_row
from practice.testing import make_user
from practice.tests.mail.builders import make_letter

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


def test_whole_models_are_what_a_query_set_reads(django_assert_num_queries):
    ann = make_user("Ann Lee")
    make_letter(user=ann, subject="Yours", why=[{"code": "too_late", "params": {}}])

    def about(subject):
        return Letter.objects.filter(subject=subject).select_related("user").defer("about", "text")

    written = WrittenOnce(about, subject="a-subject")
    with django_assert_num_queries(1):
        [found] = written.objects(subject="Yours")
        assert found.user.name == "Ann Lee"
    [expected] = about("Yours")
    assert type(found) is Letter
    assert vars(found).keys() == vars(expected).keys()  # a text is not read, the reader is
    plain = [one.attname for one in Letter._meta.concrete_fields if one.attname in vars(found)]
    assert [getattr(found, name) for name in plain] == [getattr(expected, name) for name in plain]
    assert (found._state.adding, found._state.db) == (False, expected._state.db)
    with django_assert_num_queries(1):
        assert found.about == ""


def test_a_model_that_is_not_there_is_none_and_so_is_one_that_it_may_lack():
    alone = WrittenOnce(
        lambda subject: Letter.objects.filter(subject=subject).select_related("user"), subject="a-subject"
    )
    assert alone.first_object(subject="Nothing") is None
    make_letter(subject="To a stranger")
    assert alone.first_object(subject="To a stranger").user is None


def test_a_row_is_written_as_a_query_set_writes_it(django_assert_num_queries):
    letter, other = make_letter(key="one"), make_letter(key="other")
    noon = dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC)
    new = {
        "subject": "It's 100 %s",
        "text": "sealed",
        "why": [{"code": "too_late", "params": {}}],
        "sent_at": noon,
        "user_id": make_user("Ann Lee").pk,
    }
    with django_assert_num_queries(1):
        assert update_row(letter, new) == 1
    read = Letter.objects.get(pk=letter.pk)
    assert {name: getattr(read, name) for name in new} == new
    other.refresh_from_db()
    assert other.subject != new["subject"]


def test_a_row_that_is_not_as_expected_is_not_written():
    letter = make_letter(subject="As it was")
    for state, written in (("sent", 0), ("planned", 1)):
        found = update_row(letter, {"subject": f"If {state}"}, only_if="state = %s", params=[state])
        assert found == written
    letter.refresh_from_db()
    assert letter.subject == "If planned"


def test_a_value_that_the_query_does_not_hold_is_refused_and_not_forgotten():
    careless = WrittenOnce(
        lambda name, **_others: User.objects.filter(name=name).values_list("pk"), name="a-name", role="a-role"
    )
    with pytest.raises(ValueError, match="role"):
        careless.all(name="Ann Lee", role="client")
