"""What was heard: the cases, one table each; and what holds for ten thousand random histories."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.practice_log.listening import (
    Heard,
    ImpossibleReport,
    Report,
    Stop,
    accepted_segments,
    covered,
    day_of,
    is_stale,
    read_reports,
    resume,
    summary,
)

DURATION = 1_268_000
SINCE = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def said(seq, start, end, *, rate=1, elapsed=None, age=0):
    """A report in seconds, as a device sends it; honest about its time unless told otherwise."""
    return {
        "seq": seq,
        "start": start,
        "end": end,
        "rate": rate,
        "elapsed": (end - start) / rate if elapsed is None else elapsed,
        "age": age,
    }


def take(known, *reports, now=SINCE + HOUR, since=SINCE):
    """The entry's segments after one more batch."""
    new = accepted_segments(
        read_reports(list(reports)), known=known, duration_ms=DURATION, since=since, now=now
    )
    return known | {one.seq: one for one in new}


def after(*reports, said_done=False, **times):
    """Heard seconds, covered seconds, done."""
    found = summary(list(take({}, *reports, **times).values()), duration_ms=DURATION, said_done=said_done)
    return found.heard_ms / 1000, found.covered_ms / 1000, found.is_done


def refused(*reports, known=None, **times):
    """The code of the refusal."""
    with pytest.raises(ImpossibleReport) as lie:
        take(known or {}, *reports, **times)
    return lie.value.code


# --- The cases ---------------------------------------------------------------------------------------------
HEARD = {
    "play a minute, seek, play half of one": ([said(0, 0, 60), said(1, 1100, 1130)], (90, 90, False)),
    "drag to the end": ([said(0, 0, 1), said(1, 1267, 1268)], (2, 2, False)),
    "the same minute three times": ([said(n, 60, 120) for n in range(3)], (180, 60, False)),
    "a faster voice for a minute": ([said(0, 0, 75, rate=1.25)], (60, 75, False)),
    "a slower one": ([said(0, 0, 45, rate=0.75)], (60, 45, False)),
    "overlapping": ([said(0, 0, 60), said(1, 30, 90), said(2, 80, 85)], (125, 90, False)),
    "a pause of 8 hours, the laptop asleep": ([said(0, 0, 15, elapsed=8 * 3600)], (15, 15, False)),
    "buffering for 40 seconds": ([said(0, 0, 15, elapsed=55)], (15, 15, False)),
    "to the end, as a browser measures it": ([said(0, 200, 1268.7, elapsed=1069)], (1068, 1068, False)),
    "85 hundredths": ([said(0, 0, 1077.8)], (1077.8, 1077.8, True)),
    "a moment less": ([said(0, 0, 1077.7)], (1077.7, 1077.7, False)),
    "nothing at all": ([said(0, 5, 5)], (0, 0, False)),
}


@pytest.mark.parametrize("name", HEARD)
def test_heard_covered_done(name):
    reports, result = HEARD[name]
    assert after(*reports) == result


def test_done_when_the_client_says_so():
    assert after(said(0, 0, 30), said_done=True) == (30, 30, True)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        ({"end": 1.7e9}, "number"),
        ({"end": 1.7e6, "elapsed": 1.7e6}, "file"),
        ({"end": 1270}, "file"),
        ({"start": -1}, "number"),
        ({"start": 70}, "order"),
        ({"end": float("nan")}, "number"),
        ({"end": float("inf")}, "number"),
        ({"end": 10**400}, "number"),
        ({"end": "60"}, "number"),
        ({"end": None}, "number"),
        ({"end": True}, "number"),
        ({"elapsed": -60}, "number"),
        ({"elapsed": float("nan")}, "number"),
        ({"age": -1}, "number"),
        ({"age": 1e30}, "number"),
        ({"age": 1_000_000_000.5}, "number"),
        ({"rate": 0}, "number"),
        ({"rate": 0.1}, "number"),
        ({"rate": 50}, "number"),
        ({"rate": float("nan")}, "number"),
        ({"seq": -1}, "number"),
        ({"seq": 1.5}, "number"),
        ({"seq": True}, "number"),
        ({"seq": 10**30}, "number"),
        ({"seq": 20_000}, "number"),
        ({"rate": 0.249}, "number"),
        ({"rate": 4.001}, "number"),
        ({"end": 1269.001}, "file"),
        ({"seq": None}, "number"),
        ({"elapsed": 57.9}, "time"),
        ({"elapsed": 57.999}, "time"),
        ({"elapsed": 0}, "time"),
        ({"elapsed": 46.3, "rate": 1.25}, "time"),
    ],
)
def test_what_cannot_be_so_is_refused(report, code):
    assert refused(said(0, 0, 60) | report) == code


@pytest.mark.parametrize("value", [None, {}, "x", 3, [1], [[]], [None], ["x"]])
def test_what_is_no_list_of_segments_is_refused(value):
    with pytest.raises(ImpossibleReport) as lie:
        read_reports(value)
    assert (lie.value.code, str(lie.value)) == ("shape", "shape")


def test_too_many_at_once_are_refused():
    assert refused(*[said(n, 0, 0.1) for n in range(401)]) == "many"


@pytest.mark.parametrize(
    ("report", "result"),
    [
        ({"seq": 19_999}, (60, 60, False)),
        ({"rate": 0.25, "elapsed": 240}, (240, 60, False)),
        ({"rate": 4, "elapsed": 15}, (15, 60, False)),
        ({"age": 1e9}, (60, 60, False)),
        ({"start": 1209, "end": 1269}, (59, 59, False)),  # a second longer than we measured it
    ],
)
def test_what_is_just_possible_is_believed(report, result):
    assert after(said(0, 0, 60) | report) == result


def test_four_hundred_at_once_are_believed():
    assert after(*[said(n, 0, 0.1) for n in range(400)]) == (40, 0.1, False)


def test_who_says_nothing_of_a_rate_played_as_it_was_recorded():
    report = said(0, 0, 60)
    del report["rate"]
    assert after(report) == (60, 60, False)


def test_a_rate_is_kept_to_the_thousandth():
    assert take({}, said(0, 0, 60, rate=1.23456))[0].rate == 1.235


def test_two_seconds_of_patience():
    assert after(said(0, 0, 60, elapsed=58)) == (60, 60, False)


def test_twenty_minutes_claimed_after_two_seconds_are_not_believed():
    assert refused(said(0, 0, 1200), now=SINCE + dt.timedelta(seconds=2)) == "window"


def test_nor_piece_by_piece():
    known = take({}, said(0, 0, 2, elapsed=0), now=SINCE + dt.timedelta(seconds=2))
    assert refused(said(1, 2, 4, elapsed=0), known=known, now=SINCE + dt.timedelta(seconds=3)) == "window"


def test_twenty_minutes_offline_are_believed_later():
    minutes = [said(n, n * 15, n * 15 + 15, age=7200 - n * 15) for n in range(80)]
    assert after(*minutes, now=SINCE + 3 * HOUR) == (1200, 1200, True)


def test_one_lie_spoils_the_batch():
    assert refused(said(0, 0, 60), said(1, 60, 5000, elapsed=5000)) == "file"


def test_the_same_beacon_three_times_counts_once():
    batch = [said(0, 0, 60), said(1, 60, 75)]
    assert take(take(take({}, *batch), *batch), *batch) == take({}, *batch)


def test_one_twice_in_a_beacon_counts_once():
    assert after(said(3, 0, 60), said(3, 0, 60)) == (60, 60, False)


def test_a_number_told_twice_with_different_words_is_a_lie():
    assert refused(said(4, 0, 50), known=take({}, said(4, 0, 60))) == "repeat"


def test_the_fifth_before_the_fourth_comes_to_the_same():
    four, five = said(4, 0, 60), said(5, 60, 90)
    later, earlier = take(take({}, five), four), take(take({}, four), five)
    assert later == earlier
    assert summary(list(later.values()), duration_ms=DURATION).stopped_ms == 90_000


# --- When --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("age", "ended"),
    [(600, SINCE + HOUR - dt.timedelta(minutes=10)), (0, SINCE + HOUR), (366 * 86400, SINCE)],
    ids=["ten minutes old", "just now", "a phone's clock a year off"],
)
def test_our_clock_dates_it(age, ended):
    assert take({}, said(0, 0, 60, age=age))[0].ended_at == ended


def test_it_began_before_it_ended_but_not_before_it_could():
    found = take({}, said(0, 0, 60, elapsed=99_999, age=60))[0]
    assert (found.began_at, found.ended_at) == (SINCE, SINCE + HOUR - dt.timedelta(minutes=1))


def test_past_midnight_it_belongs_to_the_day_it_began():
    denver = ZoneInfo("America/Denver")
    opened = dt.datetime(2026, 11, 23, 23, 50, tzinfo=denver).astimezone(dt.UTC)
    quarter_hours = [said(n, n * 60, n * 60 + 60) for n in range(20)]
    known: dict[int, Heard] = {}
    for number, report in enumerate(quarter_hours, start=1):
        known = take(known, report, since=opened, now=opened + dt.timedelta(minutes=number))
    began = summary(list(known.values()), duration_ms=DURATION).began_at
    assert day_of(began, denver) == dt.date(2026, 11, 23)


# --- Where to go on ----------------------------------------------------------------------------------------
EIGHT, NINE = SINCE, SINCE + HOUR


def test_a_place_where_it_was_left_is_not_the_end_unless_it_was_finished():
    assert Stop(460_000, EIGHT).is_done is False


@pytest.mark.parametrize(
    ("stops", "at"),
    [
        ([], None),
        ([Stop(460_000, EIGHT)], 460_000),
        ([Stop(460_000, EIGHT), Stop(120_000, NINE)], 120_000),
        ([Stop(120_000, NINE), Stop(460_000, EIGHT)], 120_000),
        ([Stop(DURATION, EIGHT)], None),
        ([Stop(DURATION, EIGHT), Stop(60_000, NINE)], 60_000),
        ([Stop(460_000, EIGHT, is_done=True)], None),
        ([Stop(9_000, EIGHT)], None),
        ([Stop(9_999_999, EIGHT)], None),
    ],
    ids=[
        "never heard",
        "once",
        "another device later",
        "another device synced later what was earlier",
        "heard to the end",
        "a replay has a place of its own",
        "finished",
        "hardly begun",
        "beyond a shorter recording",
    ],
)
def test_where_one_continues(stops, at):
    found = resume(stops, duration_ms=DURATION)
    assert (found and found.at_ms) == at


@pytest.mark.parametrize(
    ("at_ms", "goes_on"),
    [(9_999, False), (10_000, True), (DURATION - 10_000, True), (DURATION - 9_999, False)],
)
def test_ten_seconds_from_either_end_are_worth_going_on_from(at_ms, goes_on):
    assert resume([Stop(at_ms, EIGHT)], duration_ms=DURATION) == (Stop(at_ms, EIGHT) if goes_on else None)


@pytest.mark.parametrize(("minutes", "stale"), [(119, False), (120, False), (121, True)])
def test_after_two_hours_one_begins_again_first(minutes, stale):
    assert is_stale(Stop(460_000, EIGHT), now=EIGHT + dt.timedelta(minutes=minutes)) is stale


def test_continued_on_another_device_it_is_done_by_both():
    first, second = take({}, said(0, 0, 600)), take({}, said(0, 600, 1200))
    alone = summary(list(second.values()), duration_ms=DURATION)
    both = summary(list(second.values()), duration_ms=DURATION, continues=first.values())
    assert (alone.is_done, both.is_done, both.heard_ms) == (False, True, 600_000)


@pytest.mark.parametrize(("duration_ms", "done"), [(0, False), (1, True)])
def test_a_recording_without_length_is_not_done_by_having_been_there(duration_ms, done):
    heard = [Heard(0, 0, duration_ms, 1, SINCE, SINCE)]
    assert summary(heard, duration_ms=duration_ms).is_done is done


# --- Ten thousand histories --------------------------------------------------------------------------------
MANY = settings(
    max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
PER_EXAMPLE = 100


def a_device(chance: random.Random) -> tuple[list[tuple[Report, int]], int]:
    """What an honest device would tell: reports and when each ended (ms after `SINCE`); and when it stops."""
    clock, at, told = chance.randrange(0, 600_000), 0, []
    for seq in range(chance.randrange(1, 12)):
        if chance.random() < 0.4:
            at = chance.randrange(0, DURATION)  # a seek
        clock += chance.choice(
            (0, 0, chance.randrange(0, 40_000), 8 * 3_600_000)
        )  # a stall, a pause, a sleep
        rate = chance.choice((0.75, 0.9, 1, 1, 1.1, 1.25))
        elapsed = chance.randrange(100, 900_000)
        end = min(DURATION, at + int(elapsed * rate))
        clock += elapsed + 1
        told.append((Report(seq, at, end, rate, elapsed, 0), clock))
        at = end
    return told, clock


def beacons(chance: random.Random, told: list[tuple[Report, int]]) -> list[tuple[list[Report], int]]:
    """The same in some order, in batches, some of them repeated, each after it was over."""
    order = chance.sample(told, len(told))
    batches = []
    while order:
        size = chance.randrange(1, len(order) + 1)
        batch, order = order[:size], order[size:]
        batches += [batch] * chance.choice((1, 1, 2, 3))
    chance.shuffle(batches)
    sent, at = [], 0
    for batch in batches:
        at = max(at, *(over for _, over in batch)) + chance.randrange(0, 60_000)
        sent.append(([Report(*_plain(one), at - over) for one, over in batch], at))
    return sent


def _plain(one: Report) -> tuple[int, int, int, float, int]:
    return one.seq, one.start_ms, one.end_ms, one.rate, one.elapsed_ms


def arrive(sent: list[tuple[list[Report], int]]) -> list[dict[int, Heard]]:
    """The entry after each beacon that was believed."""
    known: dict[int, Heard] = {}
    states = []
    for batch, at in sent:
        now = SINCE + dt.timedelta(milliseconds=at)
        new = accepted_segments(batch, known=known, duration_ms=DURATION, since=SINCE, now=now)
        known = known | {one.seq: one for one in new}
        states.append(known)
    return states


@MANY
@given(st.integers(0, 2**32))
def test_an_honest_history_comes_to_the_same_in_whatever_order_and_however_often_it_is_told(seed):
    chance = random.Random(seed)
    for _ in range(PER_EXAMPLE):
        told, last = a_device(chance)
        one, other = (arrive(beacons(chance, told))[-1] for _ in range(2))
        sums = [summary(list(known.values()), duration_ms=DURATION) for known in (one, other)]
        assert sums[0] == sums[1]
        assert sums[0].heard_ms == sum(round((r.end_ms - r.start_ms) / r.rate) for r, _ in told)
        assert sums[0].heard_ms <= last
        assert one[len(told) - 1].ended_at == SINCE + dt.timedelta(milliseconds=last)


def some_claim(chance: random.Random) -> Report:
    """Anything a device might say."""
    start = chance.choice((0, chance.randrange(0, DURATION + 2_000)))
    return Report(
        seq=chance.randrange(0, 8),
        start_ms=start,
        end_ms=start + chance.choice((0, 15_000, chance.randrange(0, DURATION))),
        rate=chance.choice((0.25, 0.75, 1.0, 1.25, 4.0)),
        elapsed_ms=chance.choice((0, 15_000, chance.randrange(0, 4_000_000))),
        age_ms=chance.choice((0, chance.randrange(0, 4_000_000), 10**12)),
    )


@MANY
@given(st.integers(0, 2**32))
def test_whatever_is_claimed_no_more_is_heard_than_there_was_time_and_nothing_is_taken_back(seed):
    chance = random.Random(seed)
    for _ in range(PER_EXAMPLE):
        known: dict[int, Heard] = {}
        sums, now = [], SINCE
        for _ in range(chance.randrange(1, 10)):
            now += dt.timedelta(milliseconds=chance.randrange(0, 1_500_000))
            batch = [some_claim(chance) for _ in range(chance.randrange(1, 3))]
            try:
                new = accepted_segments(batch, known=known, duration_ms=DURATION, since=SINCE, now=now)
            except ImpossibleReport:
                continue
            known = known | {one.seq: one for one in new}
            assert accepted_segments(batch, known=known, duration_ms=DURATION, since=SINCE, now=now) == []
            sums.append(summary(list(known.values()), duration_ms=DURATION))
            assert dt.timedelta(milliseconds=sums[-1].heard_ms) <= now - SINCE
            assert 0 <= sums[-1].covered_ms <= DURATION
            assert SINCE <= sums[-1].began_at <= sums[-1].last_at <= now
        assert all(a.covered_ms <= b.covered_ms and a.is_done <= b.is_done for a, b in pairwise(sums))


@MANY
@given(st.integers(0, 2**32))
def test_what_is_covered_is_counted_once(seed):
    chance = random.Random(seed)
    for _ in range(PER_EXAMPLE):
        spans = [sorted(chance.randrange(0, 60) for _ in range(2)) for _ in range(chance.randrange(0, 9))]
        segments = [Heard(n, a, b, 1, SINCE, SINCE) for n, (a, b) in enumerate(spans)]
        assert covered(segments) == len({at for a, b in spans for at in range(a, b)})
