"""Queries that are written once: what there is, and the first of some rows."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db.models import Count, Value

from practice.models import Letter, Practice, Room, User
from practice.models.written_queries import AskedTogether, WhichExist, WrittenOnce, update_row
from practice.testing import make_practice, make_user
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


def test_a_uuid_is_asked_for_as_each_database_keeps_it():
    letter = make_letter(claim=uuid.uuid4())
    claimed = WrittenOnce(lambda claim: Letter.objects.filter(claim=claim), claim=uuid.UUID(int=11))
    assert claimed.first_object(claim=letter.claim) == letter
    assert claimed.first_object(claim=uuid.uuid4()) is None


def test_what_a_query_adds_to_its_models_is_on_them_too():
    ann = make_user("Ann Lee")
    make_letter(user=ann)
    counted = WrittenOnce(
        lambda name: User.objects.filter(name=name).annotate(emails=Count("letters")), name="a-name"
    )
    assert [(one, one.emails) for one in counted.objects(name="Ann Lee")] == [(ann, 1)]


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


# --- Several together --------------------------------------------------------------------------

PEOPLE = WrittenOnce(
    lambda since: (
        User.objects.filter(created_at__gte=since)
        .order_by("-name")
        .values_list("pk", "name", "created_at", "is_active")
    ),
    since=dt.datetime(1901, 2, 3, tzinfo=dt.UTC),
)
EMAILS = WrittenOnce(
    lambda kind: Letter.objects.filter(kind=kind).order_by("pk").values_list("claim", "why", "sent_at"),
    kind="a-kind",
)
BUSINESS = WrittenOnce(
    lambda pk: Practice.objects.filter(pk=pk).only("name", "quiet_from", "reminder_hours"), pk=-11
)
TOGETHER = AskedTogether(people=PEOPLE, emails=EMAILS, business=BUSINESS)


def test_queries_asked_together_say_what_each_says_alone(django_assert_num_queries):
    noon, claim = dt.datetime(2027, 3, 2, 12, 0, 0, 1, tzinfo=dt.UTC), Letter.new_claim()
    for name in ("Ann “Annie” Lée", "Ben Hart", "Zoe Long ago"):
        make_user(name)
    User.objects.exclude(name__startswith="Zoe").update(created_at=noon)
    User.objects.filter(name__startswith="Zoe").update(created_at=noon - dt.timedelta(microseconds=1))
    User.objects.filter(name="Ben Hart").update(is_active=False)
    make_letter(kind="reminder", claim=claim, why=[{"code": "late", "params": {"n": 1}}], sent_at=noon)
    make_letter(kind="reminder")
    make_practice(name="Juniper", quiet_from=dt.time(20, 30), reminder_hours=[48, 2])
    with django_assert_num_queries(1):
        found = TOGETHER(since=noon, kind="reminder", pk=1)
    assert [row[1:] for row in found.all("people")] == [
        ("Ben Hart", noon, False),
        ("Ann “Annie” Lée", noon, True),
    ]
    assert found.all("people") == PEOPLE.all(since=noon)
    assert found.all("emails") == [(claim, [{"code": "late", "params": {"n": 1}}], noon), (None, [], None)]
    assert found.all("emails") == EMAILS.all(kind="reminder")
    (business,) = found.objects("business")
    assert (business.name, business.quiet_from, business.reminder_hours) == (
        "Juniper",
        dt.time(20, 30),
        [48, 2],
    )


def test_of_what_is_not_there_nothing_comes():
    found = TOGETHER(since=dt.datetime(2027, 3, 2, tzinfo=dt.UTC), kind="reminder", pk=1)
    assert (found.all("people"), found.all("emails"), found.objects("business")) == ([], [], [])


def test_what_is_asked_together_is_a_value_and_never_a_part_of_the_query():
    make_letter(kind="reminder")
    found = TOGETHER(since=dt.datetime(2027, 3, 2, tzinfo=dt.UTC), kind="%s') --", pk=1)
    assert found.all("emails") == []


def test_what_json_would_change_is_refused():
    careless = WrittenOnce(
        lambda pk: User.objects.filter(pk=pk).annotate(half=Value(Decimal("0.5"))).values_list("half"), pk=-11
    )
    with pytest.raises(ValueError, match="DecimalField"):
        AskedTogether(careless=careless)(pk=1)
