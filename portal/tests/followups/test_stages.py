"""What a letter says: where the client stands, about which assignment, in which text."""

from dataclasses import replace

import pytest

from portal.followups.engine.facts import Prompt, Step
from portal.followups.engine.guards import decide
from portal.followups.engine.stages import TEXTS, Stage, named, stage_for, stage_of, variant_for
from portal.tests.followups.sample_facts import PLAN, ann, denver, letter, on, practice

OPENED, FINISHED = practice(12, 10), practice(12, 11, finished=True)


@pytest.mark.parametrize(
    ("facts", "day", "stage"),
    [
        (ann(), 15, "assigned"),
        (ann(practices=(practice(10, finished=True),)), 15, "assigned"),  # before the session
        (ann(practices=(practice(11, 14),)), 15, "assigned"),  # until the session ended
        (ann(practices=(practice(12, assignment="other", finished=True),)), 15, "assigned"),
        (ann(practices=(OPENED,)), 15, "opened"),
        (ann(practices=(OPENED, FINISHED)), 15, "finished"),
        (ann(practices=(FINISHED, OPENED)), 15, "finished"),  # a replay erases nothing
        (ann(practices=(FINISHED, FINISHED)), 15, "finished"),
        (ann(practices=(FINISHED, FINISHED, FINISHED)), 15, "often"),
        (ann(practices=(practice(12, finished=True),)), 25, "finished"),
        (ann(practices=(practice(12, finished=True),)), 26, "quiet"),  # 14 days, to the minute
        (ann(practices=(practice(12),), questions=(denver(20),)), 26, "opened"),
        (ann(prompts=(letter(26, stage="quiet"),)), 29, "silence"),
        (ann(prompts=(letter(26, stage="quiet"),), ticks=(denver(27),)), 29, "assigned"),
    ],
)
def test_stage(facts, day, stage):
    assert stage_of(PLAN, facts, denver(day)) == stage


@pytest.mark.parametrize(
    ("practices", "about"),
    [
        ((), "hips"),
        ((practice(12, assignment="hips"),), "ribs"),
        ((practice(12, assignment="hips"), practice(12, assignment="ribs", finished=True)), "hips"),
        (
            (practice(12, assignment="hips", finished=True), practice(12, assignment="ribs", finished=True)),
            "hips",
        ),
    ],
)
def test_of_several_assignments_the_first_not_yet_practiced_is_named(practices, about):
    assert named(PLAN, ann(assignments=("hips", "ribs"), practices=practices)) == about


def test_without_an_assignment_there_is_nothing_to_name():
    assert named(PLAN, ann(assignments=())) is None


def sent(*variants):
    return tuple(Prompt(at=denver(12 + place), variant=variant) for place, variant in enumerate(variants))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ((), "a"),
        (("a",), "b"),
        (("a", "b"), "c"),
        (("a", "b", "c"), "a"),
        (("b", "x"), "c"),  # in turn, also when another text came between
        (("gone",), "a"),
    ],
)
def test_the_texts_take_turns(before, expected):
    assert variant_for(("a", "b", "c"), sent(*before)) == expected


def test_a_text_never_follows_itself_even_when_stages_share_it():
    assert variant_for(("a", "b"), sent("b", "a")) == "b"


def test_a_variant_named_twice_is_one():
    assert variant_for(("a", "a", "b"), sent("a")) == "b"


def test_an_email_of_another_kind_without_a_variant_changes_no_turn():
    assert variant_for(("a", "b"), (*sent("a"), letter(20, kind="free_lesson"))) == "b"


@pytest.mark.parametrize(
    ("before", "allowed", "expected"),
    [
        ((), ("c",), "c"),
        (("a",), ("c", "b"), "b"),  # in turn among those that may be used
        (("b",), ("b",), "c"),  # the only one would follow itself: the next of the others
        (("b", "elsewhere"), ("b",), "b"),
        (("b", ""), ("b",), "c"),  # an email of another kind between changes nothing
        (("a",), ("elsewhere",), "b"),  # none of this stage is named: all of its own
    ],
)
def test_a_step_may_name_the_texts_that_are_used(before, allowed, expected):
    assert variant_for(("a", "b", "c"), sent(*before), allowed=allowed) == expected


@pytest.mark.parametrize(
    ("wished", "practices", "day", "stage"),
    [
        ("assigned", (FINISHED,), 15, "assigned"),
        ("finished", (FINISHED, FINISHED, FINISHED), 15, "finished"),
        ("finished", (OPENED,), 15, "opened"),  # they have not finished it: the text would be untrue
        ("assigned", (), 26, "quiet"),  # after two weeks the question comes first
        ("often", (OPENED,), 15, "opened"),
        ("elsewhere", (), 15, "assigned"),
    ],
)
def test_a_step_may_ask_for_a_text_where_it_is_true(wished, practices, day, stage):
    plan = replace(PLAN, steps=(Step(4, stage=wished),))
    assert stage_for(plan, 0, ann(practices=practices), denver(day)) == stage


def test_an_email_goes_with_the_text_that_its_step_asks_for():
    plan = replace(PLAN, steps=(Step(4, stage="assigned", variants=("assigned-c", "opened-a")),))
    verdict = decide(plan, 0, ann(practices=(OPENED,)), now=denver(16))
    assert (verdict.stage, verdict.variant) == ("assigned", "assigned-c")


@pytest.mark.parametrize("variants", [(), ("a",), ("a", "a")])
def test_a_text_without_a_second_variant_is_refused(variants):
    with pytest.raises(ValueError, match=r"^a text needs at least two variants$"):
        variant_for(variants, ())


def test_every_stage_but_silence_has_texts_that_no_other_has():
    names = [name for texts in TEXTS.values() for name in texts]
    assert (set(TEXTS), len(names)) == (set(Stage) - {Stage.SILENCE}, len(set(names)))


def test_an_email_that_goes_says_about_what_and_how():
    verdict = on(16, facts=ann(practices=(OPENED,), prompts=(letter(12, 8, variant="opened-a"),)))
    assert (verdict.assignment, verdict.stage, verdict.variant) == ("first", "opened", "opened-b")


def test_who_was_given_something_only_just_is_not_asked_whether_it_is_still_useful():
    late = replace(PLAN, made_at=denver(28))  # wrapped up more than two weeks after the session
    assert stage_of(late, ann(), denver(29)) is Stage.ASSIGNED
