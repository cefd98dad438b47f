"""The library: who finds which lesson by what, collections, and what follows a lesson."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from portal.lessons.browse import Filters, Length, length_of, plain_words, read_filters
from portal.lessons.posture import Posture
from portal.models import Collection, Lesson, PracticeEntry
from portal.testing import assign, make_collection, make_lesson, make_recording
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = pytest.mark.django_db
FREE, OWN = "/lessons/", "/portal/lessons/"


@pytest.fixture(scope="module")
def lessons(module_db, tmp_path_factory):
    """Two free lessons, two for clients, and one that is not published; and a collection of all of them."""
    make_practice()
    facts = {
        "floor": ("Let the floor hold you", 21, "lying on the back", ["low-back", "hips"], True),
        "boat": ("A boat at its mooring", 7, "standing, then lying", ["ankles-feet"], True),
        "leg": ("Where the leg begins", 10, "lying on the back", ["hips"], False),
        "window": ("A window on each side", 20, "sitting on a chair", ["ribs"], False),
        "draft": ("A draft", 5, "lying on the side", ["hips"], True),
    }
    made = {}
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        for order, (slug, (title, length, position, regions, is_free)) in enumerate(facts.items()):
            made[slug] = make_lesson(
                slug,
                title=title,
                position=position,
                regions=regions,
                is_free=is_free,
                is_published=slug != "draft",
                order=order,
            )
            make_recording(made[slug], slug.encode(), duration_ms=length * 60_000)
    make_collection("free-the-hips", *made.values(), name="Free the hips", text="Four for the hips.")
    return made


@pytest.fixture(scope="module")
def tess(lessons):
    return make_practitioner()


@pytest.fixture(scope="module")
def people(lessons, tess):
    """A client to whom the two lessons that are not free are assigned, the second one first."""
    ann = make_user("Ann Field")
    assign(lessons["leg"], ann, by=tess, order=2)
    assign(lessons["window"], ann, by=tess, order=1, dosage="at noon")
    return ann


@pytest.fixture
def ann(people, client):
    client.force_login(people)
    return people


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def found(client, path):
    """Return the slugs of the lessons that the page's main part links to, in order."""
    main = page(client, path).partition("<main")[2].partition("</main>")[0]
    return re.findall(r'href="(?:/portal)?/lessons/([a-z]+)/"', main)


def finish(who, lesson, **fields):
    now = timezone.now()
    return PracticeEntry.objects.create(
        client=who, lesson=lesson, since=now, **{"finished_at": now, **fields}
    )


# --- The filters themselves
@pytest.mark.parametrize(("number", "length"), [(9, "short"), (10, "medium"), (20, "medium"), (21, "long")])
def test_length(number, length):
    assert length_of(number) == Length(length)


def test_what_does_not_exist_is_not_looked_for():
    given = {"region": "tail", "length": "endless", "position": "flying", "words": "  ", "collection": ""}
    assert read_filters(given) == Filters()
    assert (bool(Filters()), bool(Filters(words="hips"))) == (False, True)


def test_what_is_asked_for_is_read():
    given = {"region": "hips", "length": "short", "position": "sitting", "words": " a  b ", "collection": "c"}
    assert read_filters(given) == Filters("a b", "hips", Length.SHORT, Posture.SITTING, "c")


def test_words_have_no_accents_capitals_or_apostrophes():
    assert plain_words("Don’t pull, ÉLAN & half-way") == ["dont", "pull", "elan", "half", "way"]


# --- Who finds what
@pytest.mark.parametrize(
    ("query", "public", "own"),
    [
        ("", ["floor", "boat"], ["window", "leg", "floor", "boat"]),
        ("?region=hips", ["floor"], ["leg", "floor"]),
        ("?length=short", ["boat"], ["boat"]),
        ("?length=medium", [], ["window", "leg"]),
        ("?length=long", ["floor"], ["floor"]),
        ("?position=lying", ["floor"], ["leg", "floor"]),
        ("?position=standing", ["boat"], ["boat"]),
        ("?position=sitting", [], ["window"]),
        ("?words=FLOOR", ["floor"], ["floor"]),
        ("?words=hold+let", ["floor"], ["floor"]),
        ("?words=loor", [], []),
        ("?words=draft", [], []),
        ("?words=rib", [], ["window"]),  # a region's name
        ("?collection=free-the-hips&length=medium", [], ["window", "leg"]),
        ("?collection=none", [], []),
        ("?region=hips&position=lying&length=medium&words=leg", [], ["leg"]),
        ("?region=tail&length=&position=", ["floor", "boat"], ["window", "leg", "floor", "boat"]),
    ],
)
def test_filters_find_only_what_the_reader_may_open(client, ann, query, public, own):
    assert (found(client, FREE + query), found(client, OWN + query)) == (public, own)


def test_an_ended_assignment_and_another_clients_are_not_found(client, ann, tess, lessons):
    ann.assignments.filter(lesson=lessons["leg"]).update(ended_at=timezone.now())
    assign(lessons["leg"], make_user("Ben"), by=tess)
    assert found(client, f"{OWN}?region=hips") == ["floor"]


def test_a_lesson_assigned_again_is_found_once(client, ann, tess, lessons):
    ann.assignments.filter(lesson=lessons["leg"]).update(ended_at=timezone.now())
    assign(lessons["leg"], ann, by=tess)
    assert found(client, f"{OWN}?words=leg") == ["leg"]


def test_nothing_found_is_said_with_a_way_back(client, lessons):
    html = page(client, f"{FREE}?length=short&region=hips")
    assert "No lesson matches all of this." in html
    assert f'href="{FREE}">See all lessons' in html
    assert html.count(" selected") == 2


def test_the_form_offers_only_what_can_be_found_and_needs_no_script(client, lessons):
    html = page(client, FREE)
    form = html[html.index("<form") : html.index("</form>")]
    assert re.findall(r'<option value="([^"]+)"', form) == [
        *("low-back", "hips", "ankles-feet"),
        *("short", "long"),
        *("lying", "standing"),
        "free-the-hips",
    ]
    assert 'method="get"' in form
    assert "csrf" not in form


def test_one_lesson_alone_needs_no_form(client, lessons):
    Lesson.objects.exclude(slug="floor").update(is_free=False)
    html = page(client, FREE)
    assert ("<form" in html, "Begin the free lesson" in html, "Collections" in html) == (False, True, False)


def test_words_of_a_query_cannot_run(client, lessons):
    html = page(client, f'{FREE}?words="><script>alert(1)</script>&collection=<b>')
    assert "<script>alert" not in html


# --- Collections
def test_a_collection_has_its_lessons_in_order_and_only_those_one_may_open(client, ann, lessons):
    assert found(client, "/lessons/collections/free-the-hips/") == ["floor", "boat"]
    assert found(client, "/portal/lessons/collections/free-the-hips/") == ["floor", "boat", "leg", "window"]
    assert "4 lessons" in page(client, OWN)


@pytest.mark.parametrize("hidden", ["not published", "nothing to open", "unknown"])
def test_a_collection_that_is_not_for_the_reader_does_not_exist(client, ann, lessons, hidden):
    if hidden == "not published":
        Collection.objects.update(is_published=False)
    elif hidden == "nothing to open":
        Lesson.objects.update(is_published=False)
    slug = "other" if hidden == "unknown" else "free-the-hips"
    paths = (f"/lessons/collections/{slug}/", f"/portal/lessons/collections/{slug}/")
    assert [client.get(path).status_code for path in paths] == [404, 404]
    assert ("Free the hips" in page(client, OWN)) == (hidden == "unknown")


def test_a_collection_says_what_was_finished_and_by_whom(client, ann, tess, lessons):
    finish(ann, lessons["leg"])
    finish(ann, lessons["boat"], finished_at=None, said_done=True)
    finish(ann, lessons["floor"], finished_at=None)
    finish(make_user("Ben"), lessons["window"])
    html = page(client, "/portal/lessons/collections/free-the-hips/")
    assert ("You’ve done 2 of 4 so far." in html, html.count("You’ve done this one.")) == (True, 2)
    assert "You’ve done" not in page(client, "/lessons/collections/free-the-hips/")


def test_a_lesson_is_in_a_collection_once(lessons):
    with pytest.raises(IntegrityError), transaction.atomic():
        Collection.objects.get().places.create(lesson=lessons["floor"], order=9)


def test_the_owner_makes_a_collection_in_the_back_office(client, tess, lessons):
    at_work(tess.user, client)
    answer = client.post(
        "/backoffice/portal/collection/add/",
        {
            **{"name": "For the ribs", "slug": "ribs", "text": "", "is_published": "on", "order": "0"},
            **{"places-TOTAL_FORMS": "2", "places-INITIAL_FORMS": "0"},
            **{"places-0-lesson": lessons["boat"].pk, "places-0-order": "2"},
            **{"places-1-lesson": lessons["floor"].pk, "places-1-order": "1"},
        },
    )
    assert answer.status_code == 302
    assert found(client, "/lessons/collections/ribs/") == ["floor", "boat"]


# --- What follows a lesson
def following(client, path):
    """Return the slug of the lesson offered as the next one, or None."""
    _, there, rest = page(client, path).partition('id="next-lesson"')
    return re.search(r'href="(?:/portal)?/lessons/([a-z]+)/"', rest)[1] if there else None


def test_at_the_end_of_a_lesson_the_next_of_its_collection_is_offered(client, ann, lessons):
    assert following(client, "/portal/lessons/floor/") == "boat"
    finish(ann, lessons["boat"])
    assert following(client, "/portal/lessons/floor/") == "leg"


def test_without_a_collection_it_is_the_next_assigned_one_in_the_practitioners_order(client, ann, lessons):
    Collection.objects.all().delete()
    assert following(client, "/portal/lessons/window/") == "leg"
    finish(ann, lessons["leg"])
    assert following(client, "/portal/lessons/window/") is None


def test_a_visitor_is_offered_free_lessons_only(client, lessons):
    assert following(client, "/lessons/floor/") == "boat"
    assert following(client, "/lessons/boat/") is None


def test_while_more_pain_is_open_nothing_is_suggested(client, ann, lessons):
    before = page(client, "/portal/lessons/floor/").partition('id="next-lesson"')[0]
    finish(ann, lessons["floor"], needs_human="pain_rose")
    after = page(client, "/portal/lessons/floor/").partition('id="next-lesson"')[0]
    hidden = [html.rpartition("data-unless-rose")[2].startswith(" hidden>") for html in (before, after)]
    assert hidden == [False, True]


def test_a_lesson_still_to_be_recorded_is_passed_over(client, ann, lessons):
    lessons["boat"].recordings.all().delete()
    assert following(client, "/portal/lessons/floor/") == "leg"


def test_the_next_lesson_is_not_suggested_twice(client, ann, lessons):
    slugs = [slug for slug in found(client, "/portal/lessons/floor/") if slug != "floor"]
    assert sorted(slugs) == sorted(set(slugs))


# --- What it costs
COSTS = {
    # session, user, lessons with what was finished, collections, the practice
    f"{OWN}?words=floor": 5,
    "/portal/lessons/collections/free-the-hips/": 5,
}


def test_pages_cost_the_same_for_many_lessons(client, ann, tess, lessons, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paths = (*COSTS, "/portal/lessons/leg/")
    before = [queries_of(client, path) for path in paths]
    for number in range(30):
        lesson = make_lesson(f"n{number}", is_free=number % 2 == 0)
        make_recording(lesson, f"{number}".encode())
        assign(lesson, ann, by=tess)
    make_collection("many", *Lesson.objects.all())
    assert [queries_of(client, path) for path in paths] == before
    assert before[:2] == list(COSTS.values())


def queries_of(client, path):
    with CaptureQueriesContext(connection) as queries:
        page(client, path)
    return len(queries)
