"""The plan is the client's own: what they changed at home while the page stood open is not written over."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from booking.models import Appointment
from portal.models import ClientProfile, SessionNote
from portal.tests.session_notes.wrap_up.steps import page_of, posted
from practice.models import Practitioner
from practice.testing import at_work

pytestmark = pytest.mark.django_db


def page_open(session: Appointment, tess: Practitioner) -> tuple[Browser, Any]:
    """The practitioner's browser with the page open, and the mark of the plan it shows."""
    browser = at_work(tess.user)
    return browser, browser.get(page_of(session)).context["form"]["plan_seen"].value()


def test_what_only_the_client_changed_stays(session, tess, ann) -> None:
    ClientProfile.objects.keep(ann, plan="After breakfast.")
    browser, seen = page_open(session, tess)
    ClientProfile.objects.keep(ann, plan="Before supper.")

    browser.post(page_of(session), posted(plan="After breakfast.", plan_seen=seen))
    assert SessionNote.objects.get().signed_at
    assert ClientProfile.objects.of(ann).plan == "Before supper."


def test_where_both_changed_it_nothing_is_signed_and_both_are_shown(session, tess, ann) -> None:
    browser, seen = page_open(session, tess)
    ClientProfile.objects.keep(ann, plan="Before supper.")

    answer = browser.post(page_of(session), posted(plan="At noon.", plan_seen=seen))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Before supper." in page
    assert "At noon." in page
    assert not SessionNote.objects.filter(signed_at__isnull=False).exists()


def test_told_once_the_page_is_what_counts(session, tess, ann) -> None:
    browser, seen = page_open(session, tess)
    ClientProfile.objects.keep(ann, plan="Before supper.")
    told = browser.post(page_of(session), posted(plan="At noon.", plan_seen=seen))

    browser.post(
        page_of(session), posted(plan="At noon.", plan_seen=told.context["form"]["plan_seen"].value())
    )
    assert ClientProfile.objects.of(ann).plan == "At noon."


def test_what_only_the_page_changed_is_kept(session, tess, ann) -> None:
    browser, seen = page_open(session, tess)

    browser.post(page_of(session), posted(plan="At noon.", plan_seen=seen))
    assert ClientProfile.objects.of(ann).plan == "At noon."


def test_a_draft_remembers_what_it_began_from(session, tess, ann) -> None:
    browser, seen = page_open(session, tess)
    browser.post(page_of(session), posted(draft="1", plan="At noon.", plan_seen=seen))
    ClientProfile.objects.keep(ann, plan="Before supper.")

    assert browser.get(page_of(session)).context["form"]["plan_seen"].value() == seen
