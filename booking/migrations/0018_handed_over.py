"""An appointment may be handed over to a colleague: one more thing that can happen to it. No row changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking", "0017_wall_times")]

    operations = [
        migrations.AlterField(
            "appointmentchange",
            "what",
            models.CharField(
                choices=[
                    ("held", "held"),
                    ("requested", "asked for"),
                    ("approved", "approved"),
                    ("declined", "declined"),
                    ("booked", "booked"),
                    ("moved", "moved"),
                    ("handed_over", "handed over to a colleague"),
                    ("cancelled", "cancelled"),
                    ("restored", "brought back"),
                    ("released", "let go"),
                    ("completed", "took place"),
                    ("no_show", "did not come"),
                ],
                max_length=12,
            ),
        ),
    ]
