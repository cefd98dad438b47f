"""What the emails to ourselves prove: the hard cases first."""

from __future__ import annotations

import datetime as dt
from email import message_from_string

import pytest

from practice.mail_events.round_trip.engine.proof import Proves, Trip, decide, is_due
from practice.mail_events.round_trip.marks import arrived_at, marks_in

#: The night in which clocks in Denver go forward: 1:00 to 4:00 there is two hours.
NOW = dt.datetime(2027, 3, 14, 10, 0, tzinfo=dt.UTC)
MARK, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2


def ago(hours: float) -> dt.datetime:
    return NOW - dt.timedelta(hours=hours)


def sent(hours: float, *, back: float | None = None, waited: float = 0) -> Trip:
    """Sent so many hours ago, planned `waited` hours before that; came back `back` hours ago, or not."""
    back_at = None if back is None else ago(back)
    return Trip(planned_at=ago(hours + waited), sent_at=ago(hours), back_at=back_at)


def failed(hours: float) -> Trip:
    return Trip(planned_at=ago(hours), has_failed=True, why=[{"code": "rejected", "params": {}}])


def waiting(hours: float) -> Trip:
    return Trip(planned_at=ago(hours))


BACK = sent(9, back=8.9)
#: Name: the emails, how many hours ago the mailbox was read (None: never), what they prove, since when.
SAMPLES: dict[str, tuple[list[Trip], float | None, Proves, float | None]] = {
    "none": ([], 0, Proves.NOTHING, None),
    "the first one is young": ([sent(2.9)], 0, Proves.NOTHING_YET, None),
    "the first one is missing": ([sent(3)], 0, Proves.LOST, 3),
    "missing across the change of clocks": ([BACK, sent(2.9)], 0, Proves.ARRIVES, None),
    "missing for three hours that passed": ([BACK, sent(3.1)], 0, Proves.LOST, 3.1),
    "back at once": ([sent(9, back=9)], 0, Proves.ARRIVES, None),
    # Nobody could look: no evidence of anything.
    "the mailbox was never read": ([sent(30)], None, Proves.NOTHING_YET, None),
    "the mailbox cannot be read": ([BACK, sent(30)], 28, Proves.ARRIVES, None),
    "the site was off and has not read yet": ([sent(80, back=79), sent(72)], 71.9, Proves.ARRIVES, None),
    "and now it has read": ([sent(80, back=79), sent(72)], 0, Proves.LOST, 72),
    # A queue that waits for the server is another trouble, with a sentence of its own.
    "it waits for the mail server": ([BACK, waiting(30)], 0, Proves.ARRIVES, None),
    "it waited and has just gone": ([sent(40, back=39), sent(1, waited=24)], 0, Proves.ARRIVES, None),
    # Several are missing, and some come back.
    "since the first of several": ([BACK, sent(8), sent(5), sent(4), sent(1)], 0, Proves.LOST, 8),
    "a later one came back": ([sent(8), sent(5), sent(4, back=3.9)], 0, Proves.ARRIVES, None),
    "the first one comes back after seven hours": ([sent(8, back=1), sent(2)], 0, Proves.ARRIVES, None),
    "it did, but those after it do not": ([sent(8, back=1), sent(4)], 0, Proves.LOST, 4),
    "the clock of the mailbox runs behind": ([sent(4, back=4.1)], 0, Proves.ARRIVES, None),
    # What certainly failed.
    "refused": ([BACK, failed(1)], 0, Proves.FAILED, 1),
    "lost, and now refused": ([BACK, sent(6), failed(1)], 0, Proves.FAILED, 6),
    "refused, and now lost": ([BACK, failed(6), sent(4)], 0, Proves.LOST, 6),
    "refused, and the next one is on its way": ([BACK, failed(2), sent(1)], 0, Proves.FAILED, 2),
    "refused, and back again": ([failed(2), sent(1, back=0.9)], 0, Proves.ARRIVES, None),
    # The clock was set back a day: what was planned later than now says nothing.
    "all of tomorrow": ([sent(-20, back=-19.9)], 0, Proves.NOTHING, None),
    "missing, with a return of tomorrow": ([sent(5), sent(-20, back=-19.9)], 0, Proves.LOST, 5),
    "the mailbox was read tomorrow": ([BACK, sent(2)], -24, Proves.ARRIVES, None),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_they_prove(name: str) -> None:
    trips, read, proves, since = SAMPLES[name]
    found = decide(trips, read_at=None if read is None else ago(read), now=NOW)

    assert (found.proves, found.since) == (proves, None if since is None else ago(since))
    assert found.is_trouble is (since is not None)


def test_the_order_in_which_they_are_read_changes_nothing() -> None:
    for trips, read, *_ in SAMPLES.values():
        read_at = None if read is None else ago(read)
        assert decide(trips[::-1], read_at=read_at, now=NOW) == decide(trips, read_at=read_at, now=NOW)


#: Name: the emails, and whether another one is due.
DUE: dict[str, tuple[list[Trip], bool]] = {
    "none was ever sent": ([], True),
    "five hours ago": ([sent(5.9, back=5.8)], False),
    "six hours ago": ([sent(6, back=5.9)], True),
    "one is under way": ([sent(2)], False),
    "one is missing": ([sent(3)], True),
    "one is missing, and another was sent": ([sent(4), sent(0.9)], False),
    "and that was an hour ago": ([sent(4), sent(1)], True),
    "one was refused": ([failed(1)], True),
    "one was refused just now": ([failed(0.9)], False),
    "one waits for the mail server, however long": ([sent(40), waiting(30)], False),
    "one waited for a day and has just gone": ([sent(40, back=39), sent(0.1, waited=24)], False),
    "the last one is of tomorrow": ([sent(7, back=6.9), sent(-20, back=-19.9)], True),
    "one of tomorrow waits": ([sent(7, back=6.9), waiting(-20)], True),
}


@pytest.mark.parametrize("name", DUE)
def test_when_the_next_one_is_due(name: str) -> None:
    trips, due = DUE[name]

    assert is_due(trips, read_at=NOW, now=NOW) is due


@pytest.mark.parametrize(("back", "took"), [(2.0, 1.0), (3.5, 0.0)])
def test_how_long_one_took(back: float, took: float) -> None:
    assert sent(3, back=back).took == dt.timedelta(hours=took)


def message(headers: str, text: str = "") -> set[str]:
    return marks_in(message_from_string(f"{headers}\n\n{text}"), sender="Hello@juniper.example")


OURS = "From: Juniper <hello@juniper.example>"


def test_it_is_known_by_its_message_id() -> None:
    assert message(f"Message-ID: <{MARK}@juniper.example>") == {MARK}


def test_it_is_known_by_its_text_where_a_provider_replaced_the_id() -> None:
    assert message(f"Message-ID: <1@provider.example>\n{OURS}", f"Mark: {MARK}\n") == {MARK}


def test_it_is_known_with_a_text_in_another_encoding() -> None:
    encoded = f"Mark: {MARK[:20]}=\n{MARK[20:]}\n"
    assert message(f"{OURS}\nContent-Transfer-Encoding: quoted-printable", encoded) == {MARK}


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mail.example", "", "hello@juniper.example, x@y.example"])
def test_what_others_quote_in_a_text_is_no_mark(sender: str) -> None:
    assert message(f"From: {sender}\nMessage-ID: <a@b>", f"Returned: <{MARK}@juniper.example>") == set()


def test_a_longer_number_is_no_mark() -> None:
    assert message(f"Message-ID: <{MARK}{OTHER}@juniper.example>") == set()


@pytest.mark.parametrize(
    ("received", "at"),
    [
        ("from a by b; Sun, 14 Mar 2027 03:00:00 -0600", dt.datetime(2027, 3, 14, 9, 0, tzinfo=dt.UTC)),
        ("from a by b; Sun, 14 Mar 2027 09:00:00", dt.datetime(2027, 3, 14, 9, 0, tzinfo=dt.UTC)),
        ("from a by b", None),
        ("from a by b; yesterday", None),
        ("from a by b; Sun, 99 Mar 99999 03:00:00 -0600", None),
    ],
)
def test_when_it_arrived_is_what_the_last_server_says(received: str, at: dt.datetime | None) -> None:
    later = "Received: from x by a; Sun, 14 Mar 2027 01:00:00 +0000"
    assert arrived_at(message_from_string(f"Received: {received}\n{later}\n\n")) == at
