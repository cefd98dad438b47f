"""What the lesson's page may cost: twelve queries and 60 kB, after five practice entries as after 5,000."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.testing import make_appointment, make_session_type
from portal.lessons import lesson_page
from portal.models import ClientProfile, Lesson, PracticeEntry, Segment
from portal.starting_content.actions.make_rows import make_lesson
from portal.testing import assign
from practice.models import User
from practice.testing import make_practice, make_practitioner, make_user
from practice.tests.page_weight import files_of

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
QUERIES, WEIGHT = 12, 60_000
CONTENT = settings.BASE_DIR / "portal/content/lessons"
PAGE = "/portal/lessons/let-the-floor-hold-you/"

pytestmark = [pytest.mark.django_db, pytest.mark.long]  # 5,000 entries


@pytest.fixture
def ann(db, settings, tmp_path) -> User:
    """A client with all that the page can show: a lesson as it ships, a note, a plan, a visit, words."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        make_practice()
        tess, ann = make_practitioner(), make_user("Ann")
        lessons = [
            make_lesson(folder) for folder in sorted(CONTENT.iterdir()) if (folder / "audio.m4a").exists()
        ]
        for lesson in lessons:
            assign(lesson, ann, by=tess, dosage="every second day", word="Half of it, Ann.")
        lesson = Lesson.objects.get(slug="let-the-floor-hold-you")
        ClientProfile.objects.keep(ann, plan="after breakfast", obstacle="the cold floor")
        lesson_page.keep_guidelines_read(ann, lesson, lesson_page.digest_of(lesson), now=NOW)
        make_appointment(
            session_type=make_session_type(tess),
            practitioner=tess,
            start=NOW + dt.timedelta(days=2),
            client=ann,
            place="visit",
        )
        yield ann


def practiced(client: User, times: int) -> None:
    """The client practices so many times, an hour apart, two minutes each, with words."""
    lesson = Lesson.objects.get(slug="let-the-floor-hold-you")
    recording = lesson.recordings.get()
    had = PracticeEntry.objects.count()
    made = PracticeEntry.objects.bulk_create(
        PracticeEntry(
            client=client,
            lesson=lesson,
            recording=recording,
            since=(at := NOW - dt.timedelta(hours=3 + had + number)),
            started_at=at,
            last_at=at,
            stopped_ms=120_000,
            noticing="the left side is longer" if number < 5 else "",
        )
        for number in range(times)
    )
    Segment.objects.bulk_create(
        Segment(
            entry=one,
            seq=seq,
            start_ms=seq * 60_000,
            end_ms=seq * 60_000 + 59_900,
            began_at=NOW,
            ended_at=NOW,
            received_at=NOW,
        )
        for one in made
        for seq in range(2)
    )


def cost(browser: Client) -> tuple[int, int]:
    """Queries of the page, and bytes of it with all its files but fonts.

    The pictures of the lock screen are no files of the page: a device asks for one of them while it plays.
    """
    with CaptureQueriesContext(connection) as captured:
        browser.get(PAGE)
    queries = [query["sql"] for query in captured]
    weights = files_of(browser, PAGE)
    assert {name.rsplit(".")[-1] for name in weights} >= {"css", "js", "svg"}
    left_out = ("woff2", "png")
    weight = sum(size for name, size in weights.items() if not name.endswith(left_out))
    print(f"\n{len(queries):3d} queries, {weight / 1000:6.1f} kB")
    assert len(queries) <= QUERIES, "\n".join(query[:200] for query in queries)
    return len(queries), weight


def test_the_page_costs_twelve_queries_and_60_kb_after_five_entries_as_after_5000(ann):
    browser = Client()
    browser.force_login(ann)
    practiced(ann, 5)
    few = cost(browser)
    practiced(ann, 4_995)
    many = cost(browser)
    assert few[0] == many[0]
    assert max(few[1], many[1]) <= WEIGHT
    assert abs(many[1] - few[1]) < 200  # "5001st time" and what compresses with it
    assert "5001st time" in browser.get(PAGE).content.decode()
