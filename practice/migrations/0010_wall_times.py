"""What is due at an hour of somebody's clock keeps that hour; which time zone data other calendars were read by."""

from zoneinfo import ZoneInfo

from django.db import migrations, models

from practice.core.wall_time import wall_time_text
from practice.core.zone_data import system_zone

ON_A_CLOCK = ("follow_up", "digest")


def fill(apps, schema_editor):
    """Of what waits: the hour by the rules used until now, on its reader's clock."""
    practice = apps.get_model("practice", "Practice").objects.values_list("zone", flat=True).first()
    working = dict(apps.get_model("practice", "Practitioner").objects.values_list("user_id", "zone"))
    letters = apps.get_model("practice", "Letter").objects.filter(state="planned", kind__in=ON_A_CLOCK)
    for pk, due_at, kind, user, zone in list(letters.values_list("id", "due_at", "kind", "user", "user__zone")):
        key = (working.get(user) if kind == "digest" else zone) or practice
        if key:
            letters.filter(pk=pk).update(due_wall=wall_time_text(due_at, system_zone(key) or ZoneInfo(key)))


class Migration(migrations.Migration):
    dependencies = [("practice", "0009_record_months")]

    operations = [
        migrations.AddField(
            "letter",
            "due_wall",
            models.CharField(
                blank=True,
                help_text="Of what is due at an hour of somebody's clock: that hour, zone and offset.",
                max_length=100,
            ),
        ),
        migrations.AddField(
            "practice",
            "zone_data",
            models.CharField(
                blank=True,
                editable=False,
                help_text="The version of the time zone data by which other calendars were last read.",
                max_length=12,
            ),
        ),
        migrations.AddField(
            "practice",
            "off_the_clock",
            models.BooleanField(
                default=False,
                editable=False,
                help_text="When last looked, something booked no longer matched the rules of its zone.",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
