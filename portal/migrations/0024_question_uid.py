"""The name a client's device gives its question, so that one sent again from a queue is one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0023_collection")]

    operations = [
        migrations.AddField(
            model_name="question",
            name="uid",
            field=models.UUIDField(
                editable=False,
                help_text="Made by the client's device: the same is one question.",
                null=True,
                unique=True,
            ),
        )
    ]
