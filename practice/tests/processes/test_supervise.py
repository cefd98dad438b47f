"""Programs are stopped one by one, in order, with time to finish."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from practice.processes.claim import AlreadyRunning, born, claimed, stop_left_over
from practice.processes.supervise import Program, Supervisor, ending
from practice.tests.processes.up_runner import lives

pytestmark = [pytest.mark.processes, pytest.mark.once]

# Like a worker: the parent waits for its child, the child finishes what it has begun unless it gets SIGTERM.
WORKER = """
import os, signal, sys, time
child = os.fork()
if child == 0:
    time.sleep(1)
    print("letter sent", flush=True)
    os._exit(0)
signal.signal(signal.SIGTERM, lambda *_: (os.waitpid(child, 0), sys.exit(0)))
print("letter begun", flush=True)
while True:
    time.sleep(0.05)
"""
SLEEPER = "import time\nprint('up', flush=True)\ntime.sleep(60)"
MOURNER = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("bye", flush=True), sys.exit(0)))
print("up", flush=True)
time.sleep(60)
"""
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEPER
HOLDER = """
import sys
from pathlib import Path
from practice.processes.claim import claimed
with claimed(Path(sys.argv[1])) as claim:
    claim.note({})
""" + SLEEPER.replace("\n", "\n    ").replace("import", "    import", 1)


def program(name, code, **options):
    return Program(name, [sys.executable, "-c", code], **options)


def stopped_when(said, words, programs, tmp_path, **options):
    """Run the programs, send ourselves SIGTERM once those words were said, and return the exit code."""

    def watch():
        while not any(words in line for line in said):
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
    return Supervisor(programs, tmp_path, said.append, **options).run()


def test_a_child_that_sends_a_letter_may_finish(tmp_path):
    said = []
    assert stopped_when(said, "letter begun", [program("letters", WORKER)], tmp_path) == 0
    assert "letters | letter sent" in said


def test_the_same_child_dies_when_its_whole_group_is_asked(tmp_path):
    """The control: this is what stopping by process group does to a letter."""
    group = subprocess.Popen(
        [sys.executable, "-c", WORKER], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert group.stdout.readline() == "letter begun\n"
    os.killpg(group.pid, signal.SIGTERM)
    assert group.communicate()[0] == ""


def test_the_last_one_outlives_the_others(tmp_path):
    said = []
    programs = [program("broker", MOURNER, last=True), program("web", MOURNER)]
    assert stopped_when(said, "web    | up", programs, tmp_path) == 0
    assert [line for line in said if "bye" in line] == ["web    | bye", "broker | bye"]


def test_one_that_will_not_end_is_made_to(tmp_path):
    said, sleeps_on = [], DEAF + "\nprint('slept it out')"
    assert stopped_when(said, "up", [program("deaf", sleeps_on)], tmp_path, patience=0.5) == 0
    assert [line for line in said if "slept it out" in line] == []


def test_one_that_never_gets_ready_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("practice.processes.supervise.START", 0.3)
    said = []
    code = Supervisor([program("web", SLEEPER, ready=lambda: False)], tmp_path, said.append).run()
    assert (code, said[-1].startswith("“web” was not ready")) == (1, True)


@pytest.mark.parametrize(
    ("code", "words"), [(3, "ended by itself (exit code 3)"), (-9, "was ended by SIGKILL")]
)
def test_an_ending_is_put_into_words(code, words):
    assert ending(code) == words


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
        text = (tmp_path / "up.json").read_text().replace(f'"{born(os.getpid())}"', '"long ago"')
        (tmp_path / "up.json").write_text(text)
        assert claim.left_over == {}
