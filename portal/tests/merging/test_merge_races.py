"""Two who merge at once, and who merge while somebody writes: where two can write at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from portal.merging.actions.late_rows import move_late_rows
from portal.merging.actions.merge import Choices, NotMerged, merge
from portal.merging.conflicts import dry_run
from portal.models import Question, RecordMerge
from portal.tests.practice_day import NOW
from practice.models import User
from practice.testing import make_practice, make_practitioner, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.engines,
    pytest.mark.skipif(settings.SQLITE, reason="one writer at a time"),
]


@pytest.fixture
def owner(db: None) -> User:
    make_practice()
    return make_practitioner().user


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Do all of it at one moment; what was refused."""
    together = threading.Barrier(len(deeds), timeout=20)

    def one(deed: Callable[[], object]) -> str:
        together.wait()
        try:
            deed()
        except NotMerged as refusal:
            return str(refusal)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [said for said in pool.map(one, deeds) if said]


def test_of_two_who_merge_the_same_two_both_ways_at_once_one_is_told(owner: User) -> None:
    ann, twin = make_user("Ann Lee"), make_user("Ann Lee", email="ann.lee@example.com")
    pairs = [(ann, twin), (twin, ann)]
    seen = [dry_run(*pair, now=NOW).mark for pair in pairs]
    refused = at_once(
        *(
            lambda pair=pair, mark=mark: merge(*pair, Choices(seen=mark), by=owner, now=NOW)  # type: ignore[misc]
            for pair, mark in zip(pairs, seen, strict=True)
        )
    )
    assert len(refused) == 1
    assert "merged already" in refused[0]
    assert RecordMerge.objects.count() == 1
    assert User.objects.filter(is_active=False).count() == 1


def test_three_merged_in_a_circle_at_once_leave_nobody_without_a_record(owner: User) -> None:
    people = [make_user("Ann Lee", email=f"ann{number}@example.com") for number in range(3)]
    pairs = [(people[number], people[(number + 1) % 3]) for number in range(3)]
    seen = [dry_run(*pair, now=NOW).mark for pair in pairs]
    at_once(
        *(
            lambda pair=pair, mark=mark: merge(*pair, Choices(seen=mark), by=owner, now=NOW)  # type: ignore[misc]
            for pair, mark in zip(pairs, seen, strict=True)
        )
    )
    kept = User.objects.filter(pk__in=[one.pk for one in people], merged_into=None)
    assert kept.count() == 2
    assert not User.objects.filter(merged_into__merged_into__isnull=False).exists()


def test_a_question_asked_while_they_are_merged_ends_in_the_kept_record(owner: User) -> None:
    ann, twin = make_user("Ann Lee"), make_user("Ann Lee", email="ann.lee@example.com")
    mark = dry_run(ann, twin, now=NOW).mark
    changed = at_once(
        lambda: merge(ann, twin, Choices(seen=mark), by=owner, now=NOW),
        lambda: Question.objects.create(client=twin, text="Why?"),
    )
    if changed:  # the question came first, and the page has to be looked at once more
        merge(ann, twin, Choices(seen=dry_run(ann, twin, now=NOW).mark), by=owner, now=NOW)
    move_late_rows(NOW)
    assert Question.objects.get().client == ann
