"""Encrypt the answers kept for a key, as a text of JSON: they hold the link that opens the booking."""

import json

from django.db import migrations, models

from practice.security.crypto import decrypt, encrypt
from practice.models.encrypted import EncryptedJSONField


def seal(apps, schema_editor):
    """Encrypt the kept answers: those of one day at most."""
    keys = apps.get_model("booking", "IdempotencyKey").objects.using(schema_editor.connection.alias)
    for row in keys.exclude(answer=None):
        keys.filter(pk=row.pk).update(sealed=encrypt(json.dumps(row.answer)))


def open_again(apps, schema_editor):
    keys = apps.get_model("booking", "IdempotencyKey").objects.using(schema_editor.connection.alias)
    for row in keys.exclude(sealed=None):
        keys.filter(pk=row.pk).update(answer=json.loads(decrypt(row.sealed)))


class Migration(migrations.Migration):
    dependencies = [("booking", "0012_sealed_reasons")]

    operations = [
        migrations.AddField("idempotencykey", "sealed", models.TextField(null=True)),
        migrations.RunPython(seal, open_again),
        migrations.RemoveField("idempotencykey", "answer"),
        migrations.RenameField("idempotencykey", "sealed", "answer"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "idempotencykey",
                    "answer",
                    EncryptedJSONField(help_text="It opens what was booked.", null=True),
                )
            ]
        ),
    ]
