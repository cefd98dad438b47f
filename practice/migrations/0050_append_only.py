"""The database refuses to change the access log: see practice/append_only, which also puts this back."""

from django.db import migrations

from practice.append_only import guard

INSTALL, REMOVE = guard.steps(guard.Guarded("practice_accesslog"))


class Migration(migrations.Migration):
    dependencies = [("practice", "0049_door_opening")]

    operations = [migrations.RunPython(INSTALL, REMOVE)]
