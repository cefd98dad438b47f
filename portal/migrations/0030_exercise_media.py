"""Add the photos and short videos of exercises."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0029_exercise_timing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExerciseMedia",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("photo", "photo"), ("video", "video")], max_length=5)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("working", "being prepared"),
                            ("ready", "ready"),
                            ("refused", "could not be used"),
                        ],
                        default="ready",
                        max_length=8,
                    ),
                ),
                ("key", models.CharField(blank=True, db_index=True, max_length=64)),
                ("width", models.PositiveIntegerField(default=0)),
                ("height", models.PositiveIntegerField(default=0)),
                ("duration_ms", models.PositiveIntegerField(default=0)),
                (
                    "words",
                    models.CharField(
                        help_text="For people who can’t see it.", max_length=300, verbose_name="description"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "file",
                    models.CharField(
                        blank=True, help_text="What was uploaded, until it is dealt with.", max_length=200
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="file name")),
                ("reason", models.TextField(blank=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="media",
                        to="portal.exercise",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "exercise media",
                "ordering": ("order", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "working"])),
                        fields=["created_at"],
                        name="exercise_media_open",
                    )
                ],
            },
        ),
    ]
