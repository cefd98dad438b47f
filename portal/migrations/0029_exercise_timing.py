"""Add to exercises: numbers for the timer, an easier and a harder way, and the regions that need care.

The exercises that came with the portal get their numbers where their owner left the dosage unchanged.
"""

import django.core.validators
import practice.models.validators
from django.db import migrations, models

# Web address and dosage → times, seconds each, seconds of rest, sides.
NUMBERS = {
    ("a-knee-towards-the-chest", "Five slow times with each knee, in the evening."): (5, 8, 4, 2),
    ("a-small-bridge", "Four times up and down, with a rest between, every second day."): (4, 10, 10, 1),
    ("cat-and-cow", "Eight slow times, in the morning. Begin with the tail each time."): (8, 8, None, 1),
    ("circles-of-the-ankle", "Five circles each way with each foot, whenever you have sat for an hour."): (
        5,
        10,
        5,
        2,
    ),
    ("circles-of-the-shoulder-blade", "Four circles with each shoulder, two or three times a day."): (
        4,
        8,
        6,
        2,
    ),
    ("knees-from-side-to-side", "Eight times, a rest, and four times more. Every second day."): (8, 8, 4, 1),
    ("the-head-that-rolls", "Ten times, in bed if you like, before getting up."): (10, 8, None, 1),
    ("the-heel-that-slides", "Six times with each leg, once a day."): (6, 10, 5, 2),
    ("the-open-book", "Five times on each side, once a day. A yawn counts."): (5, 12, 6, 2),
    ("the-pelvis-as-a-clock", "Ten times to twelve and six, once a day. The last two only in your mind."): (
        10,
        8,
        4,
        1,
    ),
}


def fill(apps, schema_editor):
    """Write the numbers of the dosages that are unchanged."""
    exercises = apps.get_model("portal", "Exercise").objects
    for (slug, dosage), (times, seconds, rest, sides) in NUMBERS.items():
        exercises.filter(slug=slug, dosage=dosage, repetitions=None).update(
            repetitions=times, hold_seconds=seconds, rest_seconds=rest, sides=sides
        )


class Migration(migrations.Migration):
    dependencies = [("portal", "0028_silences_of_recordings")]

    operations = [
        migrations.AddField(
            model_name="exercise",
            name="care",
            field=models.CharField(
                blank=True,
                help_text="Keep the knee below the hip.",
                max_length=200,
                verbose_name="what to take care of",
            ),
        ),
        migrations.AddField(
            model_name="exercise",
            name="care_regions",
            field=models.JSONField(
                blank=True,
                default=list,
                validators=[practice.models.validators.validate_regions],
                verbose_name="needs care with",
            ),
        ),
        migrations.AddField(
            model_name="exercise",
            name="easier",
            field=models.TextField(blank=True, verbose_name="an easier way"),
        ),
        migrations.AddField(
            model_name="exercise",
            name="harder",
            field=models.TextField(blank=True, verbose_name="a harder way"),
        ),
        migrations.AddField(
            model_name="exercise",
            name="hold_seconds",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How long one time lasts: a hold, or a slow movement.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(180),
                ],
                verbose_name="seconds each time",
            ),
        ),
        migrations.AddField(
            model_name="exercise",
            name="repetitions",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(30),
                ],
                verbose_name="times",
            ),
        ),
        migrations.AddField(
            model_name="exercise",
            name="rest_seconds",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(180),
                ],
                verbose_name="seconds of rest between",
            ),
        ),
        migrations.AddField(
            model_name="exercise",
            name="sides",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "once"), (2, "on each side")], default=1, verbose_name="sides"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
