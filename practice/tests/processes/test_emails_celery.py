"""With the real worker, clock and broker, as `up` starts them: letters go within seconds, whatever dies."""

import os
import signal
import socket
from collections import Counter

import pytest

from practice.tests.mail.server import mail_server
from practice.tests.processes.practice_site import celery_site_in
from practice.tests.processes.waiting import soon
from practice.tests.sampling import proof_only

pytestmark = [pytest.mark.processes, pytest.mark.long]  # real workers
SECONDS = 60  # a tick every five, and a machine that is busy with other tests


@pytest.fixture(scope="module")
def smtp():
    """Where the letters arrive."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def mailbox():
    """A server for bounces that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(SECONDS)
        yield server


@pytest.fixture(scope="module")
def practice(smtp, mailbox, tmp_path_factory):
    """A practice with nothing started yet, on a broker of its own."""
    folder = tmp_path_factory.mktemp("practice")
    silent = f"imaps://tess:secret@127.0.0.1:{mailbox.getsockname()[1]}/INBOX"
    with celery_site_in(folder, EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}", BOUNCE_MAILBOX=silent) as it:
        it.a_broker = it.a_worker = it.a_beat = None
        yield it


@pytest.fixture
def practice_site(smtp, practice):
    """The practice with its broker, worker and clock; what the test before ended is started again."""
    practice.a_broker = alive(practice.a_broker) or practice.broker()
    practice.a_worker = alive(practice.a_worker) or practice.worker()
    practice.a_beat = alive(practice.a_beat) or practice.beat()
    if any(state in ("planned", "claimed") for _kind, state in practice.letters().values()):
        assert practice.looks_again(smtp), practice.outputs()
    assert practice.works_off(), practice.outputs()
    yield practice
    smtp.release()


def alive(process):
    """The process, when it still runs."""
    return process if process and process.poll() is None else None


def arrived(smtp, letters, seconds=SECONDS):
    return soon(lambda: all(smtp.copies()[letter] for letter in letters), seconds)


def each_once(practice_site, smtp, letters):
    """All of them arrived, and stay single when the worker goes through all that is due once more."""
    assert practice_site.looks_again(smtp), practice_site.outputs()
    copies = smtp.copies()
    return {copies[letter] for letter in letters} == {1}


def test_an_email_leaves_within_seconds_and_the_pulse_beats(practice_site, smtp):
    letters = practice_site.post("sign_in_code", 3)
    assert arrived(smtp, letters), practice_site.outputs()
    assert soon(
        lambda: len(practice_site.sql("SELECT at FROM practice_pulse WHERE name = 'beat'")) == 1, SECONDS
    )
    assert each_once(practice_site, smtp, letters)


def test_emails_leave_while_slow_work_of_the_other_queue_takes_its_time(practice_site, smtp, mailbox):
    """Reading a mailbox that says nothing stands for a long recording; more of the kind waits behind it."""
    for task in ("practice.read_bounces", "booking.read_calendars", "portal.publish_waiting"):
        practice_site.send(task, queue="media")
    connection, _ = mailbox.accept()
    with connection:
        letters = practice_site.post("sign_in_code", 3)
        assert arrived(smtp, letters), practice_site.outputs()
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):  # it said hello, and still waits for an answer
            while connection.recv(4096):
                pass
    assert each_once(practice_site, smtp, letters)


@proof_only  # with follow-ups, `portal/tests/processes/` shows the same in `make test`
def test_without_the_clock_emails_wait_and_leave_when_it_is_back(practice_site, smtp):
    first = practice_site.post("confirmation", 1)
    assert arrived(smtp, first), practice_site.outputs()
    practice_site.a_beat.terminate()
    practice_site.a_beat.wait(60)
    assert practice_site.works_off()  # what the clock had sent
    letters = practice_site.post("confirmation", 2)
    assert practice_site.works_off()
    assert not any(smtp.copies()[letter] for letter in letters)
    practice_site.a_beat = practice_site.beat()
    assert arrived(smtp, letters), practice_site.outputs()
    assert each_once(practice_site, smtp, [*first, *letters])


def test_a_killed_broker_keeps_nobody_from_posting_and_all_leaves_once_when_it_is_back(practice_site, smtp):
    first = practice_site.post("confirmation", 1)
    assert arrived(smtp, first), practice_site.outputs()
    practice_site.a_broker.kill()
    practice_site.a_broker.wait()
    letters = practice_site.post("newsletter", 20)
    practice_site.a_broker = practice_site.broker()
    assert arrived(smtp, letters, seconds=120), practice_site.outputs()
    assert each_once(practice_site, smtp, [*first, *letters])


@pytest.mark.parametrize(
    "whole_group", [pytest.param(True, id="whole group"), pytest.param(False, id="alone", marks=proof_only)]
)
def test_a_worker_told_to_stop_finishes_the_email_in_its_hand(practice_site, smtp, whole_group):
    is_held = smtp.hold("TAKEN", 2)
    letters = practice_site.post("newsletter", 8)
    assert smtp.wait_until(is_held, SECONDS), practice_site.outputs()
    (os.killpg if whole_group else os.kill)(practice_site.a_worker.pid, signal.SIGTERM)
    assert soon(lambda: "Warm shutdown" in practice_site.said_by(practice_site.a_worker), SECONDS), (
        practice_site.outputs()
    )
    smtp.release()
    practice_site.a_worker.wait(60)
    copies, states = smtp.copies(), practice_site.letters()
    went = [letter for letter in letters if copies[letter]]
    assert 2 <= len(went) < len(letters)
    assert {copies[letter] for letter in went} == {1}
    told = Counter(states[letter][1] for letter in letters)
    assert told == {"sent": len(went), "planned": len(letters) - len(went)}
