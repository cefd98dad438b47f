"""The ledger of letters: who may read what, and the two things a person may decide."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone, translation

from practice.core.locales.readers import CODES
from practice.core.reasons import as_written
from practice.mail.composing.placeholder import placeholder
from practice.mail.suppression import suppress
from practice.models import Letter, Practitioner, Suppression, User
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.mail.builders import make_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    return make_practitioner()


@pytest.fixture
def jonah(tess: Practitioner) -> Practitioner:
    return make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)


def failed(kind: str = "confirmation", **fields: object) -> Letter:
    """A letter a person has to decide about."""
    letter = make_letter(kind, **fields)
    Letter.objects.filter(pk=letter.pk).update(
        state="failed", why=as_written("The address is not known there.")
    )
    letter.refresh_from_db()
    return letter


def test_a_code_to_sign_in_is_shown_to_nobody(tess: Practitioner) -> None:
    letter = failed("sign_in_code")
    Letter.objects.filter(pk=letter.pk).update(text="SECRET-CODE", html="<p>SECRET-CODE</p>")
    page = at_work(tess.user).get(f"/workspace/letters/{letter.pk}/").content.decode()
    assert "SECRET-CODE" not in page


def test_nor_in_the_preview(tess: Practitioner) -> None:
    letter = failed("sign_in_code")
    assert at_work(tess.user).get(f"/workspace/letters/{letter.pk}/preview/").status_code == 404


def test_a_practitioner_does_not_see_emails_to_others_clients(jonah: Practitioner) -> None:
    letter = failed(user=make_user("Ann"))
    assert at_work(jonah.user).get(f"/workspace/letters/{letter.pk}/").status_code == 404


def test_nor_sends_them_again(jonah: Practitioner) -> None:
    letter = failed(user=make_user("Ann"))
    at_work(jonah.user).post(f"/workspace/letters/{letter.pk}/again/")
    letter.refresh_from_db()
    assert letter.state == Letter.State.FAILED


def test_a_client_finds_no_ledger(tess: Practitioner) -> None:
    browser = Client()
    browser.force_login(make_user("Ann"))
    assert browser.get("/workspace/letters/").status_code == 404


def test_a_failed_email_is_sent_again(tess: Practitioner) -> None:
    letter = failed()
    at_work(tess.user).post(f"/workspace/letters/{letter.pk}/again/")
    letter.refresh_from_db()
    assert letter.state == Letter.State.PLANNED


def test_an_address_from_which_emails_come_back_says_what_to_do(tess: Practitioner) -> None:
    ann = make_user("Ann", phone="+13035550147")
    page = f"/workspace/letters/{failed(user=ann).pk}/"
    assert "Send again" in at_work(tess.user).get(page).text
    suppress("ann@example.com", cause=Suppression.Cause.BOUNCE)
    seen = at_work(tess.user).get(page).text
    said = ("Please call Ann", "tel:+13035550147", f"/workspace/clients/{ann.pk}/contact/", "Send again")
    assert [words for words in said if words not in seen] == ["Send again"]
    User.objects.filter(pk=ann.pk).update(email="ann.new@example.com")
    assert "Send again" in at_work(tess.user).get(page).text


def test_or_left(tess: Practitioner) -> None:
    letter = failed()
    at_work(tess.user).post(f"/workspace/letters/{letter.pk}/leave/")
    letter.refresh_from_db()
    assert letter.state == Letter.State.CANCELLED


def test_reading_an_email_sends_nothing(tess: Practitioner) -> None:
    letter = failed()
    at_work(tess.user).get(f"/workspace/letters/{letter.pk}/again/")
    letter.refresh_from_db()
    assert letter.state == Letter.State.FAILED


def test_why_it_waits_is_in_the_list(tess: Practitioner) -> None:
    failed()
    assert "The address is not known there." in at_work(tess.user).get("/workspace/letters/").content.decode()


def due(subject: str, days: int, **fields: object) -> None:
    """A letter that is due, or went, so many days from now."""
    letter = make_letter("confirmation")
    at = timezone.now() + dt.timedelta(days=days, hours=1)
    Letter.objects.filter(pk=letter.pk).update(**{"subject": subject, "due_at": at, **fields})


def in_order(page: str, *subjects: str) -> list[str]:
    return sorted((one for one in subjects if one in page), key=page.index)


def test_the_page_begins_with_what_failed_then_what_leaves_soonest_then_what_went(tess: Practitioner) -> None:
    due("In five days", 5)
    due("Yesterday", -1, state="sent", sent_at=timezone.now())
    due("Tomorrow", 1)
    due("Last week", -7, state="sent", sent_at=timezone.now())
    due("Broken", -3, state="failed")
    page = at_work(tess.user).get("/workspace/letters/").content.decode()
    subjects = ("Broken", "Tomorrow", "In five days", "Yesterday", "Last week")
    assert in_order(page, *subjects) == list(subjects)


def test_what_is_weeks_ahead_is_on_the_page_of_what_is_scheduled_soonest_first(
    tess: Practitioner,
) -> None:
    due("In five weeks", 35)
    due("In three weeks", 21)
    browser = at_work(tess.user)
    assert "weeks" not in browser.get("/workspace/letters/").content.decode()
    scheduled = browser.get("/workspace/letters/?show=waits").content.decode()
    assert in_order(scheduled, "In five weeks", "In three weeks") == ["In three weeks", "In five weeks"]


def test_anyone_who_is_looked_for_is_found_however_far_ahead(tess: Practitioner) -> None:
    due("In five weeks", 35, to_name="Zoe Hill")
    assert "In five weeks" in at_work(tess.user).get("/workspace/letters/?to=zoe").content.decode()


@pytest.mark.parametrize(
    ("state", "written", "words"),
    [
        ("planned", False, "there is nothing to say, so it would not be sent"),
        ("cancelled", False, "It was never sent."),
        ("missed", False, "It was never sent."),
        ("cancelled", True, "The email as its reader sees it"),
    ],
)
@pytest.mark.parametrize("language", sorted(CODES))
def test_an_email_that_was_never_written_shows_no_empty_frame(
    state: str, written: bool, words: str, language: str, tess: Practitioner
) -> None:
    letter = failed()
    with translation.override(language):
        row = placeholder("A confirmation")
    said = {} if written else {"text": row.text, "html": row.html}
    Letter.objects.filter(pk=letter.pk).update(state=state, **said)
    page = at_work(tess.user).get(f"/workspace/letters/{letter.pk}/").content.decode()
    assert words in page
    assert ("<iframe" in page) == written


def test_the_preview_may_run_nothing(tess: Practitioner) -> None:
    letter = failed()
    policy = at_work(tess.user).get(f"/workspace/letters/{letter.pk}/preview/")["Content-Security-Policy"]
    assert {"default-src 'none'", "sandbox"} <= {rule.strip() for rule in policy.split(";")}


def test_a_page_of_emails_costs_the_same_for_one_and_thirty(
    tess: Practitioner, django_assert_num_queries
) -> None:
    browser = at_work(tess.user)
    failed()
    browser.get("/workspace/letters/")
    with django_assert_num_queries(7):
        browser.get("/workspace/letters/")
    for _ in range(29):
        failed()
    with django_assert_num_queries(7):
        browser.get("/workspace/letters/")
