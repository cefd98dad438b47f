"""What the follow-ups take to be so where nothing was said."""

from dataclasses import asdict

from portal.followups.engine.facts import PracticeEntryFact, Prompt
from portal.followups.engine.reasons import Reason
from portal.tests.followups.sample_facts import DENVER, ann, denver, practice


def fields_of(value, *names):
    """Those fields of a value, by name."""
    return {name: asdict(value)[name] for name in names}


def test_a_prompt_is_a_follow_up_of_no_plan_unless_it_says_so():
    said = fields_of(Prompt(at=denver(12)), "kind", "plan", "step", "stage", "variant")
    # The kind is the name under which the ledger of emails keeps them: rows of years ago have it.
    assert said == {"kind": "follow_up", "plan": "", "step": None, "stage": "", "variant": ""}


def test_a_practice_belongs_to_no_assignment_unless_it_says_so():
    assert PracticeEntryFact(at=denver(12)).assignment == ""


def test_of_pain_nothing_is_known_unless_it_was_told():
    said = fields_of(practice(12), "finished", "pain_before", "pain_after", "worse")
    assert said == {"finished": False, "pain_before": None, "pain_after": None, "worse": False}


def test_a_client_can_be_written_to_unless_something_is_against_it():
    said = fields_of(ann(), "active", "bounced", "consent", "superseded", "pain_cleared_at", "paused_until")
    assert said == {
        "active": True,
        "bounced": False,
        "consent": True,
        "superseded": False,
        "pain_cleared_at": None,
        "paused_until": None,
    }


def test_any_weekday_will_do_unless_some_were_chosen():
    assert ann(zone=DENVER).manner.weekdays == frozenset()


def test_a_reason_may_need_nothing_more_to_be_said():
    assert dict(Reason("superseded").params) == {}
