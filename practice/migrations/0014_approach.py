"""How a session goes is the owner's to say; a practice that stands keeps what its home page said so far."""

from django.db import migrations, models

TITLE = "We work from the ground up"
TEXT = """## The foundation

First the pelvis and the sacrum, the stone the spine stands on. We look at how they move, and how they would like to.

## The low back

Then the five vertebrae that carry you through the day, one by one, without hurry and without force.

## Everything that pulls on it

A stiff ankle, a held breath, a shoulder that never comes down. The back hears them all, so we ask them all.
"""


def keep_what_was_said(apps, schema_editor):
    apps.get_model("practice", "Practice").objects.update(approach_title=TITLE, approach=TEXT)


class Migration(migrations.Migration):
    dependencies = [("practice", "0013_practice_moved_at")]

    operations = [
        migrations.AddField(
            "practice",
            "approach_title",
            models.CharField(
                "how a session goes: the heading on the home page", blank=True, default="", max_length=120
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "practice",
            "approach",
            models.TextField(
                "how a session goes, in Markdown",
                blank=True,
                default="",
                help_text="Each ## heading begins a step. Empty: the home page leaves this part out.",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(keep_what_was_said, migrations.RunPython.noop),
    ]
