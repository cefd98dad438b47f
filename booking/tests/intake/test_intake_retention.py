"""An intake that nobody handed in is not kept for ever; one that somebody still needs is."""

import datetime as dt

import pytest
from django.test import Client

from booking.appointments.actions.cancel import cancel
from booking.intake.actions import begin, clear, hand_in, renew, save_step
from booking.intake.answers import SIGNS
from booking.intake.retention import forget_unfinished_intakes
from booking.models import Intake
from booking.tests.people import NOW, TEN, booked, minutes
from booking.tests.web_client import words_of
from practice.consents import queries as consents_queries
from practice.consents.actions.consent import ConsentSubmission
from practice.models import Practice
from practice.retention import chores

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
DAY = dt.timedelta(days=1)
A_MONTH_LATER = TEN + minutes(60) + 30 * DAY
SIGN = {**dict.fromkeys(SIGNS, "no"), "fever": "yes"}


@pytest.fixture
def intake(session, tess) -> Intake:
    """Asked for with Ann's first session; nobody has handed it in."""
    booked(session, tess)
    return Intake.objects.get()


def writes(intake: Intake, *, now: dt.datetime, step: str = "change", **part: str) -> Intake:
    begin(intake, browser="hers", now=now)
    return save_step(intake, step, part or {"worse": "Kneeling."}, version=intake.version + 1, now=now)


def forget(now: dt.datetime) -> int:
    """How many were removed by then."""
    return forget_unfinished_intakes(now)


def test_it_is_removed_a_month_after_its_session_and_not_a_moment_before(intake):
    writes(intake, now=NOW)
    assert forget(A_MONTH_LATER) == 0
    assert forget(A_MONTH_LATER + minutes(1)) == 1
    assert not Intake.objects.exists()


def test_the_owner_says_after_how_many_days(intake):
    Practice.objects.update(keep_unfinished_intakes_days=7)
    assert forget(TEN + 6 * DAY) == 0
    assert forget(TEN + 8 * DAY) == 1


def test_what_was_submitted_stays(intake):
    writes(intake, now=NOW, step="signs", **dict.fromkeys(SIGNS, "no"))
    agreed = ConsentSubmission(
        "Ann Lee", {text.kind: text.version for text in consents_queries.current_texts()}
    )
    hand_in(intake, agreed=agreed, now=NOW)
    assert forget(TEN + 900 * DAY) == 0


def test_who_has_written_since_continues(intake):
    writes(intake, now=TEN + 20 * DAY)
    assert forget(A_MONTH_LATER + DAY) == 0
    assert forget(TEN + 51 * DAY) == 1


def test_a_warning_sign_stays_until_someone_has_looked(intake, tess):
    writes(intake, now=NOW, step="signs", **SIGN)
    assert forget(TEN + 60 * DAY) == 0
    clear(intake, by=tess.user, now=TEN + 60 * DAY)
    assert forget(TEN + 61 * DAY) == 1


def test_a_canceled_session_counts_from_its_day(intake):
    cancel(intake.appointment, now=NOW)
    assert forget(A_MONTH_LATER) == 0
    assert forget(A_MONTH_LATER + minutes(1)) == 1


def test_one_without_a_session_counts_from_its_last_word(intake):
    client = intake.client
    intake.delete()
    cancel(client.appointments.get(), now=NOW)
    renew(client, now=NOW)
    assert forget(NOW + 30 * DAY) == 0
    assert forget(NOW + 31 * DAY) == 1


def test_it_is_done_by_the_hour_and_the_privacy_page_says_so(intake):
    assert chores.tidy(TEN + 40 * DAY)["forget_unfinished_intakes"] == 1
    assert "did not submit 30 days after the session" in words_of(Client().get("/privacy/"))
