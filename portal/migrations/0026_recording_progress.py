"""Add resumable uploads, the steps of their preparation, and times that were carried over."""

import django.utils.timezone
from django.db import migrations, models


def dismiss_old_ones(apps, schema_editor):
    """Nobody is asked about what was refused before anybody was asked."""
    uploads = apps.get_model("portal", "RecordingUpload")
    uploads.objects.filter(state="refused").update(dismissed_at=django.utils.timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0025_entry_finished"),
    ]

    operations = [
        migrations.AddField(
            model_name="lessonaudio",
            name="times_to_check",
            field=models.BooleanField(
                default=False, help_text="Chapters and transcript were carried over from another length."
            ),
        ),
        migrations.AddField(
            model_name="recordingupload",
            name="size",
            field=models.PositiveBigIntegerField(default=0, help_text="Bytes; 0: unknown."),
        ),
        migrations.AddField(
            model_name="recordingupload",
            name="fingerprint",
            field=models.CharField(
                blank=True, help_text="By which a browser knows its file again.", max_length=80
            ),
        ),
        migrations.AddField(
            model_name="recordingupload",
            name="arrived_at",
            field=models.DateTimeField(default=django.utils.timezone.now, help_text="When its last part came."),
        ),
        migrations.AddField(
            model_name="recordingupload",
            name="step",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name="recordingupload",
            name="percent",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="recordingupload",
            name="dismissed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="recordingupload",
            name="state",
            field=models.CharField(
                choices=[
                    ("receiving", "being uploaded"),
                    ("waiting", "waiting"),
                    ("working", "being prepared"),
                    ("published", "published"),
                    ("refused", "could not be used"),
                ],
                default="waiting",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="recordingupload",
            index=models.Index(
                condition=models.Q(
                    ("dismissed_at", None), ("state__in", ["receiving", "waiting", "working", "refused"])
                ),
                fields=["lesson", "created_at"],
                name="upload_needs_person",
            ),
        ),
        migrations.RunPython(dismiss_old_ones, migrations.RunPython.noop),
    ]
