"""What the documents say is so: each setting, command, file and link they name is there."""

import os
import re
import subprocess
import sys

import pytest
from django.core.management import get_commands

from practice.storage.storage_settings import OF_BACKUPS, SETTINGS
from practice.tests.code.reading_order import ROOT

DOCUMENTS = [
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *("docs/architecture.md", "docs/roles.md", "docs/proofs.md", "docs/erasure.md", "docs/export.md"),
    *(
        "docs/encryption.md",
        "docs/backups.md",
        "docs/time-zones.md",
        "docs/words.md",
        "docs/chaos.md",
        "docs/year.md",
        "docs/operations.md",
        "docs/storage.md",
        "docs/scale.md",
        "docs/several-machines.md",
        "deploy/README.md",
    ),
]
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS}
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
READ = re.compile(r"""(?:env\.\w+|self\.text|environ\.get)\(\s*"([A-Z][A-Z_]+)\"""")
READERS = ["practice/settings.py", "practice/core/env.py", "practice/site/processes/web_settings.py"]


def settings_read():
    return {name for path in READERS for name in READ.findall((ROOT / path).read_text(encoding="utf-8"))}


def example_lines():
    return dict(re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def files_named(text):
    """What stands between backticks and looks like a file of ours."""
    named = re.findall(r"`((?:practice|booking|portal|templates|docs|deploy|tools|bench)/[\w./-]*)`", text)
    return {name for name in named if not (ROOT / name).exists()}


def test_the_settings_read_are_found():
    assert {
        "SITE_URL",
        "DATABASE_URL",
        "SECRET_KEY",
        "FIELD_KEYS",
        "X_ACCEL",
        "WEB_CONCURRENCY",
    } <= settings_read()


def test_the_example_holds_every_setting_and_no_other():
    assert set(example_lines()) == settings_read()


def test_the_readme_tells_every_setting_and_no_other():
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", TEXTS["README.md"], re.MULTILINE)) == settings_read()


def test_settings_of_buckets_are_in_the_example_in_the_readme_and_are_allowed(tmp_path):
    """Apart from the others: what they replace must be left out."""
    lines = dict(re.findall(r"^#?((?:BACKUP_)?S3_[A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    assert set(lines) == set(SETTINGS)
    told = TEXTS["README.md"]
    assert [name for name in SETTINGS if name not in OF_BACKUPS and f"| `{name}` |" not in told] == []
    filled = {name: value or "key" for name, value in lines.items()} | {"BACKUP_TO": "s3://portal-backups"}
    environ = filled | {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    asked = subprocess.run(
        [sys.executable, "-c", "import practice.settings"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (asked.returncode, asked.stderr) == (0, "")


def test_every_value_of_the_example_is_allowed(tmp_path):
    environ = example_lines() | {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    code = "import practice.settings"
    asked = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert (asked.returncode, asked.stderr) == (0, "")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_named_exists(name):
    assert set(re.findall(r"manage\.py ([a-z_]+)", TEXTS[name])) <= set(get_commands())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_word_named_exists(name):
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)", TEXTS[name], re.MULTILINE)) <= {
        pair for word in known for pair in ((word, ""), ("", word))
    }


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_named_is_there(name):
    assert files_named(TEXTS[name]) == set()


def test_a_file_that_is_not_there_is_found():
    assert files_named("see `practice/nowhere.py` and `practice/core/clock.py`") == {"practice/nowhere.py"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name):
    links = re.findall(r"\]\(([^)#]+)", TEXTS[name])
    here = (ROOT / name).parent
    assert [link for link in links if "://" not in link and not (here / link).exists()] == []
