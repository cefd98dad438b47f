"""The record of whoever attends: what is written of them stands there alone, whoever booked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from booking.appointments.actions.change_attendee import CannotBeFiled, give_own_record
from booking.models import Appointment, SessionType
from booking.queries import has_been_here, is_first
from booking.testing import make_appointment, make_session_type, open_every_day
from portal.attendees.actions import RecordTransfer, file_under_booker
from portal.attendees.actions import give_own_record as give_with
from portal.erasure.actions.erase import erase
from portal.export.record import record_of
from portal.models import Assignment, ClientProfile, FollowUp, SessionNote
from portal.session_notes.actions.assign import NewAssignment
from portal.session_notes.actions.wrap_up import AttendeeUnclear, WrapUp, keep_draft, sign
from portal.testing import assign, make_exercise
from portal.workspace.brief import briefs
from practice.core.reasons import because
from practice.models import AccessLog, Consent, Letter, Practitioner, User
from practice.queries import the_practice
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
PHONE = "303 555 0177"


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    made = make_practitioner()
    open_every_day(made)
    return made


@pytest.fixture
def kind(tess: Practitioner) -> SessionType:
    return make_session_type(tess)


@pytest.fixture
def ann(tess: Practitioner) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def sam(ann: User) -> User:
    made: User = User.objects.create_user(name="Sam Smith", correspondent=ann)
    return made


@pytest.fixture
def his(kind: SessionType, tess: Practitioner, sam: User, ann: User, now: dt.datetime) -> Appointment:
    """Sam's session, which Ann booked; it ended an hour ago."""
    return make_appointment(
        session_type=kind,
        practitioner=tess,
        start=now - 2 * HOUR,
        client=sam,
        correspondent=ann,
        phone=PHONE,
    )


@pytest.fixture
def unclear(kind: SessionType, tess: Practitioner, ann: User, now: dt.datetime) -> Appointment:
    """The same, from before: filed under Ann."""
    return make_appointment(
        session_type=kind,
        practitioner=tess,
        start=now - 2 * HOUR,
        client=ann,
        attendee_name="Sam Smith",
        attendee_unclear=True,
    )


def signed(appointment: Appointment, tess: Practitioner, now: dt.datetime, **words: Any) -> SessionNote:
    return sign(appointment, WrapUp(**words), by=tess.user, now=now)


def at_home(user: User) -> Any:
    return at_work(user)


# --- The wrap-up -----------------------------------------------------------------------------------------


def test_all_that_follows_from_a_session_follows_for_who_attended(
    his: Appointment, tess: Practitioner, sam: User, ann: User, now: dt.datetime
) -> None:
    given = [NewAssignment(make_exercise("tilt"))]
    signed(his, tess, now, foundation="Left SI slow.", home=given, plan="after breakfast")
    assert [one.client for one in Assignment.objects.all()] == [sam]
    assert ClientProfile.objects.of(sam).plan == "after breakfast"
    assert ClientProfile.objects.of(ann).plan == ""
    assert not FollowUp.objects.exclude(client=sam).exists()
    assert not Letter.objects.filter(category=Letter.Category.ENCOURAGEMENT).exists()
    assert not Consent.objects.filter(user=ann).exists()


def test_the_brief_of_who_booked_knows_nothing_of_it(
    his: Appointment, tess: Practitioner, sam: User, ann: User, now: dt.datetime
) -> None:
    signed(his, tess, now, foundation="Left SI slow.")
    found = briefs([sam.pk, ann.pk], practice=the_practice(), now=now)
    assert found[sam.pk].note is not None
    assert (found[ann.pk].note, found[ann.pk].last) == (None, None)


def test_while_nobody_has_said_whose_session_it_was_nothing_is_written(
    unclear: Appointment, tess: Practitioner, now: dt.datetime
) -> None:
    with pytest.raises(AttendeeUnclear):
        signed(unclear, tess, now, foundation="x")
    with pytest.raises(AttendeeUnclear):
        keep_draft(unclear, {}, touched={}, rest={}, by=tess.user, version=0, now=now)
    page = f"/workspace/appointments/{unclear.uid}/"
    assert at_work(tess.user).get(f"{page}wrap-up/")["Location"] == page
    assert not SessionNote.objects.exists()


@pytest.mark.parametrize("what", ["something to do", "a plan"])
def test_a_record_in_which_something_was_written_between_sessions_is_never_dropped(
    his: Appointment, tess: Practitioner, sam: User, now: dt.datetime, what: str
) -> None:
    Appointment.objects.filter(pk=his.pk).update(starts_at=now + DAY, ends_at=now + DAY + HOUR)
    if what == "a plan":
        ClientProfile.objects.keep(sam, plan="Before bed")
    else:
        assign(make_exercise("tilt"), sam, by=tess)
    with pytest.raises(CannotBeFiled):
        file_under_booker(his, by=tess.user, now=now)
    assert User.objects.filter(pk=sam.pk).exists()


def test_said_while_the_page_was_open_it_is_filed_as_said(
    unclear: Appointment, tess: Practitioner, ann: User, now: dt.datetime
) -> None:
    filed = give_own_record(unclear, by=tess.user, now=now)
    signed(unclear, tess, now, home=[NewAssignment(make_exercise("tilt"))])  # with the row of before
    assert Assignment.objects.get().client == filed.client != ann


def test_the_day_shows_no_brief_and_asks_whose_session_it_is(
    unclear: Appointment, tess: Practitioner, kind: SessionType, ann: User, now: dt.datetime
) -> None:
    before = make_appointment(
        session_type=kind, practitioner=tess, start=now - 9 * DAY, client=ann, state="completed"
    )
    SessionNote.objects.create(appointment=before, author=tess, foundation="Of Ann.", signed_at=now)
    Appointment.objects.filter(pk=unclear.pk).update(starts_at=now + 2 * HOUR, ends_at=now + 3 * HOUR)
    page = at_work(tess.user).get("/workspace/").content.decode()
    assert "Whose session is it?" in page
    assert "Of Ann." not in page


def test_a_note_signed_before_goes_along_with_its_session(
    unclear: Appointment, tess: Practitioner, ann: User, now: dt.datetime
) -> None:
    Appointment.objects.filter(pk=unclear.pk).update(state="completed")
    note = SessionNote.objects.create(appointment=unclear, author=tess, foundation="Of Sam.", signed_at=now)
    filed = give_own_record(unclear, by=tess.user, now=now)
    found = briefs([filed.client_id, ann.pk], practice=the_practice(), now=now)
    assert found[filed.client_id].note == note
    assert found[ann.pk].note is None


# --- Who booked, at home ---------------------------------------------------------------------------------


def test_who_booked_sees_the_appointment_and_nothing_of_the_record(
    his: Appointment, tess: Practitioner, ann: User, now: dt.datetime
) -> None:
    signed(his, tess, now, foundation="Left SI slow.", home=[NewAssignment(make_exercise("tilt"))])
    hers = at_home(ann)
    assert "for Sam Smith" in hers.get("/portal/appointments/").content.decode()
    for page in ("/portal/", "/portal/history/"):
        assert "tilt" not in hers.get(page).content.decode().lower()
    assert hers.get(f"/workspace/clients/{his.client_id}/").status_code in (302, 404)


def test_who_booked_reads_for_whom_a_session_is_that_nobody_has_said_whose_it_is(
    unclear: Appointment, ann: User
) -> None:
    assert "for Sam Smith" in at_home(ann).get("/portal/appointments/").content.decode()


# --- Copy and erasure ------------------------------------------------------------------------------------


def test_the_copy_of_who_booked_says_when_and_for_whom_and_nothing_of_the_record(
    his: Appointment, tess: Practitioner, sam: User, ann: User, now: dt.datetime
) -> None:
    signed(his, tess, now, foundation="Left SI slow.")
    hers, theirs = record_of(ann, by=ann, now=now), record_of(sam, by=tess.user, now=now)
    assert [one["for"] for one in hers["booked_for_others"]] == ["Sam Smith"]
    assert (hers["appointments"], hers["notes"]) == ([], [])
    assert [one["foundation"] for one in theirs["notes"]] == ["Left SI slow."]


def test_who_booked_is_erased_and_the_session_of_the_other_stays_without_a_word_of_them(
    his: Appointment, tess: Practitioner, sam: User, ann: User, now: dt.datetime
) -> None:
    signed(his, tess, now, foundation="Left SI slow.")
    erase(ann, now=now)
    his.refresh_from_db()
    sam.refresh_from_db()
    assert (his.client, his.correspondent, his.phone, his.attendee_name) == (sam, None, "", "Sam Smith")
    assert (sam.correspondent, SessionNote.objects.count()) == (None, 1)


def test_where_a_visit_is_stays_with_who_attends_and_goes_with_them(
    his: Appointment, sam: User, ann: User, now: dt.datetime
) -> None:
    Appointment.objects.update(place="client", room=None, address="5 Elm Row")
    erase(ann, now=now)
    his.refresh_from_db()
    assert his.address == "5 Elm Row"
    erase(sam, now=now)
    his.refresh_from_db()
    assert his.address == ""


def test_who_attended_is_erased_with_their_note_and_who_booked_stays(
    his: Appointment, tess: Practitioner, sam: User, ann: User, now: dt.datetime
) -> None:
    signed(his, tess, now, foundation="Left SI slow.")
    erase(sam, now=now)
    his.refresh_from_db()
    assert (his.client, his.correspondent, his.attendee_name) == (None, None, "")
    assert not SessionNote.objects.exists()
    assert User.objects.filter(pk=ann.pk).exists()


# --- Signed before everybody had a record of their own --------------------------------------------------


@pytest.fixture
def wrapped(
    unclear: Appointment, tess: Practitioner, kind: SessionType, ann: User, now: dt.datetime
) -> Appointment:
    """Sam's session as it was signed then: all that followed from it stands in Ann's record."""
    make_appointment(session_type=kind, practitioner=tess, start=now + 9 * DAY, client=ann)
    Appointment.objects.filter(pk=unclear.pk).update(attendee_unclear=False)
    given = [NewAssignment(make_exercise("tilt"), "twice a day"), NewAssignment(make_exercise("fold"))]
    signed(unclear, tess, now, foundation="Of Sam.", home=given, plan="after breakfast")
    Appointment.objects.filter(pk=unclear.pk).update(attendee_unclear=True)
    unclear.refresh_from_db()
    return unclear


def given_to(user: User) -> list[str]:
    found = Assignment.objects.filter(client=user, ended_at=None)
    return [one.what.slug for one in found.order_by("pk")]


def test_what_is_chosen_goes_along_with_the_session_and_is_in_one_record(
    wrapped: Appointment, tess: Practitioner, ann: User, now: dt.datetime
) -> None:
    tilt = Assignment.objects.get(exercise__slug="tilt")
    filed = give_with(wrapped, by=tess.user, now=now, along=RecordTransfer([tilt.pk], plan=True))
    assert (given_to(filed.client), given_to(ann)) == (["tilt"], ["fold"])
    assert (ClientProfile.objects.of(filed.client).plan, ClientProfile.objects.of(ann).plan) == (
        "after breakfast",
        "",
    )


def test_what_nobody_chose_stays_where_it_is(
    wrapped: Appointment, tess: Practitioner, ann: User, now: dt.datetime
) -> None:
    filed = give_with(wrapped, by=tess.user, now=now)
    assert (given_to(filed.client), given_to(ann)) == ([], ["tilt", "fold"])
    assert ClientProfile.objects.of(ann).plan == "after breakfast"


def test_no_email_tells_who_booked_of_a_session_that_was_another_s(
    wrapped: Appointment, tess: Practitioner, now: dt.datetime
) -> None:
    waiting = Letter.objects.filter(category=Letter.Category.ENCOURAGEMENT, state="planned")
    planned = waiting.count()
    give_with(wrapped, by=tess.user, now=now)
    assert (planned > 0, waiting.count()) == (True, 0)
    assert FollowUp.objects.filter(letter__why=because("follow_up:session_of_another")).count() == planned


def test_a_later_program_of_theirs_is_kept_and_what_is_moved_along_has_ended(
    wrapped: Appointment, tess: Practitioner, sam: User, ann: User, now: dt.datetime
) -> None:
    Assignment.objects.create(client=sam, assigned_by=tess, exercise=make_exercise("turn"))
    ClientProfile.objects.keep(sam, plan="at night")
    everything = RecordTransfer(Assignment.objects.filter(client=ann).values_list("pk", flat=True), plan=True)
    give_with(wrapped, by=tess.user, now=now, along=everything)
    assert (given_to(sam), given_to(ann)) == (["turn"], [])
    assert Assignment.objects.filter(client=sam).count() == 3
    assert (ClientProfile.objects.of(sam).plan, ClientProfile.objects.of(ann).plan) == (
        "at night",
        "after breakfast",
    )


def test_said_twice_nothing_more_moves(
    wrapped: Appointment, tess: Practitioner, ann: User, now: dt.datetime
) -> None:
    give_with(wrapped, by=tess.user, now=now)
    give_with(
        wrapped,
        by=tess.user,
        now=now,
        along=RecordTransfer([Assignment.objects.earliest("pk").pk], plan=True),
    )
    assert given_to(ann) == ["tilt", "fold"]


@pytest.mark.parametrize("whose", ["own", "booker"])
def test_anyone_who_may_not_open_the_record_does_not_say_whose_a_signed_session_is(
    wrapped: Appointment, whose: str
) -> None:
    desk, page = make_user("Dee Desk", role=User.Role.FRONT_DESK), f"/workspace/appointments/{wrapped.uid}/"
    answer = at_work(desk).post(f"{page}attendee/", {"whose": whose, "shown": "1"}, follow=True)
    wrapped.refresh_from_db()
    assert wrapped.attendee_unclear
    assert "Tess or the owner has to choose whose record it belongs to." in answer.content.decode()


@pytest.fixture
def renamed(kind: SessionType, tess: Practitioner, ann: User, now: dt.datetime) -> list[Appointment]:
    """Three of Ann Lee's from before she was called Ann Hart; one of another name, one of another Ann Lee."""
    User.objects.filter(pk=ann.pk).update(name="Ann Hart")
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, order=1)
    of_hers = [("Ann Lee", tess, -9), ("ann  LEE", jonah, -7), ("Ann Lee", tess, 9), ("Sam Smith", tess, -5)]
    rows = [(name, with_whom, day, ann) for name, with_whom, day in of_hers]
    rows.append(("Ann Lee", tess, -3, make_user("Other Ann")))
    return [
        make_appointment(
            session_type=kind,
            practitioner=with_whom,
            start=now + day * DAY,
            client=client,
            attendee_name=name,
            attendee_unclear=True,
        )
        for name, with_whom, day, client in rows
    ]


def in_doubt() -> list[str]:
    found = Appointment.objects.filter(attendee_unclear=True).order_by("pk")
    return [f"{one.attendee_name}, {one.practitioner.first_name}" for one in found]


def says_the_same(who: User, appointment: Appointment) -> str:
    page = f"/workspace/appointments/{appointment.uid}/attendee/"
    return at_work(who).post(page, {"whose": "booker"}, follow=True).content.decode()


OF_OTHERS = ["Sam Smith, Tess", "Ann Lee, Tess"]


def test_one_answer_settles_all_sessions_from_before_a_client_was_renamed(
    renamed: list[Appointment], ann: User, now: dt.datetime
) -> None:
    owner = make_user("Otto", role=User.Role.OWNER)
    page = at_work(owner).get(f"/workspace/appointments/{renamed[2].uid}/").content.decode()
    assert "There are 2 more sessions under this name." in page
    assert not has_been_here(ann, now=now)
    assert "3 sessions are Ann Hart&#x27;s now." in says_the_same(owner, renamed[2])
    assert in_doubt() == OF_OTHERS
    assert has_been_here(ann, now=now)
    assert not is_first(Appointment.objects.get(pk=renamed[2].pk))
    assert [one.words for one in AccessLog.objects.all()] == ["assigned 3 sessions to the record of Ann Hart"]


def test_a_practitioner_answers_for_their_own_alone(renamed: list[Appointment]) -> None:
    says_the_same(renamed[1].practitioner.user, renamed[1])
    assert in_doubt() == ["Ann Lee, Tess", "Ann Lee, Tess", *OF_OTHERS]


def test_nobody_answers_along_for_a_wrapped_up_session_whose_record_is_closed_to_them(
    renamed: list[Appointment], tess: Practitioner, now: dt.datetime
) -> None:
    SessionNote.objects.create(appointment=renamed[0], author=tess, signed_at=now)
    says_the_same(make_user("Dee", role=User.Role.FRONT_DESK), renamed[2])
    assert in_doubt() == ["Ann Lee, Tess", *OF_OTHERS]


def test_whose_session_it_was_says_so_also_when_the_record_is_closed_to_them_and_moves_nothing(
    wrapped: Appointment, kind: SessionType, ann: User, now: dt.datetime
) -> None:
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, order=1)
    long_ago = now - 900 * DAY
    Appointment.objects.filter(pk=wrapped.pk).update(
        practitioner=jonah, room=None, starts_at=long_ago, ends_at=long_ago + HOUR
    )
    everything = RecordTransfer(Assignment.objects.values_list("pk", flat=True), plan=True)
    filed = give_with(Appointment.objects.get(pk=wrapped.pk), by=jonah.user, now=now, along=everything)
    assert (filed.client.name, given_to(filed.client)) == ("Sam Smith", [])
    assert given_to(ann) == ["tilt", "fold"]


def test_a_page_asks_what_goes_along_before_anything_is_filed(
    wrapped: Appointment, tess: Practitioner, ann: User
) -> None:
    desk, page = at_work(tess.user), f"/workspace/appointments/{wrapped.uid}/attendee/"
    shown = desk.post(page, {"whose": "own"}).content.decode()
    assert all(words in shown for words in ("Tilt, twice a day", "“after breakfast”", "record of Ann Lee"))
    wrapped.refresh_from_db()
    assert wrapped.attendee_unclear
    tilt = Assignment.objects.get(exercise__slug="tilt")
    desk.post(page, {"whose": "own", "shown": "1", "given": str(tilt.pk)})
    wrapped.refresh_from_db()
    assert (given_to(wrapped.client), given_to(ann)) == (["tilt"], ["fold"])
