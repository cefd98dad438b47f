"""The table of kinds: what may be sent twice, what holds a secret, and that each kind has all its words."""

from pathlib import Path

import pytest
from django.conf import settings

from practice.mail.kinds import KINDS, kind_of
from practice.models import Letter

EMAILS = Path(settings.BASE_DIR) / "templates" / "emails"


def test_only_encouragement_and_digests_wait_for_a_person_when_unsure():
    unsure = {kind.category for kind in KINDS.values() if not kind.resend_when_unsure}
    assert unsure == {Letter.Category.ENCOURAGEMENT, Letter.Category.DIGEST}


def test_what_signs_someone_in_is_not_kept():
    assert {name for name, kind in KINDS.items() if kind.blank_after_sending} == {
        "sign_in_code",
        "test_email",
        "round_trip",
        "text_code",
    }


def test_a_kind_nobody_knows_anymore_never_goes_twice():
    assert kind_of(Letter(kind="newsletter", category=Letter.Category.DIGEST)).resend_when_unsure is False


@pytest.mark.parametrize("subject", sorted(EMAILS.glob("*_subject.txt")), ids=lambda path: path.name)
def test_an_email_has_a_kind_a_text_and_html(subject):
    kind = subject.name.removesuffix("_subject.txt")
    assert kind in KINDS
    assert (EMAILS / f"{kind}.txt").exists()
    assert (EMAILS / f"{kind}.html").exists()


def test_every_kind_has_its_words():
    texts = {path.stem for path in (EMAILS.parent / "texts").glob("*.txt")}
    emails = {path.name.removesuffix("_subject.txt") for path in EMAILS.glob("*_subject.txt")}
    written_by_the_owner = {"own_words_test"}
    assert texts | emails == set(KINDS) - written_by_the_owner


def test_what_asks_no_person_is_a_text_or_goes_to_ourselves():
    assert {name for name, kind in KINDS.items() if kind.needs_no_person} == {
        "round_trip",
        "text_code",
        "text_reminder",
        "text_offer",
    }


def test_the_subject_of_a_code_does_not_hold_the_code():
    # The ledger keeps subjects.
    assert "code }}" not in (EMAILS / "sign_in_code_subject.txt").read_text()
