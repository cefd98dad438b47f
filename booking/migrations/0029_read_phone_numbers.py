"""Keep phone numbers of appointments and wishes in one form (E.164). What cannot be read stays as it was typed."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from practice.core.locales import phone_numbers


def read_numbers(apps: Any, schema_editor: Any) -> None:
    """Write each number as the form would now, in the practice's country.

    Each text once, however many rows have it. Going back leaves them: the column holds a text as before.
    """
    practice = apps.get_model("practice", "Practice").objects.filter(pk=1).first()
    region = phone_numbers.ELSEWHERE
    if practice:
        # practice.0036 renames the field, and may have been applied before this one.
        locale = getattr(practice, "locale", None) or practice.home_locale
        region = phone_numbers.region_of(practice.zone, locale)
    for name in ("Appointment", "WaitlistEntry"):
        rows = apps.get_model("booking", name)._base_manager
        for typed in list(rows.exclude(phone="").order_by().values_list("phone", flat=True).distinct()):
            if (number := phone_numbers.kept(typed, region=region)) != typed:
                rows.filter(phone=typed).update(phone=number)


class Migration(migrations.Migration):
    dependencies = [("booking", "0028_change_codes"), ("practice", "0024_read_phone_number")]
    operations = [migrations.RunPython(read_numbers, migrations.RunPython.noop)]
