"""Who may book, with rows: pages, API and actions keep the rule, and tell nobody who is a client here."""

import datetime as dt

import pytest

from booking import queries
from booking.availability import listing
from booking.errors import NotBookable
from booking.models import Appointment
from booking.testing import make_appointment, make_session_type
from booking.tests.people import ANN, NOW, TEN, booked, denver, kept, minutes, noted
from booking.tests.web_client import Api, browser, stored, words_of
from practice.models import User
from practice.testing import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(tess):
    """One type for each answer to "who?"."""
    return {
        who: make_session_type(tess, slug=who, name=who.title(), who=who)
        for who in ("new", "returning", "staff")
    }


@pytest.fixture
def ann(session, tess):
    """Ann has been here in February."""
    ann = make_user("Ann Lee")
    make_appointment(
        session_type=session,
        practitioner=tess,
        start=denver("2027-02-02 10:00"),
        client=ann,
        state="completed",
    )
    return ann


@pytest.fixture
def on_monday(time_machine):
    time_machine.move_to(NOW)


@pytest.mark.parametrize(("state", "start", "asker"), [
    ("completed", "2027-02-02 10:00", "returning"),
    ("booked", "2027-02-02 10:00", "returning"),
    ("booked", "2027-04-02 10:00", "new"),
    ("no_show", "2027-02-02 10:00", "new"),
    ("cancelled", "2027-02-02 10:00", "new"),
    ("held", "2027-02-02 10:00", "new"),
])  # fmt: skip
def test_who_has_been_here(state, start, asker, tess, session):
    ben = make_user("Ben Hart")
    make_appointment(
        session_type=session,
        practitioner=tess,
        start=denver(start),
        client=ben,
        state=state,
        occupies=state in ("booked", "held"),
    )
    assert queries.asker_status_of(ben, now=NOW) == asker


def test_a_visitor_is_of_unknown_standing_and_staff_are_staff(tess):
    assert (queries.asker_status_of(None, now=NOW), queries.asker_status_of(tess.user, now=NOW)) == (
        "unknown",
        "staff",
    )


@pytest.mark.parametrize("slug", ["new", "returning", "staff"])
def test_case_33_a_type_for_some_answers_known_and_unknown_addresses_alike(slug, kinds, ann, on_monday):
    """Ann has been here, nobody knows Vera: what a visitor is told about either is the same to the letter."""
    told = []
    for number, address in enumerate(["ann@example.com", "vera@example.com"]):
        start = TEN + minutes(60 * number)
        answer = Api().book(start, session_type=slug, name="Somebody", email=address)
        body = answer.json()
        told.append((answer.status_code, body.get("error"), body.get("state"), sorted(body)))
    assert told[0] == told[1]


def test_a_known_address_is_told_apart_at_work_only(kinds, ann, tess):
    made = booked(kinds["new"], tess)
    assert "They have been here before" in noted(made, "booked")
    other = booked(kinds["new"], tess, TEN + minutes(60), attendee=ANN.__class__("Vera", "v@example.com"))
    assert noted(other, "booked") == ""


def test_a_returning_client_who_signed_in_is_not_offered_what_is_for_new_people(kinds, ann, tess):
    with pytest.raises(NotBookable, match="for new clients") as caught:
        booked(kinds["new"], tess, by=ann, client=ann)
    assert (caught.value.code, Appointment.objects.filter(session_type=kinds["new"]).count()) == ("who", 0)


def test_a_returning_client_keeps_and_books_what_is_for_them(kinds, ann, tess):
    held = kept(kinds["returning"], tess, by=ann)
    assert booked(kinds["returning"], tess, held=held, by=ann, client=ann).state == "booked"


@pytest.mark.parametrize("who", ["returning", "staff"])
def test_a_crafted_hold_of_a_visitor_is_refused(who, kinds, tess):
    with pytest.raises(NotBookable):
        kept(kinds[who], tess)


def test_staff_book_every_type_for_anyone(kinds, ann, tess):
    made = [
        booked(kind, tess, TEN + minutes(60 * number), by=tess.user, client=ann)
        for number, kind in enumerate(kinds.values())
    ]
    assert [one.state for one in made] == ["booked"] * 3


def test_a_booked_session_may_be_moved_by_its_link_for_any_audience(kinds, ann, tess):
    made = booked(kinds["returning"], tess, by=ann, client=ann)
    assert listing.first_refusal(kinds["returning"], tess, TEN + minutes(60), now=NOW, ignoring=made) is None


def pages(*, user: User | None) -> dict[str, str]:
    """The words of the page of types and of each type's own page."""
    visitor = browser()
    if user:
        visitor.force_login(user)
    slugs = ("new", "returning", "staff")
    return {slug: words_of(visitor.get(f"/book/{slug}/")) for slug in slugs} | {
        "": words_of(visitor.get("/book/"))
    }


def test_a_visitor_sees_new_times_is_asked_to_sign_in_for_returning_and_finds_no_staff_type(kinds, on_monday):
    said = pages(user=None)
    assert "When would you like to come?" in said["new"]
    assert "Sign in to see the times." in said["returning"]
    assert "Sign in to see the times." in said[""]
    assert "Staff" not in said[""]
    assert browser().get("/book/staff/").status_code == 404


def test_a_returning_client_sees_returning_times_and_a_sentence_for_new(kinds, ann, on_monday):
    said = pages(user=ann)
    assert "When would you like to come?" in said["returning"]
    assert "You’ve been here before, so please choose another." in said["new"]
    assert "You’ve been here before, so please choose another." in said[""]


def test_the_api_lists_what_a_visitor_may_book_and_explains_the_rest(kinds, on_monday):
    api, when = Api(), {"practitioner": "any", "start": TEN.isoformat()}
    assert [one["slug"] for one in api.get("session-types").json()] == ["new"]
    assert api.get("explain", session_type="returning", **when).json()["rule"] == "who"
    day = {"session_type": "returning", "from_": "2027-03-16", "to": "2027-03-16"}
    assert api.get("slots", **day).json()["slots"] == []
    assert "Sign in" in api.get("slots", **day).json()["reason"]
    assert api.get("explain", session_type="staff", **when).status_code == 404


def test_the_api_believes_no_session(kinds, ann, on_monday):
    """Another site's page could send a signed-in client's cookie along: here it counts for nothing."""
    signed_in = browser()
    signed_in.force_login(ann)
    before = stored()
    answer = Api(signed_in).book(TEN, session_type="returning")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "who")
    assert stored() == before


def test_staff_only_types_have_no_hold_address(kinds):
    answer = browser().post("/book/staff/hold/", {"start": TEN.isoformat(), "practitioner": "tess"})
    assert answer.status_code == 404


def test_the_first_page_leads_to_what_a_visitor_may_book(kinds):
    assert queries.first_type() == kinds["new"]
    kinds["new"].delete()
    assert queries.first_type() is None


def test_returning_counts_from_the_beginning_of_the_first_session(tess, session):
    first = booked(session, tess)
    at_its_end = TEN + dt.timedelta(hours=1)
    assert queries.asker_status_of(first.client, now=TEN - dt.timedelta(seconds=1)) == "new"
    assert queries.asker_status_of(first.client, now=at_its_end) == "returning"
