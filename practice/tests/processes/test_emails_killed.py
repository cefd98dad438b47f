"""Senders killed at any moment: nothing is lost, and what goes twice is what may go twice."""

import os
import signal
from collections import Counter
from random import Random

import pytest

from practice.tests.mail.server import mail_server
from practice.tests.processes.killing import ANY, BEFORE, CLAIMED, TAKEN, kill_once
from practice.tests.processes.practice_site import practice_site_in
from practice.tests.processes.waiting import soon
from practice.tests.sampling import PROVE, SEED, size

pytestmark = [pytest.mark.processes, pytest.mark.engines]

CONFIRMATION, NEWSLETTER = "confirmation", "newsletter"
EACH = size(sampled=20, full=100)
#: In which phase a sender dies, with which kind in its hand. Each phase is hit for certain, since the sender
#: is held in it: one kill for each of them shows what thousand would show.
KILLS = [
    (BEFORE, CONFIRMATION),
    (CLAIMED, NEWSLETTER),
    (TAKEN, CONFIRMATION),
    (TAKEN, NEWSLETTER),
    (CLAIMED, CONFIRMATION),
]
if PROVE:
    KILLS += [(aim, kind) for aim in (ANY, ANY, ANY, BEFORE, TAKEN) for kind in (CONFIRMATION, NEWSLETTER)]


@pytest.fixture(scope="module")
def smtp():
    """Where the letters arrive."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def practice(smtp, tmp_path_factory):
    """A practice whose letters go to that mail server."""
    folder = tmp_path_factory.mktemp("practice")
    with practice_site_in(folder, EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}") as it:
        yield it


@pytest.fixture
def practice_site(smtp, practice):
    """The practice, without any letter and without anybody who sends."""
    practice.sql("DELETE FROM practice_letter")
    smtp.accepted.clear()
    senders = len(practice.started)
    yield practice
    smtp.release()
    for sender in practice.started[senders:]:
        if sender.poll() is None and sender is not practice.shell:
            os.killpg(sender.pid, signal.SIGKILL)
            sender.wait()


def put_in_front(practice_site, kind, year):
    """Have the next sender begin with eight letters of this kind."""
    practice_site.sql(
        f"UPDATE practice_letter SET due_at = '{year}-01-01 00:00:00' "
        f"WHERE id IN (SELECT id FROM practice_letter "
        f"WHERE state = 'planned' AND attempts = 0 AND kind = '{kind}' ORDER BY id LIMIT 8)"
    )


def kill_all(practice_site, smtp):
    """All kills, with either kind in the sender's hand: how many in which phase."""
    phases, luck = Counter(), Random(SEED)
    for number, (aim, kind) in enumerate(KILLS):
        put_in_front(practice_site, kind, 2019 - number)
        phases[kill_once(practice_site, smtp, aim, practice_site.forked_sender, luck=luck)] += 1
    practice_site.deliver()
    return phases


def ends_of(practice_site, smtp):
    """Kind → how many letters ended in which state and in how many copies."""
    copies, ends = smtp.copies(), {CONFIRMATION: Counter(), NEWSLETTER: Counter()}
    for message_id, (kind, state) in practice_site.letters().items():
        ends[kind][state, copies[message_id]] += 1
    return ends


def test_many_emails_and_senders_killed_in_every_phase(practice_site, smtp, capsys):
    practice_site.post(CONFIRMATION, EACH)
    practice_site.post(NEWSLETTER, EACH)
    phases = kill_all(practice_site, smtp)
    ends = ends_of(practice_site, smtp)
    with capsys.disabled():
        print(f"\n{len(KILLS)} kills of senders of {2 * EACH} letters:", dict(phases))
        for kind, counted in ends.items():
            print(
                f"  {kind}:",
                ", ".join(f"{n} {state} in {times} copies" for (state, times), n in counted.items()),
            )

    # Nothing lost: all confirmations went; every encouragement went or is listed for a human.
    assert set(ends[CONFIRMATION]) <= {("sent", 1), ("sent", 2)}
    assert set(ends[NEWSLETTER]) <= {("sent", 1), ("unknown", 0), ("unknown", 1)}
    assert ends[CONFIRMATION]["sent", 2] <= len(KILLS)
    # The kills did hit every phase, with either kind in hand; or all this proves nothing.
    aims = Counter(aim for aim, _kind in KILLS)
    assert [phases[aim] >= aims[aim] for aim in (BEFORE, CLAIMED, TAKEN)] == [True] * 3
    assert ends[CONFIRMATION]["sent", 2] >= 1
    assert ends[NEWSLETTER]["unknown", 0] >= 1
    assert ends[NEWSLETTER]["unknown", 1] >= 1


def test_three_senders_at_once_send_each_email_once(practice_site, smtp):
    practice_site.post(NEWSLETTER, size(sampled=20, full=60))
    smtp.hold("MAIL")
    for _ in range(3):
        practice_site.forked_sender()
    assert smtp.wait_until(lambda: smtp.talking == 3, 90), (
        practice_site.outputs()
    )  # each with a letter in its hand
    smtp.release()
    assert soon(lambda: set(practice_site.letters().values()) == {(NEWSLETTER, "sent")}, 90), (
        practice_site.outputs()
    )
    assert set(smtp.copies().values()) == {1}
    assert len(smtp.accepted) == len(practice_site.letters())


def test_a_sender_told_to_stop_finishes_the_email_in_its_hand(practice_site, smtp):
    letters = practice_site.post(NEWSLETTER, 30)
    for number in range(1, size(sampled=1, full=3) + 1):
        is_held = smtp.hold("TAKEN", number)
        sender = practice_site.sender()
        assert smtp.wait_until(is_held, 90), practice_site.outputs()
        os.killpg(sender.pid, signal.SIGTERM)
        smtp.release()
        assert sender.wait(60) == 0
        states = Counter(state for _kind, state in practice_site.letters().values())
        assert states == {"sent": len(smtp.accepted), "planned": len(letters) - len(smtp.accepted)}
    assert set(smtp.copies().values()) == {1}
