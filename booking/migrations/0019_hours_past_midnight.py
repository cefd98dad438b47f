"""Hours that end before they begin run past midnight only where the row says so. Existing ones are kept."""

import datetime as dt

from django.db import migrations, models
from django.db.models import F, Q

MIDNIGHT = dt.time(0)
IN_ONE_DAY = Q(closes__gt=F("opens")) | Q(closes=MIDNIGHT) | Q(past_midnight=True)


def keep_what_is_open(apps, schema_editor):
    """Mark such hours as past midnight: they were read so until now, and somebody may work by them."""
    for name in ("OpeningHours", "Closure"):
        rows = apps.get_model("booking", name).objects.filter(closes__lte=F("opens"))
        rows.exclude(closes=MIDNIGHT).update(past_midnight=True)


def field():
    return models.BooleanField(
        default=False,
        help_text="For hours that end earlier on the clock than they begin, like 22:00–02:00.",
        verbose_name="run past midnight, into the next day",
    )


class Migration(migrations.Migration):
    dependencies = [("booking", "0018_handed_over")]

    operations = [
        migrations.AddField("openinghours", "past_midnight", field()),
        migrations.AddField("closure", "past_midnight", field()),
        migrations.AlterField("openinghours", "closes", models.TimeField(help_text="00:00 is midnight.")),
        migrations.AlterField(
            "closure", "closes", models.TimeField(blank=True, help_text="00:00 is midnight.", null=True)
        ),
        migrations.RunPython(keep_what_is_open, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            "openinghours",
            models.CheckConstraint(condition=IN_ONE_DAY, name="hours_end_after_they_begin"),
        ),
        migrations.AddConstraint(
            "closure",
            models.CheckConstraint(
                condition=Q(opens=None) | IN_ONE_DAY, name="closure_hours_end_after_they_begin"
            ),
        ),
    ]
