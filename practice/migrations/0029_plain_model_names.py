"""Rename Tally and Pulse to plain words: rows, tables and columns stay as they are.

Content types follow `RenameModel` by themselves; permissions are renamed here.
"""

from django.db import migrations

RENAMED = [('tally', 'usagecount'), ('pulse', 'heartbeat')]


def rename_permissions(apps, schema_editor, pairs):
    """Rename the permissions of each (old, new) model name, where they exist."""
    rows = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    for old, new in pairs:
        found = rows.filter(content_type__app_label="practice", codename__endswith=f"_{old}")
        for row in found:
            action = row.codename.removesuffix(f"_{old}")
            if not rows.filter(content_type=row.content_type, codename=f"{action}_{new}").exists():
                row.codename = f"{action}_{new}"
                row.save(update_fields=["codename"])


def forward(apps, schema_editor):
    rename_permissions(apps, schema_editor, RENAMED)


def backward(apps, schema_editor):
    rename_permissions(apps, schema_editor, [(new, old) for old, new in RENAMED])


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("practice", "0028_access_log_codes"),
    ]

    operations = [
        migrations.AlterModelTable(name="tally", table="practice_tally"),
        migrations.RenameModel(old_name="Tally", new_name="UsageCount"),
        migrations.AlterModelTable(name="pulse", table="practice_pulse"),
        migrations.RenameModel(old_name="Pulse", new_name="Heartbeat"),
        migrations.RunPython(forward, backward, elidable=True),
    ]
