"""Words that people at work write are encrypted from here on; existing ones are encrypted, too."""

from django.db import migrations, models

from practice.models.encrypted import EncryptedTextField
from practice.security.reencrypt import encrypt_column


def as_sealed(model, name, field):
    """Return the field that encrypts, in the same column. No statement, so no table is rebuilt."""
    return migrations.SeparateDatabaseAndState(state_operations=[migrations.AlterField(model, name, field)])


class Migration(migrations.Migration):
    dependencies = [("booking", "0011_changes_lately")]

    operations = [
        # Room first: what is sealed is longer. The guarded table has room already, so its guard stays on.
        migrations.AlterField("appointmentchange", "note", models.TextField(blank=True)),
        migrations.AlterField("package", "note", models.TextField(blank=True)),
        migrations.AlterField("closure", "reason", models.TextField(blank=True)),
        encrypt_column("booking", "Appointment", "override_note"),
        encrypt_column("booking", "AppointmentChange", "note"),
        encrypt_column("booking", "Package", "note"),
        encrypt_column("booking", "Closure", "reason"),
        as_sealed("appointment", "override_note", EncryptedTextField(blank=True)),
        as_sealed("appointmentchange", "note", EncryptedTextField(blank=True)),
        as_sealed(
            "package", "note", EncryptedTextField(blank=True, max_length=200, verbose_name="how it was paid")
        ),
        as_sealed(
            "closure",
            "reason",
            EncryptedTextField(blank=True, max_length=120, help_text="For the practice's eyes only."),
        ),
    ]
