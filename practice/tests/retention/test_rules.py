"""One table says what is kept, for how long and why; the pages, the dry run and the job are made from it."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from booking.models import Intake, WaitlistEntry
from booking.testing import make_appointment, make_session_type
from portal.models import PracticeEntry, Question, VisitorQuestion
from portal.testing import make_lesson
from practice.append_only.door import Why, open_door
from practice.backup.engine.keeping import Keep
from practice.celery import app as celery
from practice.models import AccessLog, Letter, Practice, User
from practice.retention import chores, rules
from practice.retention.rules import all_rules, days
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.mail.builders import make_letter

pytestmark = pytest.mark.django_db
#: Done every hour too, and removes nothing.
NO_RETENTION = {"move_late_rows"}
LONG_AGO = dt.datetime(2019, 2, 1, 12, 0, tzinfo=dt.UTC)


def test_every_kind_of_row_has_a_line() -> None:
    named = {model for line in all_rules() for model in line.models}
    assert {model._meta.label for model in apps.get_models()} == named


def test_every_chore_enforces_a_line_and_every_line_names_a_chore_that_runs() -> None:
    named = [name for line in all_rules() for name in line.chores]
    assert sorted(named) == sorted(set(chores.names()) - NO_RETENTION)
    jobs = {line.job for line in all_rules() if line.job}
    assert jobs <= {tick["task"] for tick in celery.conf.beat_schedule.values()}


def test_every_period_the_owner_may_choose_is_the_one_that_is_said() -> None:
    for line in (one for one in all_rules() if one.setting):
        practice = Practice(name="Juniper Street", **{line.setting: 33})
        assert "33" in line.how_long(practice), line.key


def test_a_period_of_whole_years_is_said_in_years() -> None:
    assert [days(number) for number in (1, 90, 365, 366, 730)] == [
        *("1 day", "90 days", "1 year", "366 days", "2 years")
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_public_pages_say_every_public_line_in_the_readers_language(language: str) -> None:
    practice = make_practice(keep_letter_bodies_days=77)
    browser = Client(headers={"accept-language": language})
    privacy, page = (browser.get(reverse(name)).content.decode() for name in ("privacy", "how_long"))
    with translation.override(language):
        for line in all_rules():
            what, long, why = (str(line.what), line.how_long(practice), str(line.why))
            assert (what in page) == (what in privacy) == line.is_public, line.key
            assert (why in page) == line.is_public, line.key
            if line.is_public:
                assert long in privacy
                assert long[1:] in page
    assert ("77 days" if language == "en" else "77 días") in page


def test_both_pages_lead_to_each_other_and_the_portal_to_both() -> None:
    make_practice()
    ann = make_user("Ann Lee")
    browser = Client()
    browser.force_login(ann)
    how_long = reverse("how_long")
    assert how_long in browser.get("/privacy/").content.decode()
    assert "/privacy/" in browser.get(how_long).content.decode()
    data = browser.get(reverse("portal_data")).content.decode()
    assert how_long in data
    assert 'href="/privacy/"' in data


# The owner's page.


@pytest.fixture
def owner(db: None) -> Client:
    make_practice()
    return at_work(make_practitioner().user)


PAGE = "/workspace/settings/retention/"


def seen(browser: Client) -> dict[str, Any]:
    form = browser.get(PAGE).context["form"]
    return {bound.name: bound.value() or "" for bound in form}


def next_runs(answer: Any) -> dict[str, int]:
    lines = [line for _section, found in answer.context["sections"] for line in found]
    return {line.what: line.next_run for line in lines if line.next_run}


def old_email(days: int) -> Letter:
    return make_letter(to_address="ann@example.com", state="sent", due_at=timezone.now() - days * DAY)


DAY = dt.timedelta(days=1)


def test_the_owner_sees_what_the_next_run_removes_and_it_removes_just_that(owner: Client) -> None:
    old_email(100)
    answer = owner.get(PAGE)
    assert next_runs(answer) == {"The text of an email (a sign-in code is deleted right away)": 1}
    assert "The next run removes 1 thing." in answer.content.decode()
    assert sum(chores.tidy(timezone.now()).values()) == 1
    assert next_runs(owner.get(PAGE)) == {}


def test_what_would_go_by_another_period_is_shown_before_anything_is_saved(owner: Client) -> None:
    letter = old_email(60)
    form = {**seen(owner), "keep_letter_bodies_days": "30"}
    answer = owner.post(PAGE, {**form, "preview": "1"})
    assert sum(next_runs(answer).values()) == 1
    assert Practice.objects.get().keep_letter_bodies_days == 90
    chores.tidy(timezone.now())
    letter.refresh_from_db()
    assert letter.blanked_at is None
    owner.post(PAGE, form)
    chores.tidy(timezone.now())
    letter.refresh_from_db()
    assert letter.blanked_at


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("keep_records_years", "6"),
        ("keep_office_log_days", "364"),
        ("keep_email_addresses_days", "89"),
        ("keep_visitor_questions_days", "29"),
        ("keep_letter_bodies_days", "0"),
        ("keep_letter_bodies_days", ""),
        ("keep_unfinished_intakes_days", "9999999999"),
    ],
)
def test_less_than_is_sensible_is_refused_and_nothing_is_saved(field: str, value: str, owner: Client) -> None:
    before = Practice.objects.values().get()
    answer = owner.post(PAGE, {**seen(owner), field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Practice.objects.values().get() == before


def test_the_page_lists_each_time_a_guarded_log_was_changed(owner: Client) -> None:
    with open_door(Why.ERASURE):
        pass
    assert "a person was erased" in owner.get(PAGE).content.decode()


def test_only_the_owner_opens_it(owner: Client) -> None:
    other = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)
    assert at_work(other.user).get(PAGE).status_code == 404


def test_a_visitors_question_is_kept_as_long_as_the_owner_chose(owner: Client) -> None:
    asked = timezone.now() - 100 * DAY
    VisitorQuestion.objects.create(
        lesson=make_lesson(), name="Zoe", email="zoe@example.com", text="?", asked_at=asked
    )
    assert chores.foresee(timezone.now())["forget_visitor_questions"] == 0
    Practice.objects.update(keep_visitor_questions_days=99)
    assert chores.foresee(timezone.now())["forget_visitor_questions"] == 1


# Clients who no longer come.


@pytest.fixture
def gone(owner: Client) -> User:
    """A client who was here eight years ago, with a line of the access log."""
    ann = make_user("Ann Lee", created_at=LONG_AGO)
    tess = make_practitioner("Kai Long")
    make_appointment(
        session_type=make_session_type(tess), practitioner=tess, start=LONG_AGO, client=ann, occupies=False
    )
    AccessLog.objects.create(reader=tess.user, whose=ann, code="access:record", at=LONG_AGO)
    return ann


def left() -> bool:
    return User.objects.filter(name="Ann Lee").exists()


def test_nobody_is_erased_for_not_coming_unless_the_owner_chose_so(gone: User) -> None:
    chores.tidy(timezone.now())
    assert left()


def test_a_client_who_was_not_here_for_so_many_years_is_erased_with_the_whole_record(gone: User) -> None:
    Practice.objects.update(keep_records_years=8)
    out = StringIO()
    call_command("tidy", "--dry-run", stdout=out)
    assert "1  forget inactive" in out.getvalue()
    assert left()
    call_command("tidy", stdout=out)
    assert not left()
    assert not AccessLog.objects.exists()


def test_one_year_earlier_it_stays(gone: User) -> None:
    Practice.objects.update(keep_records_years=9)
    chores.tidy(timezone.now())
    assert left()


NEWER: dict[str, Any] = {
    "signed in": lambda ann: User.objects.filter(pk=ann.pk).update(last_login=timezone.now()),
    "listened": lambda ann: PracticeEntry.objects.create(
        client=ann, lesson=make_lesson(), since=timezone.now()
    ),
    "asked": lambda ann: Question.objects.create(client=ann, text="?"),
    "wrote the intake": lambda ann: Intake.objects.create(client=ann),
    "waits": lambda ann: WaitlistEntry.objects.create(
        client=ann, session_type=ann.appointments.get().session_type, last_day=dt.date(2027, 5, 1)
    ),
    "booked": lambda ann: ann.appointments.update(starts_at=timezone.now(), ends_at=timezone.now() + DAY),
    "works here": lambda ann: User.objects.filter(pk=ann.pk).update(role=User.Role.FRONT_DESK),
}


@pytest.mark.parametrize("newer", NEWER)
def test_whoever_did_anything_since_stays(newer: str, gone: User) -> None:
    Practice.objects.update(keep_records_years=7)
    NEWER[newer](gone)
    assert chores.foresee(timezone.now())["forget_inactive"] == 0
    chores.tidy(timezone.now())
    assert left()


def test_whoever_books_for_others_stays_while_they_come(gone: User) -> None:
    Practice.objects.update(keep_records_years=7)
    child = make_user("Bea Lee", email=None)
    kind = gone.appointments.get().session_type
    tess = gone.appointments.get().practitioner
    start = timezone.now() - 30 * DAY
    make_appointment(session_type=kind, practitioner=tess, start=start, client=child, correspondent=gone)
    assert chores.foresee(timezone.now())["forget_inactive"] == 0


def test_a_second_line_with_the_same_key_is_refused() -> None:
    with pytest.raises(ValueError, match="access_log"):
        rules.register([one for one in all_rules() if one.key == "access_log"])


@pytest.mark.parametrize(
    ("to", "keep", "said"),
    [
        ("", Keep(), "until they’re replaced; ask us when"),
        ("/mnt/backups", Keep(), "up to 12 months"),
        ("/mnt/backups", Keep(30, 4, 0), "up to 30 days"),
        ("/mnt/backups", Keep(1, 0, 0), "up to 1 day"),
    ],
)
def test_how_long_backups_are_kept_is_what_the_setting_says(
    settings: Any, to: str, keep: Keep, said: str
) -> None:
    settings.BACKUP_TO, settings.BACKUP_KEEP = to, keep
    (line,) = [one for one in all_rules() if one.key == "backups"]
    assert line.how_long(Practice()) == said
