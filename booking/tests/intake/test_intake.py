"""The intake by its pages: who may write, what is kept, what is never overwritten, what is handed in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from booking.appointments.actions.cancel import cancel
from booking.intake.actions import clear
from booking.intake.answers import SIGNS
from booking.links import appointment_token, intake_path
from booking.models import Appointment, Intake
from booking.tests.intake_writer import NO_SIGNS, IntakeWriter, saved_answers, signed_in, version_on
from booking.tests.people import NOW, TEN, booked
from booking.tests.web_client import browser, words_of
from practice.consents.actions.consent import publish
from practice.models import Consent, Letter, Practitioner
from practice.testing import both_parts, make_user

HURTS = "kneeling in the garden"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def appointment(session: Any, tess: Any) -> Appointment:
    return booked(session, tess)


@pytest.fixture
def intake(appointment: Appointment) -> Intake:
    return Intake.objects.get()


@pytest.fixture
def writer(intake: Intake) -> IntakeWriter:
    return IntakeWriter(intake).begin()


# --- Who may write, and who may read ------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("step", ["", "since/", "consent/"])
def test_a_token_of_something_else_opens_nothing(appointment: Appointment, step: str, method: str) -> None:
    for token in (appointment_token(appointment), "nothing", "a" * 400):
        assert getattr(browser(), method)(f"/intake/{token}/{step}").status_code == 404


def test_reading_the_entrance_writes_nothing_and_leaves_no_cookie(intake: Intake) -> None:
    answer = IntakeWriter(intake).page()
    assert (answer.status_code, answer.cookies.output(), saved_answers(intake).browser) == (200, "", "")


def test_a_forwarded_link_shows_nothing_of_what_is_written(writer: IntakeWriter) -> None:
    writer.write("change", {"worse": HURTS})
    stranger = IntakeWriter(writer.intake)
    seen = words_of(stranger.page()) + words_of(stranger.client.get(f"{stranger.path}change/", follow=True))
    stranger.begin()
    seen += words_of(stranger.client.get(f"{stranger.path}change/", follow=True))
    assert HURTS not in seen
    assert "You’ve already started" in seen


def test_anyone_who_began_first_by_a_forwarded_link_reads_nothing_later(intake: Intake) -> None:
    early, ann = IntakeWriter(intake).begin(), IntakeWriter(intake).begin()
    ann.write("change", {"worse": HURTS})
    assert HURTS not in words_of(early.client.get(f"{early.path}change/", follow=True))
    assert early.write("change", {"worse": "mine"}).status_code == 403
    assert saved_answers(intake).part("change")["worse"] == HURTS


@pytest.mark.engines
def test_after_signing_in_the_client_continues_and_the_link_shows_nothing_anymore(
    writer: IntakeWriter,
) -> None:
    writer.write("change", {"worse": HURTS})
    ann = IntakeWriter(writer.intake, signed_in(writer.intake.client))
    assert HURTS in words_of(ann.page("change"))
    ann.write("since", {"since": "days"})
    assert writer.page("change").status_code == 302


@pytest.mark.engines
def test_another_client_signed_in_is_a_holder_of_the_link_like_any_other(writer: IntakeWriter) -> None:
    writer.write("change", {"worse": HURTS})
    ben = IntakeWriter(writer.intake, signed_in(make_user("Ben")))
    assert HURTS not in words_of(ben.client.get(f"{ben.path}change/", follow=True))


def test_staff_write_nobodys_intake(intake: Intake, tess: Any) -> None:
    desk = IntakeWriter(intake, signed_in(tess.user))
    assert (desk.page().status_code, desk.client.post(desk.path).status_code) == (404, 404)


def test_a_form_of_another_site_writes_nothing(intake: Intake) -> None:
    elsewhere = Client(headers={"origin": "https://elsewhere.example"})
    assert elsewhere.post(intake_path(intake)).status_code == 403
    assert saved_answers(intake).browser == ""


@pytest.mark.engines
@pytest.mark.parametrize("how", ["begun", "cancelled"])
def test_the_link_is_over_with_the_session(
    writer: IntakeWriter, appointment: Appointment, clock: Any, how: str
) -> None:
    writer.write("change", {"worse": HURTS})
    if how == "begun":
        clock.move_to(TEN)
    else:
        cancel(appointment, now=NOW)
    assert (writer.page().status_code, writer.page("change").status_code) == (410, 302)
    assert writer.write("change", {"worse": "more"}).status_code == 403
    assert saved_answers(writer.intake).part("change")["worse"] == HURTS


def test_the_browser_is_known_for_a_day_from_its_last_word(writer: IntakeWriter, clock: Any) -> None:
    clock.shift(dt.timedelta(hours=23))
    writer.write("change", {"worse": HURTS})
    clock.shift(dt.timedelta(hours=23))
    assert HURTS in words_of(writer.page("change"))
    clock.shift(dt.timedelta(hours=2))
    assert HURTS not in words_of(writer.client.get(f"{writer.path}change/", follow=True))


def test_words_written_when_the_browser_is_not_known_anymore_come_back(writer: IntakeWriter) -> None:
    writer.client.cookies.clear()
    answer = writer.write("change", {"worse": HURTS})
    assert answer.status_code == 403
    assert HURTS in words_of(answer)
    assert "next=%2Fintake%2F" in answer.content.decode()
    assert writer.save("change", {"worse": HURTS})[0] == 401


def test_the_cookie_goes_to_this_intake_alone(writer: IntakeWriter) -> None:
    cookie = writer.client.cookies["intake"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (writer.path, True, "Lax")


# --- What is kept -------------------------------------------------------------------------------------

SAID = {
    "since": ({"since": "ten_years", "how": "A box of books."}, "A box of books."),
    "where": ({"region": ["pelvis", "knee-left"], "strength-pelvis": "3", "words": "Dull."}, "Dull."),
    "change": ({"better": "Walking.", "worse": "Sitting."}, "Sitting."),
    "care": ({"had": ["surgery", "acupuncture"], "words": "In 2019."}, "In 2019."),
    "signs": ({**NO_SIGNS, "words": "All well."}, "All well."),
    "goals": ({"goal_0": "Tie my shoes", "now_0": "4"}, "Tie my shoes"),
}


@pytest.mark.parametrize("step", SAID)
def test_each_step_is_kept_and_is_shown_again(writer: IntakeWriter, step: str) -> None:
    said, words = SAID[step]
    answer = writer.write(step, said)
    assert answer.status_code == 302
    assert words in writer.page(step).content.decode()
    assert writer.save(step, said)[0] == 200


def test_the_body_map_is_kept_in_one_line(writer: IntakeWriter) -> None:
    writer.write("where", SAID["where"][0])
    assert saved_answers(writer.intake).part("where")["marked"] == "pelvis:3 knee-left:2"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("since", {"since": "for ever"}),
        ("where", {"region": ["tail"]}),
        ("care", {"had": ["magic"]}),
        ("signs", {**NO_SIGNS, "fever": "perhaps"}),
        ("goals", {"goal_0": "Run", "now_0": "eleven"}),
        ("goals", {"now_0": "4"}),
        ("goals", {"goal_0": "Run " * 60}),
        ("change", {"worse": "x" * 100_000}),
    ],
)
def test_what_no_page_of_ours_sends_is_refused_in_words_and_comes_back(
    writer: IntakeWriter, step: str, said: dict[str, Any]
) -> None:
    answer = writer.write(step, said)
    assert answer.status_code == 422
    assert "What you wrote is still here." in words_of(answer)
    assert saved_answers(writer.intake).parts == {}
    assert writer.save(step, said)[0] == 422


def test_a_hundred_thousand_characters_are_too_many_and_all_still_there(writer: IntakeWriter) -> None:
    answer = writer.write("change", {"worse": "x" * 100_000})
    assert "100,000 characters, and the limit is 4,000" in words_of(answer)
    assert "x" * 100_000 in answer.content.decode()


def test_a_step_nobody_knows_is_not_there(writer: IntakeWriter) -> None:
    assert writer.page("blood-group").status_code == 404


def test_one_step_back_keeps_what_was_written(writer: IntakeWriter) -> None:
    answer = writer.write("change", {"worse": HURTS, "back": "1"})
    assert answer["Location"] == f"{writer.path}where/"
    assert saved_answers(writer.intake).part("change")["worse"] == HURTS


def test_where_one_stopped_is_where_one_continues(writer: IntakeWriter) -> None:
    writer.write("since", {"since": "days"})
    writer.write("where", {})
    assert f'href="{writer.path}change/"' in writer.page().content.decode()


# --- Two pages ----------------------------------------------------------------------------------------


def test_two_tabs_on_one_step_do_not_overwrite_each_other(writer: IntakeWriter) -> None:
    seen = version_on(writer.page("change"))
    writer.write("change", {"worse": HURTS, "version": seen})
    answer = writer.write("change", {"worse": "sitting", "version": seen})
    assert answer.status_code == 409
    assert HURTS in words_of(answer)
    assert "sitting" in answer.content.decode()
    assert saved_answers(writer.intake).part("change")["worse"] == HURTS
    assert writer.save("change", {"worse": "sitting", "version": seen})[1]["error"]["code"] == "stale"


def test_saved_again_over_both_the_second_page_is_kept(writer: IntakeWriter) -> None:
    seen = version_on(writer.page("change"))
    writer.write("change", {"worse": HURTS, "version": seen})
    answer = writer.write("change", {"worse": "sitting", "version": seen})
    writer.write("change", {"worse": "sitting", "version": version_on(answer)})
    assert saved_answers(writer.intake).part("change")["worse"] == "sitting"


def test_two_tabs_on_two_steps_keep_both(writer: IntakeWriter) -> None:
    seen = version_on(writer.page("change"))
    writer.write("change", {"worse": HURTS, "version": seen})
    writer.write("since", {"since": "days", "version": seen})
    assert set(saved_answers(writer.intake).parts) == {"change", "since"}


@pytest.mark.engines
def test_the_same_form_sent_twice_is_one(writer: IntakeWriter) -> None:
    seen = version_on(writer.page("change"))
    first = writer.write("change", {"worse": HURTS, "version": seen})
    version = Intake.objects.get().version
    again = writer.write("change", {"worse": HURTS, "version": seen})
    assert (first["Location"], Intake.objects.get().version) == (again["Location"], version)


@pytest.mark.parametrize("version", ["", "-1", "many", "99999999999999999999"])
def test_a_version_of_no_page_overwrites_nothing(writer: IntakeWriter, version: str) -> None:
    writer.write("change", {"worse": HURTS})
    writer.write("change", {"worse": "sitting", "version": version})
    assert saved_answers(writer.intake).part("change")["worse"] == HURTS


# --- Warning signs ------------------------------------------------------------------------------------


@pytest.mark.engines
@pytest.mark.parametrize("sign", SIGNS)
def test_each_warning_sign_says_doctor_first_and_flags_at_once(writer: IntakeWriter, sign: str) -> None:
    answer = writer.write("signs", {**NO_SIGNS, sign: "yes"})
    page = words_of(writer.client.get(answer["Location"]))
    assert "Please see a doctor first" in page
    assert ("emergency room today" in page) == (sign in ("saddle", "bladder"))
    assert Intake.objects.get().needs_human == "warning_sign"


def test_no_address_tells_who_named_a_sign(writer: IntakeWriter) -> None:
    without = writer.write("signs", NO_SIGNS)["Location"]
    assert writer.write("signs", {**NO_SIGNS, "fever": "yes"})["Location"] == without
    assert writer.write("signs", NO_SIGNS)["Location"] == without


@pytest.mark.engines
def test_a_slip_of_the_finger_taken_back_before_handing_in_is_no_flag(writer: IntakeWriter) -> None:
    writer.save("signs", {**NO_SIGNS, "fever": "yes"})
    writer.save("signs", NO_SIGNS)
    assert Intake.objects.get().needs_human == ""


def test_a_new_sign_opens_the_flag_again_after_someone_has_looked(writer: IntakeWriter, tess: Any) -> None:
    writer.save("signs", {**NO_SIGNS, "fever": "yes"})
    clear(Intake.objects.get(), by=tess.user, now=NOW)
    writer.save("signs", {**NO_SIGNS, "fever": "yes", "words": "Since Monday."})
    assert Intake.objects.get().cleared_at == NOW
    writer.save("signs", {**NO_SIGNS, "fever": "yes", "fall": "yes"})
    assert Intake.objects.get().cleared_at is None


def test_warning_signs_come_before_the_booking_too_all_six(appointment: Appointment) -> None:
    page = words_of(browser().get("/book/session/"))
    for words in (
        "numb between the legs",
        "bladder or bowels",
        "fever",
        "hard fall",
        "losing weight",
        "at night",
    ):
        assert words in page


# --- Handing in ---------------------------------------------------------------------------------------


def test_submitted_it_is_signed_closed_and_shown_by_no_link(writer: IntakeWriter) -> None:
    writer.write("signs", NO_SIGNS)
    writer.write("change", {"worse": HURTS})
    answer = writer.client.get(writer.hand_in()["Location"])
    intake = Intake.objects.get()
    assert "We have your answers" in words_of(answer)
    assert intake.handed_in_at == NOW
    signed = Consent.objects.filter(user=intake.client, signed_name="Ann Lee", given_at=NOW)
    assert set(signed.values_list("kind", flat=True)) == {"treatment", "health_data"}
    assert HURTS not in words_of(answer) + words_of(writer.client.get(f"{writer.path}change/", follow=True))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"signed_name": " \u200b\u202e "}, "Please type your name"),
        ({"signed_name": ""}, "Please type your name"),
        ({"agree_treatment": ""}, "We need both"),
        ({"agree_health_data": "x"}, "We need both"),
        ({"agree_health_data": "7"}, "The text was just changed"),
    ],
)
def test_it_is_not_submitted_unsigned(writer: IntakeWriter, changes: dict[str, str], words: str) -> None:
    writer.write("signs", NO_SIGNS)
    answer = writer.hand_in(**changes)
    assert answer.status_code == 422
    assert words in words_of(answer)
    assert (Intake.objects.get().handed_in_at, Consent.objects.exclude(kind="booking").count()) == (None, 0)


def test_it_is_not_submitted_with_a_warning_sign_unanswered(writer: IntakeWriter) -> None:
    writer.write("signs", {**NO_SIGNS, "night": ""})
    assert writer.hand_in().status_code == 422
    assert (Intake.objects.get().handed_in_at, Consent.objects.exclude(kind="booking").count()) == (None, 0)


@pytest.mark.engines
def test_a_text_changed_between_reading_and_signing_is_read_once_more(writer: IntakeWriter) -> None:
    writer.write("signs", NO_SIGNS)
    publish("treatment", "Another text.", now=NOW)
    assert writer.hand_in(agree_treatment="0").status_code == 422
    assert writer.hand_in().status_code == 302
    assert Consent.objects.get(kind="treatment").text == "Another text."


@pytest.mark.engines
def test_submitted_twice_is_once(writer: IntakeWriter) -> None:
    writer.write("signs", NO_SIGNS)
    writer.hand_in()
    signed_in(writer.intake.client)
    ann = IntakeWriter(writer.intake, signed_in(writer.intake.client))
    assert ann.hand_in().status_code == 302
    assert Consent.objects.exclude(kind="booking").count() == 2


@pytest.mark.engines
def test_what_was_written_while_it_was_submitted_elsewhere_is_not_lost_from_the_page(
    writer: IntakeWriter,
) -> None:
    writer.write("signs", NO_SIGNS)
    ann = IntakeWriter(writer.intake, signed_in(writer.intake.client))
    ann.hand_in()
    answer = ann.write("change", {"worse": HURTS})
    assert answer.status_code == 409
    assert HURTS in words_of(answer)
    assert saved_answers(writer.intake).part("change") == {}
    assert ann.save("change", {"worse": HURTS})[1]["error"]["code"] == "signed"


@pytest.mark.engines
def test_a_warning_sign_submitted_stays_until_someone_looked(writer: IntakeWriter) -> None:
    writer.write("signs", {**NO_SIGNS, "fall": "yes"})
    writer.hand_in()
    ann = IntakeWriter(writer.intake, signed_in(writer.intake.client))
    assert ann.write("signs", NO_SIGNS).status_code == 409
    assert Intake.objects.get().needs_human == "warning_sign"


def test_a_warning_sign_submitted_is_told_once_and_not_whose_or_which(
    writer: IntakeWriter, tess: Any
) -> None:
    writer.write("signs", {**NO_SIGNS, "fall": "yes"})
    assert not Letter.objects.filter(kind="notice_intake").exists()  # not handed in: they may still say no
    writer.hand_in()
    writer.hand_in()
    letter = Letter.objects.get(kind="notice_intake")
    assert (letter.user, letter.subject) == (tess.user, "Please check the workspace")
    assert [word for word in ("Ann", "fall", "warning", "doctor") if word in both_parts(letter)] == []


def test_anyone_who_wants_no_emails_about_their_day_is_told_of_a_warning_sign(
    writer: IntakeWriter, tess: Any
) -> None:
    Practitioner.objects.filter(pk=tess.pk).update(notices=Practitioner.Notices.NONE)
    writer.write("signs", {**NO_SIGNS, "fall": "yes"})
    writer.hand_in()
    assert Letter.objects.filter(kind="notice_intake").count() == 1


@pytest.mark.engines
def test_nobody_is_told_of_an_intake_without_one_or_of_one_they_have_looked_at(
    writer: IntakeWriter, tess: Any
) -> None:
    writer.write("signs", {**NO_SIGNS, "fall": "yes"})
    clear(writer.intake, by=tess.user, now=NOW)
    writer.hand_in()
    assert not Letter.objects.filter(kind="notice_intake").exists()
