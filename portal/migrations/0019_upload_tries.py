"""How often a recording was tried, so that one that fails each time ends."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0018_follow_up_why")]

    operations = [
        migrations.AddField(
            model_name="recordingupload",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        )
    ]
