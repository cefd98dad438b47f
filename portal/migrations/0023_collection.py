"""Add collections: lessons that belong together, in the practitioner's order."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0022_record_merge"),
    ]

    operations = [
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="web address")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("text", models.TextField(blank=True, verbose_name="introduction")),
                ("is_published", models.BooleanField(default=False)),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ("order", "id"),
            },
        ),
        migrations.CreateModel(
            name="CollectionLesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="portal.collection",
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="portal.lesson",
                    ),
                ),
            ],
            options={
                "verbose_name": "lesson of the collection",
                "verbose_name_plural": "lessons of the collection, in their order",
                "ordering": ("order", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collection", "lesson"), name="one_place_in_a_collection"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="collection",
            name="lessons",
            field=models.ManyToManyField(
                related_name="collections", through="portal.CollectionLesson", to="portal.lesson"
            ),
        ),
    ]
