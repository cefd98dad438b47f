"""An index for the lessons that a client has finished, so that no page looks through all their entries."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0024_question_uid")]

    operations = [
        migrations.AlterField(
            model_name="guidelinesread",
            name="lesson",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="guidelines_read", to="portal.lesson"
            ),
        ),
        migrations.AddIndex(
            model_name="practiceentry",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False), ("said_done", True), _connector="OR"),
                fields=["client", "lesson"],
                name="entry_finished",
            ),
        ),
    ]
