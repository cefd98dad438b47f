"""The answers kept for a key hold the link that opens the booking: they rest sealed, as a text of JSON."""

import json

from django.db import migrations, models

from practice.security.crypto import decrypt, encrypt
from practice.models.encrypted import EncryptedJSONField


def seal(apps, schema_editor):
    """A day's answers at most."""
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
