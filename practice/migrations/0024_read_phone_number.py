"""Keep the practice's phone number in one form (E.164). What cannot be read stays as it was typed."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from practice.core.locales import phone_numbers


def read_number(apps: Any, schema_editor: Any) -> None:
    """Write the number as the form would now; the old rule read every number of the new form, too."""
    for practice in apps.get_model("practice", "Practice").objects.exclude(phone=""):
        region = phone_numbers.region_of(practice.zone, practice.locale)
        practice.phone = phone_numbers.kept(practice.phone, region=region)
        practice.save(update_fields=["phone"])


class Migration(migrations.Migration):
    dependencies = [("practice", "0023_a_new_version_of_changed_consents")]
    operations = [migrations.RunPython(read_number, migrations.RunPython.noop)]
