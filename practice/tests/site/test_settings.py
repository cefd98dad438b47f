"""A wrong setting stops the start with its name, what is wrong and what is allowed."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from practice.core.env import BadSetting, Env, key_file, private_folder, read_env_file

GOOD_KEY = "wq8Yh3kP-tR5vXz_0aB1cD2eF4gH6iJ7lM9nO-pQsTuVw8xYzZ3"
WRONG = [
    ("DEBUG", "maybe"),
    ("BACKUP_TO", "backups"),
    ("BACKUP_TO", "s3://backups"),
    ("BACKUP_TO", "s3://Back_ups"),
    ("S3_BUCKET", "portal-files"),
    ("S3_REGION", "eu-central-1"),
    ("S3_ENDPOINT_URL", "https://s3.example"),
    ("S3_SIGNED_LINKS", "off"),
    ("BACKUP_S3_REGION", "eu-central-1"),
    ("BACKUP_EVERY", "0"),
    ("BACKUP_EVERY", "169"),
    ("BACKUP_KEEP", "7,4"),
    ("DEMO", "2"),
    ("RATE_LIMITS", "sometimes"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "eighty"),
    ("PORT", "８０００"),
    ("TRUSTED_PROXY_COUNT", "-1"),
    ("TRUSTED_PROXY_COUNT", "11"),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "a" * 60),
    ("SECRET_KEY", "django-insecure-" + GOOD_KEY),
    ("FIELD_KEYS", "not-a-key"),
    ("FIELD_KEYS", "Zm9yIHRlc3RzIG9ubHksIHRoaXJ0eS10d28gYnl0ZXM=,nope"),
    ("SITE_URL", "portal.example"),
    ("SITE_URL", "ftp://portal.example"),
    ("SITE_URL", "https://portal.example:port"),
    ("SITE_URL", "https://"),
    ("SITE_URL", "https://portal.example/below"),
    ("SITE_URL", "https://user:secret@portal.example"),
    ("DATABASE_URL", "mysql://localhost/x"),
    ("DATABASE_URL", "portal.sqlite3"),
    ("REDIS_URL", "http://localhost:6379"),
    ("EMAIL_URL", "mail.example:587"),
    ("EMAIL_EVENTS", "sendgrid:a-long-enough-key"),
    ("EMAIL_EVENTS", "mailgun"),
    ("BOUNCE_MAILBOX", "imap://user:password@mail.example/INBOX"),
    ("BOUNCE_MAILBOX", "imaps://mail.example/INBOX"),
    ("BOUNCE_MAILBOX", "imaps://user:password@mail.example:port/INBOX"),
    ("BOUNCE_MAILBOX", "imaps://user:pass%0Aword@mail.example/INBOX"),
    ("BOUNCE_ADDRESS", "Bounces <bounces@mail.example>"),
    ("BOUNCE_ADDRESS", "bounces"),
    ("EMAIL_EVENTS", "mailgun:short"),
    ("EMAIL_EVENTS", "postmark:a-long-password-without-a-user"),
    ("EMAIL_EVENTS", "postmark:user:short"),
    ("ADMIN_PATH", "back office"),
    ("ADMIN_PATH", "../admin"),
    ("ADMIN_PATH", "accounts"),
    ("X_ACCEL", "yes"),
]


ROOT = Path(__file__).resolve().parents[3]
KEPT = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


@dataclass
class Ended:
    """How a start ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def reader() -> Iterator[subprocess.Popen[str]]:
    """A process that reads the settings again for each environment it is given."""
    command = [sys.executable, "-m", "practice.tests.site.read_settings"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def start(reader, tmp_path) -> Callable[..., Ended]:
    """Read the settings as a start does, under this environment."""

    def read(**environ: str) -> Ended:
        reader.stdin.write(json.dumps({**KEPT, "VAR_DIR": str(tmp_path), **environ}) + "\n")
        reader.stdin.flush()
        return Ended(*json.loads(reader.stdout.readline()))

    return read


def run(*words: str, tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a Python of its own to its end."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**KEPT, "VAR_DIR": str(tmp_path), **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_real_start_with_a_wrong_setting_is_refused_by_name_without_a_traceback(tmp_path):
    ended = run("manage.py", "up", tmp_path=tmp_path, PORT="0")

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("\nThe portal cannot start.\nPORT: '0' does not fit. Allowed: ")


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_stops_the_start_by_name_without_a_traceback(start, name, value):
    ended = start(**{name: value})

    assert ended.returncode != 0
    assert f"\n{name}: " in ended.stderr
    assert "Allowed: " in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_refused_secret_is_not_shown(start):
    assert "sh0rt-s3cret" not in start(SECRET_KEY="sh0rt-s3cret").stderr


def test_a_password_in_a_refused_address_is_not_shown(start):
    assert "hunter2" not in start(DATABASE_URL="mysql://me:hunter2@localhost/x").stderr


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_with_nothing_set_it_starts_and_keeps_its_keys_to_itself_and_apart_from_the_database(start, tmp_path):
    keys = tmp_path.with_name(f"{tmp_path.name}-keys")

    assert start().stdout.split() == ["http://localhost:8000", "session"]
    assert mode(keys) == 0o700
    assert [mode(keys / name) for name in ("secret_key", "field_keys")] == [0o600, 0o600]
    assert not list(tmp_path.glob("*key*"))


def test_what_other_users_could_read_is_closed_at_the_next_start(start, tmp_path):
    (tmp_path / "portal.sqlite3").touch(mode=0o644)
    tmp_path.chmod(0o755)
    start()

    assert (mode(tmp_path), mode(tmp_path / "portal.sqlite3")) == (0o700, 0o600)


def test_what_a_program_of_ours_writes_is_for_its_user_alone(tmp_path):
    written = tmp_path / "written"
    run("-c", f"import practice.settings; open({str(written)!r}, 'w')", tmp_path=tmp_path)

    assert mode(written) == 0o600


def test_a_folder_for_everyone_is_not_closed(tmp_path):
    tmp_path.chmod(0o1777)

    assert mode(private_folder(tmp_path)) == 0o777 | stat.S_ISVTX


def test_keys_of_an_older_installation_are_read_where_they_lie(start, tmp_path):
    old = Env({}).secret_key(tmp_path / "secret_key")
    keys = tmp_path / "keys"

    assert key_file("secret_key", folder=keys, before=tmp_path).read_text() == old
    keys.mkdir()
    (keys / "secret_key").write_text("the new place wins")
    assert key_file("secret_key", folder=keys, before=tmp_path) == keys / "secret_key"


def test_on_https_the_cookies_belong_to_the_host(start):
    ended = start(SITE_URL="https://portal.example/", TRUSTED_PROXY_COUNT="1")

    assert ended.stdout.split() == ["https://portal.example", "__Host-session"]


def test_on_https_the_other_cookies_say_so_in_their_names(tmp_path):
    code = (
        "import django; django.setup()\n"
        "from booking.intake.browser_mark import NAME\n"
        "from django.conf import settings; from django.utils.module_loading import import_string\n"
        "print(NAME, import_string(settings.MESSAGE_STORAGE).storage_classes[0].cookie_name)"
    )
    site = {"SITE_URL": "https://portal.example", "DJANGO_SETTINGS_MODULE": "practice.settings"}

    assert run("-c", code, tmp_path=tmp_path, **site).stdout.split() == ["__Secure-intake", "__Host-messages"]


def test_an_env_file_that_others_could_read_is_closed(tmp_path):
    path = tmp_path / ".env"
    path.write_text("PORT=1\n", encoding="utf-8")
    path.chmod(0o644)
    read_env_file(path, {})

    assert mode(path) == 0o600


def test_an_env_file_of_someone_elses_that_everyone_reads_stops_the_start(tmp_path, monkeypatch):
    path = tmp_path / ".env"
    path.write_text("PORT=1\n", encoding="utf-8")
    path.chmod(0o644)
    monkeypatch.setattr("os.getuid", lambda: 4242)
    with pytest.raises(BadSetting, match="chmod 600"):
        read_env_file(path, {})


def test_keys_are_made_once(tmp_path):
    first = Env({}).secret_key(tmp_path / "key")

    assert Env({}).secret_key(tmp_path / "key") == first
    assert len(first) >= 50


def test_an_empty_flag_is_off_and_an_absent_one_the_default():
    assert Env({"DEMO": ""}).flag("DEMO", True) is False
    assert Env({}).flag("DEMO", True) is True


def test_what_is_set_wins_over_the_env_file(tmp_path):
    (tmp_path / ".env").write_text("# ours\nPORT=1\nDEMO='1'\n\n", encoding="utf-8")
    environ = {"PORT": "2"}
    read_env_file(tmp_path / ".env", environ)

    assert environ == {"PORT": "2", "DEMO": "1"}


def test_a_line_of_the_env_file_without_equals_is_named(tmp_path):
    (tmp_path / ".env").write_text("PORT\n", encoding="utf-8")
    with pytest.raises(BadSetting, match="line 1"):
        read_env_file(tmp_path / ".env", {})
