"""Programs are stopped one by one, in order, with time to finish."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from functools import partial
from textwrap import indent

import pytest

from practice.site.processes.claim import (
    AlreadyRunning,
    claimed,
    died_programs,
    process_started_at,
    stop_left_over,
)
from practice.site.processes.program import GAVE_UP, Ended, Program, ending
from practice.site.processes.supervise import Supervisor
from practice.tests.processes.up_runner import lives

pytestmark = [pytest.mark.processes, pytest.mark.once]

# Like a worker: the parent waits for its child; the child finishes what it has begun unless it gets SIGTERM.
# It is half-way when the parent hears of the stop, and finishes when nobody writes to it any more.
WORKER = """
import os, signal, sys
told, tell = os.pipe()
child = os.fork()
if child == 0:
    os.read(told, 1)
    sys.stdin.read()
    print("letter sent", flush=True)
    os._exit(0)
signal.signal(signal.SIGTERM, lambda *_: (os.write(tell, b"."), os.waitpid(child, 0), sys.exit(0)))
print("letter begun", flush=True)
while True:
    signal.pause()
"""
STAYS = "import select\nprint('up', flush=True)\nselect.select([], [], [], 60)  # a minute at most"
MOURNER = (
    """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: (print("bye", flush=True), sys.exit(0)))
"""
    + STAYS
)
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + STAYS
HOLDER = """
import sys
from pathlib import Path
from practice.site.processes.claim import claimed
with claimed(Path(sys.argv[1])) as claim:
    claim.note({})
""" + indent(STAYS, "    ")


def program(name, code, **options):
    return Program(name, [sys.executable, "-c", code], **options)


def in_any(said, words):
    """Not only in the last line: a program that is slow to start may still say "up" after our own words."""
    return any(words in line for line in list(said))


def stopped_when(said, words, programs, tmp_path, *, welcome=lambda: None, **options):
    """Run the programs, send ourselves SIGTERM once those words were said, and return the exit code."""

    def say(line):
        heard_before = in_any(said, words)
        said.append(line)
        if words in line and not heard_before:
            os.kill(os.getpid(), signal.SIGTERM)

    return Supervisor(programs, tmp_path, say, **options).run(welcome=welcome)


def test_a_child_that_sends_an_email_may_finish(tmp_path):
    said = []
    assert stopped_when(said, "letter begun", [program("letters", WORKER)], tmp_path) == 0
    assert "letters | letter sent" in said


def test_the_same_child_dies_when_its_whole_group_is_asked(tmp_path):
    """The control: this is what stopping by process group does to a letter."""
    group = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert group.stdout.readline() == "letter begun\n"
    os.killpg(group.pid, signal.SIGTERM)
    assert group.communicate()[0] == ""


def test_the_last_one_outlives_the_others(tmp_path):
    said = []
    is_up = partial(in_any, said, "broker | up")  # else it could be told to end before it listens
    programs = [program("broker", MOURNER, ready=is_up, last=True), program("web", MOURNER)]
    assert stopped_when(said, "web    | up", programs, tmp_path) == 0
    assert [line for line in said if "bye" in line] == ["web    | bye", "broker | bye"]


def test_one_that_will_not_end_is_made_to(tmp_path):
    said, sleeps_on = [], DEAF + "\nprint('slept it out')"
    assert stopped_when(said, "up", [program("deaf", sleeps_on)], tmp_path, patience=0.5) == 0
    assert [line for line in said if "slept it out" in line] == []


def test_one_that_never_gets_ready_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("practice.site.processes.supervise.START", 0.3)
    said = []
    code = Supervisor([program("web", STAYS, ready=lambda: False)], tmp_path, said.append).run()
    assert (code, in_any(said, "“web” was not ready")) == (1, True)


#: Lives until all are ready, and then dies each time it is started.
DIES_LATER = """
import os, sys, time
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
print("no space left on device", flush=True)
sys.exit(3)
"""


def dies_later(tmp_path):
    """A program that dies once the file is there, and what makes the file when all are ready."""
    letters = Program("letters", [sys.executable, "-c", DIES_LATER, str(tmp_path / "ready")])
    return letters, (tmp_path / "ready").touch


def test_one_that_dies_is_started_again_later_each_time_while_the_others_continue(tmp_path):
    said, reports = [], []
    letters, welcome = dies_later(tmp_path)
    programs = [program("web", STAYS, ready=partial(in_any, said, "web     | up")), letters]
    told = {"report": lambda *pids_and_ended: reports.append(pids_and_ended), "delays": [0.01, 0.02, 60.0]}
    assert stopped_when(said, "in 60 s", programs, tmp_path, welcome=welcome, **told) == 0

    deaths = [line for line in said if "Restarting it in" in line]
    assert deaths == [
        f"“letters” ended by itself (exit code 3). Restarting it in {pause} s; the others keep running."
        for pause in ("0.01", "0.02", "60")
    ]
    assert said.count("web     | up") == 1
    running, ended = next(told for told in reversed(reports) if told[0])
    assert (list(running), ended["letters"].times) == (["web"], 3)
    assert reports[-1] == ({}, {})


def test_one_that_dies_too_often_ends_all_with_a_message_that_says_what_to_do(tmp_path):
    said = []
    letters, welcome = dies_later(tmp_path)
    programs = [program("web", MOURNER, ready=partial(in_any, said, "web     | up")), letters]
    supervisor = Supervisor(programs, tmp_path, said.append, delays=[0.01], tries=4)
    assert supervisor.run(welcome=welcome) == GAVE_UP
    assert len([line for line in said if "Restarting it in" in line]) == 3
    (message,) = [line for line in said if "in a row" in line]
    assert "“letters” ended by itself (exit code 3), 4 times in a row." in message
    assert "All it said is above. What it said last:\n    no space left on device\n" in message
    assert "then start the portal again" in message
    assert "web     | bye" in said


def test_one_that_lived_long_enough_is_not_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("practice.site.processes.supervise.STEADY", 0.0)
    said = []
    letters, welcome = dies_later(tmp_path)
    told = {"welcome": welcome, "delays": [0.01], "tries": 2}

    def five_deaths(line):
        said.append(line)
        if len([one for one in said if "Restarting it in" in one]) == 5:
            os.kill(os.getpid(), signal.SIGTERM)

    run = Supervisor([letters], tmp_path, five_deaths, delays=told["delays"], tries=told["tries"]).run
    assert run(welcome=welcome) == 0


FORKED = """
import os, signal, sys
if sys.argv[1] == "dies":
    sys.exit("it says why")
signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b"bye\\n"), os._exit(0)))
print(f"up {os.getppid()} {os.getcwd()} {os.getsid(0) == os.getpid()} {sys.stdin.read()!r}")
while True:
    signal.pause()
"""


@pytest.fixture
def forked(tmp_path, monkeypatch):
    """A program of ours that is forked, not started anew; its words."""
    (tmp_path / "forked_program.py").write_text(FORKED)
    monkeypatch.syspath_prepend(str(tmp_path))
    return lambda word: Program("worker", ["forked_program", word], module=True)


def test_a_forked_program_has_a_session_a_folder_and_an_output_of_its_own(tmp_path, forked):
    said = []
    assert stopped_when(said, "up", [forked("stays")], tmp_path) == 0
    assert said[0] == f"worker | up {os.getpid()} {tmp_path} True ''"
    assert "worker | bye" in said


def test_a_forked_program_that_ends_is_told_apart_from_us(tmp_path, forked):
    said = []
    assert Supervisor([replace(forked("dies"), ready=lambda: False)], tmp_path, said.append).run() == 1
    assert said[0] == "worker | it says why"
    assert in_any(said, "“worker” ended by itself (exit code 1).")


def test_work_before_the_start_is_done_in_processes_that_end(tmp_path):
    said, here = [], os.getpid()
    supervisor = Supervisor([], tmp_path, said.append)

    def prepare():
        jobs = [
            supervisor.begin(lambda: sys.exit(5)),
            supervisor.begin(lambda: sys.exit(os.getpid() == here)),
        ]
        return supervisor.finish(jobs)

    assert supervisor.run(prepare=prepare) == 5


def test_a_stop_that_is_asked_for_during_the_preparation_ends_it(tmp_path):
    said = []
    supervisor = Supervisor([program("web", STAYS)], tmp_path, said.append)

    def prepare():
        job = supervisor.begin(signal.pause)
        os.kill(os.getpid(), signal.SIGTERM)
        return supervisor.finish([job])

    assert supervisor.run(prepare=prepare) == 0
    assert not in_any(said, "web | up")


@pytest.mark.parametrize(
    ("code", "words"), [(3, "ended by itself (exit code 3)"), (-9, "was ended by SIGKILL")]
)
def test_an_ending_is_put_into_words(code, words):
    assert ending(code) == words


def test_one_that_dies_before_all_are_ready_stops_the_start(tmp_path):
    said = []
    programs = [program("broker", "raise SystemExit(3)", ready=lambda: False), program("web", STAYS)]
    assert Supervisor(programs, tmp_path, said.append).run() == 1
    assert in_any(said, "“broker” ended by itself (exit code 3). Everything else stops too.")


def test_what_died_is_read_by_another_process_and_forgotten_after_a_stop(tmp_path):
    assert died_programs(tmp_path) is None
    died = {"letters": Ended("was ended by SIGKILL", 1.0, 2)}
    with claimed(tmp_path) as claim:
        claim.note({"web": os.getpid()}, died)
        assert died_programs(tmp_path) == died
        claim.note({})
        assert died_programs(tmp_path) is None


def test_a_claim_is_refused_to_others_and_goes_with_its_process(tmp_path):
    other = subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "up\n"
    with pytest.raises(AlreadyRunning, match=str(other.pid)), claimed(tmp_path):
        pass
    other.kill()
    other.communicate()
    with claimed(tmp_path) as claim:
        assert claim.left_over == {}


def test_what_a_killed_run_left_behind_is_found_and_ended(tmp_path):
    orphan = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, start_new_session=True)
    orphan.stdout.readline()
    with claimed(tmp_path) as claim:
        claim.note({"web": orphan.pid})
        left_over = claim.left_over
    assert left_over == {"web": orphan.pid}
    stop_left_over(left_over, patience=0.3)
    assert not lives(orphan.pid)
    orphan.communicate()


def test_a_process_that_only_bears_the_number_is_left_alone(tmp_path):
    with claimed(tmp_path) as claim:
        claim.note({"web": os.getpid()})
        text = (
            (tmp_path / "up.json").read_text().replace(f'"{process_started_at(os.getpid())}"', '"long ago"')
        )
        (tmp_path / "up.json").write_text(text)
        assert claim.left_over == {}
