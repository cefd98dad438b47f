"""Case 34: what is listed is what may be booked, around the clock changes of every kind of zone."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from booking.availability.engine.hours import Closure, Schedule, WeeklyHours
from booking.availability.engine.slots import Busy, Service, first_refusal, starts, why_none
from booking.tests.engine import reference_rules
from practice.core.clock import day_bounds
from practice.tests.sampling import SEED, size

pytestmark = pytest.mark.long

# A day on or next to which something happens to the clocks.
CHANGES = [
    ("America/Denver", date(2027, 3, 14)),
    ("America/Denver", date(2027, 11, 7)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),  # by half an hour
    ("Australia/Lord_Howe", date(2027, 10, 3)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # no midnight
    ("America/Sao_Paulo", date(2018, 2, 18)),  # the last hour of a day comes twice
    ("Africa/Cairo", date(2023, 4, 28)),
    ("Asia/Beirut", date(2022, 3, 27)),
    ("America/St_Johns", date(2010, 11, 7)),  # at 00:01, back into the day before
    ("America/Havana", date(2025, 11, 2)),  # midnight comes twice
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that never was
    ("Europe/Dublin", date(2027, 10, 31)),  # winter is the exception, not summer
    ("Europe/Dublin", date(2027, 3, 28)),
    ("Africa/Casablanca", date(2025, 2, 23)),  # an hour back for a month
    ("Antarctica/Troll", date(2027, 3, 28)),  # by two hours
    ("Asia/Pyongyang", date(2018, 5, 5)),  # half an hour, once, without summer time
    ("Asia/Almaty", date(2024, 3, 1)),  # an hour back at midnight, for good: the zone's rule changed
    ("America/Nuuk", date(2024, 3, 31)),  # the first summer time of a new rule; the day before ends at eleven
    ("Asia/Kathmandu", date(2027, 3, 14)),  # never, and 45 minutes off
]
BEFORE, DAYS = 7, 14

windows = st.tuples(st.integers(0, 287), st.integers(1, 300)).map(
    lambda pair: (pair[0] * 5, min(2880, (pair[0] + pair[1]) * 5))
) | st.sampled_from([(0, 1440), (540, 1020), (1320, 1560), (0, 180), (90, 150), (1380, 1440)])


shortest = st.none() | st.builds(
    Service,
    minutes=st.sampled_from([15, 30, 60]),
    buffer_before=st.sampled_from([0, 10]),
    buffer_after=st.sampled_from([0, 20]),
    buffer_rule=st.sampled_from(["max", "add"]),
    buffers_inside_hours=st.booleans(),
)


@st.composite
def situations(draw):
    """A zone and its day, rules, taken time, a session type and a now."""
    name, day = draw(st.sampled_from(CHANGES))
    zone, first = ZoneInfo(name), day - timedelta(days=BEFORE)
    weekly = draw(
        st.lists(
            st.builds(lambda weekday, span: WeeklyHours(weekday, *span), st.integers(0, 6), windows),
            max_size=8,
        )
    )
    closures = []
    for offset, length in draw(st.lists(st.tuples(st.integers(-1, 14), st.integers(0, 2)), max_size=3)):
        begin = first + timedelta(days=offset)
        other = draw(st.lists(windows, max_size=2))
        closures.append(Closure(begin, begin + timedelta(days=length), tuple(other)))
    begin, _ = day_bounds(first, zone)
    busy = [
        Busy(
            begin + timedelta(minutes=5 * at),
            begin + timedelta(minutes=5 * (at + length)),
            before,
            after,
            counts,
        )
        for at, length, before, after, counts in draw(
            st.lists(
                st.tuples(
                    *(st.integers(0, DAYS * 288), st.integers(1, 40)),
                    *(st.sampled_from([0, 5, 15]), st.sampled_from([0, 10, 30]), st.booleans()),
                ),
                max_size=25,
            )
        )
    ]
    schedule = Schedule(
        zone,
        tuple(weekly),
        tuple(closures),
        tuple(sorted(busy, key=lambda taken: taken.start)),
        draw(shortest),
    )
    service = Service(
        minutes=draw(st.sampled_from([5, 30, 60, 90, 300])),
        buffer_before=draw(st.sampled_from([0, 10])),
        buffer_after=draw(st.sampled_from([0, 15])),
        step=draw(st.sampled_from([None, 5, 15, 30, 60, 50])),
        notice=timedelta(hours=draw(st.integers(0, 48))),
        horizon=timedelta(days=draw(st.integers(1, 30))),
        daily_limit=draw(st.sampled_from([None, None, 1, 2])),
        buffer_rule=draw(st.sampled_from(["max", "add"])),
        buffers_inside_hours=draw(st.booleans()),
        who=draw(st.sampled_from([*["anyone"] * 6, "new", "returning", "staff"])),
        gaps=draw(st.sampled_from(["any", "any", "prefer", "require"])),
    )
    now = begin + timedelta(minutes=draw(st.integers(-3 * 1440, 3 * 1440)))
    asker = draw(st.sampled_from(["unknown", "new", "returning", "staff"]))
    return service, schedule, first, {"now": now, "asker": asker}


def service_of_an_hour(buffer_before, step):
    """A session that leaves no gaps and has nothing else against it."""
    return Service(60, buffer_before=buffer_before, step=step, horizon=timedelta(days=90), gaps="require")


def bounds(schedule, first):
    return day_bounds(first, schedule.zone)[0], day_bounds(first + timedelta(days=DAYS), schedule.zone)[0]


# A fault that shows in one of ten situations is missed by 50 of them in 0.5 % of runs (0.9 ** 50), and each
# commit draws others; by 200 practically never.
EXAMPLES = size(sampled=50, full=200)


def thoroughly(test):
    """Run it with situations drawn by the commit's seed."""
    return seed(SEED)(settings(max_examples=EXAMPLES, database=None, deadline=None)(test))


@thoroughly
@given(situations(), st.integers(0, 10))
def test_case_34_listed_is_bookable(situation, shift):
    service, schedule, first, asked = situation
    begin, end = bounds(schedule, first)
    found = starts(service, schedule, first=begin, until=end, **asked)

    # Each listed start, and every eleventh point of the lattice, is judged by itself.
    points = sorted({*found, *list(reference_rules.lattice(begin, end))[shift::11]})
    assert [point for point in points if first_refusal(service, schedule, point, **asked) is None] == found


@thoroughly
@given(situations())
def test_case_34_the_engine_agrees_with_the_rules_said_slowly(situation):
    agrees_with_the_slow_rules(situation)


@seed(SEED)
@settings(
    max_examples=size(sampled=8, full=25),
    database=None,
    deadline=None,
    phases=[Phase.generate],  # to make one smaller would take minutes
)
@given(
    situations(),
    st.builds(service_of_an_hour, st.sampled_from([0, 10]), st.sampled_from([5, 15, 60])),
    shortest,
)
def test_case_34_gaps_are_refused_as_the_slow_rules_refuse_them(situation, tidy, filler):
    _service, schedule, first, asked = situation
    agrees_with_the_slow_rules((tidy, replace(schedule, shortest=filler), first, asked))


def agrees_with_the_slow_rules(situation):
    service, schedule, first, asked = situation
    begin, end = bounds(schedule, first)
    begins = reference_rules.open_minutes(schedule, first, DAYS + 3)
    unused = (
        reference_rules.unused_minutes(schedule, begins, first, DAYS + 3)
        if service.gaps == "require"
        else None
    )

    expected = [
        point
        for point in reference_rules.lattice(begin, end)
        if reference_rules.is_admitted(service.who, asked["asker"])
        and reference_rules.bookable(service, schedule, begins, first, point, now=asked["now"])
        and not reference_rules.day_is_full(service, schedule, point)
        and (unused is None or reference_rules.leaves_no_gap(service, schedule, begins, unused, first, point))
    ]
    found = starts(service, schedule, first=begin, until=end, **asked)
    if service.step is None:  # which of the possible starts follow each other is the engine's choice
        assert set(found) <= set(expected)
    else:
        assert found == expected


@thoroughly
@given(situations(), st.integers(0, DAYS * 24))
def test_a_part_of_the_list_is_the_list_of_the_part(situation, hour):
    service, schedule, first, asked = situation
    begin, end = bounds(schedule, first)
    middle = begin + timedelta(hours=hour)
    middle = min(middle, end)

    halves = [
        start
        for part in ((begin, middle), (middle, end))
        for start in starts(service, schedule, first=part[0], until=part[1], **asked)
    ]
    assert halves == starts(service, schedule, first=begin, until=end, **asked)


@thoroughly
@given(situations())
def test_an_empty_list_and_only_an_empty_one_has_a_reason(situation):
    service, schedule, first, asked = situation
    begin, end = bounds(schedule, first)
    range_ = {"first": begin, "until": end, **asked}

    assert bool(starts(service, schedule, **range_)) == (why_none(service, schedule, **range_) is None)


def test_every_zone_of_the_table_does_what_it_is_there_for():
    steady = []
    for name, day in CHANGES:
        zone = ZoneInfo(name)
        noons = [datetime.combine(day + timedelta(days=shift), time(12), zone) for shift in (-3, 3)]
        if noons[0].utcoffset() == noons[1].utcoffset():
            steady.append(name)

    assert steady == ["Asia/Kathmandu"]
