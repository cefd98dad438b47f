"""What a follow-up says, in both parts; what it never says; and that no text follows itself."""

import datetime as dt
import re
import uuid
from html import unescape
from itertools import pairwise
from random import Random

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser

from portal.followups.engine.stages import TEXTS, Stage
from portal.followups.letters import words_when_sent
from portal.followups.loading import load_facts
from portal.followups.queue import plan_letters
from portal.followups.texts import WORDS
from portal.models import Assignment, FollowUp, PracticeEntry, Question
from portal.testing import assign, make_exercise, make_recording
from portal.tests.followups.sample_rows import (
    SESSION,
    State,
    denver,
    letter_at,
    planned,
    scenario,
    send_until,
)
from practice.mail.delivery import deliver
from practice.mail.unsubscribe import unsubscribe_url
from practice.models import AccessLog, Letter, Practice, User
from practice.testing import at_work, is_in_both_parts, make_practitioner, make_user
from practice.tests.sampling import size

pytestmark = pytest.mark.long  # at full size, five hundred days three times

__all__ = ["planned", "scenario"]  # fixtures
VARIANTS = [(stage, variant) for stage, variants in TEXTS.items() for variant in variants]
PLAN = "After breakfast, on the living-room rug"
OBSTACLE = "If the floor is cold & hard, two blankets"


@pytest.fixture
def with_plan(scenario):
    """Ann has made a plan, with its obstacle."""
    scenario.page(plan=PLAN, obstacle=OBSTACLE)
    return scenario


def written(scenario, stage=Stage.ASSIGNED, variant="assigned-a", assignment=None, **options):
    """A letter's words, past all guards."""
    scenario.ann.refresh_from_db()
    known = load_facts(scenario.session, scenario.ann, steps=(), made_at=SESSION, now=denver(12))
    about = assignment or scenario.assignment
    return words_when_sent(known, about, stage, variant, now=denver(12), **options)


def plain(html):
    """The words of the HTML part, in order."""
    html = re.sub(r"<style.*?</style>|<!--.*?-->", " ", html, flags=re.S)
    html = re.sub(r'<div class="preheader".*?</div>', " ", html, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " "))


def sentences(words):
    return [one for one in re.split(r"(?<=[.?!:])\s+", words) if one]


# --- The texts ---------------------------------------------------------------------------------


def test_every_stage_has_its_texts():
    assert set(WORDS) == {variant for _, variant in VARIANTS}
    assert all(len(variants) >= 3 for variants in TEXTS.values())


def test_no_two_texts_share_a_sentence():
    said = [str(part) for text in WORDS.values() for part in vars(text).values()]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("name", WORDS)
def test_a_text_is_three_to_six_sentences(name):
    text = WORDS[name]
    counted = len(sentences(f"{text.opening} {text.closing}"))
    assert 3 <= counted + 1 <= 6


FORBIDDEN = re.compile(
    r"\b(streak|days in a row|should have|you must|don't forget|reminder:|cure|heal|fix|pain|back pain|"
    r"guarantee|promise|will help|failed|missed|relief|therapy|treat)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", WORDS)
def test_no_text_scolds_counts_days_or_promises(name):
    said = " ".join(str(part) for part in vars(WORDS[name]).values())
    assert not FORBIDDEN.search(said.replace("should have gone on", ""))


@pytest.mark.parametrize(("stage", "variant"), VARIANTS)
@pytest.mark.parametrize("kind", ["lesson", "exercise"])
def test_both_parts_say_the_same(with_plan, stage, variant, kind):
    tilt = assign(make_exercise(title="The small tilt"), with_plan.ann, by=with_plan.tess, dosage="six times")
    words = written(with_plan, stage, variant, tilt if kind == "exercise" else with_plan.assignment)
    html = plain(words.html)
    spoken = [line.strip() for line in words.text.splitlines() if line.strip()]
    missing = [
        line
        for line in spoken
        if line.rstrip(":") not in html and not line.startswith("http") and line != "--"
    ]
    assert missing == []


@pytest.mark.parametrize(("stage", "variant"), VARIANTS)
def test_an_email_about_a_movement_speaks_of_no_lesson(with_plan, stage, variant):
    tilt = assign(make_exercise(title="The small tilt"), with_plan.ann, by=with_plan.tess)
    assert "lesson" not in written(with_plan, stage, variant, tilt).text
    assert "movement" not in written(with_plan, stage, variant).text


# --- What stands in it -------------------------------------------------------------------------


def test_her_plan_is_quoted_word_for_word_in_both_parts(with_plan):
    words = written(with_plan)
    assert f"    {PLAN}\n    {OBSTACLE}\n" in words.text
    assert f"{PLAN} {OBSTACLE}" in plain(words.html)


def test_without_a_plan_no_quotation_is_announced(scenario):
    words = written(scenario)
    assert str(WORDS["assigned-a"].lead) not in words.text
    assert str(WORDS["assigned-a"].without) in words.text


def test_one_link_leads_to_the_lesson_in_her_pages(with_plan, settings):
    words = written(with_plan)
    links = re.findall(r"https?://\S+", words.text)
    assert links == [f"{settings.SITE_URL}/portal/lessons/floor/", unsubscribe_url(with_plan.ann)]
    assert re.findall(r'href="(http[^"]+)"', words.html) == links


@pytest.mark.parametrize(
    ("stage", "said_done", "rest"),
    [
        (Stage.OPENED, False, "?at=460&of={mark}"),
        (Stage.OPENED, True, ""),
        (Stage.QUIET, False, ""),
        (Stage.FINISHED, False, ""),
    ],
)
def test_left_unfinished_the_link_leads_to_where_she_stopped(with_plan, stage, said_done, rest):
    recording = make_recording(with_plan.assignment.lesson, duration_ms=1_260_000)
    left = denver(11)
    PracticeEntry.objects.create(
        uid=uuid.uuid4(), client=with_plan.ann, lesson=with_plan.assignment.lesson, since=left,
        started_at=left, last_at=left, stopped_ms=460_900, said_done=said_done,
    )  # fmt: skip
    (link, _way_out) = re.findall(r"https?://\S+", written(with_plan, stage, TEXTS[stage][0]).text)
    assert link.endswith(f"/portal/lessons/floor/{rest.format(mark=recording.sha256[:8])}")


def test_the_link_names_nobody_and_is_no_key(with_plan):
    answer = Browser().get("/portal/lessons/floor/")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/portal/lessons/floor/")
    assert "ann" not in "/portal/lessons/floor/"


def test_the_personal_word_goes_with_the_first_email_only(with_plan):
    Assignment.objects.update(word="Think of the hammock.")
    plan_letters(with_plan.session, now=SESSION)
    first, second = [send_until(denver(day))[0].body for day in (12, 15)]
    assert "Think of the hammock." in first
    assert "Think of the hammock." not in second


def test_nothing_is_fetched_from_anywhere(with_plan):
    html = written(with_plan).html
    assert not re.search(r"<img|<link|url\(|src=", html)


def test_it_says_why_she_gets_it_and_when_the_next_one_comes(with_plan):
    words = written(with_plan, following=denver(15))
    for said in (
        "You’re receiving this because you agreed to emails between sessions.",
        "The next one is planned for Friday, January 15; if you practice before then, it will wait.",
    ):
        assert said in words.text
        assert said in plain(words.html)


def test_the_last_one_before_the_silence_announces_no_other(with_plan):
    assert "The next one" not in written(with_plan, Stage.QUIET, "quiet-a", following=denver(15)).text
    plan_letters(with_plan.session, now=SESSION)
    bodies = [send_until(denver(day))[0].body for day in (12, 15, 22)]
    assert ["The next one" in body for body in bodies] == [True, True, False]


def test_it_is_from_her_practitioner_and_a_reply_reaches_the_practice(with_plan):
    plan_letters(with_plan.session, now=SESSION)
    (sent,) = send_until(denver(12))
    assert sent.from_email.startswith("Tess Marlow <")
    assert sent.reply_to == ["hello@juniper.example"]
    assert is_in_both_parts(letter_at(), "Good morning, Ann.")


def test_the_minutes_of_the_recording_are_on_the_button(with_plan):
    make_recording(with_plan.lesson)
    assert "Set aside 21 minutes for it:" in written(with_plan).text


def test_what_people_wrote_cannot_break_out(with_plan):
    with_plan.page(plan="<script>alert(1)</script>\r\n--\r\nBcc: x", obstacle="{{ practice }}")
    User.objects.filter(pk=with_plan.ann.pk).update(name="<b>Ann</b>")
    words = written(with_plan)
    assert "<script" not in words.html
    assert "<b>Ann" not in words.html
    assert "{{ practice }}" in words.text


def test_a_plan_of_a_hundred_kilobytes_does_not_stop_the_email(with_plan):
    with_plan.page(plan="word " * 20_000)
    assert len(written(with_plan).html) < 30_000


# --- What a list of letters gives away ---------------------------------------------------------


@pytest.mark.parametrize(("stage", "variant"), VARIANTS)
def test_a_subject_names_no_lesson_and_no_condition(with_plan, stage, variant):
    Assignment.objects.update(word="zebra", dosage="zebra")
    with_plan.page(plan="zebra", obstacle="zebra")
    type(with_plan.lesson).objects.update(title="zebra", slug="zebra")
    words = written(with_plan, stage, variant)
    assert "zebra" not in words.subject.lower()
    assert not re.search(r"pain|back|neck|hip|knee|lesson|exercise", words.subject, re.IGNORECASE)


def test_nor_does_the_line_beside_it(with_plan):
    found = re.search(r'<div class="preheader".*?>(.*?)</div>', written(with_plan).html, re.S)
    assert found[1] == "A few lines from Tess, and one link."


def test_no_column_of_an_email_but_its_words_tells_of_the_client(with_plan):
    PracticeEntry.objects.all().delete()
    Assignment.objects.update(word="zebra")
    with_plan.page(plan="zebra")
    plan_letters(with_plan.session, now=SESSION)
    with_plan.practise(denver(11, 20), noticing="zebra", needs_human="pain_rose")
    for day in range(12, 50):
        send_until(denver(day))
    kept = Letter.objects.defer("text", "html").values()
    assert not any(
        "zebra" in str(value) for one in kept for name, value in one.items() if name not in {"text", "html"}
    )


# --- The ledger of the practice ----------------------------------------------------------------


@pytest.fixture
def just_planned():
    """The pages ask what it would say now: an hour after the session."""
    with time_machine.travel(SESSION + dt.timedelta(hours=1), tick=False):
        yield


def test_the_workspace_shows_what_a_waiting_email_would_say(with_plan, just_planned):
    plan_letters(with_plan.session, now=SESSION)
    page = at_work(with_plan.tess.user).get(f"/workspace/letters/{letter_at().pk}/")
    assert PLAN in page.content.decode()


def test_also_as_its_reader_would_see_it(with_plan, just_planned):
    plan_letters(with_plan.session, now=SESSION)
    page = at_work(with_plan.tess.user).get(f"/workspace/letters/{letter_at().pk}/preview/")
    assert PLAN in page.content.decode()


def test_the_front_desk_reads_neither_before_nor_after(with_plan):
    desk = at_work(make_user("Desk", role=User.Role.FRONT_DESK))
    plan_letters(with_plan.session, now=SESSION)
    send_until(denver(12))
    for place in (0, 1):
        for address in ("", "preview/"):
            page = desk.get(f"/workspace/letters/{letter_at(place).pk}/{address}")
            assert PLAN not in page.content.decode()


def test_nor_why_one_was_held_back(with_plan):
    desk = at_work(make_user("Desk", role=User.Role.FRONT_DESK))
    plan_letters(with_plan.session, now=SESSION)
    with_plan.practise(denver(11, 20), needs_human="pain_rose")
    send_until(denver(12))
    ledger, letter, session = (
        "/workspace/letters/",
        f"/workspace/letters/{letter_at().pk}/",
        f"/workspace/appointments/{with_plan.session.uid}/",
    )
    for address in (ledger, letter, session):
        page = desk.get(address).content.decode()
        assert "An email from Tess Marlow" in page
        assert "after practicing" not in page


@pytest.mark.parametrize("address", ["", "preview/"])
def test_who_reads_one_is_in_the_clients_record(with_plan, address):
    plan_letters(with_plan.session, now=SESSION)
    at_work(with_plan.tess.user).get(f"/workspace/letters/{letter_at().pk}/{address}")
    (noted,) = AccessLog.objects.all()
    assert (noted.reader, noted.whose, noted.words) == (
        with_plan.tess.user,
        with_plan.ann,
        "an email between sessions",
    )


def test_a_practitioner_who_is_not_hers_finds_nothing(with_plan):
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)
    plan_letters(with_plan.session, now=SESSION)
    assert at_work(jonah.user).get(f"/workspace/letters/{letter_at().pk}/preview/").status_code == 404


# --- A long life -------------------------------------------------------------------------------


def anything(chance, scenario, now):
    """Something in a client's life."""
    kind = chance.randrange(8)
    if kind < 3:
        scenario.practise(now, finished=chance.random() < 0.7)
    elif kind == 3:
        Question.objects.create(client=scenario.ann, text="?", asked_at=now)
    elif kind == 4:
        entry = scenario.practise(now, needs_human="pain_rose")
        PracticeEntry.objects.filter(pk=entry.pk).update(cleared_at=now if chance.random() < 0.8 else None)
    elif kind == 5:
        scenario.page(paused_until=now + dt.timedelta(days=chance.choice([7, 14])))
    elif kind == 6:
        scenario.page(answered_at=now)
    else:
        PracticeEntry.objects.filter(cleared_at=None).update(cleared_at=now)


def wrap_up(scenario, now):
    """A session that is over now, with a plan."""
    session = scenario.meet(scenario.ann, now - dt.timedelta(hours=1), state="completed")
    plan_letters(session, now=now)


def live(scenario, seed, days=500):
    """Sessions, practice, answers, dead senders; the worker looks twice a day or is away."""
    chance, now = Random(seed), SESSION
    for _ in range(days):
        now += dt.timedelta(hours=chance.choice([12, 24, 24, 30]))
        if chance.random() < 0.04:
            wrap_up(scenario, now)
        if chance.random() < 0.12:
            anything(chance, scenario, now)
        if chance.random() < 0.03 and deliver.claim_one(now):
            Letter.objects.filter(state=State.CLAIMED).update(
                leased_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
            )
        if chance.random() < 0.9:
            send_until(now)


@pytest.fixture(params=range(1, 1 + size(sampled=1, full=3)))
def life(scenario, request):
    """What went to Ann over some five hundred days, in order."""
    Practice.objects.update(quiet_from="00:00", quiet_until="00:00")
    live(scenario, request.param)
    return list(
        FollowUp.objects.filter(letter__state__in=(State.SENT, State.UNKNOWN))
        .exclude(stage="")
        .select_related("letter")
        .order_by("letter__sent_at", "letter__due_at")
    )


def test_over_a_long_life_every_rule_of_distance_holds(life):
    assert len(life) > 15
    assert len({one.stage for one in life}) >= 4
    sent = [one.letter for one in life if one.letter.sent_at]
    assert all(later.variant != earlier.variant for earlier, later in pairwise(life)), (
        "the same text twice in a row"
    )
    gaps = [b.sent_at - a.sent_at for a, b in pairwise(sent)]
    assert min(gaps) >= dt.timedelta(days=3)
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == len(mail.outbox)
    bodies = [message.body for message in mail.outbox]
    assert all(one != two for one, two in pairwise(bodies))
