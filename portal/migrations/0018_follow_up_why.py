"""Why a follow-up is due then, or not at all: codes in place of sentences. Old sentences stay as they are."""

import json

from django.db import migrations, models

AS_WRITTEN = "as_written"
CODES = '[{"code": '  # what a code looks like in the old column, after this migration was undone


def to_codes(apps, schema_editor):
    rewrite(apps, schema_editor, "reason", "why", kept_as_code)


def to_sentences(apps, schema_editor):
    rewrite(apps, schema_editor, "why", "reason", kept_as_sentence)


def rewrite(apps, schema_editor, old, new, kept):
    rows = apps.get_model("portal", "FollowUp")._base_manager.using(schema_editor.connection.alias)
    written = rows.exclude(**{old: "" if old == "reason" else []}).only("pk", old)
    some = []
    for row in written.iterator(chunk_size=500):
        setattr(row, new, kept(getattr(row, old)))
        some.append(row)
        if len(some) == 500:
            rows.bulk_update(some, [new])
            some = []
    rows.bulk_update(some, [new])


def kept_as_code(sentence):
    if sentence.startswith(CODES):
        return json.loads(sentence)
    return [{"code": AS_WRITTEN, "params": {"text": sentence}}]


def kept_as_sentence(reasons):
    if [one["code"] for one in reasons] == [AS_WRITTEN]:
        return reasons[0]["params"]["text"]
    return json.dumps(reasons)


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0017_plain_labels'),
    ]

    operations = [
        migrations.AddField(
            model_name='followup',
            name='why',
            field=models.JSONField(
                blank=True, default=list, help_text='Why then, or why not at all: codes, put into words when shown.'
            ),
        ),
        migrations.RunPython(to_codes, to_sentences),
        migrations.RemoveField(
            model_name='followup',
            name='reason',
        ),
    ]
