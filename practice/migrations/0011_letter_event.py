"""An email's row says what it tells of, so that it can be worded when it leaves."""

from django.db import migrations, models

import practice.models.encrypted


class Migration(migrations.Migration):
    dependencies = [("practice", "0010_wall_times")]

    operations = [
        migrations.AddField(
            "letter",
            "event",
            models.JSONField(default=dict, help_text="What it tells of: ids, instants, numbers. No words."),
        ),
        migrations.AddField(
            "letter",
            "word",
            practice.models.encrypted.EncryptedTextField(
                blank=True, default="", help_text="What somebody wrote along with it."
            ),
            preserve_default=False,
        ),
    ]
