"""Which page of the workspace opens first on a computer, for each person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practice", "0029_plain_model_names")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="opens_first",
            field=models.CharField(
                choices=[("today", "Today"), ("week", "Week")],
                default="today",
                editable=False,
                help_text="The page of the workspace that opens on a computer; on a phone it is always Today.",
                max_length=5,
            ),
        )
    ]
