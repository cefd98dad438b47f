from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practice", "0003_wants_reminders")]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="category",
            field=models.CharField(
                choices=[
                    ("account", "signing in"),
                    ("appointment", "appointments"),
                    ("notice", "notices to the practice"),
                    ("encouragement", "between sessions"),
                    ("digest", "digests"),
                    ("answer", "answers"),
                ],
                max_length=20,
            ),
        ),
    ]
