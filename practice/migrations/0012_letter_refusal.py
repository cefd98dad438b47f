"""A refusal that is about us is noted on its email: several at once stop the kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practice", "0011_letter_event")]

    operations = [
        migrations.AddField(
            "letter",
            "refused_at",
            models.DateTimeField(blank=True, help_text="Refused for a reason that is ours.", null=True),
        ),
        migrations.AddField(
            "letter",
            "refusal",
            models.CharField(
                blank=True, default="", help_text="In which words, without names.", max_length=120
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            "letter",
            models.Index(
                condition=models.Q(("refused_at__isnull", False)),
                fields=["kind", "refused_at"],
                name="letter_refused",
            ),
        ),
    ]
