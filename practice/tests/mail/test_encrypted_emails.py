"""The words of letters rest encrypted, and a lost key holds up nobody else's letter."""

from importlib import import_module

import pytest
from cryptography.fernet import Fernet
from django.core import mail
from django.core.exceptions import FieldError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from practice.core.reasons import as_written
from practice.mail import send_check
from practice.mail.actions import CannotSendAgain, send_again
from practice.mail.delivery import deliver
from practice.mail.delivery.claims import TRIES, claim_one
from practice.mail.retention import blank_old_bodies
from practice.mail.send_check import Cancel, Send
from practice.models import Letter
from practice.security.crypto import decrypt
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.mail.builders import NOON, make_letter, minutes
from practice.tests.mail.test_deliver import FRESH
from practice.tests.sampling import proof_only

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
State = Letter.State


def resting(letter):
    """What stands in the table itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, html FROM practice_letter WHERE id = %s", [letter.pk])
        return cursor.fetchone()


@pytest.fixture
def lose_key(settings):
    """From now on nobody has the key under which everything so far was sealed."""

    def lose():
        settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    return lose


@pytest.fixture
def unreadable(lose_key):
    """A letter due at NOON whose words nobody can open any more."""
    letter = make_letter()
    lose_key()
    return letter


def test_what_an_email_says_is_not_to_be_read_in_the_table():
    text, html = resting(make_letter(text="zebra\n", html="<p>zebra</p>"))
    assert "zebra" not in text + html
    assert "" not in (text, html)


def test_and_goes_as_it_was_written():
    make_letter(text="zebra\n", html="<p>zebra</p>")
    deliver.step(now=NOON)
    (sent,) = mail.outbox
    assert (sent.body, sent.alternatives[0].content) == ("zebra\n", "<p>zebra</p>")


def test_words_made_when_it_leaves_are_encrypted_too():
    send_check.register("follow_up", lambda *_: Send(FRESH))
    letter = make_letter("follow_up")
    deliver.step(now=NOON)
    assert "Fresh words" not in "".join(resting(letter))
    letter.refresh_from_db()
    assert letter.text == "Fresh words.\n"


def test_nor_what_someone_wrote_along():
    letter = make_letter(word="zebra")
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM practice_letter WHERE id = %s", [letter.pk])
        assert cursor.fetchone()[0][:4] == "gAAA"


@pytest.mark.parametrize("lookup", ["text", "text__contains", "html__icontains"])
def test_nobody_looks_for_emails_by_their_words(lookup):
    with pytest.raises(FieldError):
        Letter.objects.filter(**{lookup: "zebra"}).exists()


def test_a_list_of_emails_opens_none_of_them(unreadable):
    assert [letter.subject for letter in Letter.objects.all()] == [unreadable.subject]


def test_an_email_nobody_can_open_is_claimed_all_the_same(unreadable):
    assert claim_one(NOON) == unreadable


def test_it_waits_for_its_key_and_the_others_go(unreadable):
    other = make_letter(due_at=NOON + minutes(1))
    assert (deliver.step(now=NOON + minutes(1)), deliver.step(now=NOON + minutes(1))) == (True, True)
    unreadable.refresh_from_db(fields=("state", "why", "attempts"))
    other.refresh_from_db()
    assert (other.state, len(mail.outbox)) == (State.SENT, 1)
    assert (unreadable.state, unreadable.attempts) == (State.PLANNED, 1)
    assert unreadable.reason.startswith("It can’t be decrypted")


def test_with_the_key_back_it_goes(settings):
    first = list(settings.FIELD_KEYS)
    make_letter(text="zebra\n")
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    deliver.step(now=NOON)
    settings.FIELD_KEYS = [*settings.FIELD_KEYS, *first]
    deliver.step(now=NOON + minutes(1))
    assert [sent.body for sent in mail.outbox] == ["zebra\n"]


def test_without_its_key_it_fails_in_the_end_with_a_sentence(unreadable):
    Letter.objects.update(attempts=TRIES - 1)
    deliver.step(now=NOON)
    unreadable.refresh_from_db(fields=("state", "why"))
    assert unreadable.state == State.FAILED
    assert unreadable.reason == ("It can’t be decrypted: its key is missing. We tried eight times.")


def test_it_is_called_off_without_being_opened(unreadable):
    send_check.register("confirmation", lambda *_: Cancel(as_written("They are gone."), purge=True))
    deliver.step(now=NOON)
    unreadable.refresh_from_db()
    assert (unreadable.state, unreadable.text, unreadable.to_address) == (State.CANCELLED, "", "")


def test_a_fresh_email_does_not_go_over_words_nobody_can_put_back(lose_key):
    send_check.register("follow_up", lambda *_: Send(FRESH))
    letter = make_letter("follow_up")
    before = resting(letter)
    lose_key()
    deliver.step(now=NOON)
    assert (mail.outbox, resting(letter)) == ([], before)


def test_a_dead_senders_email_is_settled_without_being_opened(unreadable):
    claim_one(NOON)
    Letter.objects.update(leased_until=NOON - minutes(9 * 525600))
    assert deliver.step(now=NOON)
    unreadable.refresh_from_db(fields=("state",))
    assert unreadable.state == State.PLANNED


def test_it_is_not_sent_again(unreadable):
    Letter.objects.update(state=State.FAILED)
    with pytest.raises(CannotSendAgain, match="key"):
        send_again(Letter.objects.get(), by=make_user("Tess"))


def test_it_is_blanked_when_its_days_are_over(unreadable):
    make_practice()
    Letter.objects.update(state=State.FAILED)
    assert blank_old_bodies(NOON + minutes(200 * 1440)) == 1
    assert resting(unreadable) == ("", "")


@pytest.mark.parametrize("state", [State.PLANNED, State.FAILED, State.SENT])
def test_its_page_says_so(unreadable, state):
    make_practice()
    Letter.objects.update(state=state)
    answer = at_work(make_practitioner().user).get(f"/workspace/letters/{unreadable.pk}/")
    assert "can’t be decrypted" in answer.content.decode()


def test_it_has_no_preview(unreadable):
    make_practice()
    browser = at_work(make_practitioner().user)
    assert browser.get(f"/workspace/letters/{unreadable.pk}/preview/").status_code == 404


# --- From a table that holds them in the clear ---------------------------------------------------
BEFORE, AFTER = [("practice", "0004_answers")], [("practice", "0005_sealed_letters")]


@pytest.fixture
def old_table(transactional_db):
    """The ledger as it was before, with four letters in the clear; all tables as they are now afterward."""
    for number in range(3):
        make_letter(text=f"zebra {number}\n", html=f"<p>zebra {number}</p>")
    make_letter(text="", html="")
    migrate(BEFORE)
    yield
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())  # what came later went away too


def migrate(where):
    executor = MigrationExecutor(connection)
    executor.migrate(where)


def table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, html FROM practice_letter ORDER BY id")
        return cursor.fetchall()


IN_THE_CLEAR = [*((f"zebra {number}\n", f"<p>zebra {number}</p>") for number in range(3)), ("", "")]


def seal_again():
    """Run the migration's own step once more."""
    seal = import_module("practice.migrations.0005_sealed_letters").seal
    apps = MigrationExecutor(connection).loader.project_state(BEFORE).apps
    with connection.schema_editor() as editor:
        seal(apps, editor)


@proof_only  # a migration of the past; `test_overlap_guard.py` walks through all of them with empty tables
def test_the_migration_seals_every_email_once_and_opens_them_on_the_way_back(old_table, monkeypatch):
    """One walk there and back: each migration takes seconds."""
    monkeypatch.setattr(import_module("practice.migrations.0005_sealed_letters"), "AT_ONCE", 2)
    assert table() == IN_THE_CLEAR
    migrate(AFTER)
    sealed = table()
    assert "zebra" not in str(sealed)
    assert [tuple(decrypt(words) if words else "" for words in row) for row in sealed] == IN_THE_CLEAR
    seal_again()
    assert table() == sealed
    migrate(BEFORE)
    assert table() == IN_THE_CLEAR
