"""What was done at home: what counts, on which day, in which week; whose it is; at what price."""

import datetime as dt
import re
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from booking.testing import make_appointment, make_session_type
from portal.models import PracticeEntry
from portal.practice_log import practice_chart
from portal.practice_log.actions.exercise_done import exercise_done
from portal.practice_log.history import diary, practiced_items, sums, weeks
from portal.testing import make_exercise, make_lesson, make_recording
from practice.testing import make_practice, make_practitioner, make_user

pytestmark = pytest.mark.engines

NOW = dt.datetime(2027, 3, 10, 17, tzinfo=dt.UTC)  # a Wednesday, ten in the morning in Denver
DENVER, TOKYO = ZoneInfo("America/Denver"), ZoneInfo("Asia/Tokyo")
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


@pytest.fixture
def tess(db, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    make_practice()
    return make_practitioner()


@pytest.fixture
def ann(tess, client):
    ann = make_user("Ann Field", zone="America/Denver")
    client.force_login(ann)
    return ann


@pytest.fixture
def floor(tess):
    lesson = make_lesson("floor", title="Let the floor hold you")
    make_recording(lesson)
    return lesson


def entry(client, lesson, when, *, minutes=21.0, finished=True, **fields):
    """A play-through that began at `when`."""
    end = when + dt.timedelta(minutes=minutes)
    return PracticeEntry.objects.create(
        client=client,
        lesson=lesson,
        since=when,
        started_at=when,
        last_at=end,
        finished_at=end if finished else None,
        heard_ms=round(minutes * 60_000),
        **fields,
    )


def page(client, query=""):
    html = client.get(f"/portal/history/{query}").content.decode()
    return html.partition("<main")[2].partition("</main")[0]


def by_week(ann, zone=DENVER, now=NOW, locale="en-us"):
    return weeks(ann, sums(ann), zone=zone, locale=locale, now=now)


# --- What counts


def test_a_page_opened_and_left_is_no_time(ann, floor):
    entry(ann, floor, NOW - DAY, minutes=0, finished=False)
    assert (sums(ann).times, practiced_items(ann), by_week(ann)) == (0, [], [])


@pytest.mark.parametrize("words", ["noticing", "lying_before", "lying_after", "felt"])
def test_words_alone_are_a_time(ann, floor, words):
    entry(ann, floor, NOW - DAY, minutes=0, finished=False, **{words: "better"})
    assert sums(ann).times == 1


def test_a_play_through_on_two_devices_is_one_time_with_both_their_minutes(ann, floor):
    first = entry(ann, floor, NOW - DAY, minutes=12, finished=False)
    entry(ann, floor, NOW - DAY / 2, minutes=9, first=first)
    (played,) = by_week(ann)[-1].played
    assert (sums(ann).times, sums(ann).heard_ms, practiced_items(ann)[0].times) == (1, 21 * 60_000, 1)
    assert (played.heard_ms, played.is_done) == (21 * 60_000, True)


def test_an_exercise_is_a_time_without_minutes_and_no_plank(client, ann):
    exercise_done(ann, make_exercise(), uid=uuid.uuid4(), now=NOW)
    html = page(client)
    assert "Once at home" in html
    assert ('<svg class="chart' in html, '<td class="num">1</td>' in html) == (False, True)


# --- On which day


def test_ten_to_midnight_to_ten_past_belongs_to_the_day_it_began(client, ann, floor):
    late = dt.datetime(2027, 3, 7, 6, 50, tzinfo=dt.UTC)  # Saturday 23:50 in Denver, the end of its week
    entry(ann, floor, late, minutes=20, noticing="Quiet.")
    (week,) = [week for week in by_week(ann) if week.played]
    assert week.begins == dt.date(2027, 2, 28)
    assert '<time datetime="2027-03-06">Saturday, March 6</time>' in page(client)


def test_days_are_the_clients(ann, floor):
    entry(ann, floor, dt.datetime(2027, 3, 7, 6, 50, tzinfo=dt.UTC))
    assert [week.begins for week in by_week(ann, TOKYO) if week.played] == [dt.date(2027, 3, 7)]


def test_weeks_begin_with_the_day_of_the_practices_calendar(ann, floor):
    entry(ann, floor, dt.datetime(2027, 3, 7, 20, tzinfo=dt.UTC))  # a Sunday
    found = {
        tag: [one.begins.day for one in by_week(ann, locale=tag) if one.played] for tag in ("en-us", "en-gb")
    }
    assert found == {"en-us": [7], "en-gb": [1]}


def test_the_second_device_belongs_to_the_day_on_which_it_began_on_the_first(ann, floor):
    first = entry(ann, floor, NOW - WEEK, minutes=12, finished=False)
    entry(ann, floor, NOW, minutes=9, first=first)
    assert [len(week.played) for week in by_week(ann)] == [1, 0]


def test_an_unknown_zone_is_the_practices(client, ann, floor):
    ann.zone = "Mars/Olympus"
    ann.save()
    entry(ann, floor, dt.datetime(2027, 3, 8, 6, 50, tzinfo=dt.UTC), noticing="Quiet.")
    assert "Sunday, March 7" in page(client)


# --- Weeks


def test_weeks_without_stay_empty_and_are_shown(ann, floor):
    for ago in (0, 3):
        entry(ann, floor, NOW - ago * WEEK)
    assert [len(week.played) for week in by_week(ann)] == [1, 0, 0, 1]


def test_never_more_than_eight_and_after_a_long_pause_the_last_ones(ann, floor):
    for ago in (20, 21, 40):
        entry(ann, floor, NOW - ago * WEEK)
    found = by_week(ann)
    assert (len(found), [len(week.played) for week in found][-2:]) == (8, [1, 1])


def test_one_can_go_back_until_the_first_week_and_no_further(client, ann, floor):
    for ago in (0, 8, 17):
        entry(ann, floor, NOW - ago * WEEK)
    shown = [
        re.search(r"<tbody>.*?</tbody>", page(client, f"?back={back}"), re.S)[0] for back in (0, 1, 2, 3)
    ]
    assert [html.count("<tr>") for html in shown] == [8, 8, 2, 2]
    assert [html.count(">21 min<") for html in shown] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("query", "ways"), [("", ["1"]), ("?back=1", ["0", "2"]), ("?back=2", ["1"]), ("?back=-1&back=x", ["1"])]
)
def test_a_way_to_earlier_and_to_later_weeks_where_there_are_any(client, ann, floor, query, ways):
    for ago in (0, 17):
        entry(ann, floor, NOW - ago * WEEK)
    assert re.findall(r'href="\?back=(\d+)#weeks"', page(client, query)) == ways


def test_within_eight_weeks_there_is_no_way_back(client, ann, floor):
    entry(ann, floor, NOW - 7 * WEEK)
    assert "?back=" not in page(client)


def test_a_week_says_with_whom_there_was_a_session_that_took_place(tess, ann, floor):
    entry(ann, floor, NOW - WEEK)
    kind = make_session_type(tess)
    for start, state in ((NOW - WEEK, "completed"), (NOW - DAY, "cancelled"), (NOW - 2 * DAY, "no_show")):
        make_appointment(
            session_type=kind, practitioner=tess, start=start, client=ann, state=state, occupies=False
        )
    assert [week.who for week in by_week(ann)] == [("Tess",), ()]


# --- The drawing


def heap(*minutes):
    return practice_chart.WeekOfBars("1 Mar", "once", "21 min", "", tuple((each, True) for each in minutes))


def heights(drawing, week=0):
    """How high each plank of a week is drawn, with the gap above which it lies."""
    tops = [float(re.match(r"M\S+ (\S+?)L", plank.path)[1]) for plank in drawing.laid[week].planks]
    return [below - top for top, below in zip(tops, [drawing.height - 65, *tops], strict=False)]


def test_a_plank_is_as_thick_as_its_minutes():
    first, second = heights(practice_chart.wide([heap(10, 20)]))
    assert round(second / first, 1) == 2.0


def test_the_same_minutes_are_as_thick_in_every_week():
    drawing = practice_chart.wide([heap(21), heap(30, 21), heap(150)])
    assert round(heights(drawing)[0]) == round(heights(drawing, 1)[1])


@pytest.mark.parametrize("draw", [practice_chart.wide, practice_chart.tall])
@pytest.mark.parametrize("minutes", [(), (0.01,), (21.0,), (1.0,) * 60, (600.0,) * 14, (0.1,) * 40])
def test_whatever_a_week_held_it_stays_on_the_paper(draw, minutes):
    drawing = draw([heap(*minutes), heap(21)])
    numbers = [
        (float(x), float(y))
        for laid in drawing.laid
        for plank in laid.planks
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", plank.path)
    ]
    assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in numbers)


def test_what_was_stopped_early_is_dashed_and_whole_times_are_not(client, ann, floor):
    entry(ann, floor, NOW - DAY)
    entry(ann, floor, NOW - 2 * DAY, minutes=7, finished=False)
    html = page(client)
    assert html.count('class="chart__plank"') == 2  # one of each drawing
    assert html.count("chart__plank--part") == 2


def test_the_table_says_the_same_and_no_style_is_inline(client, ann, floor):
    entry(ann, floor, NOW - DAY)
    entry(ann, floor, NOW - 2 * DAY)
    html = page(client)
    assert '<td class="num">2</td><td class="num">42 min</td>' in html
    assert "style=" not in html


# --- In words


def test_the_sums_are_told_in_words(client, ann, floor):
    for week in range(9):
        entry(ann, floor, NOW - week * WEEK, minutes=21)
    html = page(client)
    assert "9 times at home" in html
    assert "3 hours 9 minutes of lessons" in html
    assert "Since Wednesday, January 13" in html
    assert "9 times, 3 hr 9 min, last today" in html


def test_each_thing_says_how_often(client, ann, floor):
    entry(ann, floor, NOW - DAY)
    for hour in (1, 2):
        exercise_done(ann, make_exercise(f"e{hour}"), uid=uuid.uuid4(), now=NOW - hour * DAY / 24)
    assert [(thing.title, thing.times) for thing in practiced_items(ann)] == [
        ("E1", 1),
        ("E2", 1),
        ("Let the floor hold you", 1),
    ]


def test_the_diary_has_words_lying_and_pain_newest_first(client, ann, floor):
    entry(ann, floor, NOW - 2 * DAY, noticing="Older words.")
    entry(
        ann,
        floor,
        NOW - DAY,
        noticing="Newer words.",
        lying_before="heavy",
        lying_after="even",
        pain_before="3",
        pain_after="0",
        felt="better",
    )
    html = page(client)
    assert html.index("2nd time, 21 min") < html.index("Newer words.") < html.index("Older words.")
    assert "Pain (0–10): 3 before, 0 after." in html
    assert ("heavy" in html, "even" in html, "Afterward: better." in html) == (True, True, True)


def test_words_are_shown_as_words(client, ann, floor):
    entry(ann, floor, NOW, noticing="<script>a</script> {{ b }}")
    html = page(client)
    assert ("<script>a" in html, "&lt;script&gt;a&lt;/script&gt; {{ b }}" in html) == (False, True)


def test_nothing_is_scored_or_scolded(client, ann, floor):
    for ago in (0, 1, 2, 30):
        entry(ann, floor, NOW - ago * DAY)
    assert not re.search(r"streak|score|goal|badge|average|well done|only \d|%", page(client), re.I)


def test_before_the_first_time_it_says_what_will_be_here(client, ann):
    assert "Nothing here yet, and that’s fine" in page(client)


# --- Whose, and at what price


def test_another_clients_rows_never_appear(client, ann, floor):
    entry(make_user("Zoe"), floor, NOW, noticing="Zoe's words")
    assert "Nothing here yet, and that’s fine" in page(client)
    entry(ann, floor, NOW)
    html = page(client)
    assert ("Once at home" in html, "Zoe" in html) == (True, False)


def test_what_was_heard_stays_when_the_lesson_is_taken_away(client, ann, floor):
    entry(ann, floor, NOW)
    floor.is_published = False
    floor.save()
    assert "Let the floor hold you" in page(client)


@pytest.mark.parametrize("page_number", ["0", "-1", "99", "abc", "", "1e9"])
def test_a_page_that_is_not_there_is_the_nearest(client, ann, floor, page_number):
    entry(ann, floor, NOW, noticing="Words.")
    assert "Words." in page(client, f"?page={page_number}")


def test_the_diary_comes_twenty_at_a_time(ann, floor):
    for ago in range(25):
        entry(ann, floor, NOW - ago * DAY, noticing=f"{ago}")
    assert [one.noticing for one in diary(ann, "2")] == ["20", "21", "22", "23", "24"]


@pytest.mark.parametrize("count", [1, 500])
def test_500_entries_cost_as_many_queries_as_one(client, ann, floor, django_assert_num_queries, count):
    PracticeEntry.objects.bulk_create(
        PracticeEntry(
            client=ann,
            lesson=floor,
            since=NOW,
            started_at=NOW - number * DAY,
            last_at=NOW - number * DAY,
            heard_ms=60_000,
            noticing="words",
        )
        for number in range(count)
    )
    # session, user, practice (view, page); sums, weeks, sessions, things, diary (count, page);
    # over time: pain, ratings, intakes
    with django_assert_num_queries(12):
        client.get("/portal/history/")
