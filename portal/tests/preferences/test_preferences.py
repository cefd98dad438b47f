"""A client's preferences and record: theirs to say, theirs to see, nobody else's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from booking.letters.before_session.reminders import check_reminder
from booking.models import Appointment
from booking.testing import make_appointment, make_session_type
from portal.export.actions import ON_THE_SERVER
from portal.export.record import access_log
from portal.models import ClientProfile, FollowUp
from portal.preferences import actions
from portal.session_notes.actions.wrap_up import LIMITS
from practice.consents.actions.letter_preferences import agree_to_letters, letters_text
from practice.core.reasons import as_written, because
from practice.mail import suppression
from practice.mail.send_check import Cancel, Send
from practice.models import AccessLog, Consent, Letter, Practice, Practitioner, User
from practice.queries import wants_letters
from practice.testing import make_practice, make_practitioner, make_user
from practice.tests.consents.test_email_consent import waiting

pytestmark = pytest.mark.django_db
PATH = "/portal/preferences/"
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
FORM: dict[str, Any] = {
    "letter_at": "09:00",
    "weekdays": [],
    "zone": "practice",
    "reminders": "on",
    "plan": "after breakfast, on the rug",
    "obstacle": "if the floor is cold, two blankets",
}


@pytest.fixture
def tess() -> Practitioner:
    make_practice()
    return make_practitioner()


@pytest.fixture
def ann(tess: Practitioner, client: Browser) -> User:
    ann = make_user("Ann Lee")
    client.force_login(ann)
    return ann


@pytest.fixture
def planned_anew(monkeypatch: pytest.MonkeyPatch) -> list[User]:
    """Whose letters were planned anew."""
    found: list[User] = []
    monkeypatch.setattr(actions, "replan", lambda client, **_when: found.append(client))
    return found


def kept(ann: User) -> ClientProfile:
    return ClientProfile.objects.get(user=ann)


@pytest.mark.engines
def test_what_a_client_writes_is_kept_and_shown(ann: User, client: Browser) -> None:
    answer = client.post(PATH, {**FORM, "letter_at": "18:00", "weekdays": ["6", "0"], "zone": "Asia/Tokyo"})
    assert answer.headers["Location"] == PATH
    page = kept(ann)
    assert (page.letter_at, page.letter_weekdays) == (dt.time(18), [0, 6])
    assert (page.plan, page.obstacle) == (FORM["plan"], FORM["obstacle"])
    assert User.objects.get(pk=ann.pk).zone == "Asia/Tokyo"
    assert "after breakfast, on the rug" in client.get(PATH).content.decode()


@pytest.mark.engines
def test_anyone_who_is_at_home_here_keeps_no_zone_of_their_own(ann: User, client: Browser) -> None:
    User.objects.update(zone="Asia/Tokyo")
    client.post(PATH, FORM)
    assert User.objects.get(pk=ann.pk).zone == ""


def test_time_zones_have_their_names_and_those_of_the_us_come_first(ann: User, client: Browser) -> None:
    said = client.get(PATH).content.decode()
    assert "Same as the practice: Mountain Time (Denver)" in said
    asked = ("Eastern Time (New York)", "Hawaii Time (Honolulu)", "Greenwich Mean Time (Abidjan)")
    assert sorted(asked, key=said.index) == [*asked]


@pytest.mark.engines
def test_a_plan_is_kept_word_for_word_in_one_line(ann: User, client: Browser) -> None:
    client.post(PATH, {**FORM, "plan": "  after\r\nbreakfast\u2028 🪷\x07 "})
    assert kept(ann).plan == "after breakfast 🪷"


def test_a_plan_as_long_as_a_wrap_up_takes_keeps_nobody_from_saving(ann: User, client: Browser) -> None:
    client.post(PATH, {**FORM, "plan": "x" * LIMITS["plan"]})
    assert len(kept(ann).plan) == LIMITS["plan"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"plan": "x" * 1_001},
        {"obstacle": "x" * 100_000},
        {"letter_at": "03:00"},
        {"letter_at": "25:61"},
        {"letter_at": ""},
        {"weekdays": ["7"]},
        {"weekdays": ["-1"]},
        {"weekdays": ["x"]},
        {"zone": ""},
        {"zone": "Mars/Olympus"},
        {"zone": "../../etc/passwd"},
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_lost(
    ann: User, client: Browser, wrong: dict[str, object]
) -> None:
    answer = client.post(PATH, {**FORM, **wrong})
    assert answer.status_code == 422
    assert "two blankets" in answer.content.decode() or "obstacle" in wrong
    assert "This field" not in answer.content.decode()
    assert not ClientProfile.objects.exists()


def test_emails_come_only_at_hours_the_practice_writes(ann: User, client: Browser) -> None:
    offered = dict(client.get(PATH).context["form"].fields["letter_at"].choices)
    assert list(offered) == [f"{hour:02}:00" for hour in range(8, 20)]
    assert offered["18:00"] == "6:00 PM"


def test_an_hour_in_use_stays_a_choice(ann: User, client: Browser) -> None:
    ClientProfile.objects.keep(ann, letter_at=dt.time(7, 30))
    client.post(PATH, {**FORM, "letter_at": "07:30"})
    assert kept(ann).letter_at == dt.time(7, 30)


@pytest.mark.parametrize("other", [{"letter_at": "10:00"}, {"weekdays": ["2"]}, {"zone": "Asia/Tokyo"}])
def test_another_hour_day_or_zone_plans_the_emails_again(
    ann: User, client: Browser, planned_anew: list[User], other: dict[str, object]
) -> None:
    client.post(PATH, {**FORM, **other})
    assert planned_anew == [ann]
    client.post(PATH, {**FORM, **other})
    assert planned_anew == [ann]


@pytest.mark.engines
def test_another_plan_leaves_the_emails_where_they_are(
    ann: User, client: Browser, planned_anew: list[User]
) -> None:
    client.post(PATH, {**FORM, "plan": "at noon", "reminders": ""})
    assert planned_anew == []


@pytest.mark.engines
def test_a_pause_moves_nothing_by_itself(ann: User, client: Browser, planned_anew: list[User]) -> None:
    agree_to_letters(ann, now=NOW)
    client.post(PATH, {"do": "pause-2"})
    assert kept(ann).paused_until is not None
    assert planned_anew == []
    client.post(PATH, {"do": "go-on"})
    assert kept(ann).paused_until is None


@pytest.mark.parametrize("weeks", [0, 3, 53, -1])
def test_a_pause_lasts_one_two_or_four_weeks(ann: User, weeks: int) -> None:
    with pytest.raises(ValueError, match="weeks"):
        actions.pause(ann, weeks, now=NOW)


@pytest.mark.engines
def test_emails_stop_and_are_agreed_to_again(ann: User, client: Browser) -> None:
    agree_to_letters(ann, now=NOW)
    client.post(PATH, {"do": "stop"})
    assert not wants_letters(ann)
    assert letters_text()[:40] in client.get(PATH).content.decode()
    client.post(PATH, {"do": "start"})
    assert wants_letters(ann)
    assert Consent.objects.count() == 2


def follow_up(ann: User, tess: Practitioner, key: str, *, days: int) -> FollowUp:
    """A letter of a plan, due so many days from now."""
    kind = tess.session_types.first() or make_session_type(tess)
    past = timezone.now() - dt.timedelta(days=10)
    session = Appointment.objects.filter(client=ann).first() or make_appointment(
        session_type=kind, practitioner=tess, start=past, client=ann
    )
    letter = waiting(ann, key, due_at=timezone.now() + dt.timedelta(days=days), why=as_written("As planned."))
    place = FollowUp.objects.count()
    return FollowUp.objects.create(
        client=ann,
        appointment=session,
        place=place,
        days=10 + max(days, 1),
        at=dt.time(9),
        letter=letter,
        why=as_written("As planned."),
    )


@pytest.mark.engines
def test_emails_called_off_by_mistake_wait_again(
    ann: User, tess: Practitioner, planned_anew: list[User]
) -> None:
    agree_to_letters(ann, now=NOW)
    ahead = follow_up(ann, tess, "ahead", days=3)
    over, other = follow_up(ann, tess, "over", days=-1), follow_up(ann, tess, "other", days=9)
    Letter.objects.filter(pk=other.letter_id).update(
        state=Letter.State.CANCELLED, why=as_written("Pain rose.")
    )
    actions.stop_letters(ann, now=timezone.now())
    # Whatever the reason says by then.
    Letter.objects.filter(pk=ahead.letter_id).update(why=as_written("Pidió no recibir más cartas."))
    actions.start_letters(ann, now=timezone.now())
    states = dict(Letter.objects.values_list("pk", "state"))
    assert [states[one.letter_id] for one in (ahead, over, other)] == ["planned", "cancelled", "cancelled"]
    assert Letter.objects.get(pk=ahead.letter_id).reason == "As planned."
    assert planned_anew == [ann]


@pytest.mark.engines
def test_saving_an_old_tab_does_not_bring_emails_back(ann: User, client: Browser) -> None:
    agree_to_letters(ann, now=NOW)
    client.post(PATH, {"do": "stop"})
    client.post(PATH, FORM)
    assert not wants_letters(ann)


def test_a_form_without_its_csrf_token_is_refused(ann: User) -> None:
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(ann)
    assert strict.post(PATH, {"do": "start"}).status_code == 403
    assert not wants_letters(ann)


@pytest.mark.parametrize("path", [PATH, "/portal/data/"])
def test_closed_to_the_person_who_is_not_signed_in(client: Browser, tess: Practitioner, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", [PATH, "/portal/data/"])
def test_looking_changes_nothing(ann: User, client: Browser, path: str) -> None:
    for method in (client.get, client.head, client.options):
        method(path)
    assert [model.objects.count() for model in (ClientProfile, Consent, AccessLog)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("hours", "words"),
    [([24], "Remind me 24 hours before a session."), ([], "Remind me before a session.")],
)
def test_reminders_are_said_as_the_owner_chose_them(
    ann: User, client: Browser, hours: list[int], words: str
) -> None:
    Practice.objects.update(reminder_hours=hours)
    assert words in client.get(PATH).content.decode()


@pytest.mark.engines
def test_a_complaint_is_lifted_by_the_person_who_made_it(ann: User, client: Browser) -> None:
    suppression.suppress(ann.email or "", cause="complaint")
    assert "marked as spam" in client.get(PATH).content.decode()
    client.post(PATH, {"do": "unmark"})
    assert suppression.suppression_of(ann.email or "") is None
    assert "marked as spam" not in client.get(PATH).content.decode()


@pytest.mark.engines
def test_pressing_it_lifts_no_bounce(ann: User, client: Browser) -> None:
    suppression.suppress(ann.email or "", cause="bounce")
    client.post(PATH, {"do": "unmark"})
    assert suppression.suppression_of(ann.email or "") is not None


@pytest.mark.engines
def test_no_reminder_comes_to_the_person_who_wants_none(ann: User, tess: Practitioner) -> None:
    start = timezone.now() + dt.timedelta(days=3)
    appointment = make_appointment(
        session_type=make_session_type(tess), practitioner=tess, start=start, client=ann
    )
    letter = Letter(user=ann, kind="reminder", about=appointment.about, key=f"x:{appointment.sequence}")
    assert isinstance(check_reminder(letter, timezone.now()), Send)
    ann.wants_reminders = False
    assert check_reminder(letter, timezone.now()) == Cancel(because("reminders_off"))


def test_a_client_sees_who_opened_their_record_in_their_own_time(
    ann: User, tess: Practitioner, client: Browser
) -> None:
    User.objects.filter(pk=ann.pk).update(zone="Asia/Tokyo")
    AccessLog.objects.create(reader=tess.user, whose=ann, code="access:note", at=NOW)
    said = " ".join(client.get("/portal/data/").content.decode().replace("\u00a0", " ").split())
    assert "Tess Marlow: a session note" in said
    assert "Saturday, November 21, 2026 at 9:00 PM" in said


def test_nobody_sees_who_opened_the_record_of_another(ann: User, tess: Practitioner, client: Browser) -> None:
    AccessLog.objects.create(reader=tess.user, whose=make_user("Ben Ode"), what="note of a session")
    assert "Tess Marlow" not in client.get("/portal/data/").content.decode()


def test_a_reader_who_was_erased_is_said_so(ann: User, client: Browser) -> None:
    AccessLog.objects.create(reader=None, whose=ann, what="note of a session")
    assert "Someone who no longer works here" in client.get("/portal/data/").content.decode()


@pytest.mark.parametrize("line", [{"code": ON_THE_SERVER[0]}, {"what": ON_THE_SERVER[1]}])
def test_a_copy_by_a_command_is_the_practices_in_old_lines_and_new(
    client: Browser, ann: User, line: dict[str, str]
) -> None:
    AccessLog.objects.create(reader=None, whose=ann, **line)
    [shown] = client.get("/portal/data/").context["opened"]
    practice = Practice.objects.get()
    assert (shown["who"], shown["what"]) == (practice.name, ON_THE_SERVER[1])
    assert [one["what"] for one in access_log(ann)] == [ON_THE_SERVER[1]]


@pytest.mark.parametrize(
    ("page", "first", "count"),
    [("1", "thing 31", 30), ("2", "thing 1", 2), ("x", "thing 31", 30), ("99", "thing 1", 2)],
)
def test_a_long_list_comes_in_pages_the_newest_first(
    ann: User, tess: Practitioner, client: Browser, page: str, first: str, count: int
) -> None:
    for number in range(32):
        AccessLog.objects.create(
            reader=tess.user, whose=ann, what=f"thing {number}", at=NOW + dt.timedelta(hours=2 * number)
        )
    shown = client.get("/portal/data/", {"page": page}).context["opened"]
    assert (shown[0]["what"], len(shown)) == (first, count)
