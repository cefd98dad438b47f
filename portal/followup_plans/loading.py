"""What planning asks of many clients at once, as facts: the same number of queries however many they are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber

from booking.models import Appointment
from portal.followups.client_rows import LAST_PROMPTS, PROMPT_FIELDS, may_have_gone
from portal.followups.engine.facts import Facts, Plan, Prompt
from portal.followups.loading import (
    PlanFacts,
    as_prompt,
    delivery_window_of,
    plan_key,
)
from portal.models import ClientProfile, FollowUp
from practice.queries import the_practice

AT_ONCE = 500


def planning_facts(sessions: Sequence[FollowUp], *, now: dt.datetime) -> list[PlanFacts]:
    """Return the facts for the plan of each session, of which one follow-up is given with its rows read.

    Only those by which emails are planned (`engine/plan.py`): when a client may be written to, a pause, what
    was sent, and whether a later session decides. Four queries for each 500 sessions.
    """
    found: list[PlanFacts] = []
    for begin in range(0, len(sessions), AT_ONCE):
        found += _some_facts(sessions[begin : begin + AT_ONCE], now)
    return found


def _some_facts(sessions: Sequence[FollowUp], now: dt.datetime) -> list[PlanFacts]:
    business, clients = the_practice(), {one.client_id for one in sessions}
    pages = {one.user_id: one for one in ClientProfile.objects.filter(user__in=clients)}
    prompts, latest = _prompts(clients, now), _latest_sessions(clients)
    found = []
    for one in sessions:
        session, client = one.appointment, one.client
        page = pages.get(client.pk) or ClientProfile(user=client)
        facts = Facts(
            manner=delivery_window_of(client, page, business),
            superseded=session.client_id in latest and latest[session.client_id] > session.starts_at,
            prompts=tuple(prompts[client.pk]),
            paused_until=page.paused_until,
        )
        plan = Plan(key=plan_key(session.pk), session_ended_at=session.ends_at, made_at=one.made_at, steps=())
        known = partial(PlanFacts, appointment=session, client=client, page=page, business=business)
        found.append(known(plan=plan, facts=facts, assignments={}))
    return found


def _prompts(clients: set[int], now: dt.datetime) -> dict[int, list[Prompt]]:
    """Return by client the latest encouraging emails that count as sent."""
    newest_first = Window(RowNumber(), partition_by=F("user"), order_by=(F("due_at").desc(), F("pk").desc()))
    rows = may_have_gone().filter(user__in=clients).order_by().annotate(place=newest_first)
    found: dict[int, list[Prompt]] = defaultdict(list)
    for user, *row in rows.filter(place__lte=LAST_PROMPTS).values_list("user", *PROMPT_FIELDS):
        if prompt := as_prompt(tuple(row), now):
            found[user].append(prompt)
    return found


def _latest_sessions(clients: set[int]) -> dict[int, dt.datetime]:
    """Return by client when their latest session began that took place."""
    held = Appointment.objects.filter(client__in=clients, state=Appointment.State.COMPLETED).order_by()
    return dict(held.values_list("client").annotate(latest=Max("starts_at")))
