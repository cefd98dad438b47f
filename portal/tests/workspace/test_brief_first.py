"""The brief before a first session: what they told beforehand is all there is, so it stands there."""

from __future__ import annotations

import pytest
import time_machine

from booking.intake.answers import SIGNS, Answers, write
from booking.models import Intake
from portal.tests.practice_day import NOW, Scenario, denver, make_scenario, page

pytestmark = pytest.mark.django_db

TOLD = {
    "since": {"since": "years", "how": "After the second child."},
    "where": {"marked": "low-back:3 hip-left:2", "words": "It pulls into the thigh."},
    "change": {"better": "walking", "worse": "long drives"},
    "goals": {"goals": [{"what": "Carry the groceries upstairs", "now": 3}]},
    "signs": {**dict.fromkeys(SIGNS, "no"), "night": "yes"},
}


@pytest.fixture
def scenario():
    with time_machine.travel(NOW, tick=False):
        yield make_scenario()


def make_intake(scenario: Scenario, *, handed_in: str = "2027-03-08 20:00", **parts) -> Intake:
    """Ann's intake, handed in the evening before; "" when she is still writing."""
    return Intake.objects.create(
        client=scenario.ann,
        answers=write(Answers({**TOLD, **parts})),
        saved_at=NOW,
        handed_in_at=denver(handed_in) if handed_in else None,
    )


@pytest.mark.parametrize(
    "words",
    [
        "<strong>Warning sign:</strong> Pain at night that no position eases.",
        "<strong>Where:</strong> Low back, a lot; left hip, some. “It pulls into the thigh.”",
        "<strong>Since when:</strong> Several years. “After the second child.”",
        "<strong>What changes it:</strong> Better: “walking”. Worse: “long drives”.",
        "<strong>Wants to do again:</strong> Carry the groceries upstairs (3 of 10).",
    ],
)
def test_the_brief_of_a_first_session_says_what_was_told(scenario: Scenario, words: str) -> None:
    make_intake(scenario)
    assert words in page(scenario.jonah.user)


def test_all_of_it_is_one_press_away(scenario: Scenario) -> None:
    make_intake(scenario)
    assert f'href="/workspace/clients/{scenario.ann.pk}/#beforehand"' in page(scenario.jonah.user)


def test_what_is_still_being_written_is_theirs(scenario: Scenario) -> None:
    make_intake(scenario, handed_in="")
    said = page(scenario.jonah.user)
    assert "The intake is not submitted yet." in said
    assert "groceries" not in said


def test_the_front_desk_reads_none_of_it(scenario: Scenario) -> None:
    make_intake(scenario)
    said = page(scenario.faye)
    assert ("Ann Lee" in said, "groceries" in said, "Warning sign" in said) == (True, False, False)


def test_a_first_session_is_not_told_that_nothing_was_done_at_home(scenario: Scenario) -> None:
    said = page(scenario.jonah.user)
    assert ("Nothing was heard or done" in said, "No letter is planned" in said) == (False, False)


def test_what_was_submitted_before_the_last_session_is_on_their_page_only(scenario: Scenario) -> None:
    make_intake(scenario, handed_in="2027-02-28 20:00")
    scenario.came(scenario.ann, "2027-03-02 13:00")
    assert "groceries" not in page(scenario.jonah.user)


def test_an_intake_renewed_since_the_last_session_is_shown(scenario: Scenario) -> None:
    scenario.came(scenario.ann, "2027-03-02 13:00")
    make_intake(scenario)
    assert "groceries" in page(scenario.jonah.user)


def test_the_latest_of_two_counts(scenario: Scenario) -> None:
    make_intake(scenario, goals={"goals": [{"what": "Run", "now": 1}]}, handed_in="2027-03-01 20:00")
    make_intake(scenario)
    said = page(scenario.jonah.user)
    assert ("groceries" in said, "Run (1 of 10)" in said) == (True, False)


def test_what_cannot_be_read_leaves_the_page_whole(scenario: Scenario) -> None:
    intake = make_intake(scenario)
    Intake.objects.filter(pk=intake.pk).update(answers="{}")
    assert "Ann Lee" in page(scenario.jonah.user)


def test_words_that_end_in_a_full_stop_get_no_second_one(scenario: Scenario) -> None:
    make_intake(scenario, change={"better": "Lying down.", "worse": "Long drives!"})
    assert "Better: “Lying down.” Worse: “Long drives!”<" in page(scenario.jonah.user)
