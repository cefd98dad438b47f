from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("booking", "0027_plain_labels"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointmentchange",
            name="code",
            field=models.CharField(blank=True, editable=False, help_text="What the system noted.", max_length=24),
        ),
        migrations.AddField(
            model_name="appointmentchange",
            name="params",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
