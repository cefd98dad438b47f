"""The database refuses to change signed notes and what is added to them: see practice/append_only."""

from django.db import migrations

from practice.append_only import guard

INSTALL, REMOVE = guard.steps(
    guard.Guarded("portal_activityrating"),
    guard.Guarded("portal_lessonchange"),
    guard.Guarded("portal_noteamendment"),
    guard.Guarded("portal_recordnote"),
    guard.Guarded("portal_segment"),
    guard.Guarded("portal_sessionnote", once="signed_at"),
)


class Migration(migrations.Migration):
    dependencies = [("portal", "0035_entries_by_start"), ("practice", "0050_append_only")]

    operations = [migrations.RunPython(INSTALL, REMOVE)]
