"""The owner edits the text of an email: nothing typed is lost, and nothing wrong is saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.letters.to_client import confirmation
from booking.testing import make_appointment, make_session_type
from portal.testing import assign, make_lesson
from practice.email_texts import actions
from practice.email_texts.actions import ChangedSince, save_text
from practice.email_texts.queries import Text, changed_texts, latest_of
from practice.email_texts.registry import EditableEmail, email_named
from practice.email_texts.shipped import shipped_text
from practice.mail.delivery import deliver
from practice.models import AccessLog, EmailText, Letter, Practitioner, User
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = pytest.mark.django_db
KEY = "confirmation"
PAGE = reverse("workspace_email_text", args=[KEY, "en"])
PREVIEW, SEND, BACK = (f"{PAGE}{end}/" for end in ("preview", "send", "back"))
MINE = {
    "seen": "0",
    "subject": "See you {{ day }}",
    "opening": "Hello {{ first_name }}.\n\nMine.",
    "ending": "",
}


@pytest.fixture
def tess() -> Practitioner:
    make_practice()
    return make_practitioner("Tess Marlow")


@pytest.fixture
def owner(tess: Practitioner) -> Client:
    return at_work(tess.user)


def named(key: str) -> EditableEmail:
    found = email_named(key)
    assert found
    return found


def text_now() -> EmailText | None:
    return latest_of(named(KEY), "en")


def said(answer: Any) -> str:
    return str(answer.content.decode())


NASTY = [
    ("{{ client.delete }}", "“{{ client.delete }}” can’t be used."),
    ("{{ {{ when }} }}", "“{{ {{ when }} }}” has words in a word."),
    ("{% load x %}", "“{% load x %}” can’t be used."),
    ("{{ when|safe }}", "“{{ when|safe }}” can’t be used."),
    ("{{ when", "“{{ when” has no closing braces."),
    ("{{ fist_name }}", "there is no word “{{ fist_name }}”. Did you mean “{{ first_name }}”?"),
    ("Hi <b>you</b>", "“&lt;b&gt;” looks like HTML."),
    ("Hi\x07", "(U+0007)"),
    ("", "Please write something here."),
    ("x" * 900_000, "Please use up to 20,000 characters."),
]


@pytest.mark.parametrize(("typed", "sentence"), NASTY, ids=[one[:20] for one, _ in NASTY])
def test_a_wrong_text_is_refused_by_name_and_what_was_typed_stays(
    owner: Client, typed: str, sentence: str
) -> None:
    answer = owner.post(PAGE, {**MINE, "opening": typed})
    page = said(answer).replace("&quot;", '"').replace("&#x27;", "'")
    assert answer.status_code == 422
    assert sentence in page
    assert answer.context["form"]["opening"].value() == typed
    assert answer.context["form"]["subject"].value() == MINE["subject"]
    assert not EmailText.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Please write something here."),
        ("One\nBcc: x@example.com", "A subject is one line."),
        ("x" * 151, "Please use up to 150 characters."),
        ("Your {{ session }}", "“{{ session }}” can’t be in the subject"),
    ],
)
def test_a_wrong_subject_is_refused_by_name(owner: Client, typed: str, sentence: str) -> None:
    answer = owner.post(PAGE, {**MINE, "subject": typed})
    assert (answer.status_code, sentence in said(answer)) == (422, True)
    assert not EmailText.objects.exists()


@pytest.mark.parametrize(("typed", "status"), [("Hi%00", 400), ("Hi%ED%A0%80", 422)])
def test_what_no_database_can_store_is_refused(owner: Client, typed: str, status: int) -> None:
    form = f"seen=0&subject=x&opening={typed}&ending="
    answer = owner.post(PAGE, form, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status
    assert not EmailText.objects.exists()


def test_a_body_over_the_sites_limit_is_refused_before_it_is_read(owner: Client) -> None:
    assert owner.post(PAGE, {**MINE, "opening": "x" * 1_100_000}).status_code == 413


def test_an_email_that_waits_leaves_in_the_words_saved_since(
    owner: Client, tess: Practitioner, mailoutbox: list[Any]
) -> None:
    ann, now = make_user("Ann Lee"), timezone.now()
    start, kind = now + timedelta(days=3), make_session_type(tess)
    one = make_appointment(client=ann, practitioner=tess, session_type=kind, start=start, booked_at=now)
    confirmation(one, now=now)
    assert "Saved." in said(owner.post(PAGE, MINE, follow=True))
    while deliver.step(now=timezone.now()):
        pass
    (sent,) = mailoutbox
    assert sent.subject == "See you Friday, March 5"
    assert "Hello Ann.\n\nMine.\n\n    Friday, March 5" in sent.body


def test_the_pages_lead_to_the_language_of_the_text(owner: Client) -> None:
    owner.post(PAGE, MINE)
    assert f'href="{PAGE}"' in said(owner.get(reverse("workspace_email_texts")))
    page = said(owner.get(PAGE))
    assert {address for address in (PREVIEW, SEND) if f'formaction="{address}"' in page} == {PREVIEW, SEND}
    assert f'action="{BACK}"' in page
    after_a_test = said(owner.post(SEND, {**MINE, "seen": "1"}))
    assert f'class="texts email-text" method="post" action="{PAGE}"' in after_a_test


def test_the_list_says_what_was_changed(owner: Client) -> None:
    owner.post(PAGE, MINE)
    assert changed_texts() == {(KEY, "en")}
    assert '<span class="tag">Changed: English</span>' in said(owner.get(reverse("workspace_email_texts")))


def test_saving_what_is_used_already_adds_no_version(owner: Client) -> None:
    shipped = shipped_text(named(KEY), "en")
    typed = {"seen": "0", "subject": shipped.subject, **shipped.parts}
    assert "Nothing has changed." in said(owner.post(PAGE, typed, follow=True))
    assert text_now() is None


def test_two_editors_at_once_lose_nothing(owner: Client, tess: Practitioner) -> None:
    owner.post(PAGE, {**MINE, "opening": "The first one’s."})
    answer = owner.post(PAGE, MINE)
    assert answer.status_code == 409
    page = said(answer)
    assert "Someone else changed this text" in page
    assert "The first one’s." in page
    assert answer.context["form"]["opening"].value() == MINE["opening"]
    again = {**MINE, "seen": answer.context["form"]["seen"].value()}
    owner.post(PAGE, again)
    kept = list(EmailText.objects.order_by("version").values_list("version", "parts__opening"))
    assert kept == [(1, "The first one’s."), (2, "Hello {{ first_name }}.\n\nMine.")]


@pytest.mark.engines
def test_the_database_gives_a_number_once_even_if_both_saw_the_same(
    tess: Practitioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    email, now = named(KEY), timezone.now()
    save_text(email, "en", Text("One", {}), seen=0, by=tess.user, now=now)
    monkeypatch.setattr(actions, "latest_of", lambda _email, _language: None)
    with pytest.raises(ChangedSince):
        save_text(email, "en", Text("Two", {}), seen=0, by=tess.user, now=now)
    assert EmailText.objects.values_list("subject", flat=True).get() == "One"


def test_the_shipped_text_is_put_back_and_can_be_undone(owner: Client) -> None:
    owner.post(PAGE, MINE)
    page = said(owner.post(BACK, {"version": "0", "seen": "1"}, follow=True))
    assert "Your own text was put back to the shipped one." in page
    assert changed_texts() == set()
    owner.post(BACK, {"version": "1", "seen": "2"})
    now = text_now()
    assert now
    assert (now.version, now.what, now.subject) == (3, "restored", MINE["subject"])


@pytest.mark.parametrize("version", ["", "x", "-1", "9", "9999999", "²"])
def test_a_version_that_never_was_is_not_found(owner: Client, version: str) -> None:
    assert owner.post(BACK, {"version": version, "seen": "0"}).status_code == 404


def test_an_old_page_cannot_put_back_over_a_newer_text(owner: Client) -> None:
    owner.post(PAGE, MINE)
    assert "Someone else" in said(owner.post(BACK, {"version": "0", "seen": "0"}, follow=True))
    assert changed_texts() == {(KEY, "en")}


def test_the_preview_is_alone_in_a_sandbox_and_writes_no_text(owner: Client) -> None:
    answer = owner.post(PREVIEW, {**MINE, "theme": "dark"})
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Mine." in said(answer)
    assert "prefers-color-scheme" not in said(answer)
    assert (EmailText.objects.count(), Letter.objects.count(), AccessLog.objects.count()) == (0, 0, 0)


def test_a_preview_of_a_wrong_text_says_what_is_wrong(owner: Client) -> None:
    answer = owner.post(PREVIEW, {**MINE, "opening": "{{ nope }} <i>"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert "“{{ nope }}”" in said(answer)


def test_previews_are_limited(owner: Client, settings: Any) -> None:
    settings.RATE_LIMITS = True
    with time_machine.travel(timezone.now(), tick=False):  # within a minute, however slow the machine
        answers = [owner.post(PREVIEW, MINE).status_code for _ in range(121)]
    assert (answers[:120].count(200), answers[120]) == (120, 429)


def test_a_preview_for_a_client_has_their_session_and_no_key(owner: Client, tess: Practitioner) -> None:
    ann = make_user("Ann Lee")
    one = make_appointment(
        client=ann,
        practitioner=tess,
        session_type=make_session_type(tess),
        start=timezone.now() + timedelta(3),
    )
    shown = said(owner.post(PREVIEW, {**MINE, "client": ann.pk, "show": "text"}))
    assert "Hello Ann." in shown
    assert str(one.uid) not in shown


def test_a_preview_of_a_follow_up_for_a_client_is_in_their_log(owner: Client, tess: Practitioner) -> None:
    ann = make_user("Ann Lee")
    make_appointment(
        client=ann,
        practitioner=tess,
        session_type=make_session_type(tess),
        start=timezone.now() - timedelta(3),
        state="completed",
    )
    assign(make_lesson("floor", title="The floor"), ann, by=tess)
    page = reverse("workspace_email_text_preview", args=["follow_up.opened-a", "en"])
    email = named("follow_up.opened-a")
    typed = {"seen": 0, "subject": "Hi", **dict.fromkeys((part.name for part in email.parts), "{{ lesson }}")}
    shown = said(owner.post(page, {**typed, "client": ann.pk, "show": "text"}))
    assert "“The floor”" in shown
    assert AccessLog.objects.get().whose == ann


def test_a_test_goes_to_oneself_with_invented_data_and_saves_nothing(
    owner: Client, tess: Practitioner, mailoutbox: list[Any]
) -> None:
    ann = make_user("Ann Lee")
    owner.post(SEND, {**MINE, "client": ann.pk})
    while deliver.step(now=timezone.now()):
        pass
    (sent,) = mailoutbox
    assert sent.to == [f"Tess Marlow <{tess.user.email}>"]
    assert sent.subject.startswith("[Test] See you ")
    assert "Hello Alex." in sent.body
    assert "Ann" not in sent.body
    assert not EmailText.objects.exists()


@pytest.mark.parametrize("address", [PAGE, reverse("workspace_email_texts")])
@pytest.mark.parametrize("role", [User.Role.PRACTITIONER, User.Role.FRONT_DESK, User.Role.CLIENT])
def test_the_texts_are_the_owners_alone(tess: Practitioner, role: str, address: str) -> None:
    assert at_work(make_user("Zoe", role=role)).get(address).status_code == 404


@pytest.mark.parametrize(
    "key", ["sign_in_code", "account_notice", "clocks_changed", "follow_up", "x", "%7B%7B"]
)
def test_what_cannot_be_edited_has_no_page(owner: Client, key: str) -> None:
    assert owner.get(f"/workspace/settings/email-texts/{key}/en/").status_code == 404
    assert owner.get("/workspace/settings/email-texts/confirmation/xx/").status_code == 404
