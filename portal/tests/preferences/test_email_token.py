"""The way out of letters: no sign-in, no cookie, nothing changes by looking, one press stops them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.signing import Signer
from django.test import Client as Browser
from django.utils import timezone

from booking.links import appointment_of, appointment_token, hold_of
from booking.testing import make_appointment, make_session_type
from portal.models import ClientProfile
from practice.consents.actions.letter_preferences import agree_to_letters, decline_letters
from practice.core.log_redaction import without_keys
from practice.mail.unsubscribe import email_token, read_token
from practice.models import Consent, Letter, Practice, User
from practice.queries import wants_letters
from practice.testing import make_practice, make_practitioner, make_user
from practice.tests.consents.test_email_consent import waiting

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
BUTTONS = ("stop", "undo", "pause-1", "pause-2", "pause-4", "go-on", "reminders-off", "reminders-on")


@pytest.fixture
def ann() -> User:
    make_practice()
    ann = make_user("Ann Lee", zone="America/Denver")
    agree_to_letters(ann, now=timezone.now())
    return ann


@pytest.fixture
def mailer() -> Browser:
    """A mail programme: no cookie, no Origin, and whoever forgets to be exempt from CSRF answers 403."""
    return Browser(enforce_csrf_checks=True)


def page(ann: User) -> str:
    return f"/email/{email_token(ann)}/"


def rows() -> list[object]:
    """All that a button of this page could change, value by value."""
    return [list(model.objects.order_by("pk").values()) for model in (User, Consent, ClientProfile, Letter)]


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "patch", "delete"])
def test_a_scanner_changes_nothing(ann: User, mailer: Browser, method: str) -> None:
    waiting(ann)
    before = rows()
    for _ in range(5):
        answer = getattr(mailer, method)(page(ann))
    assert answer.status_code == (200 if method in ("get", "head") else 405)
    assert rows() == before


def test_one_click_unsubscribes_without_cookie_or_csrf_and_again(ann: User, mailer: Browser) -> None:
    letter = waiting(ann)
    for _ in range(2):
        answer = mailer.post(
            page(ann), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert not answer.cookies
    letter.refresh_from_db()
    assert (letter.state, letter.reason) == (
        Letter.State.CANCELLED,
        "They turned off emails between sessions.",
    )
    assert not wants_letters(ann)
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        b"List-Unsubscribe=One-Click\r\n",
        b"List-Unsubscribe=One-Click\n",
        b"list-unsubscribe=one-click",
        b"List-Unsubscribe=%20One-Click%20",
    ],
)
def test_one_click_is_understood_however_its_line_ends(ann: User, mailer: Browser, body: bytes) -> None:
    answer = mailer.post(page(ann), body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, wants_letters(ann)) == (200, False)


def test_one_click_works_though_the_last_slash_was_cut_off(ann: User, mailer: Browser) -> None:
    assert mailer.post(page(ann).rstrip("/"), ONE_CLICK).status_code == 200
    assert not wants_letters(ann)


@pytest.mark.parametrize("body", [b"", b"List-Unsubscribe=Two-Clicks", b"One-Click"])
def test_anything_else_is_no_press(ann: User, mailer: Browser, body: bytes) -> None:
    answer = mailer.post(page(ann), body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, wants_letters(ann)) == (422, True)


def test_one_click_may_come_as_multipart(ann: User, mailer: Browser) -> None:
    assert mailer.post(page(ann), ONE_CLICK).status_code == 200
    assert not wants_letters(ann)


def test_an_email_that_is_being_sent_is_left_to_its_judge(ann: User, mailer: Browser) -> None:
    letter = waiting(ann, state=Letter.State.CLAIMED)
    mailer.post(page(ann), ONE_CLICK)
    letter.refresh_from_db()
    assert letter.state == Letter.State.CLAIMED


@pytest.mark.parametrize("body", [{}, {"do": "erase"}, {"do": "start"}, {"List-Unsubscribe": "no"}])
def test_a_press_of_no_button_of_ours_changes_nothing(ann: User, mailer: Browser, body: dict) -> None:
    before = rows()
    assert mailer.post(page(ann), body).status_code == 422
    assert rows() == before


def test_stopping_can_be_undone_right_away(ann: User, mailer: Browser) -> None:
    assert "Was this a mistake?" in mailer.post(page(ann), {"do": "stop"}).content.decode()
    assert "You’ll get these emails again" in mailer.post(page(ann), {"do": "undo"}).content.decode()
    assert wants_letters(ann)


def test_a_day_later_only_the_person_who_signs_in_brings_emails_back(ann: User, mailer: Browser) -> None:
    decline_letters(ann, now=timezone.now() - dt.timedelta(days=1, minutes=1), why="No.")
    assert "Was this a mistake?" not in mailer.post(page(ann), {"do": "undo"}).content.decode()
    assert not wants_letters(ann)


@pytest.mark.parametrize(("weeks", "day"), [(1, 27), (2, 6), (4, 20)])
def test_a_pause_ends_with_a_day_where_they_live(
    ann: User, mailer: Browser, weeks: int, day: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = dt.datetime(2027, 2, 21, 5, 30, tzinfo=dt.UTC)  # 20 February at 22:30 in Denver
    monkeypatch.setattr(timezone, "now", lambda: late)
    said = mailer.post(page(ann), {"do": f"pause-{weeks}"}).content.decode()
    until = ClientProfile.objects.get(user=ann).paused_until
    assert until is not None
    assert (until.day, until.minute) == (day, 0)
    assert f"{'February' if weeks == 1 else 'March'} {day}" in said


def test_a_pause_can_be_ended(ann: User, mailer: Browser) -> None:
    mailer.post(page(ann), {"do": "pause-4"})
    mailer.post(page(ann), {"do": "go-on"})
    assert ClientProfile.objects.get(user=ann).paused_until is None


def test_who_gets_no_emails_has_nothing_to_pause(ann: User, mailer: Browser) -> None:
    mailer.post(page(ann), {"do": "stop"})
    mailer.post(page(ann), {"do": "pause-1"})
    assert not ClientProfile.objects.exists()


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ([24, 3], "We send them 24 hours and 3 hours before each session."),
        ([], "We’re not sending any right now."),
    ],
)
def test_when_reminders_come_is_said_as_the_owner_chose(
    ann: User, mailer: Browser, hours: list[int], words: str
) -> None:
    Practice.objects.update(reminder_hours=hours)
    assert words in mailer.get(page(ann)).content.decode()


def test_reminders_are_a_choice_of_their_own(ann: User, mailer: Browser) -> None:
    mailer.post(page(ann), {"do": "reminders-off"})
    ann.refresh_from_db()
    assert (ann.wants_reminders, wants_letters(ann)) == (False, True)
    mailer.post(page(ann), {"do": "reminders-on"})
    ann.refresh_from_db()
    assert ann.wants_reminders


def test_anyone_who_was_erased_is_unsubscribed(ann: User, mailer: Browser) -> None:
    path = page(ann)
    ann.delete()
    assert "You are unsubscribed" in mailer.get(path).content.decode()
    assert "You are unsubscribed" in mailer.post(path, ONE_CLICK).content.decode()
    for do in BUTTONS:
        assert "You are unsubscribed" in mailer.post(path, {"do": do}).content.decode()
    assert not Consent.objects.exists()


def test_a_closed_account_is_unsubscribed_and_stays_as_it_is(ann: User, mailer: Browser) -> None:
    User.objects.update(is_active=False)
    before = rows()
    for do in BUTTONS:
        assert "You are unsubscribed" in mailer.post(page(ann), {"do": do}).content.decode()
    assert rows() == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token[:5],
        lambda token: "1" + token,
        lambda token: token + "A",
        lambda token: token.swapcase(),
        lambda _token: "x",
        lambda _token: "٣.٣",
        lambda token: token * 100,
    ],
)
@pytest.mark.parametrize("body", [None, ONE_CLICK, {"do": "stop"}])
def test_a_spoilt_link_says_what_to_do_and_not_whether_it_was_near(
    ann: User, mailer: Browser, spoil: object, body: dict | None
) -> None:
    path = f"/email/{spoil(email_token(ann))}/"  # type: ignore[operator]
    before = rows()
    answer = mailer.get(path) if body is None else mailer.post(path, body)
    assert answer.status_code == 404
    assert "from a newer email" in answer.content.decode()
    assert rows() == before


def test_the_link_of_a_year_ago_still_opens(
    ann: User, mailer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = page(ann)
    later = timezone.now() + dt.timedelta(days=3 * 365)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert mailer.post(path, ONE_CLICK).status_code == 200
    assert not wants_letters(ann)


def test_no_other_link_opens_this_and_this_opens_no_other(ann: User, mailer: Browser) -> None:
    tess = make_practitioner()
    start = timezone.now() + dt.timedelta(days=3)
    appointment = make_appointment(
        session_type=make_session_type(tess), practitioner=tess, start=start, client=ann
    )
    assert mailer.get(f"/email/{appointment_token(appointment)}/").status_code == 404
    assert read_token(Signer(salt="booking.hold", sep=".").sign(str(ann.pk))) is None
    assert appointment_of(email_token(ann)) is None
    assert hold_of(email_token(ann)) is None
    assert mailer.get(f"/enter/{email_token(ann)}/").status_code == 410


@pytest.mark.parametrize("do", ["", *BUTTONS])
def test_the_page_names_nobody_and_sets_no_cookie(ann: User, mailer: Browser, do: str) -> None:
    answer = mailer.post(page(ann), {"do": do}) if do else mailer.get(page(ann))
    said = answer.content.decode()
    assert not re.search(r"\bAnn\b", said)  # as a word: tokens have letters too
    assert "ann@" not in said
    assert not answer.cookies
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == (
        "no-store, private",
        "noindex",
    )


def test_the_page_does_not_tell_who_else_is_signed_in(ann: User, client: Browser) -> None:
    client.force_login(make_user("Ben Ode"))
    answer = client.get(page(ann))
    assert "Sign out" not in answer.content.decode()
    assert not answer.cookies


def test_the_link_is_in_no_log(ann: User) -> None:
    assert without_keys(f"GET {page(ann)}") == "GET /email/…/"
