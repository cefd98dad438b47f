"""The database refuses overlaps: see booking/guard.py, which also puts this back after every migrate."""

from django.db import migrations

from booking.locking import overlap_guard


def install(apps, schema_editor):
    overlap_guard.install(schema_editor.connection.alias)


def remove(apps, schema_editor):
    overlap_guard.remove(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
