"""Fields for what counts in an imported calendar, and for when it was last found unchanged."""

import django.utils.timezone
from django.db import migrations, models
from django.db.models import F


def as_read(apps, schema_editor):
    """Fill in `checked_at`: until now only whole readings were dated."""
    calendars = apps.get_model("booking", "ImportedCalendar").objects.using(schema_editor.connection.alias)
    calendars.filter(checked_at=None).update(checked_at=F("fetched_at"))


def instant(help_text):
    return models.DateTimeField(blank=True, editable=False, help_text=help_text, null=True)


class Migration(migrations.Migration):
    dependencies = [("booking", "0013_sealed_answers")]

    operations = [
        migrations.AddField(
            "importedcalendar",
            "my_addresses",
            models.CharField(
                "my address there", max_length=300, blank=True, help_text="What it declined is free."
            ),
        ),
        migrations.AddField(
            "importedcalendar",
            "unanswered_count",
            models.BooleanField("invitations without an answer count as busy", default=True),
        ),
        migrations.AddField(
            "importedcalendar",
            "all_day_count",
            models.BooleanField("all-day events count as busy", default=True),
        ),
        migrations.AddField(
            "importedcalendar",
            "offered_address",
            models.CharField(
                blank=True,
                editable=False,
                help_text="An email address that the calendar is named by.",
                max_length=254,
            ),
        ),
        migrations.AddField(
            "importedcalendar",
            "added_at",
            models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AlterField("importedcalendar", "fetched_at", instant("When the whole of it was read last.")),
        migrations.AddField(
            "importedcalendar", "checked_at", instant("When it was read last, or was as it had been.")
        ),
        migrations.AddField(
            "importedcalendar", "emptied_at", instant("Since when it may hold nothing that lies ahead.")
        ),
        migrations.RunPython(as_read, migrations.RunPython.noop),
    ]
