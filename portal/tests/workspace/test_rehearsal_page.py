"""The page "What would they get?": each email in words, one text at a time, and nothing is written."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.models import Appointment
from portal.models import ClientProfile, FollowUp, FollowUpPlan
from portal.tests.practice_day import Scenario, page
from portal.tests.workspace.planned_emails import scenario
from practice.models import Letter, User
from practice.testing import at_work, make_user

__all__ = ["scenario"]

pytestmark = pytest.mark.django_db


QUERIES = 13


def path_of(client: User) -> str:
    return f"/workspace/clients/{client.pk}/rehearsal/"


def lines(user: User, client: User, query: str = "") -> list[tuple[str, str]]:
    """Each event of the page: which kind, and in which words."""
    found = at_work(user).get(path_of(client) + query)
    assert found.status_code == 200, found.text
    return [(str(one.kind), one.words) for week in found.context["weeks"] for one in week.lines]


def test_it_shows_what_waits_if_nothing_changes_and_why(scenario: Scenario) -> None:
    found = lines(scenario.jonah.user, scenario.ann)
    assert found[0] == ("sent", "The day after the session, per the plan. They have not started yet.")
    assert [kind for kind, _ in found] == ["sent"] * 3 + ["not sent"] * 4
    assert "without practice or a reply, so we stop here" in found[3][1]


def test_practicing_on_mondays_is_asked_in_the_address(scenario: Scenario) -> None:
    found = lines(scenario.jonah.user, scenario.ann, "?weekdays=0&at=08:00&weeks=6")
    assert found.count(("act", "They practice.")) == 6
    assert sum(kind == "sent" for kind, _ in found) == 7


def test_the_answers_come_week_by_week_by_the_clients_calendar(scenario: Scenario) -> None:
    text = page(scenario.jonah.user, path_of(scenario.ann) + "?weeks=8")
    assert [f"Week {number} <" in text for number in range(1, 10)] == [True] * 8 + [False]
    assert "from Tuesday, March 9" in text
    assert "Tuesday, March 9 at 9:00 AM" in text


def test_one_text_is_opened_at_a_time_and_as_it_would_be_then(scenario: Scenario) -> None:
    reader, at = scenario.jonah.user, path_of(scenario.ann)
    assert "After breakfast" not in page(reader, at)
    second = page(reader, f"{at}?weekdays=0&read=1")
    assert second.count("letter-text") == 1
    assert "After breakfast, on the rug" in second
    assert "letter-text" not in page(reader, f"{at}?read=6")  # that one would not be sent


def test_links_to_texts_keep_what_was_asked(scenario: Scenario) -> None:
    text = page(scenario.jonah.user, path_of(scenario.ann) + "?weekdays=0&weekdays=3&replies=on&weeks=2")
    assert (
        "?start=waiting&amp;weekdays=0&amp;weekdays=3&amp;at=18%3A00&amp;weeks=2&amp;pause=0&amp;replies=on"
        "&amp;read=0#text"
    ) in text


def test_another_plan_is_tried_as_if_a_session_had_ended_now(scenario: Scenario) -> None:
    plan = FollowUpPlan.objects.create(name="Once")
    plan.steps.create(days=7)
    found = lines(scenario.jonah.user, scenario.ann, f"?start={plan.pk}")
    assert found == [("sent", "7 days after the session, per the plan. They have not started yet.")]


def test_another_clients_own_plan_is_no_choice(scenario: Scenario) -> None:
    theirs = FollowUpPlan.objects.create(name="Of someone else", client=make_user("Zoe"))
    FollowUpPlan.objects.create(name="Of Ann", client=scenario.ann)
    text = page(scenario.jonah.user, path_of(scenario.ann))
    answer = at_work(scenario.jonah.user).get(f"{path_of(scenario.ann)}?start={theirs.pk}")

    assert ("with “Of Ann”" in text, "Of someone else" in text, answer.status_code) == (True, False, 422)


def test_an_email_early_on_the_last_day_is_in_the_last_week(scenario: Scenario) -> None:
    ClientProfile.objects.keep(scenario.ann, letter_at=dt.time(7, 30))
    plan = FollowUpPlan.objects.create(name="Once")
    plan.steps.create(days=7)
    found = lines(scenario.jonah.user, scenario.ann, f"?start={plan.pk}&weeks=1")

    assert [kind for kind, _ in found] == ["sent"]


def test_a_client_without_a_session_is_told_so(scenario: Scenario) -> None:
    Appointment.objects.filter(client=scenario.ann).update(state=Appointment.State.NO_SHOW)
    FollowUp.objects.all().delete()
    assert "There has been no session yet" in page(scenario.tess.user, path_of(scenario.ann))


@pytest.mark.parametrize("query", ["?weeks=99", "?start=nothing", "?weekdays=8", "?at=noon", "?pause=3"])
def test_what_the_page_does_not_offer_is_refused(scenario: Scenario, query: str) -> None:
    assert at_work(scenario.jonah.user).get(path_of(scenario.ann) + query).status_code == 422


@pytest.mark.parametrize("read", ["-1", "x", "99999999999999999999"])
def test_a_text_that_is_not_there_opens_nothing(scenario: Scenario, read: str) -> None:
    assert "letter-text" not in page(scenario.jonah.user, path_of(scenario.ann) + f"?read={read}")


def test_it_writes_no_email_and_no_plan(scenario: Scenario) -> None:
    before = [list(model.objects.order_by("pk").values()) for model in (Letter, FollowUp, ClientProfile)]
    lines(scenario.jonah.user, scenario.ann, "?weekdays=0&pause=2&replies=on&read=0")
    after = [list(model.objects.order_by("pk").values()) for model in (Letter, FollowUp, ClientProfile)]
    assert after == before


@pytest.mark.parametrize("query", ["?weeks=1", "?weeks=8&weekdays=0&weekdays=1&weekdays=2&weekdays=5"])
def test_eight_weeks_cost_no_more_queries_than_one(
    scenario: Scenario, django_assert_num_queries, query: str
) -> None:
    browser = at_work(scenario.jonah.user)
    browser.get(path_of(scenario.ann))
    with django_assert_num_queries(QUERIES):
        browser.get(path_of(scenario.ann) + query)


def test_the_front_desk_and_colleagues_without_access_find_no_page(scenario: Scenario) -> None:
    assert at_work(scenario.faye).get(path_of(scenario.ann)).status_code == 404


def test_the_clients_page_leads_there(scenario: Scenario) -> None:
    assert path_of(scenario.ann) in page(scenario.jonah.user, f"/workspace/clients/{scenario.ann.pk}/")


def test_an_email_held_back_by_a_booked_session_is_said(scenario: Scenario) -> None:
    scenario.comes(scenario.ann, "2027-03-12 13:00")
    found = lines(scenario.jonah.user, scenario.ann)
    assert any(
        kind == "not sent" and "so close that they get no other email" in words for kind, words in found
    )
    assert any(kind == "act" and "Wrapping it up starts new emails" in words for kind, words in found)


def test_times_are_by_the_clients_clock(scenario: Scenario) -> None:
    User.objects.filter(pk=scenario.ann.pk).update(zone="Asia/Tokyo")
    text = page(scenario.jonah.user, path_of(scenario.ann))
    assert "Wednesday, March 10 at 1:00 AM" in text
    assert "Times are by their clock: " in text
