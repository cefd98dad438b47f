import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("booking", "0020_before_a_move"),
        ("practice", "0013_practice_moved_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointmentchange",
            name="was_practitioner",
            field=models.ForeignKey(
                blank=True,
                help_text="Who had it before it went to a colleague.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practice.practitioner",
            ),
        ),
    ]
