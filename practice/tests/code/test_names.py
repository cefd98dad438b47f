"""Names say what a thing is: words that could mean anything, and images, do not come back as names."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from practice.tests.code.reading_order import sources

#: A name that a function or class of a module may not have, and what to say instead.
VAGUE = {
    "Thing": "what it is: Resource, PracticedItem",
    "Wish": "WaitlistCriteria, BookingChoices",
    "Told": "EmailFacts, PainReport",
    "told": "what is returned: emails_to, booked_message",
    "Asked": "SlotQuery, StepHeading",
    "Asker": "AskerStatus",
    "Known": "PlanFacts",
    "Standing": "PackageBalance",
    "standing": "occupying, state_fields, valid_permissions",
    "judge": "first_refusal, decide, validate",
    "in_words": "what in words: series_in_words",
    "what_ails": "email_problem",
    "again": "rebooking",
    "anew": "again, or what restarts",
    "House": "PracticeSite, Scenario",
    "house": "practice_site, scenario",
    "Town": "DemoSite",
    "town": "demo_site",
    "Walker": "RecordingBrowser",
    "Ears": "LogRecorder",
    "Pen": "IntakeWriter",
    "knock": "send_request",
    "Cast": "SamplePeople",
    "Crowd": "Contestants",
    "Looker": "PageChecker",
}


def vague(modules: Mapping[str, str]) -> list[str]:
    """Return "module: name (say …)" for each function and class of a module that has such a name."""
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return sorted(
        f"{module}: {node.name} (say {VAGUE[node.name]})"
        for module, text in modules.items()
        for node in ast.parse(text).body
        if isinstance(node, defined) and node.name in VAGUE
    )


def test_no_function_or_class_has_a_vague_name() -> None:
    assert vague(sources()) == []


@pytest.mark.parametrize("text", ["class Thing: ...", "def judge(): ...", "def told(): ..."])
def test_a_vague_name_is_found(text: str) -> None:
    assert len(vague({"booking.planted": text})) == 1


@pytest.mark.parametrize("text", ["class PainReport: ...", "judge = 1", "def first_refusal(): ..."])
def test_other_names_are_not_found(text: str) -> None:
    assert vague({"booking.planted": text}) == []
