"""What a client writes before and after: never lost, never another's, and no practice by itself."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection

from portal.models import PracticeEntry
from portal.practice_log.actions.listen import Batch, OtherClientsEntry, listen
from portal.practice_log.actions.pain import clear_pain
from portal.practice_log.actions.self_report import NotBegun, ReportRejected, SelfReport, write_down
from portal.practice_log.listening import Report
from portal.testing import assign, make_lesson, make_recording
from practice.models import Letter, User
from practice.testing import both_parts, make_practice, make_practitioner, make_user

OPENED = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)  # 8 in the morning in Denver
NOW = OPENED + dt.timedelta(minutes=30)
ONE = uuid.UUID(int=1)

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def tess(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_practice()
    return make_practitioner()


@pytest.fixture
def lesson(tess):
    return make_lesson("floor")


@pytest.fixture
def recording(lesson):
    return make_recording(lesson)


@pytest.fixture
def ann(tess, lesson):
    ann = make_user("Ann")
    assign(lesson, ann, by=tess)
    return ann


@pytest.fixture
def wrote(ann, lesson, recording):
    """Ann writes on entry one."""

    def write(*, client=ann, uid=ONE, what=lesson, now=NOW, **words):
        return write_down(
            client, SelfReport(**words), uid=uid, lesson=what, recording=recording, since=OPENED, now=now
        )

    return write


@pytest.fixture
def heard(ann, recording):
    """Ann hears a minute, as entry one."""

    def hear(*, uid=ONE, now=NOW, continues=None):
        minute = Report(0, 0, 60_000, 1, 60_000, 0)
        batch = Batch(uid, [minute], continues=continues)
        return listen(ann, batch, recording=recording, since=OPENED, now=now)

    return hear


# --- What is practice ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", [{}, {"lying_before": "left longer"}, {"pain_before": 3}])
def test_what_was_before_is_no_practice(wrote, words):
    with pytest.raises(NotBegun):
        wrote(**words)
    assert not PracticeEntry.objects.exists()


def test_a_noticing_afterward_is_an_entry_but_not_finished(wrote, recording):
    entry = wrote(noticing="lighter", lying_before="left longer")
    assert (entry.lying_before, entry.recording, entry.since) == ("left longer", recording, OPENED)
    assert (entry.started_at, entry.last_at, entry.finished_at, entry.heard_ms) == (NOW, NOW, None, 0)


def test_called_done_is_finished(wrote):
    entry = wrote(said_done=True)
    assert (entry.said_done, entry.finished_at) == (True, NOW)


def test_called_done_again_does_not_move_the_moment(wrote):
    wrote(said_done=True)
    assert wrote(said_done=True, now=NOW + dt.timedelta(hours=1)).finished_at == NOW


def test_what_was_before_is_kept_with_what_was_heard(wrote, heard):
    heard()
    assert wrote(lying_before="left longer", pain_before=4).pain_before == "4"


def test_listening_after_writing_goes_into_the_same_entry(wrote, heard):
    wrote(noticing="lighter")
    assert (heard().noticing, heard().heard_ms, PracticeEntry.objects.count()) == ("lighter", 60_000, 1)


# --- Nothing is lost ----------------------------------------------------------------------------------------
def test_blank_fields_erase_nothing(wrote):
    wrote(noticing="lighter", pain_after=2, felt="better")
    entry = wrote(lying_after="flatter")
    assert (entry.noticing, entry.pain_after, entry.felt) == ("lighter", "2", "better")


def test_emptied_by_the_client_it_is_empty(wrote):
    wrote(noticing="lighter", pain_after=2)
    entry = wrote(was={"noticing": "lighter", "pain_after": "2"})
    entry.refresh_from_db()
    assert (entry.noticing, entry.pain_after) == ("", None)


def test_what_the_page_showed_is_replaced(wrote):
    wrote(noticing="lighter")
    assert wrote(noticing="much lighter", was={"noticing": "lighter"}).noticing == "much lighter"


def test_what_the_page_did_not_know_stays_before_it(wrote):
    wrote(noticing="lighter")
    wrote(noticing="warm")
    assert wrote(noticing="warm feet", was={"noticing": "warm"}).noticing == "lighter\n\nwarm feet"


def test_the_same_words_again_change_nothing(wrote):
    wrote(noticing="lighter\r\nwarm")
    wrote(noticing="soft")
    wrote(noticing="soft ")
    assert PracticeEntry.objects.get().noticing == "lighter\nwarm\n\nsoft"


def test_what_was_before_is_not_told_again_by_another_page(wrote, heard):
    heard()
    wrote(pain_before=5)
    assert wrote(pain_before=1).pain_before == "5"


def test_a_later_play_through_leaves_it_alone(wrote, heard):
    wrote(noticing="lighter")
    heard(uid=uuid.UUID(int=2))
    assert PracticeEntry.objects.get(uid=ONE).noticing == "lighter"


def test_in_the_evening_it_may_be_changed_and_the_next_day_not(wrote):
    wrote(noticing="lighter")
    evening = NOW + dt.timedelta(hours=14)
    wrote(noticing="so light", was={"noticing": "lighter"}, now=evening)
    with pytest.raises(ReportRejected, match="another day"):
        wrote(noticing="gone", was={"noticing": "so light"}, now=evening + dt.timedelta(hours=3))
    assert PracticeEntry.objects.get().noticing == "so light"


@pytest.mark.parametrize(
    ("name", "stood", "new"),
    [("pain_before", 5, 1), ("pain_after", 2, 4), ("felt", "better", "worse"), ("pain_after", 2, None)],
)
@pytest.mark.parametrize("was", [True, False], ids=["shown", "not shown"])
def test_the_next_day_no_number_and_no_choice_is_replaced(wrote, name, stood, new, was):
    wrote(**{"noticing": "lighter", name: stood})
    tomorrow = {"now": NOW + dt.timedelta(days=1), "was": {name: str(stood)} if was else {}}
    if new is None and not was:
        return  # nothing said in a field that showed nothing changes nothing
    with pytest.raises(ReportRejected) as refused:
        wrote(**{name: new}, **tomorrow)
    assert (refused.value.code, getattr(PracticeEntry.objects.get(), name)) == ("day", str(stood))


def test_told_again_the_next_day_an_unchanged_session_is_no_change(wrote):
    wrote(noticing="lighter", pain_after=2)
    assert wrote(pain_after=2, now=NOW + dt.timedelta(days=1)).pain_after == "2"


def test_what_could_not_be_sent_yesterday_is_kept_today(wrote, heard):
    heard()
    assert wrote(noticing="lighter", now=NOW + dt.timedelta(days=2)).noticing == "lighter"


# --- Nonsense -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"noticing": "n" * 2001}, "long"),
        ({"lying_before": "n" * 99_999, "said_done": True}, "long"),
        ({"pain_after": 11}, "pain"),
        ({"pain_after": -1}, "pain"),
        ({"pain_after": True}, "pain"),
        ({"pain_after": float("nan")}, "pain"),
        ({"felt": "wonderful"}, "felt"),
    ],
)
def test_nonsense_is_refused_whole(wrote, words, code):
    with pytest.raises(ReportRejected) as refused:
        wrote(**{"noticing": "lighter", **words})
    assert (refused.value.code, PracticeEntry.objects.exists()) == (code, False)


def test_two_thousand_signs_are_kept_and_added_to_a_few_times(wrote):
    for number in range(9):
        wrote(noticing=f"{number}" * 2000)
    with pytest.raises(ReportRejected):
        wrote(noticing="9" * 2000)
    assert len(PracticeEntry.objects.get().noticing) == 9 * 2000 + 8 * 2


def test_anothers_entry_and_another_lessons_are_not_there(wrote, heard):
    heard()
    with pytest.raises(OtherClientsEntry):
        wrote(client=make_user("Ben"), noticing="mine")
    with pytest.raises(OtherClientsEntry):
        wrote(what=make_lesson("hips"), noticing="mine")
    assert PracticeEntry.objects.get().noticing == ""


def test_it_is_encrypted(wrote):
    wrote(noticing="canary", lying_before="canary", lying_after="canary", felt="worse", pain_after=9)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT noticing, lying_before, lying_after, felt, pain_after FROM portal_practiceentry"
        )
        assert all(kept.startswith("gAAAA") for kept in cursor.fetchone())


# --- Pain that rises ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "rose"),
    [
        ({"pain_before": 3, "pain_after": 6}, True),
        ({"pain_before": 0, "pain_after": 2}, True),
        ({"pain_before": 3, "pain_after": 4}, False),
        ({"pain_before": 9, "pain_after": 10}, False),
        ({"pain_after": 9}, False),
        ({"pain_before": 9, "pain_after": 0, "felt": "worse"}, True),
        ({"felt": "same"}, False),
    ],
)
def test_two_more_or_worse_wants_someone_to_look(wrote, words, rose):
    assert wrote(**words).needs_human == ("pain_rose" if rose else "")
    assert Letter.objects.filter(kind="notice_pain").count() == rose


def test_the_practitioner_is_told_once_without_a_word_of_it(wrote, tess):
    wrote(pain_before=3, pain_after=6, noticing="canary", felt="worse")
    wrote(pain_after=8, was={"pain_after": "6"})
    letter = Letter.objects.get(kind="notice_pain")
    assert (letter.user, letter.subject) == (tess.user, "Please check the workspace")
    said = f"{letter.subject} {both_parts(letter)} {letter.headers}"
    assert [word for word in ("Ann", "canary", "worse", "hurt", "Floor") if word in said] == []
    assert "pain" not in letter.text  # in the other part it is the name of a style


def test_corrected_downward_the_mark_stays_until_someone_looked(wrote, tess):
    wrote(pain_before=3, pain_after=6)
    entry = wrote(pain_after=3, was={"pain_after": "6"})
    assert (entry.needs_human, entry.cleared_at) == ("pain_rose", None)
    clear_pain(entry, by=tess.user, now=NOW)
    later = clear_pain(entry, by=make_user("Jonah"), now=NOW + dt.timedelta(days=1))
    assert (later.cleared_at, later.cleared_by, later.needs_human) == (NOW, tess.user, "pain_rose")


def test_risen_again_after_someone_looked_they_are_told_again(wrote, tess):
    clear_pain(wrote(pain_before=3, pain_after=6), by=tess.user, now=NOW)
    assert wrote(noticing="lighter").cleared_at == NOW  # nothing about pain
    again = wrote(pain_after=8, was={"pain_after": "6"})
    assert (again.needs_human, again.cleared_at, again.cleared_by) == ("pain_rose", None, None)
    wrote(pain_after=9, was={"pain_after": "8"})
    assert Letter.objects.filter(kind="notice_pain").count() == 2
    clear_pain(again, by=tess.user, now=NOW + dt.timedelta(hours=1))
    wrote(felt="worse")
    assert Letter.objects.filter(kind="notice_pain").count() == 3


def test_told_less_after_someone_looked_nobody_is_told(wrote, tess):
    clear_pain(wrote(pain_before=3, pain_after=6), by=tess.user, now=NOW)
    assert wrote(pain_after=3, was={"pain_after": "6"}).cleared_at == NOW
    assert Letter.objects.filter(kind="notice_pain").count() == 1


def test_the_email_leads_to_the_page_of_whom_it_is_about(wrote, ann):
    wrote(felt="worse")
    assert f"/workspace/clients/{ann.pk}/" in Letter.objects.get(kind="notice_pain").text


def test_what_needs_nobody_is_not_cleared(wrote, tess):
    assert clear_pain(wrote(noticing="lighter"), by=tess.user, now=NOW).cleared_at is None


def test_before_on_one_device_and_after_on_another_is_seen(wrote, heard):
    heard()
    wrote(pain_before=2)
    other = uuid.UUID(int=2)
    heard(uid=other, continues=ONE)
    assert wrote(uid=other, pain_after=5).needs_human == "pain_rose"


def test_without_a_practitioner_who_gave_it_the_owner_is_told(wrote, ann, tess):
    ann.assignments.all().delete()
    wrote(felt="worse")
    assert Letter.objects.get(kind="notice_pain").user == tess.user


def test_nobody_who_left_is_told(wrote, ann, tess):
    jonah = make_practitioner("Jonah Reed", role="practitioner")
    ann.assignments.update(assigned_by=jonah)
    User.objects.filter(pk=jonah.user_id).update(is_active=False)
    wrote(felt="worse")
    assert Letter.objects.get(kind="notice_pain").user == tess.user
