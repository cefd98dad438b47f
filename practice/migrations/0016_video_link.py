"""Where a practitioner's calls by video are."""

from django.core.validators import URLValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practice", "0015_correspondent")]

    operations = [
        migrations.AddField(
            "practitioner",
            "video_link",
            models.URLField(
                blank=True,
                default="",
                help_text="Clients of sessions by video find it on their page and in their emails.",
                max_length=300,
                validators=[URLValidator(schemes=["https"])],
                verbose_name="link to their video calls",
            ),
            preserve_default=False,
        ),
    ]
