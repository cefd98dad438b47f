"""Follow-ups with the real worker, clock, broker and a real mail server, after sessions wrapped up."""

import json
from collections import Counter
from dataclasses import dataclass
from random import Random

import pytest

from portal.tests.processes.sessions import plan_of
from practice.core.reasons import reason_in_words
from practice.models import Practice
from practice.queries import AS_READ, one_practice
from practice.tests.mail.server import mail_server
from practice.tests.processes.killing import ANY, BEFORE, CLAIMED, TAKEN, kill, kill_once
from practice.tests.processes.practice_site import celery_site_in
from practice.tests.processes.waiting import soon
from practice.tests.sampling import SEED, proof_only, size

pytestmark = [pytest.mark.processes]
SECONDS = 60  # within which what should happen has happened, on a machine that is busy with other tests
TESS, JONAH, MARA, WREN = "Tess Marlow", "Jonah Reyes", "Mara Finch", "Wren Ode"
ROWS = """
SELECT person.name, follow_up.place, letter.state, letter.why, letter.message_id, follow_up.stage,
    follow_up.variant
FROM portal_followup follow_up
JOIN practice_user person ON person.id = follow_up.client_id
JOIN practice_letter letter ON letter.id = follow_up.letter_id
"""


@dataclass(frozen=True)
class Row:
    """A follow-up and its letter, as they stand."""

    name: str
    place: int
    state: str
    why: str | list
    message_id: str
    stage: str
    variant: str

    @property
    def reason(self) -> str:
        """The reason in words. A column of JSON comes as text from SQLite, read already from PostgreSQL."""
        with one_practice():
            AS_READ.set([Practice(name="Juniper Street")])  # these tests have no database of their own
            return reason_in_words(json.loads(self.why) if isinstance(self.why, str) else self.why)


class Stage:
    """The practice these tests share: each has clients of its own, and only some have a worker."""

    def __init__(self, practice_site, smtp):
        self.practice_site, self.smtp = practice_site, smtp
        self.inside("open_house()")

    def inside(self, *words):
        """Run something of `sessions` in the practice; what it printed."""
        return self.practice_site.inside("from portal.tests.processes.sessions import *", *words)

    def worker(self):
        """Start a worker, which finds a tick of the clock waiting."""
        self.practice_site.tick()
        return self.practice_site.forked_worker()

    def rows(self, name=""):
        """The follow-ups of this client, by their place in the plan; of everybody."""
        rows = [Row(*row) for row in self.practice_site.sql(ROWS)]
        return sorted((row for row in rows if name in ("", row.name)), key=lambda row: row.place)

    def sent_to(self, name):
        """What the mail server took for this client."""
        address = f"<{name.partition(' ')[0].lower()}@example.com>"
        return [message for message in list(self.smtp.accepted) if address in message["To"]]

    def arrives(self, *names):
        """Whether there is mail for each of them before long."""
        return soon(lambda: all(self.sent_to(name) for name in names), SECONDS)


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """A practice with its broker at work."""
    with mail_server() as smtp:
        folder = tmp_path_factory.mktemp("practice")
        with celery_site_in(folder, EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}") as practice_site:
            practice_site.broker()
            yield Stage(practice_site, smtp)


def stop(process):
    """Tell it to stop, and wait until it has."""
    process.terminate()
    process.wait(60)


# --- Without the clock, and with it --------------------------------------------------------------


@pytest.fixture(scope="module")
def without_the_clock(stage):
    """Ada's letter falls due while worker and broker are at work and the clock is not; then it is again."""
    practice_site, beat, worker = (
        stage.practice_site,
        stage.practice_site.beat(),
        stage.practice_site.worker(),
    )
    (letter,) = practice_site.post("confirmation", 1)
    assert soon(lambda: stage.smtp.copies()[letter], SECONDS), (
        practice_site.outputs()
    )  # clock and worker work
    stop(beat)
    assert practice_site.works_off()  # what the clock had sent
    stage.inside(f"wrap_up_sessions({TESS!r}, ['Ada Lee'])")
    assert practice_site.works_off()  # and the worker goes on working
    stage.left_without_it = list(stage.sent_to("Ada Lee"))
    beat = practice_site.beat()
    stage.arrives("Ada Lee")
    assert practice_site.looks_again(stage.smtp), practice_site.outputs()
    stop(beat)
    stop(worker)
    return stage


def test_with_the_clock_stopped_it_does_not_leave(without_the_clock):
    assert without_the_clock.left_without_it == []


def test_with_the_clock_it_leaves_once(without_the_clock):
    assert len(without_the_clock.sent_to("Ada Lee")) == 1, without_the_clock.practice_site.outputs()


def test_it_quotes_what_she_planned(without_the_clock):
    (letter,) = without_the_clock.sent_to("Ada Lee")
    assert plan_of("Ada Lee") in letter.get_body(("plain",)).get_content()


def test_its_head_offers_the_way_out(without_the_clock):
    (letter,) = without_the_clock.sent_to("Ada Lee")
    assert "/email/" in letter["List-Unsubscribe"]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_its_row_says_what_it_was(without_the_clock):
    first, *_rest = without_the_clock.rows("Ada Lee")
    assert (first.state, first.stage, first.variant) == ("sent", "assigned", "assigned-a")


# --- While the worker was away -------------------------------------------------------------------

AWAY_THREE, AWAY_TEN = "Finn Abel", "Gwen Otis"


@pytest.fixture(scope="module")
def worker_was_away(stage):
    """Letters fell due and nobody was there to send them; some clients did something meanwhile."""
    stage.inside(
        f"wrap_up_sessions({JONAH!r}, ['Ben Hart', 'Cleo Mann', 'Dora Pell', 'Hugo Vance'])",
        f"wrap_up_sessions('Pia Long', [{AWAY_THREE!r}], days_ago=4)",
        f"wrap_up_sessions('Otto Hill', [{AWAY_TEN!r}], days_ago=11)",
        "declines('Ben Hart')",
        "practises('Cleo Mann', minutes_ago=90)",
        "practises('Dora Pell', minutes_ago=30)",
    )
    worker = stage.worker()
    stage.arrives("Hugo Vance", AWAY_THREE, AWAY_TEN)
    assert stage.practice_site.looks_again(stage.smtp), stage.practice_site.outputs()
    stop(worker)
    return stage


def test_who_did_nothing_gets_the_email(worker_was_away):
    assert len(worker_was_away.sent_to("Hugo Vance")) == 1, worker_was_away.practice_site.outputs()


def test_who_unsubscribed_gets_none_and_the_row_says_why(worker_was_away):
    assert worker_was_away.sent_to("Ben Hart") == []
    found = {(row.state, row.reason) for row in worker_was_away.rows("Ben Hart")}
    assert found == {("cancelled", "Ben Hart asked for no more letters.")}


def test_who_practiced_before_it_was_due_gets_the_next_one_and_the_row_says_why(worker_was_away):
    assert worker_was_away.sent_to("Cleo Mann") == []
    first = worker_was_away.rows("Cleo Mann")[0]
    # Three days after the practice, at the hour that was chosen, is when the next one is due.
    assert (first.state, first.stage) == ("cancelled", "")
    assert first.reason.startswith("They practiced on ")
    assert "The next email, due " in first.reason


def test_who_practiced_after_it_was_due_gets_the_next_one_instead(worker_was_away):
    assert worker_was_away.sent_to("Dora Pell") == []
    first, second, *_rest = worker_was_away.rows("Dora Pell")
    assert (first.state, second.state) == ("cancelled", "planned")
    assert first.reason.startswith("They practiced on ")
    assert first.reason.endswith(" takes its place.")


@pytest.mark.parametrize(("name", "missed"), [(AWAY_THREE, 1), (AWAY_TEN, 2)])
def test_after_days_without_a_worker_only_the_last_one_goes(worker_was_away, name, missed):
    states = [row.state for row in worker_was_away.rows(name)]
    assert states == ["missed"] * missed + ["sent"] + ["planned"] * (6 - missed)
    assert len(worker_was_away.sent_to(name)) == 1


# --- Workers killed ------------------------------------------------------------------------------

IVY, JON, KIT = "Ivy Stone", "Jon Ware", "Kit Nash"  # claimed in this order
COLLEAGUE = "Juno Field"


def kill_when(stage, is_held):
    """Start a worker and kill its whole group once the mail server holds it; the phase it was in."""
    worker = stage.worker()
    assert stage.smtp.wait_until(is_held, SECONDS), stage.practice_site.outputs()
    return kill(worker, stage.practice_site, stage.smtp)


@pytest.fixture(scope="module")
def workers_killed(stage):
    """One died with a confirmation in its hand, one with Ivy's letter, one with Jon's; the fourth goes on."""
    smtp = stage.smtp
    stage.inside(f"wrap_up_sessions({MARA!r}, {[IVY, JON, KIT]!r})", f"wrap_up_sessions({COLLEAGUE!r}, [])")
    (stage.confirmation,) = stage.practice_site.post("confirmation", 1)
    stage.phases = [kill_when(stage, smtp.hold("TAKEN"))]
    stage.phases += [kill_when(stage, smtp.hold("TAKEN", 2))]  # the confirmation goes again before Ivy's
    stage.phases += [kill_when(stage, smtp.hold("MAIL"))]
    stage.after_three = {name: stage.rows(name)[0].state for name in (IVY, JON, KIT)}
    worker = stage.worker()
    stage.arrives(KIT)
    stage.inside(f"falls_due({IVY!r}, 1)", f"falls_due({JON!r}, 1)")
    assert stage.practice_site.looks_again(smtp), stage.practice_site.outputs()
    stop(worker)
    return stage


def test_they_died_in_the_phases_that_are_meant(workers_killed):
    assert workers_killed.phases == [TAKEN, TAKEN, CLAIMED]
    assert workers_killed.after_three == {IVY: "unknown", JON: "claimed", KIT: "planned"}


def test_a_confirmation_taken_and_not_noted_goes_twice(workers_killed):
    assert workers_killed.smtp.copies()[workers_killed.confirmation] == 2


def test_a_follow_up_taken_and_not_noted_is_there_once_and_unknown(workers_killed):
    first = workers_killed.rows(IVY)[0]
    assert len(workers_killed.sent_to(IVY)) == 1
    assert (first.state, first.variant) == ("unknown", "assigned-a")
    assert first.reason == "The sender stopped while sending it. It may not have been sent."


def test_one_claimed_and_not_taken_is_unknown_too(workers_killed):
    assert workers_killed.sent_to(JON) == []
    assert workers_killed.rows(JON)[0].state == "unknown"


def test_one_that_was_not_claimed_goes_once(workers_killed):
    assert len(workers_killed.sent_to(KIT)) == 1
    assert workers_killed.rows(KIT)[0].state == "sent"


@pytest.mark.parametrize("name", [IVY, JON])
def test_one_that_may_have_gone_counts_so_the_next_keeps_its_distance(workers_killed, name):
    second = workers_killed.rows(name)[1]
    assert second.state == "planned"
    assert second.reason.startswith("Less than three days after the email of ")
    assert len(workers_killed.sent_to(name)) <= 1


def test_the_practitioner_is_asked_about_those_that_may_have_gone_and_a_colleague_is_not(workers_killed):
    pages = workers_killed.inside(f"print(first_page({MARA!r}), '<!-- -->', first_page({COLLEAGUE!r}))")
    # Beside the day's book: in the evening all three stand there too, with sessions of the small hours.
    of_mara, of_colleague = (page.partition('aria-labelledby="needs"')[2] for page in pages.split("<!-- -->"))
    assert of_mara.count("An email may not have been sent") == 2
    assert [name in of_mara for name in (IVY, JON, KIT)] == [True, True, False]
    assert "Needs attention" in of_colleague
    assert "may not have been sent" not in of_colleague


# --- Many letters, and kills at any moment -------------------------------------------------------

GUESTS = [f"Guest{number:02} Lee" for number in range(size(sampled=15, full=36))]
#: One kill in each phase, in which the worker is held; in full size twice, and two at any moment.
AIMS = [BEFORE, CLAIMED, TAKEN] * size(sampled=1, full=2) + [ANY] * size(sampled=0, full=2)


# Above, workers die with a follow-up claimed and taken; in test_emails_killed.py senders die in every phase.
@proof_only
def test_many_follow_ups_and_a_kill_in_every_phase(stage, capsys):
    luck = Random(SEED)
    stage.inside(f"wrap_up_sessions({WREN!r}, {GUESTS!r})")
    aims = luck.sample(AIMS, len(AIMS))
    phases = Counter(kill_once(stage.practice_site, stage.smtp, aim, stage.worker, luck=luck) for aim in aims)
    worker = stage.worker()
    assert soon(lambda: not open_ones(stage), SECONDS), stage.practice_site.outputs()
    assert stage.practice_site.looks_again(stage.smtp), stage.practice_site.outputs()
    stop(worker)
    ends = Counter((row.state, len(stage.sent_to(row.name))) for row in firsts(stage))
    with capsys.disabled():
        print(f"\n{len(aims)} kills of workers with {len(GUESTS)} follow-ups:", dict(phases))
        print("  " + ", ".join(f"{n} {state} in {times} copies" for (state, times), n in ends.items()))

    assert sum(ends.values()) == len(GUESTS)
    assert set(ends) <= {("sent", 1), ("unknown", 0), ("unknown", 1)}
    # The kills did hit every phase; or all this proves nothing.
    assert set(phases) >= {BEFORE, CLAIMED, TAKEN}
    assert (ends["unknown", 0], ends["unknown", 1]) == (phases[CLAIMED], phases[TAKEN])
    for name in GUESTS:
        assert all(
            plan_of(name) in message.get_body(("plain",)).get_content() for message in stage.sent_to(name)
        )


def firsts(stage):
    """The first letter of each of the guests."""
    return [row for row in stage.rows() if row.name in GUESTS and row.place == 0]


def open_ones(stage):
    """Those of which it is not settled yet what became of them."""
    return [row for row in firsts(stage) if row.state in ("planned", "claimed")]
