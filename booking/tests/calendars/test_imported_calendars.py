"""Reading other calendars: what is busy there is not offered here, and what fails leaves what was read."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from cryptography.fernet import Fernet

from booking.availability import listing
from booking.calendars import health_check
from booking.calendars import queries as calendars_queries
from booking.calendars.actions import imported
from booking.calendars.importing.busy import read
from booking.calendars.importing.fetch import Fetched, NotFetched
from booking.calendars.letters import check_calendar_notice
from booking.errors import CalendarUnfit
from booking.models import BusyTime, ImportedCalendar
from booking.tests.people import NOW, TEN, minutes
from practice.mail.send_check import Cancel, Send
from practice.models import Letter
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
    return imported.add(tess, url=URL, name="Home", now=NOW)


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
    imported.read_due(now=now, fetcher=fetcher, reader=read)
    return fetcher


def refusal(session, tess, start=TEN):
    found = listing.first_refusal(session, tess, start, now=NOW)
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


@pytest.mark.parametrize(
    ("failure", "trouble"),
    [
        (NotFetched("slow"), "Su servidor tardó demasiado."),
        (Fetched(b""), "Su servidor envió un archivo vacío."),
        (RuntimeError("surprise"), "Algo salió mal de nuestro lado."),
    ],
)
def test_why_it_failed_is_said_in_the_language_of_its_practitioner(tess, mine, failure, trouble):
    tess.user.language = "es"
    tess.user.save(update_fields=["language"])
    reads(failure)
    mine.refresh_from_db()
    assert mine.trouble.startswith(trouble)


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
    imported.read_due(now=NOW, fetcher=Fetcher(Fetched(DENTIST)))
    assert refusal(session, tess) == "taken"


def test_no_tick_reads_so_many_that_recordings_wait(tess):
    for number in range(6):
        imported.add(tess, url=f"https://calendar.example/{number}.ics", now=NOW)
    assert [len(reads(Fetched(DENTIST)).asked) for _tick in range(2)] == [5, 1]


@pytest.fixture
def lost(mine, settings):
    """Its address was sealed under a key that is gone."""
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    return mine


def test_an_address_that_no_key_opens_keeps_no_other_from_being_read(session, tess, lost):
    imported.add(tess, url="https://calendar.example/other.ics", now=NOW + minutes(1))
    assert len(reads(Fetched(DENTIST), now=NOW + minutes(1)).asked) == 1
    assert refusal(session, tess) == "taken"


def test_it_is_told_and_can_be_removed(tess, lost):
    reads(Fetched(DENTIST))
    desk = at_work(tess.user)
    assert "a key is missing" in desk.get(PAGE).content.decode()
    desk.post(f"{PAGE}{lost.pk}/remove/")
    assert not ImportedCalendar.objects.exists()


def test_a_calendar_that_was_removed_blocks_nothing(session, tess, mine):
    reads(Fetched(DENTIST))
    imported.remove(mine)
    assert refusal(session, tess) is None


@pytest.mark.parametrize("url", ["", "ftp://example.com/a.ics", "https://user:word@example.com/a.ics", URL])
def test_an_address_that_is_none_or_known_is_refused_in_words(tess, mine, url):
    with pytest.raises(CalendarUnfit):
        imported.add(tess, url=url, now=NOW)


# --- Nothing where something was ----------------------------------------------------------------------

EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize("cut", [DENTIST[:-1], DENTIST[:-14], DENTIST[:120]])
def test_a_file_that_breaks_off_frees_nothing_and_says_so(session, tess, mine, cut):
    reads(Fetched(DENTIST))
    reads(Fetched(cut), now=NOW + minutes(20))
    mine.refresh_from_db()
    assert refusal(session, tess) == "taken"
    assert "only part" in mine.trouble


def test_a_calendar_that_is_suddenly_empty_is_believed_the_second_time(session, tess, mine):
    """The next time it is asked for whole: "as it was" would say nothing of what is in it."""
    reads(Fetched(DENTIST, etag='"1"'))
    reads(Fetched(EMPTY, etag='"2"'), now=NOW + minutes(15))
    mine.refresh_from_db()
    assert refusal(session, tess) == "taken"
    assert "read it once more" in mine.trouble
    assert mine.fetch_at == NOW + minutes(30)
    again = reads(Fetched(EMPTY), now=NOW + minutes(30))
    mine.refresh_from_db()
    assert again.asked == [{"etag": "", "last_modified": ""}]
    assert (refusal(session, tess), mine.trouble) == (None, "")


def test_what_was_empty_once_and_is_back_is_watched_again(session, tess, mine):
    for turn, body in enumerate([DENTIST, EMPTY, DENTIST, EMPTY]):
        reads(Fetched(body), now=NOW + minutes(15 * turn))
    assert refusal(session, tess) == "taken"


def test_a_calendar_with_nothing_but_the_past_is_no_surprise(mine):
    reads(Fetched(EMPTY))
    mine.refresh_from_db()
    assert (mine.trouble, mine.checked_at) == ("", NOW)


# --- What counts --------------------------------------------------------------------------------------

INVITED = DENTIST.replace(
    b"SUMMARY:Dentist-marker",
    b"ATTENDEE;PARTSTAT=DECLINED:mailto:tess@home.example\r\nSUMMARY:Dentist-marker",
)


def chosen(calendar, now, addresses="tess@home.example", **which):
    which = {"unanswered_count": True, "all_day_count": True, **which}
    imported.choose(calendar, addresses=addresses, now=now, **which)


def test_what_its_owner_declined_there_is_free_at_the_next_reading(session, tess, mine):
    """At once, though nothing else is left: a person said so."""
    reads(Fetched(INVITED))
    assert refusal(session, tess) == "taken"
    later = NOW + minutes(5)
    chosen(mine, later)
    assert reads(Fetched(INVITED), now=later).asked == [{"etag": "", "last_modified": ""}]
    assert refusal(session, tess) is None


def test_a_choice_made_while_it_is_read_is_not_lost(session, tess, mine):
    """What is read by the choice of before is read again at once, and whole."""

    def slow(url, **known):
        chosen(mine, NOW + minutes(1))
        return Fetched(INVITED, etag='"1"')

    imported.read_due(now=NOW, fetcher=slow, reader=read)
    again = reads(Fetched(INVITED), now=NOW + minutes(1))
    assert again.asked == [{"etag": "", "last_modified": ""}]
    assert refusal(session, tess) is None


def test_its_name_offers_an_address(mine):
    reads(Fetched(DENTIST.replace(b"VERSION:2.0", b"X-WR-CALNAME:tess@home.example")))
    mine.refresh_from_db()
    assert mine.offered_address == "tess@home.example"


@pytest.mark.parametrize("addresses", ["tess", "a@b.example, no", "a@b.example " * 60])
def test_what_is_no_address_is_refused_in_words(mine, addresses):
    with pytest.raises(CalendarUnfit):
        chosen(mine, NOW, addresses)


def test_choices_are_made_on_the_page_and_shown_again(tess, mine):
    desk = at_work(tess.user)
    there = f"{PAGE}{mine.pk}/choices/"
    assert (
        desk.post(there, {"addresses": "Tess@Home.example; t@work.example", "all_day": "on"}).status_code
        == 302
    )
    mine.refresh_from_db()
    assert mine.addresses == ("tess@home.example", "t@work.example")
    assert (mine.unanswered_count, mine.all_day_count) == (False, True)
    page = desk.get(PAGE).content.decode()
    assert 'value="tess@home.example, t@work.example"' in page
    wrong = desk.post(there, {"addresses": "tess"})
    assert wrong.status_code == 422
    assert "This is not an email address: tess" in wrong.content.decode()


# --- One that is not read any more --------------------------------------------------------------------

DAY = dt.timedelta(days=1)


def silent(mine):
    """Read once, and refused ever since."""
    reads(Fetched(DENTIST))
    for hours in (1, 3, 20):
        reads(NotFetched("404"), now=NOW + dt.timedelta(hours=hours))
    mine.refresh_from_db()


def letters():
    return Letter.objects.filter(kind="notice_calendar")


def test_after_a_day_today_shows_it_to_the_person_who_keeps_it(tess, jonah, mine):
    silent(mine)
    owner, colleague, front = (
        at_work(one) for one in (tess.user, jonah.user, make_user("Dora", role="front_desk"))
    )
    with time_machine.travel(NOW + DAY - minutes(1), tick=False):
        assert "We can’t read the calendar" not in owner.get("/workspace/").content.decode()
    with time_machine.travel(NOW + DAY, tick=False):
        assert "We can’t read the calendar “Home”" in owner.get("/workspace/").content.decode()
        for other in (colleague, front):
            assert "We can’t read the calendar" not in other.get("/workspace/").content.decode()


def test_one_that_was_never_read_is_shown_too(tess, mine):
    ImportedCalendar.objects.update(added_at=NOW)
    reads(NotFetched("404"))
    with time_machine.travel(NOW + DAY, tick=False):
        assert (
            "We have never been able to read the calendar “Home”"
            in at_work(tess.user).get("/workspace/").content.decode()
        )


def test_one_that_is_as_it_was_is_not_silent(mine):
    reads(Fetched(DENTIST, etag='"1"'))
    reads(Fetched(None), now=NOW + DAY - minutes(5))
    assert not calendars_queries.not_read(now=NOW + DAY).exists()


def test_after_two_days_its_practitioner_gets_one_email(tess, mine):
    silent(mine)
    imported.tell_of_silent(now=NOW + 2 * DAY - minutes(1))
    assert not letters().exists()
    for later in (0, 1, 600):
        imported.tell_of_silent(now=NOW + 2 * DAY + minutes(later))
    letter = letters().get()
    assert letter.user == tess.user
    assert "last read on Monday, March 1 at 8:00 AM" in letter.text
    assert "There is no longer a calendar at that link." in letter.text
    assert "secret-word" not in letter.text + letter.html + letter.subject


def test_the_email_is_called_off_when_the_calendar_is_read_again_or_gone(mine):
    silent(mine)
    then = NOW + 2 * DAY
    imported.tell_of_silent(now=then)
    letter = letters().get()
    assert isinstance(check_calendar_notice(letter, then), Send)
    reads(Fetched(DENTIST), now=then)
    assert isinstance(check_calendar_notice(letter, then), Cancel)
    imported.remove(mine)
    assert isinstance(check_calendar_notice(letter, then), Cancel)


def test_the_next_silence_has_an_email_of_its_own(mine):
    silent(mine)
    imported.tell_of_silent(now=NOW + 2 * DAY)
    reads(Fetched(DENTIST), now=NOW + 3 * DAY)
    imported.tell_of_silent(now=NOW + 6 * DAY)
    assert letters().count() == 2


def test_whether_all_are_read_is_a_note_of_the_health_page(mine):
    silent(mine)
    with time_machine.travel(NOW + DAY - minutes(1), tick=False):
        assert health_check.calendars(NOW + DAY - minutes(1)).says == "are read"
    with time_machine.travel(NOW + DAY, tick=False):
        assert health_check.calendars(NOW + DAY).says == "1 not read for a day"


# --- The page ----------------------------------------------------------------------------------------


def test_the_page_shows_no_more_of_the_address_than_its_host(tess, mine):
    page = at_work(tess.user).get(PAGE).content.decode()
    assert "calendar.example" in page
    assert "secret-word" not in page


def test_the_page_says_what_was_found_and_when(tess, mine):
    reads(Fetched(DENTIST))
    desk = at_work(tess.user)
    with time_machine.travel(NOW + minutes(10), tick=False):
        page = " ".join(desk.get(PAGE).content.decode().split())
        assert "1 busy time in the next 60 days, read at 8:00 AM." in page
    with time_machine.travel(NOW + DAY + minutes(1), tick=False):
        page = " ".join(desk.get(PAGE).content.decode().split())
        assert "read Monday, March 1 at 8:00 AM. That is more than a day ago." in page


def test_a_doubt_is_shown_with_the_zones_name_and_what_it_was_read_as(tess, mine):
    reads(Fetched(DENTIST.replace(b"DTSTART:20270316T160000Z", b"DTSTART;TZID=Middle/Earth:20270316T090000")))
    page = at_work(tess.user).get(PAGE).content.decode()
    assert (
        "We’re not sure about its time zone “Middle/Earth”, so we read its times as Mountain Time (Denver)."
        in page
    )


def test_a_request_fetches_nothing(tess, monkeypatch):
    monkeypatch.setattr(imported, "read_one", None)
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
    for act in ("again", "choices", "remove"):
        assert desk.post(f"{PAGE}{mine.pk}/{act}/").status_code == 404
    assert desk.post(PAGE, {"practitioner": "tess", "url": URL}).status_code == 422


def test_the_front_desk_has_no_such_page(tess):
    assert at_work(make_user("Dora", role="front_desk")).get(PAGE).status_code == 404


@pytest.mark.parametrize("rows", [1, 10])
def test_the_page_costs_little_more_for_ten(tess, rows, django_assert_max_num_queries):
    for number in range(rows):
        imported.add(tess, url=f"https://calendar.example/{number}.ics", now=NOW)
    desk = at_work(tess.user)
    with django_assert_max_num_queries(12 + rows):  # each address is opened by itself
        desk.get(PAGE)
