"""Add the rests of a recording, from which chapters are proposed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0027_drafts_and_withdrawn_lessons"),
    ]

    operations = [
        migrations.AddField(
            model_name="lessonaudio",
            name="silences",
            field=models.JSONField(blank=True, default=None, editable=False, null=True),
        ),
    ]
