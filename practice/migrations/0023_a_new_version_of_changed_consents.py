"""Ask again where clients agreed to words that were changed since without a new version."""

from typing import Any

from django.db import migrations, models


def count_changed_words(apps: Any, schema_editor: Any) -> None:
    """Raise the version of a practice with consents to other words under the same version."""
    consents = apps.get_model("practice", "Consent").objects
    for practice in apps.get_model("practice", "Practice").objects.all():
        given = consents.filter(kind="booking", version=practice.consent_version)
        if given.exclude(text=practice.treatment_consent).exists():
            practice.consent_version += 1
            practice.save(update_fields=["consent_version"])


class Migration(migrations.Migration):
    dependencies = [("practice", "0022_doctors_page_and_home_page")]

    operations = [
        migrations.AlterField(
            model_name="practice",
            name="consent_version",
            field=models.PositiveSmallIntegerField(
                default=1,
                editable=False,
                help_text="Of what clients agree to when booking; a change of it is a new version.",
            ),
        ),
        migrations.RunPython(count_changed_words, migrations.RunPython.noop),
    ]
