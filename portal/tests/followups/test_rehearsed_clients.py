"""What holds for the emails of thousands of random clients, checked from their diaries by naive arithmetic.

A fault that shows in one client of 500 is missed by 3,000 in 0.25 % of runs (0.998 ** 3000), and each commit
has other clients; the 30,000 of `make prove` practically never miss it. Each promise has a control: the rule
is taken out of the engine, and the check must find that in 400 clients (it shows in one of eight, at least).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from portal.followups.engine import guards, when
from portal.followups.engine.rehearsal import Judged, NeverPlanned
from portal.tests.followups.random_clients import Diary, clients, sample

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
Faults = Iterator[object]


def two_in_24_hours(one: Diary) -> Faults:
    for mine in one.sent:
        yield from (other for other in [*one.sent, *one.others] if dt.timedelta() < mine - other < DAY)


def three_in_7_days(one: Diary) -> Faults:
    """Over all kinds, counted back from each follow-up; exactly seven days before is not within them."""
    for mine in one.sent:
        before = [other for other in [*one.sent, *one.others] if dt.timedelta() <= mine - other < 7 * DAY]
        if len(before) > 2:
            yield before


def in_quiet_hours(one: Diary) -> Faults:
    begins, ends = one.facts.manner.quiet_from, one.facts.manner.quiet_until
    for at in one.sent:
        wall = at.astimezone(one.facts.manner.zone).time()
        if begins <= wall < ends if begins <= ends else wall >= begins or wall < ends:
            yield at


def on_another_weekday(one: Diary) -> Faults:
    days = one.facts.manner.weekdays
    yield from (at for at in one.sent if days and at.astimezone(one.facts.manner.zone).weekday() not in days)


def near_practice(one: Diary) -> Faults:
    for at in one.sent:
        yield from (done for done in one.practices if dt.timedelta() <= at - done < 3 * DAY)


def same_text_twice(one: Diary) -> Faults:
    yield from (text for (_, text), (_, other) in pairwise(one.texts) if text == other)


def at_another_hour(one: Diary) -> Faults:
    """The chosen hour, or the end of quiet hours that hold it, at most an hour late, and never early.

    Later by what the clocks skip that day; the first may have to wait for 18 hours after the session.
    """
    zone, quiet = one.facts.manner.zone, one.facts.manner
    for judged in one.judged:
        if not hasattr(judged.verdict, "variant"):
            continue
        hour, wall = one.plan.steps[judged.step].at, judged.at.astimezone(zone)
        begins, ends = quiet.quiet_from, quiet.quiet_until
        if begins <= hour < ends if begins <= ends else hour >= begins or hour < ends:
            hour = ends
        late = (wall - wall.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)) % DAY
        skipped = wall.utcoffset() - (wall - DAY).utcoffset()
        first = judged.at - one.plan.session_ended_at == 18 * HOUR
        if not first and late > HOUR + max(skipped, dt.timedelta()):
            yield judged


def after_three_without_an_answer(one: Diary) -> Faults:
    for at in one.sent:
        answered = max((a for a in [*one.answers, *one.practices] if a <= at), default=at - 400 * DAY)
        if sum(answered < other < at for other in one.sent) >= 3:
            yield at


def in_a_pause(one: Diary) -> Faults:
    for at in one.sent:
        asked = [(begins, until) for begins, until in one.pauses if begins <= at]
        if asked and at < max(asked)[1]:  # the last one asked for counts
            yield at


def after_pain_rose(one: Diary) -> Faults:
    for at in one.sent:
        rose = max((pain for pain in one.pains if pain <= at), default=None)
        if rose and not any(rose <= cleared <= at for cleared in one.cleared):
            yield at


def a_step_lost_or_doubled(one: Diary) -> Faults:
    """Each step ends once: sent, canceled, missed, or never planned; none waits after the plan's end."""
    ends = Counter(
        event.step
        for event in one.events
        if isinstance(event, NeverPlanned)
        or (isinstance(event, Judged) and getattr(event.verdict, "due_at", None) is None)
    )
    yield from (step for step in range(len(one.plan.steps)) if ends[step] != 1)


CHECKS = {
    check.__name__: check
    for check in (
        *(two_in_24_hours, three_in_7_days, in_quiet_hours, on_another_weekday, near_practice),
        *(same_text_twice, at_another_hour, after_three_without_an_answer, in_a_pause, after_pain_rose),
        a_step_lost_or_doubled,
    )
}


@pytest.mark.parametrize("name", CHECKS)
def test_never(name: str) -> None:
    assert [list(CHECKS[name](one)) for one in sample() if any(CHECKS[name](one))] == []


# --- Controls: a rule is taken out, and the check finds it -------------------------------------------
def without(*names: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Take these guards out."""
    left = tuple(guard for guard in guards.GUARDS if guard.__name__ not in names)
    return lambda patch: patch.setattr(guards, "GUARDS", left)


def instead(module: object, name: str, value: object) -> Callable[[pytest.MonkeyPatch], None]:
    """Put something else in the place of a rule."""
    return lambda patch: patch.setattr(module, name, value)


def no_caps(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(when, "_caps", lambda *_: iter(()))


def never_paused(patch: pytest.MonkeyPatch) -> None:
    real = when.refusals
    patch.setattr(when, "refusals", lambda *known: (one for one in real(*known) if one[0] != "paused"))


PLANTED = {
    "two_in_24_hours": no_caps,
    "three_in_7_days": no_caps,
    "in_quiet_hours": instead(when, "_quiet", lambda *_: False),
    "on_another_weekday": instead(when, "_weekday_fits", lambda *_: True),
    "near_practice": without("_practice"),
    "same_text_twice": instead(guards, "variant_for", lambda variants, *_, **__: variants[0]),
    "at_another_hour": instead(when, "ABOUT", 12 * HOUR),
    "after_three_without_an_answer": instead(guards, "MAX_UNANSWERED", 4),
    "in_a_pause": never_paused,
    "after_pain_rose": without("_pain"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_the_check_finds_a_rule_that_was_taken_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[name](monkeypatch)
    assert any(any(CHECKS[name](one)) for one in clients(400))


def test_the_check_finds_a_step_that_is_lost() -> None:
    found = clients(20)
    for one in found:
        one.events = one.events[:-1] if isinstance(one.events[-1], Judged) else one.events
    assert any(any(a_step_lost_or_doubled(one)) for one in found)


def test_these_clients_have_something_to_promise() -> None:
    """Most promises would hold for clients who get no email, or do nothing.

    Quiet hours and weekdays never refuse here: all is planned around them, and the worker is on time.
    """
    made = sample()
    reasons = {
        judged.verdict.reason.code
        for one in made
        for judged in one.judged
        if not hasattr(judged.verdict, "variant")
    }
    assert reasons >= {
        *("pain_rose", "no_answer", "silence", "practised", "just_booked", "paused"),
        *("spacing", "cap_day", "cap_week", "overtaken", "moved_past_end"),
    }
    assert sum(len(one.sent) for one in made) > 2 * len(made)
