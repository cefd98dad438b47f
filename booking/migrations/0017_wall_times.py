"""The start on the practitioner's clocks, kept beside the instant in case a zone's rules change."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from django.db import migrations, models
from django.utils.timezone import now

from practice.core.wall_time import wall_time_text
from practice.core.zone_data import system_zone

READ = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
FURTHEST = timedelta(hours=15)  # no clock is further from UTC


def fill(apps, schema_editor):
    """Fill in wall times of future bookings: as booked, where the row has it; else by the rules until now."""
    rows = apps.get_model("booking", "Appointment").objects.filter(occupies=True, ends_at__gt=now())
    changes = apps.get_model("booking", "AppointmentChange").objects.filter(what="moved")
    moved = set(changes.filter(appointment__in=rows).values_list("appointment_id", flat=True))
    fields = ("id", "starts_at", "zone", "wall_time", "practitioner__zone")
    for pk, starts_at, zone, wall_time, here in list(rows.values_list(*fields)):
        told = zone == here and pk not in moved
        new = {"wall_here": told and as_booked(wall_time, starts_at, here) or wall_time_text(starts_at, rules(here))}
        if pk in moved and zone:  # a move did not write it anew until now
            new["wall_time"] = f"{starts_at.astimezone(rules(zone)):%Y-%m-%d %H:%M %Z}"
        rows.filter(pk=pk).update(**new)


def rules(zone):
    """Return the rules by which instants were computed until now: the system's copy, where it has one."""
    return system_zone(zone) or ZoneInfo(zone)


def as_booked(wall_time, starts_at, zone):
    """Return what the booker read, with its offset; empty where it cannot be of this start."""
    if not READ.match(wall_time):
        return ""
    clock = datetime.strptime(wall_time[:16], "%Y-%m-%d %H:%M")
    offset = clock - starts_at.astimezone(UTC).replace(tzinfo=None)
    if abs(offset) > FURTHEST:
        return ""
    return f"{clock.replace(tzinfo=timezone(offset)).isoformat()}[{zone}]"


class Migration(migrations.Migration):
    dependencies = [("booking", "0016_erased_clients")]

    operations = [
        migrations.AddField(
            "appointment",
            "wall_here",
            models.CharField(
                blank=True,
                editable=False,
                help_text="Wall time, zone and offset of that day: should the rules change, this was meant.",
                max_length=100,
                verbose_name="start on the practitioner's clocks, as agreed",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
