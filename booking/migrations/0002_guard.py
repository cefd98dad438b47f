"""The database refuses overlaps: see booking/guard.py, which also puts this back after every migrate."""

from django.db import migrations

from booking import guard


def install(apps, schema_editor):
    guard.install(schema_editor.connection.alias)


def remove(apps, schema_editor):
    guard.remove(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
