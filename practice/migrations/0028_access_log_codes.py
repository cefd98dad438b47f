"""What was opened of a record: codes in place of words. Old words stay as they are."""

from django.db import migrations, models

CUT = 80
#: What each code says once this is undone: the words that were written before it.
WORDS = {
    "access:email_between_sessions": "an email between sessions",
    "access:email_with_note": "an email with a note from us",
    "access:email_declined": "an email that declined a request",
    "access:signed": "what was signed",
    "access:address_changed": "changed the address you sign in with",
    "access:address_restored": "sign-in address restored",
    "access:sessions_ended": "signed out everywhere",
    "access:step_reset": "second step reset",
    "access:appointment": "an appointment",
    "access:appointment_changes": "appointment changes",
    "access:assigned_to_this": "assigned sessions to the record of %(name)s: %(number)s",
    "access:assigned_to_other": "assigned a session to a record",
    "access:record": "record",
    "access:brief": "brief before a session",
    "access:intake": "intake",
    "access:note": "a session note",
    "access:notes": "the list of session notes",
    "access:plan_of_other": "the home program",
    "access:assignment": "an assignment",
    "access:follow_ups": "follow-ups",
    "access:questions": "questions",
    "access:copy": "a copy of the whole record",
    "access:copy_on_server": "a copy of the whole record, taken on the server",
    "access:permitted": "let %(name)s open the record",
    "access:permission_ended": "ended the permission of %(name)s",
}


def to_words(apps, schema_editor):
    rows = apps.get_model("practice", "AccessLog")._base_manager.using(schema_editor.connection.alias)
    some = []
    for row in rows.exclude(code="").iterator(chunk_size=500):
        row.what = as_words(row.code, row.params)
        some.append(row)
        if len(some) == 500:
            rows.bulk_update(some, ["what"])
            some = []
    rows.bulk_update(some, ["what"])


def as_words(code, params):
    return (WORDS[code] % params if code in WORDS else code)[:CUT]


class Migration(migrations.Migration):

    dependencies = [
        ("practice", "0027_locale_is_checked"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accesslog",
            name="what",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="accesslog",
            name="code",
            field=models.CharField(blank=True, help_text="What was opened or done; said when shown.", max_length=40),
        ),
        migrations.AddField(
            model_name="accesslog",
            name="params",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunPython(migrations.RunPython.noop, to_words),
    ]
