"""The people, and one client's page: who may open it, what stands there, what nobody can change there."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine

from portal.erasure.actions.erase import erase
from portal.export.record import record_of
from portal.followups.queue import plan_letters
from portal.models import (
    Assignment,
    ClientProfile,
    FollowUp,
    Lesson,
    LessonAudio,
    NoteAmendment,
    NoteClosed,
    Question,
    RecordNote,
    RecordPermission,
)
from portal.session_notes.actions.record_note import write_note
from portal.testing import assign, make_exercise, make_recording
from portal.tests.practice_day import NOW, Scenario, State, denver, make_scenario, page
from practice.accounts.actions.contact import AddressTaken, save_contact
from practice.consents.actions.letter_preferences import agree_to_letters
from practice.core.reasons import as_written
from practice.models import AccessLog, Letter, User
from practice.testing import at_work, make_user

# long: the page of a client with a full record is drawn many times
pytestmark = [pytest.mark.django_db, pytest.mark.long]
PEOPLE = "/workspace/clients/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def scenario(clock) -> Scenario:
    """Ann was here with Jonah a week ago; he gave her a lesson; she wrote, and asked."""
    scenario = make_scenario()
    last = scenario.came(scenario.ann, "2027-03-02 13:00")
    note = scenario.noted(
        last,
        foundation="Right side quiet.",
        low_back="Long.",
        whole_body="Ribs.",
        next_time="The ankle.",
        touched="pelvis:2 knee-left:1",
    )
    NoteAmendment.objects.create(note=note, by=scenario.jonah.user, text="She rang: better.")
    assign(
        scenario.floor, scenario.ann, by=scenario.jonah, dosage="every second day", word="As soft as you can."
    )
    ClientProfile.objects.keep(scenario.ann, plan="After breakfast, on the rug", obstacle="two blankets")
    scenario.heard(
        scenario.ann, "2027-03-07 20:00", pain_before="5", pain_after="3", noticing="Left side longer."
    )
    scenario.heard(scenario.ann, "2027-02-20 20:00", noticing="Before that session.", lying_before="Crooked.")
    Question.objects.create(client=scenario.ann, lesson=scenario.floor, at_ms=460_000, text="Foot flat?")
    return scenario


def path_of(client: User) -> str:
    return f"{PEOPLE}{client.pk}/"


# --- What they do at home, changed there ----------------------------------------------------------
def home_of(client: User) -> str:
    return f"{path_of(client)}home/"


def form_of(user: User, whose: User) -> dict[str, str]:
    """What the page would send, as it stands; the lesson has its recording."""
    if not LessonAudio.objects.exists():
        make_recording(Lesson.objects.get())
    form = at_work(user).get(home_of(whose)).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def test_what_they_do_at_home_and_their_plan_are_changed_on_their_page(scenario: Scenario) -> None:
    tilt = make_exercise("clock", title="Pelvic clock")
    said = form_of(scenario.jonah.user, scenario.ann) | {
        "what_1": f"exercise:{tilt.slug}",
        "word_1": "Small.",
        "plan": "Before bed",
    }
    answer = at_work(scenario.jonah.user).post(home_of(scenario.ann), said)
    assert answer.url == path_of(scenario.ann)
    live = Assignment.objects.filter(client=scenario.ann, ended_at=None)
    assert {(str(one.what), one.word) for one in live} == {
        (scenario.floor.title, "As soft as you can."),
        (tilt.title, "Small."),
    }
    assert ClientProfile.objects.of(scenario.ann).plan == "Before bed"


def test_what_another_page_gave_in_the_meantime_is_not_ended_unseen(scenario: Scenario) -> None:
    mine = form_of(scenario.jonah.user, scenario.ann) | {"dosage_0": "daily"}
    tilt = make_exercise("clock", title="Pelvic clock")
    assign(tilt, scenario.ann, by=scenario.jonah)
    answer = at_work(scenario.jonah.user).post(home_of(scenario.ann), mine)
    assert answer.status_code == 409
    assert all(words in answer.text for words in ("Pelvic clock", "daily", "Nothing was overwritten"))
    assert Assignment.objects.filter(client=scenario.ann, ended_at=None).count() == 2
    again = mine | {"home_seen": answer.context["form"]["home_seen"].value()}
    assert at_work(scenario.jonah.user).post(home_of(scenario.ann), again).status_code == 302
    assert Assignment.objects.get(client=scenario.ann, ended_at=None).dosage == "daily"


def test_a_plan_they_changed_themselves_in_the_meantime_is_not_written_over(scenario: Scenario) -> None:
    mine = form_of(scenario.jonah.user, scenario.ann) | {"plan": "Before bed"}
    ClientProfile.objects.keep(scenario.ann, plan="At noon")
    answer = at_work(scenario.jonah.user).post(home_of(scenario.ann), mine)
    assert (answer.status_code, "At noon" in answer.text, "Before bed" in answer.text) == (409, True, True)
    assert ClientProfile.objects.of(scenario.ann).plan == "At noon"


def test_more_than_three_things_change_nothing_and_stay_on_the_page(scenario: Scenario) -> None:
    more = {f"what_{n}": f"exercise:{make_exercise(f'e-{n}').slug}" for n in (1, 2, 3)}
    answer = at_work(scenario.jonah.user).post(
        home_of(scenario.ann), form_of(scenario.jonah.user, scenario.ann) | more
    )
    assert (answer.status_code, "Three assignments at most" in answer.text) == (422, True)
    assert Assignment.objects.filter(client=scenario.ann, ended_at=None).count() == 1


@pytest.mark.parametrize("by", ["permission", "front desk"])
def test_anyone_who_only_has_permission_reads_and_does_not_write_there(scenario: Scenario, by: str) -> None:
    reader = scenario.tess.user if by == "permission" else scenario.faye
    User.objects.filter(pk=reader.pk).update(role="practitioner" if by == "permission" else reader.role)
    until = NOW + dt.timedelta(days=30)
    RecordPermission.objects.create(client=scenario.ann, practitioner=scenario.tess, until=until)
    reader.refresh_from_db()
    seen = at_work(reader).get(path_of(scenario.ann))
    assert (seen.status_code, "Change what they do" in seen.text) == (
        200 if by == "permission" else 404,
        False,
    )
    assert at_work(reader).post(home_of(scenario.ann), {}).status_code == 404


def test_a_draft_from_before_does_not_bring_back_what_was_ended_there(scenario: Scenario) -> None:
    make_recording(scenario.floor)
    coming = scenario.came(scenario.ann, "2027-03-08 09:00")
    desk, address = at_work(scenario.jonah.user), f"/workspace/appointments/{coming.uid}/wrap-up/"
    page = desk.get(address).context["form"]
    said = {name: str(page[name].value() or "") for name in page.fields}
    said |= {"low_back": "Long.", "version": "0", "draft": "1"}
    assert desk.post(address, said).status_code == 302
    ended = form_of(scenario.jonah.user, scenario.ann) | {"what_0": ""}
    assert desk.post(home_of(scenario.ann), ended).status_code == 302
    form = desk.get(address).context["form"]
    assert (form["what_0"].value(), form["low_back"].value()) == (None, "Long.")


# --- A note without a session ---------------------------------------------------------------------
def note_path(client: User) -> str:
    return f"{path_of(client)}note/"


def test_a_note_without_a_session_is_written_once_and_read_where_the_record_is_open(
    scenario: Scenario,
) -> None:
    desk = at_work(scenario.jonah.user)
    for _ in range(2):
        assert desk.post(note_path(scenario.ann), {"text": "Called: better."}).url == path_of(scenario.ann)
    assert RecordNote.objects.get().author == scenario.jonah
    readers = (scenario.jonah.user, scenario.tess.user)
    assert all("Called: better." in page(reader, path_of(scenario.ann)) for reader in readers)
    copied = record_of(scenario.ann, by=scenario.ann, now=NOW)["notes_between_sessions"]
    assert [one["text"] for one in copied] == ["Called: better."]
    with pytest.raises(NoteClosed):
        RecordNote.objects.get().save()


@pytest.mark.parametrize("text", ["  ", "x" * 20_001])
def test_a_note_that_cannot_be_kept_says_so_and_stays_on_the_page(scenario: Scenario, text: str) -> None:
    answer = at_work(scenario.jonah.user).post(note_path(scenario.ann), {"text": text})
    assert (answer.status_code, text in answer.text, RecordNote.objects.count()) == (422, True, 0)


def test_anyone_who_only_has_permission_writes_no_note(scenario: Scenario) -> None:
    User.objects.filter(pk=scenario.tess.user_id).update(role="practitioner")
    until = NOW + dt.timedelta(days=30)
    RecordPermission.objects.create(client=scenario.ann, practitioner=scenario.tess, until=until)
    desk = at_work(User.objects.get(pk=scenario.tess.user_id))
    assert desk.post(note_path(scenario.ann), {"text": "Mine."}).status_code == 404
    assert not RecordNote.objects.exists()


def test_a_note_without_a_session_goes_with_its_client(scenario: Scenario) -> None:
    write_note(scenario.ann, "Called.", author=scenario.jonah, by=scenario.jonah.user, now=NOW)
    erase(scenario.ann, now=NOW)
    assert not RecordNote.objects.exists()


# --- Whose ---------------------------------------------------------------------------------------
def test_a_client_of_a_colleague_is_not_there(scenario: Scenario) -> None:
    zoe = make_user("Zoe Hill")
    scenario.comes(zoe, "2027-03-09 10:00", to=scenario.tess)
    assert at_work(scenario.jonah.user).get(path_of(zoe)).status_code == 404


def test_nor_is_nobody(scenario: Scenario) -> None:
    assert at_work(scenario.jonah.user).get(f"{PEOPLE}999999/").status_code == 404


@pytest.mark.parametrize("path", [PEOPLE, None])
def test_the_front_desk_finds_neither_list_nor_page(scenario: Scenario, path: str | None) -> None:
    assert at_work(scenario.faye).get(path or path_of(scenario.ann)).status_code == 404


def test_a_client_finds_no_page_of_themselves_here(scenario: Scenario, client) -> None:
    client.force_login(scenario.ann)
    assert client.get(path_of(scenario.ann)).status_code == 404


def test_the_list_holds_own_people_only(scenario: Scenario) -> None:
    scenario.comes(make_user("Zoe Hill"), "2027-03-09 10:00", to=scenario.tess)
    said = page(scenario.jonah.user, PEOPLE)
    assert ("Ann Lee" in said, "Zoe Hill" in said) == (True, False)


def test_the_owner_lists_everyone(scenario: Scenario) -> None:
    make_user("Zoe Hill")
    assert "Zoe Hill" in page(scenario.tess.user, PEOPLE)


# --- The list ------------------------------------------------------------------------------------
def test_a_name_is_searched_as_it_is_written(scenario: Scenario) -> None:
    scenario.comes(make_user("Cleo Moss"), "2027-03-10 10:00")
    said = page(scenario.jonah.user, f"{PEOPLE}?name=cleo")
    assert ("Cleo Moss" in said, "Ann Lee" in said) == (True, False)


@pytest.mark.parametrize("name", ["%25", "_", "'", "\\"])
def test_signs_of_a_query_find_nobody(scenario: Scenario, name: str) -> None:
    assert "No matching clients" in page(scenario.jonah.user, f"{PEOPLE}?name={name}")


def test_the_list_says_when_they_come_and_when_they_were_here(scenario: Scenario) -> None:
    scenario.came(scenario.ann, "2027-03-08 13:00", state=State.NO_SHOW)
    said = page(scenario.jonah.user, PEOPLE)
    assert "Next session Tuesday, March 9 at 1:00 PM." in said
    assert "Last visit March 2, 2027." in said


def test_the_list_costs_the_same_for_one_and_for_thirty(
    scenario: Scenario, django_assert_num_queries
) -> None:
    browser = at_work(scenario.jonah.user)
    browser.get(PEOPLE)
    for number in range(35):
        guest = make_user(f"Guest {number}", email=f"guest{number}@example.com")
        scenario.came(guest, "2027-02-09 10:00")
        if number in (0, 34):
            with django_assert_num_queries(6):
                browser.get(PEOPLE)


# --- The page ------------------------------------------------------------------------------------
THE_PAGE_SAYS = (
    "Next session Tuesday, March 9 at 1:00 PM.",
    "Since Tuesday, March 2, with Jonah",
    "On the floor once,",
    "Left side longer.",
    "Before that session.",
    "Crooked.",
    "Pain 0–10: 5, then 3.",
    "Right side quiet.",
    "The ankle.",
    "She rang: better.",
    "Left knee, briefly",
    "every second day",
    "“As soft as you can.”",
    "“After breakfast, on the rug”",
    "“two blankets”",
    "Foot flat?",
    "No email is scheduled.",
)


def test_the_page_says(scenario: Scenario) -> None:
    said = page(scenario.jonah.user, path_of(scenario.ann))
    assert [words for words in THE_PAGE_SAYS if words not in said] == []


def test_the_note_is_in_the_order_of_work(scenario: Scenario) -> None:
    said = page(scenario.jonah.user, path_of(scenario.ann))
    places = [
        said.index(words) for words in ("Right side quiet.", "Long.", "Ribs.", "The ankle.", "She rang")
    ]
    assert places == sorted(places)


def test_a_draft_says_that_it_is_one(scenario: Scenario) -> None:
    scenario.noted(scenario.came(scenario.ann, "2027-03-05 13:00"), signed=False, foundation="Half a")
    said = page(scenario.jonah.user, path_of(scenario.ann))
    assert said.count("A draft, not signed") == 1


def test_a_missed_session_asks_for_no_note(scenario: Scenario) -> None:
    scenario.came(scenario.ann, "2027-03-05 13:00", state=State.NO_SHOW)
    assert "No note yet" not in page(scenario.jonah.user, path_of(scenario.ann))


def test_a_canceled_session_was_none(scenario: Scenario) -> None:
    scenario.came(scenario.ann, "2027-03-05 13:00", state=State.CANCELLED)
    assert "March 5, 2027" not in page(scenario.jonah.user, path_of(scenario.ann))


def test_a_body_map_nobody_can_read_does_not_close_the_page(scenario: Scenario) -> None:
    scenario.noted(scenario.came(scenario.ann, "2027-03-05 13:00"), touched="tail:9")
    assert "Right side quiet." in page(scenario.jonah.user, path_of(scenario.ann))


def test_a_pause_is_said(scenario: Scenario) -> None:
    ClientProfile.objects.keep(scenario.ann, paused_until=denver("2027-03-20 09:00"))
    assert "They paused emails until Saturday, March 20." in page(scenario.jonah.user, path_of(scenario.ann))


def test_a_no_to_emails_is_said(scenario: Scenario) -> None:
    scenario.ann.consents.create(kind="letters", withdrawn_at=NOW)
    assert "they don’t want any" in page(scenario.jonah.user, path_of(scenario.ann))


def test_weeks_are_the_clients_own(scenario: Scenario) -> None:
    """Saturday noon in Denver is Sunday in Auckland: the week after."""
    scenario.heard(scenario.ann, "2027-03-06 12:00")
    scenario.ann.zone = "Pacific/Auckland"
    scenario.ann.save(update_fields=["zone"])
    said = " ".join(page(scenario.jonah.user, path_of(scenario.ann)).split())
    assert '<th scope="row">Mar 7</th><td>2</td><td>40</td>' in said


def test_that_it_was_opened_is_written_down_for_the_client(scenario: Scenario) -> None:
    page(scenario.jonah.user, path_of(scenario.ann))
    page(scenario.jonah.user, path_of(scenario.ann))
    assert [(row.reader, row.whose) for row in AccessLog.objects.all()] == [
        (scenario.jonah.user, scenario.ann)
    ]


def test_nothing_a_client_wrote_can_be_posted_here(scenario: Scenario) -> None:
    assert at_work(scenario.jonah.user).post(path_of(scenario.ann), {"plan": "x"}).status_code == 405


def test_markup_stays_words(scenario: Scenario) -> None:
    ClientProfile.objects.keep(scenario.ann, plan="<script>alert(1)</script>")
    assert "<script>alert" not in page(scenario.jonah.user, path_of(scenario.ann))


def test_the_owner_reads_the_note_of_a_colleague(scenario: Scenario) -> None:
    assert "Right side quiet." in page(scenario.tess.user, path_of(scenario.ann))


def test_a_session_with_a_colleague_leads_to_no_page_that_is_closed(scenario: Scenario) -> None:
    other = scenario.came(scenario.ann, "2027-03-05 13:00", to=scenario.tess)
    assert f"/workspace/appointments/{other.uid}/" not in page(scenario.jonah.user, path_of(scenario.ann))


def test_an_email_to_come_says_why_then(scenario: Scenario) -> None:
    letter = Letter.objects.create(
        key=str(uuid.uuid4()),
        kind="follow_up",
        category="encouragement",
        user=scenario.ann,
        to_address="ann@example.com",
        subject="Between sessions",
        message_id=f"<{uuid.uuid4()}@example.com>",
        due_at=denver("2027-03-11 09:00"),
    )
    FollowUp.objects.create(
        client=scenario.ann,
        appointment=scenario.ann.appointments.earliest("starts_at"),
        place=0,
        days=9,
        at=dt.time(9),
        letter=letter,
        why=as_written("9 days after the session, per the plan."),
    )
    assert "9 days after the session" in page(scenario.jonah.user, path_of(scenario.ann))


def test_the_page_costs_the_same_after_a_year(scenario: Scenario, django_assert_max_num_queries) -> None:
    browser = at_work(scenario.jonah.user)
    browser.get(path_of(scenario.ann))
    with django_assert_max_num_queries(100) as few:
        browser.get(path_of(scenario.ann))
    for month in range(1, 13):
        scenario.noted(
            scenario.came(scenario.ann, f"2026-{month:02}-02 10:00"), foundation="Well.", touched="neck:1"
        )
        for day in range(1, 20):
            scenario.heard(scenario.ann, f"2026-{month:02}-{day:02} 20:00", noticing="Long.")
        Question.objects.create(client=scenario.ann, text="Why?", exercise=scenario.tilt)
    with django_assert_max_num_queries(100) as many:
        browser.get(path_of(scenario.ann))
    assert len(many) <= len(few)  # a page of the past may be of fewer kinds


def test_what_is_used_most_comes_first_and_the_past_last(scenario: Scenario) -> None:
    said = page(scenario.jonah.user, path_of(scenario.ann))
    parts = ("plan", "home", "letters", "contact", "since", "body", "timeline")
    order = [said.index(f'id="{part}"') for part in parts]
    assert order == sorted(order)


# --- Changed in place -----------------------------------------------------------------------------
@pytest.mark.parametrize("part", ["plan", "home", "contact"])
def test_each_part_opens_its_form_in_place_and_only_that(scenario: Scenario, part: str) -> None:
    forms = {"plan": 'name="plan"', "home": 'name="what_0"', "contact": 'name="phone"'}
    said = page(scenario.jonah.user, f"{path_of(scenario.ann)}?edit={part}")
    here = said[said.index(f'id="{part}"') :]
    assert forms[part] in here[: here.index("</section>")]
    others = [words for name, words in forms.items() if name != part and (name, part) != ("plan", "home")]
    assert [words for words in others if words in said] == []


def test_a_reader_with_permission_only_gets_no_form(scenario: Scenario) -> None:
    User.objects.filter(pk=scenario.tess.user_id).update(role="practitioner")
    until = NOW + dt.timedelta(days=30)
    RecordPermission.objects.create(client=scenario.ann, practitioner=scenario.tess, until=until)
    tess = User.objects.get(pk=scenario.tess.user_id)
    for part in ("plan", "home", "contact"):
        assert "<textarea" not in page(tess, f"{path_of(scenario.ann)}?edit={part}")
    for path in ("plan/", "contact/"):
        assert at_work(tess).post(f"{path_of(scenario.ann)}{path}", {}).status_code == 404


def plan_of(scenario: Scenario) -> dict[str, str]:
    form = at_work(scenario.jonah.user).get(f"{path_of(scenario.ann)}?edit=plan").context["plan_form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def test_the_plan_alone_is_changed_in_place(scenario: Scenario) -> None:
    said = plan_of(scenario) | {"plan": "Before bed"}
    answer = at_work(scenario.jonah.user).post(f"{path_of(scenario.ann)}plan/", said)
    assert answer.url == f"{path_of(scenario.ann)}#plan"
    assert ClientProfile.objects.of(scenario.ann).plan == "Before bed"
    assert Assignment.objects.filter(client=scenario.ann, ended_at=None).exists()


def test_a_plan_the_client_changed_meanwhile_stays_and_mine_stays_on_the_page(scenario: Scenario) -> None:
    mine = plan_of(scenario) | {"plan": "Before bed"}
    ClientProfile.objects.keep(scenario.ann, plan="At noon", obstacle="")
    answer = at_work(scenario.jonah.user).post(f"{path_of(scenario.ann)}plan/", mine)
    assert (answer.status_code, "At noon" in answer.text, "Before bed" in answer.text) == (409, True, True)
    again = mine | {"plan_seen": answer.context["form"]["plan_seen"].value()}
    assert at_work(scenario.jonah.user).post(f"{path_of(scenario.ann)}plan/", again).status_code == 302


def test_a_phone_number_is_fixed_by_those_who_know_the_client_the_front_desk_too(scenario: Scenario) -> None:
    path = f"{path_of(scenario.ann)}contact/"
    said = {"name": "Ann Lee", "phone": "303 555 0147", "zone": "America/Denver"}
    for user, then in ((scenario.faye, path), (scenario.jonah.user, f"{path_of(scenario.ann)}#contact")):
        assert at_work(user).post(path, said).url == then
    scenario.ann.refresh_from_db()
    assert str(scenario.ann.phone) == "+13035550147"
    zoe = make_user("Zoe Hill")
    scenario.comes(zoe, "2027-03-09 10:00", to=scenario.tess)
    assert at_work(scenario.jonah.user).post(f"{path_of(zoe)}contact/", said).status_code == 404


@pytest.mark.parametrize("wrong", [{"name": ""}, {"phone": "not a number"}, {"zone": "Mars/Olympus"}])
def test_a_wrong_contact_changes_nothing_and_stays_on_the_page(
    scenario: Scenario, wrong: dict[str, str]
) -> None:
    said = {"name": "Ann L.", "phone": "", "zone": "America/Denver"} | wrong
    answer = at_work(scenario.jonah.user).post(f"{path_of(scenario.ann)}contact/", said)
    assert (answer.status_code, all(value in answer.text for value in said.values())) == (422, True)
    assert User.objects.get(pk=scenario.ann.pk).name == "Ann Lee"


CONTACT = {"name": "Ann L.", "phone": "", "zone": "America/Denver", "email": "Ann.New@example.com"}


def test_the_owner_alone_corrects_the_address_for_signing_in(scenario: Scenario) -> None:
    path = f"{path_of(scenario.ann)}contact/"
    for user, then in ((scenario.jonah.user, "ann@example.com"), (scenario.tess.user, "ann.new@example.com")):
        assert at_work(user).post(path, CONTACT).status_code == 302
        assert User.objects.get(pk=scenario.ann.pk).email == then
    notice = Letter.objects.get(kind="account_notice")
    assert (notice.to_address, AccessLog.objects.get(code="access:address_changed").whose) == (
        "ann@example.com",
        scenario.ann,
    )


def test_the_front_desk_saves_a_phone_number_while_the_owner_changes_the_address(scenario: Scenario) -> None:
    """What the page knew of the address is not written back, and refuses nothing."""
    known = User.objects.get(pk=scenario.ann.pk)
    User.objects.filter(pk=known.pk).update(email="ann.new@example.com")
    save_contact(known, name="Ann L.", phone="", zone="America/Denver", by=scenario.faye, now=NOW)
    saved = User.objects.get(pk=known.pk)
    assert (saved.name, saved.email) == ("Ann L.", "ann.new@example.com")


def test_an_address_that_somebody_has_saves_nothing(scenario: Scenario) -> None:
    make_user("Zoe", email="ann.new@example.com")
    answer = at_work(scenario.tess.user).post(f"{path_of(scenario.ann)}contact/", CONTACT)
    assert (answer.status_code, "merge the two records" in answer.text) == (422, True)
    assert User.objects.get(pk=scenario.ann.pk).name == "Ann Lee"


@pytest.mark.engines
def test_of_two_who_take_an_address_at_once_the_later_one_saves_nothing(scenario: Scenario) -> None:
    """The form found it free; the database decides."""
    make_user("Zoe", email="ann.new@example.com")
    with pytest.raises(AddressTaken):
        save_contact(scenario.ann, **CONTACT, by=scenario.tess.user, now=NOW)
    assert User.objects.get(pk=scenario.ann.pk).name == "Ann Lee"


# --- The next emails ------------------------------------------------------------------------------
@pytest.fixture
def waiting(scenario: Scenario) -> FollowUp:
    agree_to_letters(scenario.ann, now=NOW)
    return plan_letters(scenario.ann.appointments.earliest("starts_at"), now=NOW)[-1]


def press(scenario: Scenario, waiting: FollowUp, do: str) -> Letter:
    path = f"{path_of(scenario.ann)}emails/{waiting.pk}/"
    assert at_work(scenario.jonah.user).post(path, {"do": do}).status_code == 302
    return Letter.objects.get(follow_up=waiting)


def test_an_email_is_held_back_a_week_at_the_same_hour_over_a_change_of_the_clocks(
    scenario: Scenario, waiting: FollowUp
) -> None:
    Letter.objects.filter(follow_up=waiting).update(due_at=denver("2027-03-10 09:00"))
    letter = press(scenario, waiting, "later")
    assert (letter.due_at, letter.state) == (denver("2027-03-17 09:00"), "planned")
    assert letter.reason == "Jonah held it back for a week."


def test_an_email_goes_sooner_or_not_at_all(scenario: Scenario, waiting: FollowUp) -> None:
    assert press(scenario, waiting, "now").due_at == NOW
    assert press(scenario, waiting, "cancel").state == "cancelled"
    assert press(scenario, waiting, "now").state == "cancelled"


@pytest.mark.parametrize("do", ["later", "now", "cancel", "x"])
def test_an_email_on_its_way_is_left_alone(scenario: Scenario, waiting: FollowUp, do: str) -> None:
    Letter.objects.filter(follow_up=waiting).update(state="claimed")
    before = Letter.objects.filter(follow_up=waiting).values("due_at", "why").get()
    assert press(scenario, waiting, do).state == "claimed"
    assert Letter.objects.filter(follow_up=waiting).values("due_at", "why").get() == before


# --- The past -------------------------------------------------------------------------------------
def test_the_past_is_one_list_newest_first_and_turns_its_pages(scenario: Scenario) -> None:
    write_note(scenario.ann, "Called.", author=scenario.jonah, by=scenario.jonah.user, now=NOW)
    for day in range(1, 21):
        scenario.heard(scenario.ann, f"2027-01-{day:02} 20:00", noticing=f"Entry {day}.")
    said = page(scenario.jonah.user, path_of(scenario.ann))
    order = [said.rindex(words) for words in ("Called.", "Foot flat?", "Left side longer.", "Entry 20.")]
    assert (order, "Entry 1." in said) == (sorted(order), False)
    older = page(scenario.jonah.user, f"{path_of(scenario.ann)}?page=2")
    assert ("Entry 1." in older, "Called." in older) == (True, False)


def test_where_it_hurt_is_drawn_with_its_dates_and_said_in_words(scenario: Scenario) -> None:
    said = page(scenario.jonah.user, path_of(scenario.ann))
    body = said[said.index('id="body"') : said.index('id="timeline"')]
    assert all(words in body for words in ("March 2, 2027", "Left knee, briefly", "bm-part-2"))


def test_the_page_of_a_merged_record_leads_to_the_kept_one(scenario: Scenario) -> None:
    gone = make_user("Ann L.", email="ann.l@example.com")
    User.objects.filter(pk=gone.pk).update(merged_into=scenario.ann, is_active=False)
    assert at_work(scenario.jonah.user).get(path_of(gone)).url == path_of(scenario.ann)
    assert at_work(scenario.faye).get(path_of(gone)).status_code == 404
