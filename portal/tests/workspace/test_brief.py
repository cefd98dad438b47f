"""The two minutes before somebody comes: what is seen, by whom, and what is not."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
import time_machine

from booking.models import Appointment
from portal.models import FollowUp, PracticeEntry, Question
from portal.tests.practice_day import NOW, Scenario, denver, make_scenario, page
from portal.workspace.brief import done_since
from practice.core.reasons import as_written
from practice.models import AccessLog, Letter
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
State = Appointment.State
TODAY = "/workspace/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def scenario(clock) -> Scenario:
    return make_scenario()


@pytest.fixture
def heard(scenario: Scenario) -> Scenario:
    """Ann was here a week ago, and practised, wrote and asked since."""
    last = scenario.came(scenario.ann, "2027-03-02 13:00")
    scenario.noted(last, foundation="Right side quiet.", next_time="Ask about the ankle.")
    scenario.heard(
        scenario.ann, "2027-03-07 20:00", pain_before="5", pain_after="3", noticing="Left side longer."
    )
    Question.objects.create(client=scenario.ann, lesson=scenario.floor, at_ms=460_000, text="Foot flat?")
    return scenario


def rises(scenario: Scenario) -> PracticeEntry:
    """Ann told of more pain on Saturday."""
    return scenario.heard(
        scenario.ann, "2027-03-06 09:00", pain_before="3", pain_after="6", needs_human="pain_rose"
    )


def letter(client, state: str = "planned", **fields) -> Letter:
    return Letter.objects.create(
        **{
            "key": str(uuid.uuid4()),
            "kind": "follow_up",
            "category": "encouragement",
            "user": client,
            "to_name": client.name,
            "to_address": client.email,
            "subject": "Between sessions",
            "message_id": f"<{uuid.uuid4()}@example.com>",
            "due_at": denver("2027-03-11 09:00"),
            "state": state,
            **fields,
        }
    )


def follows(scenario: Scenario, appointment: Appointment, place: int = 0, **fields) -> FollowUp:
    return FollowUp.objects.create(
        **{
            "client": scenario.ann,
            "appointment": appointment,
            "place": place,
            "days": 1 + place,
            "at": dt.time(9),
            **fields,
        }
    )


# --- Who sees what ---------------------------------------------------------------------------------
HEALTH = ("Left side longer", "5, then 3", "Foot flat", "On the floor", "ankle", "Right side", "Last letter")


def test_another_practitioners_client_is_not_in_the_day_at_all(heard: Scenario) -> None:
    ben = make_user("Ben Hart")
    heard.comes(ben, "2027-03-09 10:00", to=heard.tess)
    heard.heard(ben, "2027-03-08 10:00", needs_human="pain_rose", noticing="Ben's words")
    Question.objects.create(client=ben, text="Ben's question")
    letter(ben, "failed")
    assert not re.search(r"\bBen\b", page(heard.jonah.user))  # as a word: tokens have letters too


def test_the_front_desk_sees_names_and_times_only(heard: Scenario) -> None:
    rises(heard)
    said = page(heard.faye)
    assert "Ann Lee" in said
    assert "1:00" in said
    assert [word for word in (*HEALTH, "pain", "wrapped up", "Asks") if word in said] == []


def test_the_front_desk_is_led_to_no_page_it_may_not_open(heard: Scenario) -> None:
    said = page(heard.faye)
    assert "/workspace/clients/" not in said
    assert "/workspace/questions/" not in said


def test_the_front_desk_opens_no_record(heard: Scenario) -> None:
    page(heard.faye)
    assert AccessLog.objects.count() == 0


def test_two_practitioners_who_share_a_client_both_read_what_was_done(heard: Scenario) -> None:
    heard.comes(heard.ann, "2027-03-09 16:00", to=heard.tess)
    for reader in (heard.jonah, heard.tess):
        assert "Left side longer." in page(reader.user)


def test_a_session_with_a_colleague_is_named(heard: Scenario) -> None:
    heard.comes(heard.ann, "2027-03-09 16:00", to=heard.tess)
    assert "Since Tuesday, March 2, with Jonah" in page(heard.tess.user)


def test_opening_the_day_is_written_down_once_an_hour(heard: Scenario, clock) -> None:
    page(heard.jonah.user)
    page(heard.jonah.user)
    clock.shift(dt.timedelta(minutes=61))
    page(heard.jonah.user)
    assert (
        list(AccessLog.objects.values_list("reader__name", "whose__name")) == [("Jonah Reed", "Ann Lee")] * 2
    )


# --- Since when ------------------------------------------------------------------------------------
def test_what_was_done_before_the_last_session_is_not_counted(heard: Scenario) -> None:
    heard.heard(heard.ann, "2027-03-01 20:00", noticing="Before it.")
    said = page(heard.jonah.user)
    assert ("Before it." in said, "On the floor once" in said) == (False, True)


@pytest.mark.parametrize("state", [State.NO_SHOW, State.CANCELLED])
def test_a_session_that_was_missed_or_canceled_is_no_session(heard: Scenario, state: str) -> None:
    heard.came(heard.ann, "2027-03-08 13:00", state=state)
    assert "Since Tuesday, March 2" in page(heard.jonah.user)


def test_a_session_not_wrapped_up_yet_is_one(heard: Scenario) -> None:
    heard.comes(heard.ann, "2027-03-08 13:00")
    assert "Since Monday, March 8" in page(heard.jonah.user)


def test_the_day_is_the_clients_own(heard: Scenario) -> None:
    heard.ann.zone = "Asia/Tokyo"
    heard.ann.save(update_fields=["zone"])
    assert "Wrote on Monday" in page(heard.jonah.user)  # noon in Tokyo; Sunday evening in Denver


def test_who_comes_for_the_first_time_has_no_since(scenario: Scenario) -> None:
    said = page(scenario.jonah.user)
    assert "First time here" in said
    assert "Before the first session" in said


# --- What stands there -----------------------------------------------------------------------------
THE_BRIEF_SAYS = (
    "On the floor once,",
    "20 minutes on Sunday.",
    "“Left side longer.”",
    "5, then 3 on Sunday.",
    "Asks, at 7:40 of “Let the floor hold you”:",
    "Ask about the ankle.",
    "Jonah’s note of Tuesday, March 2: “Right side quiet.”",
    "No email is scheduled.",
)


def test_the_brief_says(heard: Scenario) -> None:
    said = page(heard.jonah.user)
    assert [words for words in THE_BRIEF_SAYS if words not in said] == []


@pytest.mark.engines
def test_a_question_leads_to_its_place_in_the_lesson(heard: Scenario) -> None:
    link = '<a href="/portal/lessons/floor/?at=460">Asks, at 7:40 of “Let the floor hold you”:</a>'
    assert link in page(heard.jonah.user)


def test_a_place_where_it_was_stopped_is_named(heard: Scenario) -> None:
    heard.heard(heard.ann, "2027-03-08 20:00", stopped_ms=680_000)
    assert "stopped at 11:20 yesterday" in page(heard.jonah.user)


@pytest.mark.engines
def test_a_time_only_written_about_has_no_minutes(heard: Scenario) -> None:
    heard.heard(heard.ann, "2027-03-08 20:00", minutes=0, noticing="It let go.")
    PracticeEntry.objects.exclude(started_at=denver("2027-03-08 20:00")).delete()
    assert "On the floor once, yesterday." in re.sub(r"<[^>]+>", "", page(heard.jonah.user))


def test_exercises_are_told_apart_from_the_floor(heard: Scenario) -> None:
    heard.heard(heard.ann, "2027-03-08 07:00", minutes=0, exercise=heard.tilt, felt="better")
    said = page(heard.jonah.user)
    assert "“The tilt” once, last yesterday." in said
    assert "Afterward: better once" in said


@pytest.mark.engines
def test_markup_in_a_clients_words_stays_words(heard: Scenario) -> None:
    heard.heard(heard.ann, "2027-03-08 20:00", noticing="<script>alert(1)</script>")
    assert "<script>alert" not in page(heard.jonah.user)


@pytest.mark.engines
def test_a_long_noticing_is_cut(heard: Scenario) -> None:
    heard.heard(heard.ann, "2027-03-08 20:00", noticing="word " * 4000)
    assert page(heard.jonah.user).count("word ") < 100


def test_next_and_last_email_are_in_one_line(heard: Scenario) -> None:
    last = Appointment.objects.earliest("starts_at")
    went = letter(
        heard.ann, "cancelled", due_at=denver("2027-03-04 09:00"), why=as_written("They practiced on it.")
    )
    heard.ann.consents.create(kind="letters")
    follows(heard, last, 0, letter=went)
    follows(heard, last, 1, letter=letter(heard.ann))
    assert "Next email Thursday, March 11 at 9:00 AM. The last was held back: They practiced on it." in page(
        heard.jonah.user
    )


def test_an_email_to_someone_who_never_agreed_is_not_planned(heard: Scenario) -> None:
    follows(heard, Appointment.objects.earliest("starts_at"), letter=letter(heard.ann))
    assert "They have not agreed to emails, so none are sent." in page(heard.jonah.user)


# --- Wrapping up -----------------------------------------------------------------------------------
def test_a_session_that_is_over_waits_to_be_wrapped_up(heard: Scenario, clock) -> None:
    clock.move_to(denver("2027-03-09 14:30"))
    assert "Not wrapped up yet" in page(heard.jonah.user)


def test_a_signed_one_says_when(heard: Scenario, clock) -> None:
    clock.move_to(denver("2027-03-09 16:30"))
    heard.noted(Appointment.objects.latest("starts_at"))
    Appointment.objects.filter(starts_at=denver("2027-03-09 13:00")).update(state=State.COMPLETED)
    assert "Wrapped up at 3:00 PM." in page(heard.jonah.user)


def test_a_no_show_waits_for_nothing(heard: Scenario, clock) -> None:
    clock.move_to(denver("2027-03-09 14:30"))
    Appointment.objects.filter(starts_at=denver("2027-03-09 13:00")).update(state=State.NO_SHOW)
    said = page(heard.jonah.user)
    assert ("Did not come." in said, "Not wrapped up yet" in said) == (True, False)


def test_past_days_not_wrapped_up_need_a_person(heard: Scenario) -> None:
    heard.comes(make_user("Cleo Moss"), "2027-03-05 10:00")
    assert "Cleo Moss’s session is not wrapped up" in page(heard.jonah.user)


def test_many_not_wrapped_up_are_one_entry(heard: Scenario) -> None:
    for hour in (9, 11, 13):
        heard.comes(make_user(f"Cleo{hour} Moss"), f"2027-03-05 {hour:02}:00")
    said = page(heard.jonah.user)
    assert "3 sessions are not wrapped up" in said
    assert said.count("Wrap up: </span>Cleo") == 3


def test_a_session_with_a_signed_note_does_not(heard: Scenario) -> None:
    assert "is not wrapped up" not in page(heard.jonah.user)


# --- Needs attention --------------------------------------------------------------------------------
def test_pain_that_rose_needs_a_person_until_someone_looked(heard: Scenario) -> None:
    entry = rises(heard)
    assert "More pain after practicing: 3, then 6, on Saturday" in page(heard.jonah.user)
    at_work(heard.jonah.user).post(f"/workspace/clients/{heard.ann.pk}/looked/{entry.pk}/", {"from": "today"})
    entry.refresh_from_db()
    assert entry.cleared_by == heard.jonah.user
    assert "ore pain after practicing" not in page(heard.jonah.user)


def test_a_get_never_clears_pain(heard: Scenario) -> None:
    entry = rises(heard)
    path = f"/workspace/clients/{heard.ann.pk}/looked/{entry.pk}/"
    assert at_work(heard.jonah.user).get(path).status_code == 405


def test_an_entry_of_someone_else_is_not_cleared_through_a_client_of_mine(heard: Scenario) -> None:
    entry = heard.heard(make_user("Zoe Hill"), "2027-03-06 09:00", needs_human="pain_rose")
    path = f"/workspace/clients/{heard.ann.pk}/looked/{entry.pk}/"
    assert at_work(heard.jonah.user).post(path).status_code == 404
    entry.refresh_from_db()
    assert entry.cleared_at is None


@pytest.mark.engines
def test_emails_without_an_answer_are_listed_once(heard: Scenario) -> None:
    last = Appointment.objects.earliest("starts_at")
    for place in range(3):
        follows(heard, last, place, asks_human=True, why=as_written("3 letters without a reply."))
    assert page(heard.jonah.user).count("Ann Lee: no answer to our emails") == 1


def test_why_they_stopped_is_said_and_not_when_they_were_planned(heard: Scenario) -> None:
    stopped = letter(heard.ann, "cancelled", why=as_written("3 letters without a reply."))
    last = Appointment.objects.earliest("starts_at")
    follows(heard, last, asks_human=True, letter=stopped, why=as_written("18 days after the session."))
    said = page(heard.jonah.user)
    assert ("3 letters without a reply." in said, "18 days after" in said) == (True, False)


@pytest.mark.engines
@pytest.mark.parametrize(("act", "answered"), [("answered", True), ("let-be", False)])
def test_they_answered_or_let_be_takes_them_off_the_list(heard: Scenario, act: str, answered: bool) -> None:
    follows(heard, Appointment.objects.earliest("starts_at"), asks_human=True)
    at_work(heard.jonah.user).post(f"/workspace/clients/{heard.ann.pk}/{act}/")
    heard.ann.refresh_from_db()
    page_of = getattr(heard.ann, "client", None)
    assert "no answer to our emails" not in page(heard.jonah.user)
    assert bool(page_of and page_of.answered_at) == answered


@pytest.mark.parametrize("act", ["answered", "let-be", "looked/1"])
def test_the_front_desk_and_a_colleague_can_do_none_of_it(heard: Scenario, act: str) -> None:
    ben = make_user("Ben Hart")
    heard.comes(ben, "2027-03-09 10:00", to=heard.tess)
    for user, whose in ((heard.faye, heard.ann), (heard.jonah.user, ben)):
        assert at_work(user).post(f"/workspace/clients/{whose.pk}/{act}/").status_code == 404


def test_a_question_of_someone_who_does_not_come_today_needs_a_person(heard: Scenario) -> None:
    cleo = make_user("Cleo Moss")
    heard.came(cleo, "2027-02-05 10:00")
    Question.objects.create(client=cleo, text="May I skip a day?")
    assert "Cleo Moss has a question" in page(heard.jonah.user)


def test_an_answered_question_needs_nobody(heard: Scenario) -> None:
    Question.objects.update(answer="Flat.", answered_at=NOW)
    assert "Foot flat" not in page(heard.jonah.user)


def test_each_counts_from_their_own_last_session_though_both_came_in_one_week(scenario: Scenario) -> None:
    ben = make_user("Ben Hart")
    kept = [scenario.heard(scenario.ann, "2027-03-04 20:00"), scenario.heard(ben, "2027-03-05 20:00")]
    scenario.heard(scenario.ann, "2027-03-03 08:50")  # begun before, over after
    scenario.heard(ben, "2027-03-04 20:00")
    found = done_since({scenario.ann.pk: denver("2027-03-03 09:00"), ben.pk: denver("2027-03-05 09:00")})
    assert {pk: [one.practised.key for one in theirs] for pk, theirs in found.items()} == {
        scenario.ann.pk: [kept[0].pk],
        ben.pk: [kept[1].pk],
    }


# --- The work behind it ----------------------------------------------------------------------------
def queries(user, capture) -> int:
    browser = at_work(user)
    browser.get(TODAY)
    with capture() as asked:
        browser.get(TODAY)
    return len(asked)


@pytest.fixture
def capture(django_assert_max_num_queries):
    return lambda: django_assert_max_num_queries(1000)


def test_the_day_costs_the_same_for_one_and_for_eight_with_months_behind_them(
    heard: Scenario, capture
) -> None:
    rises(heard)
    follows(heard, Appointment.objects.earliest("starts_at"), letter=letter(heard.ann), asks_human=True)
    heard.comes(make_user("Late One"), "2027-03-05 10:00")
    asker = make_user("Asker")
    heard.came(asker, "2027-02-05 10:00", state=State.NO_SHOW)
    Question.objects.create(client=asker, text="?")
    before = queries(heard.jonah.user, capture)
    for number in range(7):
        guest = make_user(f"Guest {number}", email=f"guest{number}@example.com")
        heard.comes(guest, f"2027-03-09 {14 + number}:00")
        heard.noted(heard.came(guest, f"2027-02-09 {14 + number}:00"), foundation="Well.")
        for day in range(1, 28):
            heard.heard(guest, f"2027-02-{day:02} 20:00", noticing="Long", pain_before="2", pain_after="1")
        Question.objects.create(client=guest, text="Why?")
        heard.heard(guest, "2027-03-01 20:00", needs_human="pain_rose")
    assert (before, queries(heard.jonah.user, capture)) == (27, 27)
