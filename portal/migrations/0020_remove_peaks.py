"""The heights of a recording's sound were measured and stored, and drawn nowhere."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0019_upload_tries")]

    operations = [migrations.RemoveField(model_name="lessonaudio", name="peaks")]
