"""Photos of practitioners, and the practice's own logo and colors."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practice", "0033_merged_into")]

    operations = [
        migrations.AddField(
            model_name="practitioner",
            name="photo",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="The name of the files in MEDIA_ROOT/people/, made of their content.",
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="logo",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="The name of the file in MEDIA_ROOT/look/, made of its content and its size.",
                max_length=48,
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="accent",
            field=models.CharField(blank=True, default="", max_length=7, verbose_name="color"),
        ),
        migrations.AddField(
            model_name="practice",
            name="accent_dark",
            field=models.CharField(
                blank=True, default="", max_length=7, verbose_name="color on dark screens"
            ),
        ),
    ]
