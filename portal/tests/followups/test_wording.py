"""Every reason has a sentence, and none tells of the client's health."""

import datetime as dt
import json
import re
from dataclasses import replace

import pytest

from portal.followups.engine.reasons import CODES, Reason
from portal.followups.engine.stages import Stage
from portal.followups.wording import SENTENCES, STAGES, kept, sentence, why_this
from portal.tests.followups.sample_facts import DENVER, ann, denver, on, practice
from practice.core.reasons import reason_in_words
from practice.testing import make_practice

NOON = denver(15, 12)
SAMPLES = {
    "last": dt.date(2027, 2, 22),
    "count": 3,
    "begins": dt.time(20),
    "ends": dt.time(8),
    "weekday": 0,
    "because": Reason("paused", {"until": NOON, "due": NOON}),
    "days": 4,
    "name": "Mars/Olympus",
    "zone": "America/Denver",
}


def sample(code):
    return Reason(code, {name: SAMPLES.get(name, NOON) for name in CODES[code]})


def test_every_code_has_a_sentence():
    assert set(SENTENCES) == set(CODES)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("locale", ["en-us", "en-gb", "es"])
def test_each_is_a_whole_sentence(code, locale):
    words = sentence(sample(code), zone=DENVER, locale=locale)
    assert re.fullmatch(r"[A-Z0-9][^%{}<>]*[.?]", words)


@pytest.mark.parametrize("code", CODES)
def test_none_names_what_hurts(code):
    assert not re.search(r"\b(pain|hurt|ache|worse|sore)", sentence(sample(code), zone=DENVER), re.I)


@pytest.mark.django_db
@pytest.mark.parametrize("code", CODES)
def test_a_row_keeps_it_without_words_and_says_the_same(code):
    row = json.loads(json.dumps(kept(sample(code), zone=DENVER)))
    assert reason_in_words(row) == sentence(sample(code), zone=DENVER)


@pytest.mark.django_db
def test_a_row_is_read_with_the_locale_of_the_moment():
    practice_row = make_practice(home_locale="en-us")
    row = kept(sample("plan_over"), zone=DENVER)
    assert "February 22" in reason_in_words(row)
    practice_row.home_locale = "en-gb"
    practice_row.save()
    assert "22 February" in reason_in_words(row)


def test_a_reason_without_what_its_sentence_needs_is_refused():
    with pytest.raises(TypeError):
        Reason("paused", {"until": NOON})


def test_a_reason_in_words():
    verdict = on(15, facts=ann(practices=(practice(14, 18),)))
    assert sentence(verdict.reason, zone=DENVER) == (
        "They practiced on Thursday, January 14 at 6:00 PM; it waits until Monday, January 18 at 9:00 AM."
    )


def test_a_reason_within_a_reason():
    verdict = on(15, facts=ann(practices=(practice(14, 18),)), following=denver(16))
    assert sentence(verdict.reason, zone=DENVER).endswith(
        "The next email, due Saturday, January 16 at 9:00 AM, takes its place."
    )


def test_every_stage_has_its_why():
    assert set(STAGES) == set(Stage)
    assert all(why_this(stage).endswith(".") for stage in Stage)


def test_a_reason_cannot_be_changed_afterward():
    with pytest.raises(TypeError):
        sample("paused").params["until"] = None


def test_one_email_is_not_emails():
    one = replace(sample("no_answer"), params={"count": 1, "since": NOON})
    assert sentence(one, zone=DENVER).startswith("1 email since")
