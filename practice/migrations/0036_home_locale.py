"""The practice's own locale gets a name of its own; `locale` is a reader's. The column stays as it is."""

from django.db import migrations, models

import practice.models.validators


class Migration(migrations.Migration):
    dependencies = [("practice", "0035_copied_on")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("practice", "locale", "home_locale"),
                migrations.AlterField(
                    "practice",
                    "home_locale",
                    models.CharField(
                        db_column="locale",
                        default="en-us",
                        help_text="How dates, times and prices are written: en-us says 2:30 PM, en-gb says 14:30.",
                        max_length=10,
                        validators=[practice.models.validators.known_locale],
                        verbose_name="locale",
                    ),
                ),
            ]
        )
    ]
