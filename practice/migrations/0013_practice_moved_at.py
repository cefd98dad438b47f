"""When the practice's address changed, until the owner says whether to tell those who are booked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practice", "0012_letter_refusal")]

    operations = [
        migrations.AddField(
            "practice",
            "moved_at",
            models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When the address changed, until the owner says whether to tell those who are booked.",
                null=True,
            ),
        ),
    ]
