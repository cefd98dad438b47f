"""The table of words: in step with every way to save a person, and read by its index on both databases."""

import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from practice.models import SearchWord, User
from practice.search.queries import best_matches, people_matching
from practice.testing import make_user

pytestmark = pytest.mark.django_db
#: Words of people who are all looked for at once: beginnings that are few, and that are many.
WORDS = [f"{first}{number}" for number in range(1500) for first in ("ann", "b")]


def found(text: str) -> list[str]:
    """The names of those who match, by both ways to ask."""
    people = User.objects.all()
    best = best_matches(people, text, region="US", count=10)
    assert {one.pk for one in best} == {one.pk for one in people_matching(people, text, region="US")}
    return [one.name for one in best]


@pytest.mark.engines
def test_every_way_to_save_a_person_keeps_the_words_in_step():
    ann = make_user("Ann Lee", phone="303 555 0101")
    assert found("lee") == found("0101") == found("ann@ex") == ["Ann Lee"]
    stale = User.objects.get(pk=ann.pk)
    ann.name = "Ann Hart"
    ann.save()
    assert (found("lee"), found("hart")) == ([], ["Ann Hart"])
    stale.phone = "+17205550199"
    stale.save(update_fields=["phone"])
    assert (found("lee"), found("hart 720"), found("0101")) == ([], ["Ann Hart"], [])
    User.objects.filter(name="Ann Hart").update(name="Ann Weiß")
    assert (found("hart"), found("weiss")) == ([], ["Ann Weiß"])
    made = User.objects.bulk_create([User(name="Ben One"), User(name="Ben Two")])
    assert found("ben") == ["Ben One", "Ben Two"]
    made[0].name = "Bo One"
    User.objects.bulk_update(made, ["name"])
    assert (found("ben"), found("bo")) == (["Ben Two"], ["Bo One"])
    User.objects.filter(name="Ben Two").delete()
    assert (found("ben"), SearchWord.objects.filter(word="ben").count()) == ([], 0)


def test_what_says_nothing_about_who_it_is_leaves_the_words_alone(django_assert_num_queries):
    ann = make_user("Ann Lee")
    ann.last_login = None
    with CaptureQueriesContext(connection) as asked:
        ann.save(update_fields=["last_login"])
    assert not any("searchword" in query["sql"] for query in asked)
    with django_assert_num_queries(1):
        User.objects.filter(pk=ann.pk).update(wants_reminders=False)


def test_a_whole_word_comes_before_the_beginning_of_one():
    for name in ("Anna Able", "Ann Zimmer"):
        make_user(name, email=None)
    assert found("ann") == ["Ann Zimmer", "Anna Able"]


def test_signs_of_a_pattern_are_no_pattern():
    make_user("Ann Lee")
    assert [found(text) for text in ("%", "_nn", "a%", "a*")] == [[], [], ["Ann Lee"], ["Ann Lee"]]


@pytest.mark.engines
def test_the_migration_writes_everybodys_words():
    people = [make_user("Ann Lee", phone="303 555 0101"), make_user("Zoë Weiß", email=None)]
    kept = set(SearchWord.objects.values_list("user", "word"))
    SearchWord.objects.filter(user=people[0]).delete()
    importlib.import_module("practice.migrations.0031_search_words").write_words(apps, None)
    assert set(SearchWord.objects.values_list("user", "word")) == kept


@pytest.mark.engines
def test_some_thousand_words_are_read_by_their_index():
    person = make_user("Ann Lee")
    SearchWord.objects.bulk_create(SearchWord(user=person, word=word) for word in WORDS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE practice_searchword")
    rows = SearchWord.objects.filter(word__gte="ann14", word__lt="ann14\U0010ffff").order_by("word", "user")
    plan = rows.values_list("user", flat=True)[:10].explain()
    assert "search_word_then_person" in plan
    assert "SCAN" not in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
    assert rows.count() == sum(word.startswith("ann14") for word in WORDS) > 100
