"""Versions of free times, and the triggers that write them: see booking/locking/version_triggers.py."""

from django.db import migrations, models

from booking.locking import version_triggers


def install(apps, schema_editor):
    version_triggers.install(schema_editor.connection.alias)


def remove(apps, schema_editor):
    version_triggers.remove(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0035_released_holds"),
        ("practice", "0046_language_of_consents"),
    ]

    operations = [
        migrations.CreateModel(
            name="AvailabilityVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(db_index=True, max_length=24)),
                ("token", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "version of free times",
                "verbose_name_plural": "versions of free times",
            },
        ),
        migrations.RunPython(install, remove),
    ]
