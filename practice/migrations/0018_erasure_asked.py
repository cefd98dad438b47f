"""Emails that tell of a wish for erasure get a kind of their own, which the front desk does not see."""

from django.db import migrations


def name_anew(apps, schema_editor):
    letters = apps.get_model("practice", "Letter").objects
    letters.filter(kind="account_notice", key__startswith="erasure:").update(kind="erasure_asked")


def name_as_before(apps, schema_editor):
    apps.get_model("practice", "Letter").objects.filter(kind="erasure_asked").update(kind="account_notice")


class Migration(migrations.Migration):
    dependencies = [("practice", "0017_american_words")]

    operations = [migrations.RunPython(name_anew, name_as_before)]
