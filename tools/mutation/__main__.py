"""Mutation testing of the pure core: change one thing at a time, and see whether a test notices.

`python -m tools.mutation` changes all of it, `python -m tools.mutation outlook clock` only what the words
name. The tool is installed once, in `.mutation/`. Prints a table and each change that no test noticed; those
that `survivors.toml` explains are counted apart. Fails when one is left over, or an explanation out of date.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN = Path(__file__).resolve().parent
HOME = ROOT / ".mutation"
RUN = HOME / "run"
# What is changed, with the tests that must notice. Pure modules and plain tests: no Django, no database.
CHANGED = [
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "booking/availability/engine").glob("*.py")),
    *("booking/offers/matching.py", "booking/policy/deadlines.py", "booking/time_off/matching.py"),
    "portal/practice_log/listening.py",
    *(
        f"portal/followups/engine/{name}.py"
        for name in ("facts", "guards", "plan", "reasons", "stages", "when")
    ),
    "practice/core/clock.py",
]
# The slow contests (`test_same_judgement.py`, `test_histories.py`) stay out: what only chance finds in
# hundreds of examples deserves a test of its own, which says what was promised.
TESTS = [
    *(
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "booking/tests/engine").glob("*.py"))
        if path.name not in ("test_same_judgement.py", "reference_rules.py")
    ),
    "portal/tests/practice_log/test_listening.py",
    *(
        f"portal/tests/followups/{name}.py"
        for name in ("sample_facts", "test_facts", "test_guards", "test_planned", "test_stages")
    ),
    "practice/tests/core/test_clock.py",
]
SETTINGS = """\
[tool:pytest]
addopts = -q -p no:cacheprovider
markers = long
[mutmut]
source_paths =
    booking
    portal
    practice
only_mutate =
{changed}
pytest_add_cli_args_test_selection =
{tests}
use_git_change_detection = false
"""


def install() -> Path:
    """Return the folder of the tool's programs; install them when the lock file has changed."""
    lock, stamp = OWN / "requirements.lock", HOME / "installed"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        print("Installing the mutation tool in .mutation/ (only when its lock file has changed)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME / "venv")], check=True)
        pip = [
            str(HOME / "venv/bin/python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True)
        shutil.copy(lock, stamp)
    return HOME / "venv/bin"


def lay_out(words: list[str]) -> list[str]:
    """Copy the modules and their tests into a folder of their own; return the files to change there."""
    shutil.rmtree(RUN, ignore_errors=True)
    for name in [*CHANGED, *TESTS]:
        target = RUN / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
        for folder in target.relative_to(RUN).parents[:-1]:
            (RUN / folder / "__init__.py").touch()
    chosen = [name for name in CHANGED if not words or any(word in name for word in words)]
    listed = {"changed": chosen, "tests": [name for name in TESTS if Path(name).name.startswith("test_")]}
    lines = {key: "\n".join(f"    {name}" for name in names) for key, names in listed.items()}
    (RUN / "setup.cfg").write_text(SETTINGS.format(**lines))
    return chosen


def main() -> int:
    """Run the tool, then `rest.py`, then print the table."""
    os.nice(15)
    programs = install()
    chosen = lay_out(sys.argv[1:])
    # Far from UTC and off the hour: whatever reads the machine's own zone by mistake shows.
    environment = {**os.environ, "TZ": "Asia/Kathmandu"}
    jobs = os.environ.get("MUTATION_JOBS") or str(os.cpu_count() or 1)
    with (HOME / "mutmut.log").open("w") as log:
        print(f"Changing the functions of {len(chosen)} modules (progress: .mutation/mutmut.log)", flush=True)
        subprocess.run(
            [str(programs / "mutmut"), "run", "--max-children", jobs],
            cwd=RUN,
            env=environment,
            stdout=log,
            stderr=log,
            check=True,
        )
    print("Changing tables, defaults and decorated functions, which the tool leaves alone", flush=True)
    python = str(programs / "python")
    rest = [python, str(OWN / "rest.py"), "--jobs", jobs, *chosen]
    subprocess.run(rest, cwd=RUN, env=environment, check=True)
    return subprocess.run([python, str(OWN / "report.py"), *chosen], cwd=RUN, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
