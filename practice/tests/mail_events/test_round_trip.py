"""A mail server that takes every email and loses it is noticed, and so is that it delivers again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from practice.backup.actions.after_restore import hold_emails
from practice.health.findings import Finding, State
from practice.mail import suppression
from practice.mail.composing.headers import message_id
from practice.mail.delivery.deliver import drain
from practice.mail_events.actions.record import record_event
from practice.mail_events.queries import FROM_MAILBOX, MAILBOX
from practice.mail_events.report import ANSWERED, BOUNCED, COMPLAINED, Report
from practice.mail_events.round_trip.actions import forget_what_did_not_return, send_if_due
from practice.mail_events.round_trip.health_check import arrival
from practice.mail_events.round_trip.queries import KIND
from practice.mail_events.round_trip.retention import old_round_trips
from practice.mail_events.sources import WebhookSecret
from practice.models import EmailEvent, Heartbeat, Letter, Suppression, User
from practice.tasks import read_the_bounces
from practice.testing import at_work, make_practice, make_practitioner
from practice.tests.mail.builders import make_letter
from practice.tests.mail.server import MailServer, mail_server
from practice.tests.mail_events.imap_server import ImapServer, imap_server

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.engines("practice.mail_events.round_trip.actions", "practice.mail.delivery.claims"),
]
BEGIN = dt.datetime(2027, 3, 2, 17, 7, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
ADDRESS = "bounces@juniper.example"
LOST = "An email that this site sent to itself has not come back."


@dataclass
class Post:
    """A mail server and the mailbox that it delivers to, or does not (`delivers`); and the clock."""

    smtp: MailServer
    imap: ImapServer
    clock: Any
    delivers: bool = True
    delivered: int = 0

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    def passes(self, hours: float) -> Finding:
        """Let so much time pass, a quarter of an hour at a time, with all tasks in it; say how it is."""
        until = self.now + dt.timedelta(hours=hours)
        while self.now < until:
            self.clock.shift(dt.timedelta(minutes=15))
            self.works()
        return arrival(self.now)

    def works(self) -> None:
        """Read the mailbox, plan, send, and deliver."""
        read_the_bounces()
        drain()
        taken = self.smtp.wire[self.delivered :]
        self.delivered += len(taken)
        for raw in taken if self.delivers else ():
            self.imap.add(raw)


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A practice with a mail server and a mailbox, at seven minutes past ten."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.BOUNCE_ADDRESS = ADDRESS
    with (
        mail_server() as smtp,
        imap_server() as imap,
        time_machine.travel(BEGIN, tick=False) as clock,
    ):
        settings.EMAIL_URL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp://x", "127.0.0.1", smtp.port
        settings.BOUNCE_MAILBOX = imap.mailbox
        make_practice(is_demo=False)
        make_practitioner()
        yield Post(smtp, imap, clock)


def test_one_that_is_lost_silently_is_noticed_and_the_next_one_that_arrives_ends_it(post: Post) -> None:
    assert post.passes(1).state is State.WELL
    post.delivers = False
    before = post.passes(8)  # the next one leaves after six hours, and is young for three
    assert (before.state, before.since) == (State.WELL, None)
    lost = post.passes(0.5)
    assert (lost.state, str(lost.title)) == (State.ATTENTION, LOST)
    assert lost.since
    assert dt.timedelta(hours=3) <= post.now - lost.since <= dt.timedelta(hours=3.5)
    post.passes(30)
    assert arrival(post.now).since == lost.since

    post.delivers = True
    again = post.passes(1.5)

    assert again.state is State.WELL
    assert "came back on Thursday, March 4 at" in again.title
    assert Letter.objects.filter(kind=KIND).count() <= 34  # one each hour


def test_it_says_what_happened_when_it_last_went_well_and_what_to_do(post: Post) -> None:
    post.passes(1)
    post.delivers = False
    post.passes(9.5)
    found = arrival(post.now)

    assert "look in the spam folder of bounces@juniper.example" in found.to_do
    assert "The last one came back on Tuesday, March 2 at 10:37 AM." in found.to_do.replace("\u00a0", " ")
    assert "BOUNCE_MAILBOX" not in found.to_do
    assert found.says.startswith("The email that this site sent to itself at 2027-03-02 23:")
    assert ADDRESS not in found.says


def test_where_none_ever_came_back_the_settings_are_doubted(post: Post) -> None:
    post.delivers = False

    assert "check that BOUNCE_MAILBOX is the mailbox of this address" in post.passes(4).to_do


def test_the_owner_reads_it_and_no_restart_is_asked_for(post: Post) -> None:
    post.delivers = False
    post.passes(4)
    owner = User.objects.owners().get()
    status = " ".join(at_work(owner).get("/workspace/status/").content.decode().split())
    today = " ".join(at_work(owner).get("/workspace/").content.decode().split())
    part = Client().get("/healthz").json()["parts"]["arrival"]

    assert LOST in status
    assert "Emails to clients may be getting lost" in status
    assert LOST in today
    assert "Emails to clients may be getting lost" in today
    assert part["ok"] is True
    assert "has not come back" in part["says"]


def test_colleagues_are_not_told(post: Post) -> None:
    jonah = make_practitioner("Jonah Reyes", role="practitioner").user
    post.delivers = False
    post.passes(4)

    assert LOST not in at_work(jonah).get("/workspace/").content.decode()


def test_a_slow_one_is_well_again_and_how_long_it_took_is_said(post: Post) -> None:
    post.delivers = False
    post.passes(1)
    (raw,) = post.smtp.wire
    post.passes(3)
    post.imap.add(b"Received: from a by b; Tue, 02 Mar 2027 13:32:00 -0700\r\n" + raw)
    found = post.passes(0.5)

    assert found.state is State.WELL
    assert "at 1:32 PM, after 3 hours 10 minutes." in found.title.replace("\u00a0", " ")


@pytest.mark.parametrize("stamp", ["Tue, 02 Mar 2027 01:00 -0700", "Wed, 03 Mar 2027 01:00 -0700", "never"])
def test_a_time_that_cannot_be_is_not_believed(post: Post, stamp: str) -> None:
    post.delivers = False
    post.passes(0.25)
    post.imap.add(f"Received: from a by b; {stamp}\r\n".encode() + post.smtp.wire[0])
    post.passes(0.25)

    assert EmailEvent.objects.get().at == post.now


def test_it_counts_also_where_the_provider_replaced_the_message_id(post: Post) -> None:
    post.delivers = False
    post.passes(0.5)
    ours = Letter.objects.get(kind=KIND).message_id.encode()
    post.imap.add(post.smtp.wire[0].replace(b"Message-ID: " + ours, b"Message-ID: <1@provider.example>"))

    assert "came back" in post.passes(0.5).title


def test_the_email_is_small_goes_once_to_the_mailbox_and_names_nobody(post: Post) -> None:
    post.passes(5)
    (message,) = post.smtp.accepted

    assert message["To"].addresses[0].addr_spec == ADDRESS
    assert message["Subject"] == "An email from Juniper Street Myopractic to itself"
    assert len(post.smtp.wire[0]) < 12_000
    assert Letter.objects.get(kind=KIND).user is None
    assert (EmailEvent.objects.get().what, post.imap.flags) == ("delivered", {100: {"\\Seen"}})


def test_it_is_written_in_the_owner_s_language(post: Post) -> None:
    User.objects.owners().update(language="es")
    post.passes(0.5)

    assert "a sí mismo" in post.smtp.accepted[0]["Subject"]


# Nothing of it may be taken for what it is not.


def test_while_the_mailbox_cannot_be_read_none_is_sent_and_none_is_missing(post: Post, settings: Any) -> None:
    post.passes(1)
    settings.BOUNCE_MAILBOX = replace(post.imap.mailbox, password="another")
    post.passes(40)

    assert len(post.smtp.accepted) == 1
    assert arrival(post.now).state is State.WELL
    assert Heartbeat.objects.get(name=MAILBOX).why


def test_a_queue_that_waits_for_the_mail_server_is_no_loss(post: Post) -> None:
    post.smtp.stop()
    found = post.passes(12)

    assert found.state is State.WELL
    assert Letter.objects.get(kind=KIND).state == "planned"
    post.smtp.start(post.smtp.controller.port)


def test_one_that_arrives_before_its_sender_noted_that_it_went_counts_the_next_time(post: Post) -> None:
    letter = send_if_due(post.now)
    assert letter
    drain()
    post.imap.add(post.smtp.wire[0])
    Letter.objects.update(state="claimed", leased_until=post.now + HOUR)
    read_the_bounces()
    assert not EmailEvent.objects.exists()
    Letter.objects.update(state="sent", leased_until=None)
    read_the_bounces()

    assert EmailEvent.objects.get().what == "delivered"


def test_a_second_copy_changes_nothing(post: Post) -> None:
    post.passes(0.5)
    post.imap.add(post.smtp.wire[0])
    post.passes(0.5)

    assert EmailEvent.objects.count() == 1


def test_the_report_that_it_bounced_is_not_its_return_and_marks_nobody(post: Post) -> None:
    post.delivers = False
    post.passes(0.5)
    original = post.smtp.wire[0]
    post.imap.add(
        b"From: MAILER-DAEMON@mail.example\r\nSubject: failure notice\r\n\r\n"
        b"Hi. This is the qmail-send program at mail.example.\r\n\r\n"
        b"<bounces@juniper.example>:\r\nSorry, no mailbox here by that name. 550 5.1.1 unknown user\r\n\r\n"
        b"--- Below this line is a copy of the message.\r\n\r\n" + original
    )
    found = post.passes(0.5)

    assert (found.state, found.title) == (
        State.ATTENTION,
        "The email that this site sends to itself could not be delivered.",
    )
    assert "unknown user" in found.to_do
    assert not Suppression.objects.exists()
    assert not Letter.objects.filter(state="failed").exists()


def test_a_refusal_marks_no_address_asks_no_person_and_ends_by_itself(post: Post) -> None:
    post.smtp.rcpt_answer = lambda _address: "550 5.1.1 unknown user"
    found = post.passes(5)
    assert (found.state, "550 5.1.1 unknown user" in found.to_do) == (State.ATTENTION, True)
    assert not Suppression.objects.exists()
    assert set(Letter.objects.values_list("kind", "state")) == {(KIND, "cancelled")}
    post.smtp.rcpt_answer = lambda _address: "250 ok"

    assert post.passes(1.5).state is State.WELL


@pytest.mark.parametrize("what", [BOUNCED, COMPLAINED, ANSWERED])
def test_no_report_about_it_marks_an_address(post: Post, what: str) -> None:
    letter = send_if_due(post.now)
    assert letter
    drain()
    said = "550 5.1.1 unknown user"
    report = Report(
        what=what, message_ids=(letter.message_id,), recipients=(ADDRESS,), code=550, said=said, at=post.now
    )
    assert record_event(report, source="mailgun", trusted=True, now=post.now)

    assert not Suppression.objects.exists()


def test_a_mark_on_the_address_does_not_keep_it_back(post: Post) -> None:
    suppression.suppress(ADDRESS, cause=Suppression.Cause.BOUNCE)
    post.passes(0.5)

    assert len(post.smtp.accepted) == 1


@pytest.mark.parametrize("missing", ["BOUNCE_MAILBOX", "EMAIL_URL"])
def test_without_a_mailbox_or_a_mail_server_none_is_sent(post: Post, settings: Any, missing: str) -> None:
    setattr(settings, missing, None)
    found = post.passes(0.5)

    assert not Letter.objects.exists()
    assert found.state is State.WELL


def test_without_anything_that_is_said_with_how_to_set_it_up(post: Post, settings: Any) -> None:
    settings.BOUNCE_MAILBOX = None
    page = at_work(User.objects.owners().get()).get("/workspace/status/").content.decode()

    assert "If a provider took our emails and lost them, nothing here would notice." in page
    assert "the settings BOUNCE_MAILBOX and BOUNCE_ADDRESS" in " ".join(page.split())


def test_without_an_address_of_bounces_it_goes_to_the_sender(post: Post, settings: Any) -> None:
    settings.BOUNCE_ADDRESS, settings.DEFAULT_FROM_EMAIL = "", "hello@juniper.example"
    post.passes(0.5)

    assert post.smtp.asked_for == ["hello@juniper.example"]


# What else happens to a practice.


def test_after_a_restored_backup_nothing_looks_lost_and_no_message_id_comes_again(post: Post) -> None:
    post.passes(1)
    post.delivers = False
    post.passes(6)  # a second one has left: its return will be of after the backup
    assert send_if_due(post.now + 6 * HOUR)  # and one was planned
    post.clock.shift(20 * HOUR)
    hold_emails(made_at=post.now - 20 * HOUR, now=post.now)
    forget_what_did_not_return()
    assert Letter.objects.filter(kind=KIND).count() == 1
    before = post.smtp.copies()
    post.delivers = True
    found = post.passes(0.5)

    assert found.state is State.WELL
    assert set(post.smtp.copies().values()) == {1}
    assert len(post.smtp.copies()) == len(before) + 1


def test_a_clock_set_back_a_day_keeps_nobody_waiting_for_a_day(post: Post) -> None:
    post.passes(7)
    post.clock.shift(-24 * HOUR)
    post.delivers = False
    found = post.passes(4)

    assert found.state is State.ATTENTION


def test_old_ones_are_removed_but_the_last_that_came_back(post: Post) -> None:
    post.passes(13)
    first = Letter.objects.filter(kind=KIND).order_by("pk").first()
    assert first
    old = post.now + dt.timedelta(days=29)
    last = Letter.objects.filter(kind=KIND).order_by("-pk").first()
    make_letter(state="sent", due_at=BEGIN)

    assert old_round_trips(post.now) == 0
    assert old_round_trips(old, dry=True) == 2
    assert old_round_trips(old) == 2
    assert Letter.objects.get(kind=KIND) == last
    assert Letter.objects.filter(kind="confirmation").exists()


def test_the_pages_of_emails_list_it_only_to_who_looks_for_it(post: Post) -> None:
    post.passes(0.5)
    page = at_work(User.objects.owners().get())

    assert "to itself" not in page.get("/workspace/letters/").content.decode()
    assert "to itself" in page.get("/workspace/letters/", {"to": ADDRESS}).content.decode()


# A provider that reports.


def reports(settings: Any, *, at: dt.datetime) -> None:
    """The provider reported a delivery then."""
    settings.EMAIL_EVENTS = WebhookSecret("mailgun", "a-long-secret")
    letter = make_letter(state="sent", sent_at=at, due_at=at)
    EmailEvent.objects.create(letter=letter, what="delivered", at=at, source="mailgun", report_id=str(at))


@pytest.mark.parametrize(("emails", "hours", "well"), [(5, 6, False), (4, 6, True), (5, 5.9, True)])
def test_a_provider_that_stops_reporting(
    post: Post, settings: Any, emails: int, hours: float, well: bool
) -> None:
    settings.BOUNCE_MAILBOX = None
    long_ago = post.now - dt.timedelta(hours=hours)
    reports(settings, at=long_ago - HOUR)
    for _each in range(emails):
        make_letter(state="sent", sent_at=long_ago, due_at=long_ago)
    found = arrival(post.now)

    assert (found.state is State.WELL) is well
    if not well:
        assert found.title == "Your email provider no longer reports what becomes of emails."
        assert "Since then 5 emails were sent" in found.to_do
        assert found.since == long_ago - HOUR


def test_one_report_ends_that(post: Post, settings: Any) -> None:
    settings.BOUNCE_MAILBOX = None
    reports(settings, at=post.now - 9 * HOUR)
    for hours in range(5):
        make_letter(state="sent", sent_at=post.now - (8 - hours / 10) * HOUR, due_at=BEGIN)
    assert arrival(post.now).state is State.ATTENTION
    reports(settings, at=post.now)

    assert "It last did on" in arrival(post.now).title


def test_what_a_mailbox_reports_is_not_the_provider_s(post: Post, settings: Any) -> None:
    settings.BOUNCE_MAILBOX = None
    reports(settings, at=post.now - 9 * HOUR)
    EmailEvent.objects.update(source=FROM_MAILBOX)
    for _each in range(9):
        make_letter(state="sent", sent_at=post.now - 7 * HOUR, due_at=BEGIN)

    assert "nothing here would notice" in str(arrival(post.now).title)


def test_a_forged_mark_proves_nothing(post: Post) -> None:
    post.passes(0.5)
    Letter.objects.update(state="sent")
    EmailEvent.objects.all().delete()
    letter = make_letter(state="sent")
    for wrong in (letter.message_id, message_id("another")):
        post.imap.add(f"Message-ID: {wrong}\r\n\r\nMark: {wrong}\r\n".encode())
    read_the_bounces()

    assert not EmailEvent.objects.exists()
