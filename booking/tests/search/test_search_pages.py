"""The search at work: who finds whom, what a result shows, and that nothing of it is kept."""

import pytest
from django.test import Client

from booking.testing import make_appointment
from booking.tests.people import TEN, booked
from booking.tests.web_client import words_of
from practice.models import User
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
PAGE, SUGGEST = "/workspace/search/", "/workspace/search/suggest/"
BOTH = pytest.mark.parametrize("page", [PAGE, SUGGEST, f"{SUGGEST}?to=book"])


@pytest.fixture
def ann(session, tess):
    """Ann comes to Tess on the sixteenth."""
    ann = make_user("Ann Lee-Müller", email="ann@example.com", phone="+17205550123")
    make_appointment(session_type=session, practitioner=tess, start=TEN, client=ann)
    return ann


@BOTH
@pytest.mark.parametrize("words", ["ann", "MUELLER", "lee muller", "(720) 555-0123", "0123", "ann@ex"])
def test_a_client_is_found_by_name_number_and_address(page, words, ann, tess):
    assert "Ann Lee-Müller" in words_of(at_work(tess.user).get(page, {"q": words, "to": page[-4:]}))


@BOTH
def test_a_practitioner_finds_only_people_they_know(page, ann, jonah):
    assert "Ann" not in words_of(at_work(jonah.user).get(page, {"q": "ann"})).replace("“ann”", "")


@BOTH
def test_the_front_desk_finds_everyone_but_colleagues(page, ann, tess):
    desk = at_work(make_user("Dee Desk", role=User.Role.FRONT_DESK))
    make_user("Zed Unseen")
    assert "Ann Lee-Müller" in words_of(desk.get(page, {"q": "ann"}))
    assert "Zed Unseen" in words_of(desk.get(page, {"q": "zed"}))
    assert "Tess Marlow" not in words_of(desk.get(page, {"q": "tess"}))


@BOTH
def test_a_client_and_a_visitor_find_no_such_page(page, ann):
    browser = Client()
    assert browser.get(page, {"q": "ann"}).status_code == 302
    browser.force_login(ann)
    assert browser.get(page, {"q": "ann"}).status_code == 404


@BOTH
def test_nothing_of_an_answer_is_kept(page, ann, tess):
    assert "no-store" in at_work(tess.user).get(page, {"q": "ann"})["Cache-Control"]


@BOTH
@pytest.mark.parametrize("words", ["", "  ", "%", "'", "x" * 5000, "<script>"])
def test_nobody_is_found_by_nothing(page, words, ann, tess):
    answer = at_work(tess.user).get(page, {"q": words})
    assert (answer.status_code, "Ann" in answer.content.decode()) == (200, False)
    assert "<script>" not in answer.content.decode().partition("<main")[2].partition("</main")[0]


def test_a_result_shows_how_to_reach_them_and_when_they_come_next(ann, tess):
    answer = at_work(tess.user).get(PAGE, {"q": "ann"})
    said, html = words_of(answer), answer.content.decode()
    for words in ("ann@example.com", "720 555 0123", "Tuesday, March 16 at 10:00", "Session with Tess"):
        assert words in said.replace("\xa0", " ")
    assert f"/workspace/book/?client={ann.pk}" in html
    assert f"/workspace/clients/{ann.pk}/" in html


def test_the_desk_opens_the_appointment_for_it_opens_no_record(ann, session, tess):
    desk = at_work(make_user("Dee Desk", role=User.Role.FRONT_DESK))
    html = desk.get(PAGE, {"q": "ann"}).content.decode()
    assert f"/workspace/clients/{ann.pk}/" not in html
    assert "/workspace/appointments/" in html


def test_an_appointment_on_a_day_that_is_not_ones_own_is_not_shown(ann, session, tess, jonah):
    session.practitioners.add(jonah)
    booked(session, jonah, TEN.replace(hour=14), client=ann, by=ann)
    said = words_of(at_work(jonah.user).get(PAGE, {"q": "ann"}))
    assert ("Session with Jonah" in said, "Session with Tess" in said) == (True, False)


def test_who_finds_someone_asks_the_same_number_of_questions_for_one_and_for_many(
    ann, tess, django_assert_max_num_queries
):
    for number in range(25):
        make_user(f"Ann Number{number}", email=f"a{number}@example.com", phone=f"+1720555{number:04}")
    browser = at_work(tess.user)
    browser.get(PAGE)
    with django_assert_max_num_queries(10):
        assert "Ann Number24" in words_of(browser.get(PAGE, {"q": "ann"}))
