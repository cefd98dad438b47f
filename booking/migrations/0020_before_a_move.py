from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("booking", "0019_hours_past_midnight"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointmentchange",
            name="before",
            field=models.JSONField(
                editable=False,
                help_text="Of a move: what the row held before, so that it can be undone.",
                null=True,
            ),
        ),
    ]
