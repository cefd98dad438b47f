"""The systemd units start programs that exist, with few rights on the machine."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from practice.site.processes import programs
from practice.site.processes.web_settings import DRAIN_SECONDS, FINISH

ROOT = Path(__file__).resolve().parents[3]
UNITS = sorted((ROOT / "deploy").glob("*.service"))
THRESHOLD = 30  # tenths, as systemd-analyze takes it: 3.0 of 10
NOT_INSTALLED = "is not executable: No such file or directory"  # /srv/portal is not here

analyzes = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


def value(unit: Path, name: str) -> str:
    """What a unit says of this."""
    (found,) = re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    return str(found)


def analyzed(*words: str) -> tuple[int, str]:
    done = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_there_are_units_for_one_machine_and_for_several() -> None:
    assert {unit.stem for unit in UNITS} == {
        *("portal", "portal-web@", "portal-worker@", "portal-media", "portal-files", "portal-upgrade")
    }


@analyzes
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_has_few_rights(unit: Path) -> None:
    code, said = analyzed("security", "--offline=true", f"--threshold={THRESHOLD}", str(unit))
    assert code == 0, said.splitlines()[-1]


@analyzes
def test_a_unit_with_more_rights_is_found(tmp_path: Path) -> None:
    """The control."""
    lax = tmp_path / "lax.service"
    lax.write_text("[Service]\nUser=portal\nExecStart=/bin/true\n")
    assert analyzed("security", "--offline=true", f"--threshold={THRESHOLD}", str(lax))[0] != 0


@analyzes
def test_systemd_understands_every_line() -> None:
    _, said = analyzed("verify", "--man=no", *map(str, UNITS))
    lines = [line for line in said.splitlines() if ".service" in line and NOT_INSTALLED not in line]
    assert [line for line in lines if "portal" in line] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_gives_its_program_time_to_finish(unit: Path) -> None:
    if value(unit, "ExecStart").endswith("--yes") or "collectstatic" in unit.read_text():
        return  # begins and ends
    assert int(value(unit, "TimeoutStopSec")) >= 15 + FINISH + 10 >= DRAIN_SECONDS + FINISH
    assert value(unit, "KillMode") == "mixed"


def test_the_web_server_of_the_units_is_that_of_up() -> None:
    command = shlex.split(value(ROOT / "deploy" / "portal-web@.service", "ExecStart"))
    assert command[:1] == ["/srv/portal/current/deploy/run"]
    assert tuple(command[1:5]) == programs.GUNICORN


def test_the_worker_of_the_units_is_that_of_up_but_for_its_names(tmp_path: Path) -> None:
    command = shlex.split(value(ROOT / "deploy" / "portal-worker@.service", "ExecStart"))[1:]
    ours = list(programs.worker(clock=tmp_path).argv)
    named = {"--queues", "--hostname", "--clock"}
    assert sorted(without(command, named)) == sorted(without(ours, named))
    assert named <= set(command)


def without(words: list[str], named: set[str]) -> list[str]:
    """The words without these options and what follows each."""
    return [
        word
        for before, word in zip(["", *words], words)
        if word not in named and (before not in named or word.startswith("--"))
    ]


def test_every_command_of_the_units_exists() -> None:
    named = [re.search(r"(?:manage|manage\.py) (\w+)", value(unit, "ExecStart")) for unit in UNITS]
    assert {found[1] for found in named if found} == {"up", "collectstatic", "upgrade"}
    assert {"up", "collectstatic", "upgrade"} <= set(get_commands())


def test_a_program_stays_with_the_version_it_was_started_from(tmp_path: Path) -> None:
    """`current` is turned to a new version while the old one runs, which must read none of its files."""
    for version in ("old", "new"):
        (tmp_path / version / "deploy").mkdir(parents=True)
        (tmp_path / version / ".venv" / "bin").mkdir(parents=True)
        shutil.copy(ROOT / "deploy" / "run", tmp_path / version / "deploy" / "run")
        python = tmp_path / version / ".venv" / "bin" / "python"
        python.write_text('#!/bin/sh\necho "$0 $(pwd -P) $*"\n')
        python.chmod(0o755)
    (tmp_path / "current").symlink_to(tmp_path / "old")
    command = [str(tmp_path / "current" / "deploy" / "run"), "gunicorn", "practice.wsgi"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout.split()
    folder = (tmp_path / "old").resolve()
    assert said == [f"{folder}/.venv/bin/python", str(folder), "-m", "gunicorn", "practice.wsgi"]
