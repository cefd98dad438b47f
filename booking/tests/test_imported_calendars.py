"""Reading other calendars: what is busy there is not offered here, and what fails leaves what was read."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.fernet import Fernet

from booking import calendar
from booking.actions import calendars
from booking.errors import CalendarUnfit
from booking.imported.busy import read
from booking.imported.fetch import Fetched, NotFetched
from booking.models import BusyTime, ImportedCalendar
from booking.tests.cast import NOW, TEN, minutes
from practice.testing import at_work, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
PAGE = "/workspace/settings/calendars/"
URL = "https://calendar.example/secret-word/basic.ics"
DENTIST = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//EN
BEGIN:VEVENT
UID:1
SUMMARY:Dentist-marker
DTSTART:20270316T160000Z
DTEND:20270316T170000Z
END:VEVENT
END:VCALENDAR"""


@pytest.fixture
def mine(tess):
    return calendars.add(tess, url=URL, name="Home", now=NOW)


class Fetcher:
    """Says what lies there, and remembers how it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def __call__(self, url, **known):
        self.asked.append(known)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def reads(*answers, now=NOW):
    fetcher = Fetcher(*answers)
    calendars.read_due(now=now, fetcher=fetcher, reader=read)
    return fetcher


def refusal(session, tess, start=TEN):
    found = calendar.judge(session, tess, start, now=NOW)
    return found and found.rule


def test_what_is_busy_there_is_not_offered_here_and_not_told_whose(session, tess, mine):
    reads(Fetched(DENTIST))
    assert [refusal(session, tess, TEN - minutes(15)), refusal(session, tess, TEN + minutes(60))] == [
        "taken",
        None,
    ]


def test_it_counts_towards_no_daily_limit(tess, session, mine):
    session.daily_limit = 1
    session.save()
    reads(Fetched(DENTIST))
    assert refusal(session, tess, TEN + minutes(120)) is None


def test_it_is_the_business_of_its_own_practitioner_only(session, tess, jonah, mine):
    session.practitioners.add(jonah)
    reads(Fetched(DENTIST))
    assert refusal(session, jonah) is None


def test_nothing_of_what_an_event_is_about_is_kept(mine):
    reads(Fetched(DENTIST))
    assert "Dentist-marker" not in str(
        list(BusyTime.objects.values()) + list(ImportedCalendar.objects.values())
    )


@pytest.mark.parametrize("failure", [NotFetched("slow"), Fetched(b"<html>"), RuntimeError("surprise")])
def test_what_fails_leaves_what_was_read_and_says_why(session, tess, mine, failure):
    reads(Fetched(DENTIST))
    reads(failure, now=NOW + minutes(20))
    mine.refresh_from_db()
    assert refusal(session, tess) == "taken"
    assert mine.trouble.endswith(".")


def test_after_failures_it_is_tried_less_and_less_often(mine):
    pauses, now = [], NOW
    for _try in range(4):
        reads(NotFetched("unreachable"), now=now)
        mine.refresh_from_db()
        pauses.append(mine.fetch_at - now)
        now = mine.fetch_at
    assert pauses == [dt.timedelta(minutes=15), *(dt.timedelta(hours=h) for h in (1, 6, 6))]


def test_as_it_was_keeps_all_and_after_a_day_it_is_read_whole(session, tess, mine):
    reads(Fetched(DENTIST, etag='"1"'))
    soon = reads(Fetched(None), now=NOW + minutes(15))
    later = reads(Fetched(DENTIST), now=NOW + dt.timedelta(days=1, minutes=15))
    assert (soon.asked, later.asked) == ([{"etag": '"1"', "last_modified": ""}], [{}])
    assert refusal(session, tess) == "taken"


def test_it_is_not_read_before_its_time_nor_twice_at_once(mine):
    assert len(reads(Fetched(DENTIST)).asked) == 1
    assert reads(Fetched(DENTIST), now=NOW + minutes(14)).asked == []


def test_what_is_no_longer_there_is_free_again(session, tess, mine):
    reads(Fetched(DENTIST))
    reads(Fetched(DENTIST.replace(b"20270316", b"20270317")), now=NOW + minutes(15))
    assert refusal(session, tess) is None


def test_the_worker_reads_it_in_a_process_of_its_own(session, tess, mine):
    calendars.read_due(now=NOW, fetcher=Fetcher(Fetched(DENTIST)))
    assert refusal(session, tess) == "taken"


def test_no_tick_reads_so_many_that_recordings_wait(tess):
    for number in range(6):
        calendars.add(tess, url=f"https://calendar.example/{number}.ics", now=NOW)
    assert [len(reads(Fetched(DENTIST)).asked) for _tick in range(2)] == [5, 1]


@pytest.fixture
def lost(mine, settings):
    """Its address was sealed under a key that is gone."""
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    return mine


def test_an_address_that_no_key_opens_keeps_no_other_from_being_read(session, tess, lost):
    calendars.add(tess, url="https://calendar.example/other.ics", now=NOW + minutes(1))
    assert len(reads(Fetched(DENTIST), now=NOW + minutes(1)).asked) == 1
    assert refusal(session, tess) == "taken"


def test_it_is_told_and_can_be_removed(tess, lost):
    reads(Fetched(DENTIST))
    desk = at_work(tess.user)
    assert "a key of this system is missing" in desk.get(PAGE).content.decode()
    desk.post(f"{PAGE}{lost.pk}/remove/")
    assert not ImportedCalendar.objects.exists()


def test_a_calendar_that_was_removed_blocks_nothing(session, tess, mine):
    reads(Fetched(DENTIST))
    calendars.remove(mine)
    assert refusal(session, tess) is None


@pytest.mark.parametrize("url", ["", "ftp://example.com/a.ics", "https://user:word@example.com/a.ics", URL])
def test_an_address_that_is_none_or_known_is_refused_in_words(tess, mine, url):
    with pytest.raises(CalendarUnfit):
        calendars.add(tess, url=url, now=NOW)


# --- The page ----------------------------------------------------------------------------------------


def test_the_page_shows_no_more_of_the_address_than_its_host(tess, mine):
    page = at_work(tess.user).get(PAGE).content.decode()
    assert "calendar.example" in page
    assert "secret-word" not in page


def test_a_request_fetches_nothing(tess, monkeypatch):
    monkeypatch.setattr(calendars, "read_one", None)
    answer = at_work(tess.user).post(PAGE, {"practitioner": "tess", "url": URL})
    assert answer.status_code == 302
    assert ImportedCalendar.objects.get().fetched_at is None


def test_a_wrong_address_stays_on_the_page_with_a_sentence(tess):
    answer = at_work(tess.user).post(PAGE, {"practitioner": "tess", "url": "not an address"})
    assert answer.status_code == 422
    assert "not an address" in answer.content.decode()


def test_another_practitioner_neither_sees_nor_changes_it(tess, jonah, mine):
    desk = at_work(jonah.user)
    assert "calendar.example" not in desk.get(PAGE).content.decode()
    for act in ("again", "remove"):
        assert desk.post(f"{PAGE}{mine.pk}/{act}/").status_code == 404
    assert desk.post(PAGE, {"practitioner": "tess", "url": URL}).status_code == 422


def test_the_front_desk_has_no_such_page(tess):
    assert at_work(make_user("Dora", role="front_desk")).get(PAGE).status_code == 404


@pytest.mark.parametrize("rows", [1, 10])
def test_the_page_costs_little_more_for_ten(tess, rows, django_assert_max_num_queries):
    for number in range(rows):
        calendars.add(tess, url=f"https://calendar.example/{number}.ics", now=NOW)
    desk = at_work(tess.user)
    with django_assert_max_num_queries(12 + rows):  # each address is opened by itself
        desk.get(PAGE)
