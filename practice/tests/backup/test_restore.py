"""A backup is made while the practice works, checked, and restored on an empty machine: on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from practice.tests.backup.restored_site import Machine, is_empty, states
from practice.tests.processes.practice_site import PracticeSite
from practice.tests.processes.waiting import soon

pytestmark = [
    pytest.mark.processes,
    pytest.mark.engines(
        "practice.backup.databases",
        "practice.backup.postgres",
        "practice.backup.here",
        "practice.backup.actions.after_restore",
    ),
]

WRITE = """
import itertools
from django.db import transaction
from practice.tests.mail.builders import make_letter
for number in itertools.count():
    with transaction.atomic():
        make_letter("newsletter", key=f"left-{name}-{{number}}", state="sent")
        make_letter("newsletter", key=f"right-{name}-{{number}}", state="sent")
"""
ERASE = """
from django.utils import timezone
from portal.erasure.actions.erase import erase
from practice.models import User
erase(User.objects.get(email={email!r}), now=timezone.now())
"""


def test_what_is_backed_up_is_found_good_and_restored(here: Machine, there: Machine) -> None:
    assert here.run("backup") == 0, here.said
    assert here.run("verify_backup") == 0, here.said
    assert "This backup is good." in here.said
    assert there.run("restore", "--dry-run") == 0, there.said
    assert is_empty(there)
    assert there.run("restore") == 0, there.said
    assert there.count("practice_user") == here.count("practice_user")
    for file in ("lessons/one.m4a", "people/ann.webp"):
        assert (there.media / file).read_bytes() == (here.media / file).read_bytes()
    assert there.run("verify_backup") == 0, there.said


def test_after_a_restore_no_email_goes_twice_and_a_person_decides_about_those_that_may_have(
    here: Machine, there: Machine
) -> None:
    here.run("backup")
    before = states(here)
    there.run("restore")
    expected = {
        "due": "unknown",
        "gone": "sent",
        "in-hand": "unknown",
        "code": "cancelled",
        "later": "planned",
    }
    assert {key: state for key, state in states(there).items() if key in expected} == expected
    assert states(here) == before
    assert "to-ourselves" in before
    assert "to-ourselves" not in states(there)  # whether it came back, only the mailbox knows
    ((why,),) = there.sql("SELECT why FROM practice_letter WHERE key = 'due'")
    assert "restored_since" in str(why)
    assert "2 that were due by now wait for a decision" in there.said
    assert there.run("deliver") == 0, there.said
    assert not list((there.folder / "outbox").glob("*.eml"))


def test_who_was_signed_in_is_not_any_more(here: Machine, there: Machine) -> None:
    here.sql("DELETE FROM django_session")
    here.sql("INSERT INTO django_session VALUES ('a-session', 'x', '2099-01-01 00:00:00')")
    here.run("backup")
    there.run("restore")
    assert (here.count("django_session"), there.count("django_session")) == (1, 0)


def test_who_was_erased_after_the_backup_is_erased_again(
    site: PracticeSite, here: Machine, there: Machine, store: Path
) -> None:
    site.inside("from practice.testing import make_user\nmake_user('Zoe Kay', email='zoe@example.com')")
    here.run("backup")
    site.inside(ERASE.format(email="zoe@example.com"))
    noted = "from practice.tasks import backup\nbackup()"
    assert here.run("check", before=noted) == 0, here.said  # the tick of the next minute
    assert [path.read_bytes() for path in (store / "erased").iterdir()] == [b""]
    assert there.run("restore") == 0, there.said
    assert there.sql("SELECT 1 FROM practice_user WHERE email = 'zoe@example.com'") == []
    assert there.sql("SELECT 1 FROM practice_user WHERE email = 'ann@example.com'") == [(1,)]
    assert "Erased again: 1, who had been erased after the backup" in there.said


def test_someone_who_got_the_number_of_an_erased_record_stays(
    here: Machine, there: Machine, store: Path
) -> None:
    here.run("backup")
    ((ann,),) = here.sql("SELECT id FROM practice_user WHERE email = 'ann@example.com'")
    (store / "erased").mkdir()
    (store / "erased" / f"2099-01-01T00-00-00Z_{ann}_{'0' * 32}").touch()
    assert there.run("restore") == 0, there.said
    assert there.sql("SELECT 1 FROM practice_user WHERE email = 'ann@example.com'") == [(1,)]


def test_a_backup_made_while_others_write_holds_whole_transactions(
    site: PracticeSite, here: Machine, there: Machine
) -> None:
    writers = [site.fork(f"exec({WRITE.format(name=name)!r})") for name in ("one", "two")]
    try:
        assert soon(lambda: here.count("practice_letter") > 40, 60), site.outputs()
        assert here.run("backup") == 0, here.said
        after = here.count("practice_letter")
        assert soon(lambda: here.count("practice_letter") > after, 60), site.outputs()  # they still write
    finally:
        for writer in writers:
            writer.terminate()
            writer.wait()
    assert here.run("verify_backup") == 0, here.said
    assert there.run("restore") == 0, there.said
    halves = [
        {
            key.partition("-")[2]
            for (key,) in there.sql(f"SELECT key FROM practice_letter WHERE key LIKE '{side}-%'")
        }
        for side in ("left", "right")
    ]
    assert halves[0] == halves[1] != set()
    here.sql("DELETE FROM practice_letter WHERE kind = 'newsletter'")
