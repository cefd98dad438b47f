"""What was told beforehand, in the portal and at the desk: who reads it, what is flagged, what comes anew."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from booking.intake.actions import hand_in, renew, save_step
from booking.intake.answers import read
from booking.links import appointment_path, intake_path
from booking.models import Intake
from booking.tests.intake_writer import NO_SIGNS, IntakeWriter, saved_answers, signed_in
from booking.tests.web_client import words_of
from portal.tests.practice_day import NOW, Scenario, make_scenario
from practice.consents import queries as consents_queries
from practice.consents.actions.consent import ConsentSubmission, publish, withdraw
from practice.models import AccessLog, Consent, User
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
HURTS = "kneeling in the garden"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def scenario(clock) -> Scenario:
    return make_scenario()


def agreed(name: str = "Ann Lee") -> ConsentSubmission:
    return ConsentSubmission(name, {text.kind: text.version for text in consents_queries.current_texts()})


def begun(scenario: Scenario, **signs: str) -> Intake:
    """Ann writes, and has not handed in."""
    intake = renew(scenario.ann, now=NOW)
    save_step(intake, "change", {"better": "", "worse": HURTS}, version=0, by=scenario.ann, now=NOW)
    return save_step(intake, "signs", {**NO_SIGNS, **signs, "words": ""}, version=1, by=scenario.ann, now=NOW)


def given(scenario: Scenario, **signs: str) -> Intake:
    """Ann has handed in."""
    return hand_in(begun(scenario, **signs), agreed=agreed(), now=NOW)


def page_of(scenario: Scenario, user: User | None = None) -> str:
    return words_of(at_work(user or scenario.tess.user).get(f"/workspace/clients/{scenario.ann.pk}/"))


# --- At the desk --------------------------------------------------------------------------------------


def test_what_is_still_being_written_nobody_at_the_practice_reads(scenario):
    intake = begun(scenario)
    assert HURTS not in page_of(scenario)
    path = f"/workspace/clients/{scenario.ann.pk}/intake/{intake.uid}/"
    assert at_work(scenario.tess.user).get(path).status_code == 404


def test_submitted_the_practitioner_reads_it_and_the_client_can_see_that(scenario):
    intake = given(scenario)
    assert HURTS in page_of(scenario)
    path = f"/workspace/clients/{scenario.ann.pk}/intake/{intake.uid}/"
    assert HURTS in words_of(at_work(scenario.tess.user).get(path))
    assert set(AccessLog.objects.filter(whose=scenario.ann).values_list("code", flat=True)) == {
        "access:record",
        "access:intake",
    }


def test_the_front_desk_and_others_see_none_of_it(scenario):
    intake = given(scenario, fever="yes")
    desk = at_work(scenario.faye)
    path = f"/workspace/clients/{scenario.ann.pk}/intake/{intake.uid}/"
    assert [desk.get(path).status_code, desk.post(f"{path}looked/").status_code] == [404, 404]
    assert desk.get(f"/workspace/clients/{scenario.ann.pk}/").status_code == 404
    today = words_of(desk.get("/workspace/"))
    assert "warning sign" not in today
    assert "not signed" not in today
    assert HURTS not in words_of(signed_in(make_user("Zoe")).get("/portal/intake/"))


@pytest.mark.parametrize("finished", [True, False])
def test_a_warning_sign_needs_a_person_by_its_code_alone(scenario, finished):
    given(scenario, fever="yes") if finished else begun(scenario, fever="yes")
    today = words_of(at_work(scenario.tess.user).get("/workspace/"))
    needs = today.partition("Needs attention")[2]
    assert f"{scenario.ann.name}: warning sign, doctor first" in needs
    assert "Fever" not in needs
    assert ("Fever" in today) == finished  # in the brief, once it was handed in


def test_a_practitioner_takes_the_flag_away_and_only_once(scenario):
    intake = given(scenario, fever="yes")
    desk = at_work(scenario.tess.user)
    path = f"/workspace/clients/{scenario.ann.pk}/intake/{intake.uid}/looked/"
    desk.post(path, {"from": "client"})
    cleared = Intake.objects.get()
    assert (cleared.cleared_at, cleared.cleared_by, cleared.needs_human) == (
        NOW,
        scenario.tess.user,
        "warning_sign",
    )
    assert "a doctor first" not in words_of(desk.get("/workspace/")).rpartition("Needs attention")[2]


def test_the_intake_of_another_client_is_not_reached_through_ones_own(scenario):
    intake = given(scenario)
    ben = make_user("Zoe Hill")
    assert (
        at_work(scenario.tess.user).get(f"/workspace/clients/{ben.pk}/intake/{intake.uid}/").status_code
        == 404
    )


def test_an_answer_that_cannot_be_read_as_a_body_map_shows_none_rather_than_no_page(scenario):
    intake = begun(scenario)
    save_step(intake, "where", {"marked": "tail:9", "words": "Dull."}, version=9, by=scenario.ann, now=NOW)
    hand_in(intake, agreed=agreed(), now=NOW)
    assert "Dull." in page_of(scenario)


# --- The client's own pages ---------------------------------------------------------------------------


def test_the_client_reads_what_they_submitted(scenario):
    given(scenario)
    assert HURTS in words_of(signed_in(scenario.ann).get("/portal/intake/"))


def test_something_has_changed_begins_a_new_one_from_the_old_and_the_old_stays(scenario):
    first = given(scenario, fever="yes")
    ann = signed_in(scenario.ann)
    path = ann.post("/portal/intake/")["Location"]
    new = Intake.objects.get(handed_in_at=None)
    assert path == intake_path(new)
    assert saved_answers(new).part("change")["worse"] == HURTS
    assert saved_answers(new).unanswered_signs  # asked afresh
    writer = IntakeWriter(new, ann)
    writer.write("change", {"worse": "nothing"})
    writer.write("signs", NO_SIGNS)
    writer.hand_in()
    assert read(Intake.objects.get(pk=first.pk).answers).part("change")["worse"] == HURTS
    assert "nothing" in page_of(scenario)


def test_pressed_twice_there_is_one_new_one(scenario):
    given(scenario)
    ann = signed_in(scenario.ann)
    assert ann.post("/portal/intake/")["Location"] == ann.post("/portal/intake/")["Location"]
    assert Intake.objects.count() == 2


def test_a_new_intake_needs_the_client_signed_in(scenario):
    given(scenario)
    new = renew(scenario.ann, now=NOW)
    seen = words_of(IntakeWriter(new).begin().client.get(f"{intake_path(new)}change/", follow=True))
    assert HURTS not in seen
    assert "Sign in and continue" in seen


def test_home_says_quietly_what_is_open(scenario):
    ann = signed_in(scenario.ann)
    begun(scenario)
    assert "Tell us before we meet" in words_of(ann.get("/portal/"))
    hand_in(Intake.objects.get(), agreed=agreed(), now=NOW)
    assert "Tell us before we meet" not in words_of(ann.get("/portal/"))


def test_with_nothing_else_to_do_the_open_questions_are_the_one_thing_to_do(scenario):
    begun(scenario)
    said = signed_in(scenario.ann).get("/portal/").content.decode()
    assert 'class="button" href="/portal/intake/"' in said
    assert "nothing you have to do" not in said


# --- Consent ------------------------------------------------------------------------------------------


def test_a_new_text_asks_again_and_what_was_signed_keeps_its_words(scenario):
    given(scenario)
    publish("treatment", "Another text.", now=NOW)
    assert [text.kind for text in consents_queries.unsigned(scenario.ann)] == ["treatment"]
    assert "an older text was signed" in page_of(scenario)
    ann = signed_in(scenario.ann)
    assert "The text has changed since you signed" in words_of(ann.get("/portal/consent/"))
    ann.post("/portal/consent/", {"agree_treatment": "1", "signed_name": "Ann Lee"})
    assert consents_queries.unsigned(scenario.ann) == []
    assert Consent.objects.filter(user=scenario.ann, kind="treatment").count() == 2
    assert (
        Consent.objects.filter(user=scenario.ann, kind="treatment", version=0).get().text != "Another text."
    )


def test_a_name_of_nothing_signs_nothing(scenario):
    ann = signed_in(scenario.ann)
    answer = ann.post(
        "/portal/consent/", {"agree_treatment": "0", "agree_health_data": "0", "signed_name": "  "}
    )
    assert answer.status_code == 422
    assert not Consent.objects.filter(user=scenario.ann).exists()


def test_taken_back_it_is_said_to_the_practitioner_and_asked_again(scenario):
    given(scenario)
    ann = signed_in(scenario.ann)
    ann.post("/portal/consent/", {"withdraw": "health_data"})
    assert "withdrawn on" in page_of(scenario)
    assert [text.kind for text in consents_queries.unsigned(scenario.ann)] == ["health_data"]
    assert Consent.objects.get(user=scenario.ann, kind="health_data").withdrawn_at == NOW


def test_the_texts_of_booking_and_emails_are_not_taken_back_here(scenario):
    Consent.objects.create(user=scenario.ann, kind="booking")
    assert signed_in(scenario.ann).post("/portal/consent/", {"withdraw": "booking"}).status_code == 422
    assert withdraw(scenario.ann, "booking", now=NOW) == 1  # so it could have been


def test_the_owner_puts_a_new_text_in_place_and_the_same_words_ask_nobody(scenario):
    owner = at_work(scenario.tess.user)
    owner.post("/workspace/settings/consent/", {"kind": "treatment", "text": "Ours now.\r\n"})
    owner.post("/workspace/settings/consent/", {"kind": "treatment", "text": "Ours now."})
    assert [(one.kind, one.version) for one in consents_queries.current_texts()] == [
        ("treatment", 1),
        ("health_data", 0),
    ]
    assert owner.post("/workspace/settings/consent/", {"kind": "treatment", "text": " "}).status_code == 422
    assert owner.post("/workspace/settings/consent/", {"kind": "booking", "text": "x"}).status_code == 404


def test_whether_it_is_signed_is_where_the_practitioner_looks_and_the_front_desk_does_not(scenario):
    session = scenario.ann.appointments.get()
    paths = ("/workspace/", f"/workspace/appointments/{session.uid}/")
    wrap_up = f"/workspace/appointments/{session.uid}/wrap-up/"
    missing = "The consent is not signed."
    seen = [missing in words_of(at_work(scenario.tess.user).get(path)) for path in (*paths, wrap_up)]
    desk = [missing in words_of(at_work(scenario.faye).get(path)) for path in paths]
    assert (seen, desk) == ([True, True, True], [False, False])
    given(scenario)
    assert missing not in words_of(at_work(scenario.tess.user).get("/workspace/"))


def test_a_client_who_books_signed_in_is_shown_what_there_is_to_sign_and_no_stranger_is(scenario):
    path = f"{appointment_path(scenario.ann.appointments.get())}?new"
    line = "Read and sign two consent forms"
    assert line in words_of(signed_in(scenario.ann).get(path))
    assert line not in words_of(Client().get(path))


def test_a_practitioner_who_is_not_the_owner_edits_no_text(scenario):
    desk = at_work(scenario.jonah.user)
    assert desk.get("/workspace/settings/consent/").status_code == 404


def test_an_unsigned_text_keeps_nobody_from_booking(scenario):
    assert {text.kind for text in consents_queries.unsigned(scenario.ann)} == {"treatment", "health_data"}
    assert Client().get("/book/").status_code == 200
