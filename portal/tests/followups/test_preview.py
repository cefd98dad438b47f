"""Previews: what would go, when, why, that looking changes nothing, and what it costs."""

import datetime as dt
from dataclasses import replace

from booking.models import Appointment
from portal.followups.queue import preview, previews, waiting_follow_ups
from portal.models import FollowUp
from portal.tests.followups.sample_rows import (
    SESSION,
    denver,
    planned,
    row,
    scenario,
    send_until,
)
from practice.mail.delivery import deliver
from practice.models import Letter

__all__ = ["planned", "scenario"]  # fixtures
MARKER = "after breakfast, on the zebra rug"
JUDGED_IN, ALL_SEVEN_IN = 10, 33  # queries


def test_what_is_to_come_the_soonest_first(scenario, planned):
    send_until(denver(12))
    assert [one.place for one in waiting_follow_ups(scenario.ann, now=denver(12))] == [1, 2, 3, 4, 5, 6]


def test_a_preview_is_what_goes(scenario, planned):
    scenario.page(plan=MARKER)
    foreseen = preview(row(), now=SESSION)
    (sent,) = send_until(denver(12))
    assert (foreseen.words.subject, foreseen.words.text) == (sent.subject, sent.body)


def test_a_preview_says_why_then_and_why_this(scenario, planned):
    seen = preview(row(1), now=SESSION)
    assert (seen.why_then, seen.why_this, seen.held_back) == (
        "4 days after the session, per the plan.",
        "They have not started yet.",
        "",
    )


def test_the_preview_of_a_later_one_has_another_text(scenario, planned):
    subjects = [preview(row(place), now=SESSION).words.subject for place in range(3)]
    assert len(set(subjects)) == 3


def test_a_preview_says_if_it_would_be_held_back(scenario, planned):
    scenario.practise(denver(11, 20), needs_human="pain_rose")
    assert preview(row(), now=denver(11, 21)).held_back.startswith("Held back because of what they reported")


def test_all_of_them_at_once_are_what_each_is(scenario, planned):
    found = [replace(one, changes=None) for one in previews(scenario.ann, now=SESSION)]
    assert found == [preview(row(place), now=SESSION) for place in range(7)]


def test_while_one_is_being_sent_the_others_are_foreseen_as_each_is(scenario, planned):
    deliver.claim_one(denver(12))
    found = [replace(one, changes=None) for one in previews(scenario.ann, now=denver(12))]
    assert found == [preview(row(place), now=denver(12)) for place in range(7)]


def test_a_preview_changes_nothing(scenario, planned):
    before = list(Letter.objects.order_by("pk").values()), list(FollowUp.objects.order_by("pk").values())
    preview(row(4), now=SESSION)
    assert before == (
        list(Letter.objects.order_by("pk").values()),
        list(FollowUp.objects.order_by("pk").values()),
    )


# --- What it costs -----------------------------------------------------------------------------


def test_a_judgement_costs_the_same_after_years(scenario, planned, django_assert_num_queries):
    for week in range(120):
        then = SESSION - week * dt.timedelta(days=7)
        scenario.practise(then - dt.timedelta(days=4))
        scenario.meet(
            scenario.ann,
            then - dt.timedelta(days=5),
            state=Appointment.State.COMPLETED,
            booked_at=then - dt.timedelta(days=6),
        )
    letter = deliver.claim_one(denver(12))
    deliver.read_reader(letter)
    with django_assert_num_queries(JUDGED_IN):
        assert deliver.send_check.check_before_sending(letter, denver(12)).fresh


def test_all_of_them_at_once_read_what_they_share_once(scenario, planned, django_assert_num_queries):
    with django_assert_num_queries(ALL_SEVEN_IN):
        previews(scenario.ann, now=SESSION)
