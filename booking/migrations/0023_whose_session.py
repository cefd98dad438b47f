"""Sessions booked with one name for somebody of another: whose they are, a person must say.

Nothing is filed anew here: a name may be another spelling, and one person's notes belong under no other.
"""

from django.db import migrations

from practice.core.plain_text import is_same_name


def mark(apps, schema_editor):
    rows = apps.get_model("booking", "Appointment").objects.filter(client__isnull=False, correspondent=None)
    named = rows.exclude(attendee_name="").exclude(state__in=("held", "released"))
    fields = ("pk", "attendee_name", "client__name")
    unclear = [pk for pk, name, own in named.values_list(*fields) if own and not is_same_name(name, own)]
    for start in range(0, len(unclear), 500):
        rows.filter(pk__in=unclear[start : start + 500]).update(attendee_unclear=True)


class Migration(migrations.Migration):
    dependencies = [("booking", "0022_correspondent")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop, elidable=True)]
