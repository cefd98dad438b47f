"""A key that was lost: the letters that wait are still counted, planned anew and called off."""

import pytest
from cryptography.fernet import Fernet
from django.urls import reverse

from portal.followups.queue import plan_letters, replan, waiting_follow_ups
from portal.tests.followups.sample_rows import SESSION, State, denver, planned, scenario
from practice.models import Letter
from practice.testing import at_work

__all__ = ["planned", "scenario"]  # fixtures


@pytest.fixture
def locked(scenario, planned, settings):
    """Her letters wait, and nobody has the key of their words."""
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    return scenario


def test_what_is_to_come_can_be_told(locked):
    assert {one.letter.state for one in waiting_follow_ups(locked.ann, now=SESSION)} == {State.PLANNED}


def test_they_are_planned_again(locked):
    locked.ann.zone = "Europe/Vienna"
    locked.ann.save()
    before = list(Letter.objects.values_list("due_at", flat=True))
    replan(locked.ann, now=SESSION)
    assert list(Letter.objects.values_list("due_at", flat=True)) != before


def test_an_unchanged_plan_is_not_decrypted(locked, planned):
    assert plan_letters(locked.session, now=denver(11, 15)) == planned


def test_the_back_office_lists_them(locked):
    answer = at_work(locked.tess.user).get(reverse("admin:portal_followup_changelist"))
    assert answer.status_code == 200
