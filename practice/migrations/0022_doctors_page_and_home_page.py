"""A flag for the doctor's page, so that its address may change, and the owner's words on the home page."""

from typing import Any

from django.db import migrations, models

SLUG = "when-to-see-a-doctor-first"


def flag_the_doctors_page(apps: Any, schema_editor: Any) -> None:
    """Flag the article that was known by its address until now."""
    apps.get_model("practice", "Article").objects.filter(slug=SLUG).update(is_doctors_page=True)


class Migration(migrations.Migration):
    dependencies = [("practice", "0021_letter_why")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="is_doctors_page",
            field=models.BooleanField(
                default=False,
                help_text="Links to warning signs lead here. While it isn’t published, they lead to our own text.",
                verbose_name="this is the page “When to see a doctor first”",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_doctors_page", True)),
                fields=("is_doctors_page",),
                name="one_doctors_page",
                violation_error_message="Another article is the doctor’s page. Uncheck it there first.",
            ),
        ),
        migrations.RunPython(flag_the_doctors_page, migrations.RunPython.noop),
        migrations.AddField(
            model_name="practice",
            name="headline",
            field=models.TextField(
                blank=True,
                help_text="If empty, it is the name of the practice.",
                max_length=120,
                verbose_name="headline",
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="introduction",
            field=models.TextField(
                blank=True,
                help_text="If empty, it is the text about the practice.",
                verbose_name="introduction",
            ),
        ),
    ]
