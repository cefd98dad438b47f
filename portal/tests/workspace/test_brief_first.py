"""The brief before a first session: what they told beforehand is all there is, so it stands there."""

from __future__ import annotations

import pytest
import time_machine

from booking.intake.answers import SIGNS, Answers, write
from booking.models import Intake
from portal.tests.day import NOW, House, denver, open_house, page

pytestmark = pytest.mark.django_db

TOLD = {
    "since": {"since": "years", "how": "After the second child."},
    "where": {"marked": "low-back:3 hip-left:2", "words": "It pulls into the thigh."},
    "change": {"better": "walking", "worse": "long drives"},
    "goals": {"goals": [{"what": "Carry the groceries upstairs", "now": 3}]},
    "signs": {**dict.fromkeys(SIGNS, "no"), "night": "yes"},
}


@pytest.fixture
def house():
    with time_machine.travel(NOW, tick=False):
        yield open_house()


def told(house: House, *, handed_in: str = "2027-03-08 20:00", **parts) -> Intake:
    """Ann's intake, handed in the evening before; "" when she is still writing."""
    return Intake.objects.create(
        client=house.ann,
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
def test_the_brief_of_a_first_session_says_what_was_told(house: House, words: str) -> None:
    told(house)
    assert words in page(house.jonah.user)


def test_all_of_it_is_one_press_away(house: House) -> None:
    told(house)
    assert f'href="/workspace/clients/{house.ann.pk}/#beforehand"' in page(house.jonah.user)


def test_what_is_still_being_written_is_theirs(house: House) -> None:
    told(house, handed_in="")
    said = page(house.jonah.user)
    assert "The intake is not submitted yet." in said
    assert "groceries" not in said


def test_the_front_desk_reads_none_of_it(house: House) -> None:
    told(house)
    said = page(house.faye)
    assert ("Ann Lee" in said, "groceries" in said, "Warning sign" in said) == (True, False, False)


def test_a_first_session_is_not_told_that_nothing_was_done_at_home(house: House) -> None:
    said = page(house.jonah.user)
    assert ("Nothing was heard or done" in said, "No letter is planned" in said) == (False, False)


def test_what_was_handed_in_before_the_last_session_is_on_their_page_only(house: House) -> None:
    told(house, handed_in="2027-02-28 20:00")
    house.came(house.ann, "2027-03-02 13:00")
    assert "groceries" not in page(house.jonah.user)


def test_an_intake_renewed_since_the_last_session_stands_there(house: House) -> None:
    house.came(house.ann, "2027-03-02 13:00")
    told(house)
    assert "groceries" in page(house.jonah.user)


def test_the_latest_of_two_counts(house: House) -> None:
    told(house, goals={"goals": [{"what": "Run", "now": 1}]}, handed_in="2027-03-01 20:00")
    told(house)
    said = page(house.jonah.user)
    assert ("groceries" in said, "Run (1 of 10)" in said) == (True, False)


def test_what_cannot_be_read_leaves_the_page_whole(house: House) -> None:
    intake = told(house)
    Intake.objects.filter(pk=intake.pk).update(answers="{}")
    assert "Ann Lee" in page(house.jonah.user)


def test_words_that_end_in_a_full_stop_get_no_second_one(house: House) -> None:
    told(house, change={"better": "Lying down.", "worse": "Long drives!"})
    assert "Better: “Lying down.” Worse: “Long drives!”<" in page(house.jonah.user)
