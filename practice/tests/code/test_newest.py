"""`make newest`: which combinations are tried, with which requirements, and what differs from the lock."""

from pathlib import Path

import pytest

from tools import newest
from tools.newest import Combination, Python, Result

OLD, MID, NEW = Python("python3.11", (3, 11)), Python("python3.12", (3, 12)), Python("python3.13", (3, 13))
LOCK = """\
amqp==5.4.2 \\
    --hash=sha256:9362660c4a31150cf18e78cae2ce8aa1e929fc6c6739e69f6dd5dbea9c3edc82
    # via kombu==5.0
async-timeout==5.0.1 ; python_full_version < '3.11.3' \\
    --hash=sha256:39e3809566ff85354557ec2398b55e096c8364bacac9405a7a1fa429e77fe76c
numpy==2.3.5 ; python_full_version < '3.12' \\
numpy==2.4.0 ; python_full_version >= '3.12' \\
typing_extensions==4.15.0
"""


@pytest.mark.parametrize(
    ("own", "newer", "tried"),
    [
        (OLD, NEW, [(OLD, ""), (NEW, ""), (NEW, "Django>=6")]),
        (OLD, None, [(OLD, "")]),
        (MID, NEW, [(MID, ""), (NEW, ""), (NEW, "Django>=6")]),
        (NEW, NEW, [(NEW, ""), (NEW, "Django>=6")]),
    ],
)
def test_the_newest_django_is_tried_where_a_python_can_run_it(own, newer, tried):
    found = newest.combinations(own, newer)
    assert [(one.python, one.django) for one in found] == tried
    assert len({one.folder for one in found}) == len({one.name for one in found}) == len(found)


def test_environments_lie_where_git_looks_away_and_apart_from_a_practice():
    assert Combination(NEW).folder.parent == newest.FOLDER
    assert f"{newest.FOLDER.name}/" in (newest.ROOT / ".gitignore").read_text().split()
    assert newest.FOLDER.parent == newest.ROOT
    assert newest.FOLDER.name not in ("var", ".venv")


def test_requirements_of_both_files_are_one_list_without_comments():
    texts = [
        "# What it runs on.\nDjango>=5.2,<5.3\n\nredis>=5  # the broker\n",
        "-r requirements.txt\npytest\n",
    ]
    assert newest.requirement_lines(texts) == ["Django>=5.2,<5.3", "redis>=5", "pytest"]


@pytest.mark.parametrize(
    "line", ["Django>=5.2,<5.3", "django", "DJANGO[argon2]~=5.2", "Django ; python_version>'3'"]
)
def test_only_django_itself_is_replaced(line):
    others = ["django-allauth[mfa]>=65.22", "django_csp>=4", "pytest-django", "celery[redis]>=5.5"]
    assert newest.with_django([line, *others], "Django>=6") == ["Django>=6", *others]
    assert newest.with_django([line, *others], "") == [line, *others]


def test_our_own_requirements_hold_a_django_to_replace():
    texts = [(newest.ROOT / name).read_text() for name in newest.REQUIREMENTS]
    lines = newest.requirement_lines(texts)
    replaced = newest.with_django(lines, newest.NEWEST_DJANGO)
    assert [new for old, new in zip(lines, replaced) if old != new] == [newest.NEWEST_DJANGO]


def test_a_lock_may_hold_several_versions_of_one_package():
    assert newest.locked_versions(LOCK) == {
        "amqp": {"5.4.2"},
        "async-timeout": {"5.0.1"},
        "numpy": {"2.3.5", "2.4.0"},
        "typing-extensions": {"4.15.0"},
    }


def test_what_differs_from_the_lock_is_another_version_or_a_package_it_does_not_hold():
    installed = {"amqp": "5.5.0", "numpy": "2.4.0", "typing-extensions": "4.15.0", "brand-new": "1.0"}
    assert newest.differences(newest.locked_versions(LOCK), installed) == {
        "amqp": "5.5.0",
        "brand-new": "1.0",
    }


def test_each_package_that_differs_is_told_once_with_all_its_versions():
    results = [
        Result(Combination(OLD), {"amqp": "5.4.2", "numpy": "2.3.6"}),
        Result(Combination(NEW), {"amqp": "5.4.2", "numpy": "2.4.1", "brand-new": "1.0"}),
    ]
    lines = [line.split() for line in newest.news(newest.locked_versions(LOCK), results)]
    assert lines == [
        ["brand-new", "-", "→", "1.0"],
        ["numpy", *"2.3.5 or 2.4.0".split(), "→", *"2.3.6 or 2.4.1".split()],
    ]


def test_the_table_has_a_row_for_each_combination_and_names_what_went_wrong():
    fine = Result(Combination(OLD), {"django": "5.2.19"}, passed=900, seconds=312.4)
    bad = Result(Combination(NEW, "Django>=6"), {}, 0, 0, 2.6, wrong=["install"])
    head, first, second = (line.split() for line in newest.table([fine, bad]))
    assert head[:3] == ["combination", "django", "django-allauth"]
    assert (first[-4:], first[5]) == (["900", "0", "312", "-"], "5.2.19")
    assert second[-4:] == ["0", "0", "3", "install"]


def test_a_name_on_path_that_leads_to_no_python_is_passed_over(tmp_path, monkeypatch):
    broken = tmp_path / "python3.13"
    broken.write_text("#!/bin/sh\necho command not found >&2; exit 127\n")
    broken.chmod(0o755)
    assert newest.asked(str(broken)) is None
    assert newest.asked(str(tmp_path / "nothing")) is None


@pytest.mark.parametrize(
    ("versions", "found"),
    [
        ({"python3.13": (3, 13), "python3.12": (3, 12)}, "python3.13"),
        ({"mine": (3, 14), "python3.13": (3, 13)}, "mine"),
        ({"python3.12": (3, 12)}, "python3.12"),
        ({"python3.13": (3, 11)}, None),
        ({}, None),
    ],
)
def test_a_python_named_by_its_setting_comes_before_those_on_path(monkeypatch, versions, found):
    def asked(command: str) -> Python | None:
        return Python(command, versions[command]) if command in versions else None

    monkeypatch.setenv("PYTHON313", "mine")
    monkeypatch.setattr(newest, "asked", asked)
    newer = newest.newer_python()
    assert (newer and newer.command) == found


@pytest.fixture
def nothing_real(monkeypatch, tmp_path):
    """No environment is made and no test is run: what each combination came to is given."""
    monkeypatch.setattr(newest, "make_uv", lambda: None)
    monkeypatch.setattr(newest, "ROOT", tmp_path)
    Path(tmp_path, newest.LOCK).write_text(LOCK)

    def comes_to(newer, **fields):
        monkeypatch.setattr(newest, "newer_python", lambda: newer)
        monkeypatch.setattr(newest, "tried", lambda one, _parts: Result(one, {"amqp": "6.0"}, 9, **fields))

    return comes_to


def test_without_a_newer_python_one_sentence_says_what_is_left_out(nothing_real, capsys):
    nothing_real(None)
    assert newest.main([]) == 0
    said = capsys.readouterr().out
    assert said.count(newest.NO_PYTHON) == 1
    assert said.count("Django of ours") == 1
    assert "Packages that differ from requirements-dev.lock: 1" in said


@pytest.mark.parametrize("fields", [{"failed": 1}, {"wrong": ["makemigrations"]}])
def test_whatever_fails_makes_the_whole_fail(nothing_real, fields):
    nothing_real(NEW, **fields)
    assert newest.main([]) == 1
