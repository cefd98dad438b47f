"""An old key can be retired: everything that rests encrypted is sealed anew, and nothing else is touched."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import call_command
from django.db.models import ExpressionWrapper, F, TextField, Value

from booking.models import IdempotencyKey
from portal.models import ActivityRating, ClientProfile, NoteAmendment, RecordNote, SessionNote
from practice.append_only.door import Why, open_door
from practice.models.encrypted import EncryptedTextField
from practice.security.actions.rotate_keys import rotate_all
from practice.security.crypto import encrypt
from practice.tests.routes.back_office_rows import add_rows
from practice.tests.routes.sample_practice import make_sample_practice

pytestmark = pytest.mark.engines
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
WORDS = json.dumps("her left knee")  # also JSON, for the columns that hold it
REGISTRY = [
    pytest.param(model, field.name, id=f"{model._meta.label}.{field.name}")
    for model in apps.get_models()
    for field in model._meta.local_fields
    if isinstance(field, EncryptedTextField)
]


@pytest.fixture(scope="module")
def scenario(module_db):
    """A row of every model that keeps something encrypted, and an authenticator app."""
    world = make_sample_practice()
    add_rows(world)
    note = SessionNote.objects.get()
    NoteAmendment.objects.create(note=note, text="And the right one.", by=world.people["owner"])
    RecordNote.objects.create(
        client=world.people["client"], author=note.author, by=world.people["owner"], text="They called."
    )
    ClientProfile.objects.get_or_create(user=world.people["client"])
    ActivityRating.objects.create(client=world.people["client"], scores=[{"what": "stairs", "now": 4}])
    IdempotencyKey.objects.create(key="k", body_hash="h", answer={"uid": "u"})
    return world


@pytest.fixture
def under_the_old_key(scenario, settings):
    """All of it under the old key, and FIELD_KEYS with a new one before it."""
    settings.FIELD_KEYS = [OLD]
    sealed = encrypt(WORDS)
    with open_door(Why.DEMO):
        for model, name in (param.values for param in REGISTRY):
            model._base_manager.update(**{name: Value(sealed, output_field=TextField())})
    ann = scenario.people["client"]
    Authenticator.objects.create(user=ann, type="totp", data={"secret": encrypt("JBSW"), "n": 1})
    Authenticator.objects.create(user=ann, type="recovery_codes", data={"migrated_codes": [encrypt("1234")]})
    settings.FIELD_KEYS = [NEW, OLD]


def as_they_rest(model, name) -> list[str]:
    rests = ExpressionWrapper(F(name), output_field=TextField())
    return list(model._base_manager.annotate(rests=rests).values_list("rests", flat=True))


def test_every_column_that_is_encrypted_is_encrypted_again_and_an_authenticators_secrets_too(
    under_the_old_key,
):
    found = rotate_all([].append)
    box = Fernet(NEW)

    for model, name in (param.values for param in REGISTRY):
        texts = as_they_rest(model, name)
        assert texts, f"{model._meta.label} has no row in this test"
        assert {box.decrypt(text).decode() for text in texts} == {WORDS}
    app, codes = (
        Authenticator.objects.exclude(type="webauthn").order_by("-type").values_list("data", flat=True)
    )
    assert (box.decrypt(app["secret"]), app["n"]) == (b"JBSW", 1)
    assert box.decrypt(codes["migrated_codes"][0]) == b"1234"
    assert all(one.anew and not one.already and not one.lost for one in found)


def test_interrupted_it_continues_where_it_stopped(under_the_old_key):
    def power_cut(one):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_all(power_cut)
    first, second, *_ = rotate_all([].append)

    assert (first.anew, bool(first.already), bool(second.anew)) == (0, True, True)


def test_what_changes_in_the_meantime_is_not_written_over(under_the_old_key, monkeypatch):
    """Somebody signs an amendment between our reading it and our writing it."""
    from practice.security.actions import rotate_keys

    def slowly(sealed):
        with open_door(Why.DEMO):
            NoteAmendment.objects.update(text="Written meanwhile.")
        return real(sealed)

    real = rotate_keys.rotate
    monkeypatch.setattr(rotate_keys, "rotate", slowly)
    rotate_keys._rotate_column(NoteAmendment, "text")

    assert NoteAmendment.objects.get().text == "Written meanwhile."


def test_a_text_whose_key_is_lost_is_counted_and_the_others_continue(under_the_old_key, settings, capsys):
    settings.FIELD_KEYS = [OLD]
    with open_door(Why.DEMO):
        NoteAmendment.objects.update(text="under the old key")
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(SystemExit):
        call_command("rotate_keys")
    said = capsys.readouterr().out

    assert "portal.NoteAmendment.text: 0 re-encrypted, 0 unchanged, 1 lost" in said
    assert "remove the others" not in said
