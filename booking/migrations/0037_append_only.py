"""The database refuses to change histories, payments and receipts: see practice/append_only."""

from django.db import migrations

from practice.append_only import guard

INSTALL, REMOVE = guard.steps(
    guard.Guarded("booking_appointmentchange"),
    guard.Guarded("booking_ledgerentry"),
    guard.Guarded("booking_receipt"),
)


class Migration(migrations.Migration):
    dependencies = [("booking", "0036_availability_version"), ("practice", "0050_append_only")]

    operations = [migrations.RunPython(INSTALL, REMOVE)]
