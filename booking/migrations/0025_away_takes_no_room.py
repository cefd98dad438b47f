"""A session away from the practice takes no room: the database says so.

On SQLite that rebuilds the table without its triggers: the guard is put back at once, on the way back too.
"""

from django.db import migrations, models

from booking.locking import overlap_guard


class Migration(migrations.Migration):
    dependencies = [("booking", "0024_places")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, overlap_guard.reinstall),
        migrations.AddConstraint(
            "appointment",
            models.CheckConstraint(
                condition=models.Q(place="practice") | models.Q(room=None), name="away_takes_no_room"
            ),
        ),
        migrations.RunPython(overlap_guard.reinstall, migrations.RunPython.noop),
    ]
