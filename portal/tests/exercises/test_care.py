"""An exercise is said to need care to those who told us so, in words for them, and to no one else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from booking.intake.answers import Answers, write
from booking.models import Intake
from portal.exercises.engine.care import ClientReport, Heed, Hurt, Why, heed
from portal.models import PracticeEntry
from portal.testing import assign, make_exercise
from practice.testing import at_work, make_practice, make_practitioner, make_user

KNEES = ClientReport(parts=("low-back", "knee-left", "head"))
DECIDED = {
    "a place it needs care with": (["knees", "neck"], KNEES, Heed(Why.PLACE, ("knee-left",))),
    "places it is not about": (["neck"], KNEES, None),
    "nothing told": (["knees"], ClientReport(), None),
    "a sign comes first": (["knees"], ClientReport(("knee-left",), has_sign=True), Heed(Why.SIGN)),
    "a sign counts for all": ([], ClientReport(has_sign=True), Heed(Why.SIGN)),
    "this one hurt": ([], ClientReport(hurts=(Hurt("tilt", frozenset()),)), Heed(Why.ROSE)),
    "something for the region hurt": (
        ["neck"],
        ClientReport(hurts=(Hurt("", frozenset({"neck"})),)),
        Heed(Why.ROSE),
    ),
    "something else hurt": (["neck"], ClientReport(hurts=(Hurt("cat", frozenset({"hips"})),)), None),
}


@pytest.mark.parametrize(("regions", "told", "found"), DECIDED.values(), ids=DECIDED)
def test_what_was_told_decides(regions: list[str], told: ClientReport, found: Heed | None) -> None:
    assert heed("tilt", regions, told) == found


@pytest.fixture
def reported(db, client):
    """Ann, signed in, who marked her left knee; Tess, and an exercise that needs care with knees."""
    make_practice()
    tess, ann = make_practitioner(role="owner"), make_user("Ann Field")
    answers = Answers().with_part("where", {"marked": "knee-left:2 head:1"}, version=1)
    Intake.objects.create(client=ann, answers=write(answers), handed_in_at=timezone.now())
    tilt = make_exercise(care_regions=["knees"], care="Keep the heel on the floor.")
    client.force_login(ann)
    return tess, ann, tilt


def seen(client, path: str) -> str:
    return client.get(path).content.decode()


def test_the_client_reads_what_she_told_and_whom_to_ask(client, reported) -> None:
    tess, ann, tilt = reported
    assign(tilt, ann, by=tess)
    said = (
        "You told us about your left knee. Keep the heel on the floor. "
        "Do this one smaller, or leave it out, and ask Tess."
    )
    for path in ("/portal/exercises/tilt/", "/portal/exercises/", "/portal/exercise-sheet/"):
        assert said in seen(client, path), path


def test_it_is_said_to_no_one_else(client, reported) -> None:
    client.force_login(make_user("Ben"))
    assert "You told us" not in seen(client, "/portal/exercises/tilt/")


def test_who_assigns_it_sees_it_for_this_client_only(client, reported) -> None:
    tess, ann, tilt = reported
    assign(tilt, ann, by=tess)
    ben = make_user("Ben")
    desk = at_work(tess.user)
    for whose, is_said in ((ann, True), (ben, False)):
        html = seen(desk, f"/workspace/clients/{whose.pk}/home/")
        assert ("They told us about their left knee." in html) == is_said
        assert ("(needs care)" in html) == is_said


def test_pain_that_rose_is_heeded_until_someone_has_looked(client, reported) -> None:
    _tess, ann, tilt = reported
    before = timezone.now() - dt.timedelta(days=2)
    rose = PracticeEntry.objects.create(
        client=ann, exercise=tilt, since=before, started_at=before, needs_human="pain_rose"
    )
    assert "it hurt more after practicing" in seen(client, "/portal/exercises/tilt/")
    PracticeEntry.objects.filter(pk=rose.pk).update(cleared_at=timezone.now())
    assert "it hurt more after practicing" not in seen(client, "/portal/exercises/tilt/")
